"""A network asks for what municipalities have, and makes one of it. Each method delegates to the verb that it names."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.adoptions.adding import AdditionDecided
    from samrutine.adoptions.effective import AdditionKind
    from samrutine.adoptions.filling_in import LocalInformationSet
    from samrutine.collecting.merging import Triaged
    from samrutine.collecting.model import AlikeRoutines, Collection, Comparison, Offer
    from samrutine.collecting.service import CollectionAnswered, CollectionClosed, CollectionReminded, RoutinesAsked
    from samrutine.intake.chosen import Keep
    from samrutine.intake.triage import Triage
    from samrutine.procedures.model import AccessClass
    from samrutine.proposals.drafting import Proposed


class CollectingVerbs(Verbs):
    """What networks ask for, and what becomes of it."""

    def ask_for_routines(
        self, network: str, what: str, *, deadline: date, by: str, decision_id: str | None = None
    ) -> "RoutinesAsked":
        """Ask all municipalities for the routines that they have about something; see `Collecting.ask_for_routines`."""
        return self._parts.collecting.asking.ask_for_routines(
            network, what, deadline=deadline, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def collections(self, network: str | None = None, *, reader: str | None = None) -> "Sequence[Collection]":
        """Give what networks ask and have asked for; see `Collecting.collections`."""
        return self._parts.collecting.asking.collections(network=network, reader=reader, today=self.today)

    def collection(self, collection: str, *, reader: str | None = None) -> "Collection":
        """Give one collection: who has sent what, who is missing and how late; see `Collecting.collection`."""
        from samrutine.collecting.model import CollectionId

        return self._parts.collecting.asking.collection(CollectionId(collection), reader=reader, today=self.today)

    def answer_collection(
        self, collection: str, municipality: str, *, by: str, has_none: bool = False, reason: str | None = None
    ) -> "CollectionAnswered":
        """Say for a municipality that it has sent what it has, or that it has none; see `Collecting.answer`."""
        from samrutine.collecting.model import Answer, CollectionId

        answer = Answer.HAS_NONE if has_none else Answer.HAS_SENT
        return self._parts.collecting.asking.answer(
            CollectionId(collection), municipality, answer, reason=reason, by=self._actor(by), now=self._now()
        )

    def remind_collection(self, collection: str, *, by: str) -> "CollectionReminded":
        """Remind the municipalities from which nothing has come; see `Collecting.remind`."""
        from samrutine.collecting.model import CollectionId

        return self._parts.collecting.asking.remind(CollectionId(collection), by=self._actor(by), now=self._now())

    def close_collection(self, collection: str, *, by: str) -> "CollectionClosed":
        """Ask nobody any more; see `Collecting.close`."""
        from samrutine.collecting.model import CollectionId

        return self._parts.collecting.asking.close(CollectionId(collection), by=self._actor(by), now=self._now())

    def alike(
        self, collection: str | None = None, *, network: str | None = None, reader: str | None = None
    ) -> "AlikeRoutines":
        """Find which of the routines that were sent in are the same; see `Merging.alike`."""
        return self._parts.collecting.merging.alike(
            collection=collection, network=network, reader=reader, today=self.today
        )

    def side_by_side(self, documents: Iterable[str], *, reader: str | None = None) -> "Comparison":
        """Hold routines against each other, paragraph by paragraph; see `Merging.side_by_side`."""
        return self._parts.collecting.merging.side_by_side(documents, reader=reader, today=self.today)

    def triage(
        self, document: str, outcome: "Triage | str", *, by: str, reason: str | None = None, beside: Sequence[str] = ()
    ) -> "Triaged":
        """Say what becomes of a document that was sent in; see `Merging.triage`."""
        from samrutine.arguments import one_of
        from samrutine.intake.triage import Triage

        return self._parts.collecting.merging.triage(
            document,
            one_of(Triage, "outcome", outcome),
            reason=reason,
            beside=beside,
            by=self._actor(by),
            now=self._now(),
        )

    def draft_from(  # noqa: PLR0913  each says one thing of what the draft is to be
        self, documents: Iterable[str], choices: "Mapping[int, int | Keep]", *, by: str, title: str | None = None,
        procedure: str | None = None, subject: str | None = None, access: "AccessClass | str | None" = None,
        responsible_role: str | None = None, doses_read: bool = False, read: str | None = None,
        decision_id: str | None = None,
    ) -> "Proposed":  # fmt: skip
        """Make a shared draft of a group, from the paragraphs that were chosen; see `Merging.draft_from`."""
        from samrutine.arguments import one_of
        from samrutine.collecting.merging import DraftOf
        from samrutine.procedures.model import AccessClass

        chosen = one_of(AccessClass, "access", access) if access is not None else None
        called = DraftOf(title, procedure, subject, chosen, responsible_role, doses_read)
        return self._parts.collecting.merging.draft_from(
            documents, choices, called, read=read, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def offered(
        self, proposal: str, municipality: str | None = None, *, reader: str | None = None
    ) -> "Sequence[Offer]":
        """Give what a shared draft offers the municipalities as something of their own; see `Offers.offered`."""
        return self._parts.collecting.offers.offered(proposal, municipality, reader=reader, today=self.today)

    def take_offer(
        self, offer: str, *, by: str, kind: "AdditionKind | str | None" = None, section_key: str | None = None,
        reason: str | None = None, source: str | None = None, decision_id: str | None = None,
    ) -> "AdditionDecided | LocalInformationSet":  # fmt: skip
        """Take an offer, as local information or an addition; see `Offers.take`."""
        from samrutine.adoptions.effective import AdditionKind
        from samrutine.arguments import one_of
        from samrutine.collecting.model import OfferId
        from samrutine.collecting.offers import TakenAs

        taken_as = TakenAs(one_of(AdditionKind, "kind", kind) if kind else None, section_key, reason, source)
        return self._parts.collecting.offers.take(
            OfferId(offer), taken_as, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )
