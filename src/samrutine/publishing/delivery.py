"""
Bring one target up to date: look, plan, carry out, read back.

No decision is made here and nothing is remembered here. The caller keeps the receipt; a delivery that was killed, or
that failed, is simply done again.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from samrutine.errors import (
    DestinationAhead,
    DestinationElsewhere,
    DestinationListChanged,
    DestinationNotOurs,
    DocumentUnavailable,
)
from samrutine.procedures.model import Attachment
from samrutine.publishing.connector import Connector, OnStep
from samrutine.publishing.index import INDEX_FILES, index_bytes, index_files
from samrutine.publishing.model import (
    ChainHead,
    Edition,
    Manifest,
    Plan,
    PublishedDocument,
    TargetId,
    WantedFile,
    Wrote,
    plan_delivery,
    wanted_documents,
)
from samrutine.publishing.receipts import Receipt, receipt_for

Content = Callable[[PublishedDocument, str], bytes]
"""Makes a document in the format of a suffix: "pdf", "html", "md". Asked only for what must be written."""

Attached = Callable[[PublishedDocument, Attachment], bytes]
"""Gives a file that belongs to a document, as it was approved."""

EditionNow = Callable[[], Edition]
"""Gives what shall lie at a target by the decisions made until it is asked."""

Knows = Callable[[ChainHead], bool]
"""Whether a decision is the library's own: that number, and that hash, which covers all before it."""


def wanted(edition: Edition) -> tuple[WantedFile, ...]:
    """
    List every file that shall lie at the target: each document in each of its formats, and the index.

    At an ended target that is none.

    Raises:
        InvalidRequest: A procedure is there twice, or a format is none of ours.
    """
    if edition.ended:
        return ()
    return (*wanted_documents(edition.documents), *index_files(edition))


def preview(
    connector: Connector,
    edition: Edition | EditionNow,
    *,
    remembered: Manifest | None = None,
    overwrite: bool = False,
    may_take_over: Collection[TargetId] = (),
    knows: Knows | None = None,
    wrote: Wrote | None = None,
) -> Plan:
    """
    Say what a delivery would do now, and why, without writing anything. Also how a target is checked on a schedule.

    Args:
        edition: What shall lie there; or what gives it, asked after the manifest there was read. A delivery that comes
            between then changes the manifest, and `Connector.carry_out` stops; one that came before is counted in.
            So an older edition never takes the place of a newer one.
        knows: Asked about the decision that what lies there rests on. Two libraries may have come equally far on two
            ways: an old server that was left running, and the one that was put back from its backup. Not asked when None.
        wrote: See `samrutine.publishing.model.plan_delivery`.

    Raises:
        DestinationNotOurs: The place belongs to another target, or its manifest is not ours.
        DestinationAhead: What lies there rests on decisions that the edition does not know. Nobody said `overwrite`.
        DestinationElsewhere: It rests on other decisions than this library's, of the same numbers. Nobody said `overwrite`.
        DestinationListChanged: The manifest there says something else of a copy than our last receipt. Nobody said
            `overwrite`; where somebody does, the receipt is believed and the manifest is written anew.
        DeliveryFailed: The destination cannot be read.
    """
    lying = connector.manifest()
    edition = edition if isinstance(edition, Edition) else edition()
    known = lying or remembered
    targets = {edition.target, *may_take_over}
    if known is not None and (known.target not in targets or known.municipality != edition.municipality):
        raise DestinationNotOurs(target=connector.name)
    if lying is not None and lying.head.number > edition.head.number and not overwrite:
        raise DestinationAhead(target=connector.name, there=lying.head.number, here=edition.head.number)
    if lying is not None and not overwrite and knows is not None and not knows(lying.head):
        raise DestinationElsewhere(target=connector.name, there=lying.head.number)
    is_changed = lying is not None and lying.contradicts(remembered)
    if is_changed and not overwrite:
        raise DestinationListChanged(target=connector.name)
    believed = None if is_changed else lying
    known = believed or remembered
    files = wanted(edition)
    paths = {file.path for file in files} | (known.paths if known is not None else frozenset())
    plan = plan_delivery(
        edition, files, believed, connector.look(paths), remembered=remembered, overwrite=overwrite, wrote=wrote
    )
    # Who carries it out compares with what lies there, believed or not.
    return replace(plan, lying=lying)


def deliver(  # noqa: PLR0913  each is one thing that a delivery is told
    connector: Connector,
    edition: Edition | EditionNow,
    content: Content,
    *,
    now: datetime,
    remembered: Manifest | None = None,
    overwrite: bool = False,
    may_take_over: Collection[TargetId] = (),
    knows: Knows | None = None,
    wrote: Wrote | None = None,
    on_step: OnStep | None = None,
    attached: Attached | None = None,
) -> Receipt:
    """
    Make a target hold the edition, no more and no less of ours, and read back that it does.

    A second call with the same edition makes no document and writes no byte. A document that cannot be made leaves
    the copy that lies there, is reported as failed, and does not hold up the others.

    Args:
        connector: The destination.
        edition: What shall lie there, or what gives it; see `preview`.
        content: Makes a document when its bytes are needed.
        now: The instant, aware; stands in the receipt only, never in a file.
        remembered: The manifest of the last receipt for this target, in case the one lying there is gone.
        overwrite: See `samrutine.publishing.model.plan_delivery`.
        may_take_over: Ended targets of the same municipality. Does the manifest of one lie there, somebody has moved
            its folder, and what it names is ours.
        knows: See `preview`.
        wrote: See `samrutine.publishing.model.plan_delivery`.
        on_step: Told each step, for proofs.
        attached: Gives a file that belongs to a document. Without it such a file is reported as not made.

    Returns:
        What lies there now, name by name.

    Raises:
        DestinationNotOurs: The place belongs to another target, or its manifest is not ours. Nothing was touched.
        DestinationAhead, DestinationElsewhere, DestinationListChanged: See `preview`. Nothing was touched.
        DestinationBusy: Another delivery came between; call again.
        DeliveryFailed: The destination cannot be written or read. Call again when it can; it goes on from there.
    """
    plan = preview(
        connector, edition, remembered=remembered, overwrite=overwrite, may_take_over=may_take_over, knows=knows,
        wrote=wrote,
    )  # fmt: skip
    not_made: dict[str, DocumentUnavailable] = {}

    def make(file: WantedFile) -> bytes | None:
        if file.path in INDEX_FILES:
            return index_bytes(plan.edition, file.suffix)
        if file.document is None:
            return None
        try:
            if file.attachment is not None:
                return (attached or _not_here)(file.document, file.attachment)
            return content(file.document, file.suffix)
        except DocumentUnavailable as error:
            not_made[file.path] = error
        except OSError as error:
            # A font, a temporary folder, a program that is gone: this document's trouble, not the destination's.
            not_made[file.path] = DocumentUnavailable(
                procedure=file.document.procedure_id, format=file.suffix, detail=error.strerror or type(error).__name__
            )
        return None

    manifest = connector.carry_out(plan, make, on_step or (lambda _: None))
    if plan.changes_nothing:
        # What was planned from was read a moment ago, and nothing was written since: it is the read-back.
        found = {line.path: line.found for line in plan.lines if line.found is not None}
    else:
        found = connector.look([line.path for line in plan.lines])
    return receipt_for(plan, manifest, found, not_made=not_made, now=now)


def _not_here(document: PublishedDocument, attachment: Attachment) -> bytes:
    raise DocumentUnavailable(procedure=document.procedure_id, format=attachment.media_type, detail=attachment.digest)
