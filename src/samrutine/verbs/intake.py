"""Documents that somebody sends in. Each method delegates to the verb that it names."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from samrutine.procedures.model import Digest, ProcedureId
from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.intake.accepting import Accepted, MovedHere
    from samrutine.intake.model import IncomingDocument, IncomingState
    from samrutine.intake.rows import Detail
    from samrutine.intake.service import TakenIn
    from samrutine.proposals.model import Significance
    from samrutine.proposals.prose_diff import ProseDiff


class IntakeVerbs(Verbs):
    """Documents that somebody sends in."""

    def take_in(
        self, files: Sequence[tuple[str, bytes]], *, network: str, by: str, municipality: str | None = None,
        collection: str | None = None,
    ) -> "TakenIn":  # fmt: skip
        """Take files in, each a name and its bytes, and say what became what; see `Intake.take_in`."""
        return self._parts.intake.documents.take_in(
            files,
            network=network,
            municipality=municipality,
            collection=collection,
            by=self._actor(by),
            now=self._now(),
        )

    def incoming(
        self, *, network: str | None = None, municipality: str | None = None, collection: str | None = None,
        state: "IncomingState | str | None" = None, reader: str | None = None,
    ) -> "Sequence[IncomingDocument]":  # fmt: skip
        """Give the documents that were sent in; see `Intake.incoming`."""
        from samrutine.arguments import one_of
        from samrutine.intake.model import IncomingState

        return self._parts.intake.documents.incoming(
            network=network, municipality=municipality, collection=collection, reader=reader, today=self.today,
            state=one_of(IncomingState, "state", state) if state is not None else None,
        )  # fmt: skip

    def incoming_document(self, document: str, *, reader: str | None = None) -> "Detail":
        """Give a document with its report and its text; see `Intake.document`."""
        return self._parts.intake.documents.document(document, reader=reader, today=self.today)

    def incoming_changes(self, document: str, *, reader: str | None = None) -> "ProseDiff | None":
        """Say what a copy of ours changes in the version that it was made from; see `Accepting.changes`."""
        return self._parts.intake.accepting.changes(document, reader=reader, today=self.today)

    def incoming_page(self, document: str, number: int, *, reader: str | None = None) -> bytes:
        """Give a page of a document as a picture, to hold its text against; see `Intake.page`."""
        return self._parts.intake.documents.page(document, number, reader=reader, today=self.today)

    def edit_incoming(
        self, document: str, text: str, *, by: str, title: str | None = None, read_digest: str | None = None
    ) -> "Detail":
        """Mend the text of a document that waits; see `Intake.edit`."""
        read = Digest(read_digest) if read_digest is not None else None
        return self._parts.intake.documents.edit(
            document, text, title=title, read_digest=read, by=self._actor(by), now=self._now()
        )

    def read_incoming_again(self, document: str, *, by: str) -> "Detail":
        """Read the file of a document once more; see `Intake.read_again`."""
        return self._parts.intake.documents.read_again(document, by=self._actor(by), now=self._now())

    def mask_incoming(self, document: str, keys: Sequence[str], *, by: str) -> "Detail":
        """Take out of a text what is held back; see `Intake.mask`."""
        return self._parts.intake.documents.mask(document, keys, by=self._actor(by), now=self._now())

    def look_at_incoming(self, document: str, keys: Sequence[str], *, read_digest: str, by: str) -> "Detail":
        """Say of findings that one has looked at them; see `Intake.look_at`."""
        return self._parts.intake.documents.look_at(
            document, keys, read_digest=read_digest, by=self._actor(by), now=self._now()
        )

    def let_through(self, document: str, keys: Sequence[str], reason: str, *, by: str) -> "Detail":
        """Say that what is held back may stand, and why; see `Intake.let_through`."""
        return self._parts.intake.documents.let_through(document, keys, reason, by=self._actor(by), now=self._now())

    def reject_incoming(self, document: str, reason: str, *, by: str) -> "IncomingDocument":
        """Say that the library does not want a document; see `Intake.reject`."""
        return self._parts.intake.documents.reject(document, reason, by=self._actor(by), now=self._now())

    def accept_incoming(  # noqa: PLR0913  each says one thing of what the document is to become
        self, document: str, *, read_digest: str, by: str, looked_at: Sequence[str] = (), procedure: str | None = None,
        changes: str | None = None, title: str | None = None, front: Mapping[str, object] | None = None,
        significance: "Significance | str" = "major", meaning: str | None = None, old_number: str | None = None,
        old_address: str | None = None, decision_id: str | None = None,
    ) -> "Accepted":  # fmt: skip
        """Make a proposal of a document; see `Accepting.accept`, and `Acceptance` for what it is to become."""
        from samrutine.arguments import one_of
        from samrutine.intake.as_proposal import Acceptance
        from samrutine.proposals.model import Significance

        asked = Acceptance(
            ProcedureId(procedure) if procedure else None, ProcedureId(changes) if changes else None, title, front or {},
            one_of(Significance, "significance", significance), meaning, old_number, old_address,
        )  # fmt: skip
        return self._parts.intake.accepting.accept(
            document, asked, read_digest=read_digest, looked_at=looked_at, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def where_did(self, address: str, *, reader: str | None = None) -> "MovedHere":
        """Say which routine lay at an address before it came here; see `Accepting.where_did`."""
        return self._parts.intake.accepting.where_did(address, reader=reader, today=self.today)
