"""What readers say: something is wrong, a routine is missing. Each method delegates to the verb that it names."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.verbs.base import Verbs, proposal_id, version_number

if TYPE_CHECKING:
    from samrutine.reading.feedback import FeedbackAnswered, FeedbackGiven, FeedbackTakenUp
    from samrutine.reading.model import Feedback, FeedbackState, Wish, WishState
    from samrutine.reading.unanswered import UnansweredSearch
    from samrutine.reading.wishes import Supported, WishAnswered, Wished, WishTakenUp


class ReaderVerbs(Verbs):
    """What readers say."""

    def give_feedback(
        self, procedure: str, text: str, *, by: str, municipality: str | None = None, section_key: str | None = None,
        version: str | VersionNumber | None = None, decision_id: str | None = None,
    ) -> "FeedbackGiven":  # fmt: skip
        """Say what is wrong with a routine; see `FeedbackVerbs.give`."""
        return self._parts.feedback.give(
            ProcedureId(procedure), text, municipality=municipality, section_key=section_key,
            version=version_number(version), by=self._actor(by), now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def answer_feedback(self, feedback: str, answer: str, *, by: str) -> "FeedbackAnswered":
        """Answer whoever said that something is wrong; see `FeedbackVerbs.answer`."""
        from samrutine.reading.model import FeedbackId

        return self._parts.feedback.answer(FeedbackId(feedback), answer, by=self._actor(by), now=self._now())

    def take_up_feedback(
        self, feedback: str, proposal: str, *, by: str, decision_id: str | None = None
    ) -> "FeedbackTakenUp":
        """Say that a proposal is made of feedback; see `FeedbackVerbs.take_up`."""
        from samrutine.reading.model import FeedbackId

        return self._parts.feedback.take_up(
            FeedbackId(feedback), proposal_id(proposal), by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def feedback(
        self, procedure: str | None = None, *, state: "FeedbackState | str | None" = None, reader: str | None = None
    ) -> "Sequence[Feedback]":
        """Give what readers said, with what became of it; see `FeedbackVerbs.feedback`."""
        from samrutine.arguments import one_of
        from samrutine.reading.model import FeedbackState

        chosen = one_of(FeedbackState, "state", state) if state is not None else None
        return self._parts.feedback.feedback(procedure=procedure, state=chosen, reader=reader, today=self.today)

    def wish(
        self, sentence: str, *, by: str, municipality: str | None = None, network: str | None = None,
        decision_id: str | None = None,
    ) -> "Wished":  # fmt: skip
        """Wish for a routine that is missing; see `Wishes.wish`."""
        return self._parts.wishes.wish(
            sentence, municipality=municipality, network=network, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def support_wish(self, wish: str, municipality: str, *, by: str) -> "Supported":
        """Say «vi trenger også» for a municipality; see `Wishes.support`."""
        from samrutine.reading.model import WishId

        return self._parts.wishes.support(WishId(wish), municipality, by=self._actor(by), now=self._now())

    def wishes(self, *, state: "WishState | str | None" = None, reader: str | None = None) -> "Sequence[Wish]":
        """Give what is wished for, what most need first; see `Wishes.wishes`."""
        from samrutine.arguments import one_of
        from samrutine.reading.model import WishState

        chosen = one_of(WishState, "state", state) if state is not None else None
        return self._parts.wishes.wishes(state=chosen, reader=reader, today=self.today)

    def unanswered_searches(self, *, by: str) -> "Sequence[UnansweredSearch]":
        """Give what was searched for in vain, what most searched for first; see `UnansweredSearches.searches`."""
        return self._parts.unanswered.searches(by=self._actor(by), today=self.today)

    def answer_wish(self, wish: str, answer: str, *, by: str) -> "WishAnswered":
        """Answer a wish that nothing is made of for now; see `Wishes.answer`."""
        from samrutine.reading.model import WishId

        return self._parts.wishes.answer(WishId(wish), answer, by=self._actor(by), now=self._now())

    def take_up_wish(
        self, wish: str, *, by: str, proposal: str | None = None, procedure: str | None = None,
        decision_id: str | None = None,
    ) -> "WishTakenUp":  # fmt: skip
        """Say what meets a wish: a proposal, or a routine there is; see `Wishes.take_up`."""
        from samrutine.reading.model import WishId

        return self._parts.wishes.take_up(
            WishId(wish), proposal=proposal, procedure=procedure, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip
