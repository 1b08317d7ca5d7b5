"""A hearing, by members and by those outside. Each method delegates to the verb that it names."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from samrutine.verbs.base import Verbs, proposal_id

if TYPE_CHECKING:
    from samrutine.proposals.hearing import HearingView, Remark, RemarkOutcome
    from samrutine.proposals.hearing_answers import HearingAnswered, RemarkReplied
    from samrutine.proposals.hearing_links import HearingByLink, LinkRevoked, OutsiderInvited
    from samrutine.proposals.hearing_parties import Suggested
    from samrutine.proposals.hearing_service import HearingClosed, HearingOpened, HearingReminded


class HearingVerbs(Verbs):
    """A hearing, by members and by those outside."""

    def suggested_parties(self, proposal: str, *, reader: str | None = None) -> "Suggested":
        """Suggest whom to hear on a proposal; see `Hearings.suggested_parties`."""
        return self._parts.hearings.suggested_parties(proposal_id(proposal), reader=reader, today=self.today)

    def open_hearing(
        self, proposal: str, *, digest: str, by: str, parties: Sequence[str] | None = None, deadline: date | None = None,
        decision_id: str | None = None,
    ) -> "HearingOpened":  # fmt: skip
        """Open a round of hearing of a draft; see `Hearings.open_hearing`."""
        from samrutine.procedures.model import Digest

        return self._parts.hearings.open_hearing(
            proposal_id(proposal), digest=Digest(digest), parties=parties, deadline=deadline, by=self._actor(by),
            now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def answer_hearing(
        self, proposal: str, body: str, *, by: str, no_remarks: bool = False, remarks: "Iterable[Remark | str]" = (),
        decision_id: str | None = None,
    ) -> "HearingAnswered":  # fmt: skip
        """
        Answer for a municipality or a network; see `HearingAnswers.answer_hearing`.

        Args:
            body: "municipality:" with its name or number, or "network:" with its id.
            no_remarks: «Ingen merknader». Either this or remarks.
            remarks: Each a `Remark`; a plain text is a remark to the whole.
        """
        return self._parts.hearing_answers.answer_hearing(
            proposal_id(proposal), self._body(body), remarks=_remarks(remarks, no_remarks=no_remarks), by=self._actor(by),
            now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def invite_outsider(
        self, proposal: str, party: str, *, by: str, expires: date | None = None, decision_id: str | None = None
    ) -> "OutsiderInvited":
        """Make a personal link for a party outside, given this once; see `HearingLinks.invite_outsider`."""
        return self._parts.hearing_links.invite_outsider(
            proposal_id(proposal), party, expires=expires, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def revoke_link(self, link: str, *, by: str, decision_id: str | None = None) -> "LinkRevoked":
        """End a personal link at once; see `HearingLinks.revoke_link`."""
        from samrutine.proposals.hearing import LinkId

        return self._parts.hearing_links.revoke_link(
            LinkId(link), by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def read_by_link(self, token: str) -> "HearingByLink":
        """Give what a personal link opens; see `HearingLinks.read_by_link`."""
        return self._parts.hearing_links.read_by_link(token, now=self._now(), today=self.today)

    def answer_by_link(
        self, token: str, *, no_remarks: bool = False, remarks: "Iterable[Remark | str]" = (),
        decision_id: str | None = None,
    ) -> "HearingAnswered":  # fmt: skip
        """Answer by a personal link; see `HearingLinks.answer_by_link`. Arguments as `answer_hearing`."""
        return self._parts.hearing_links.answer_by_link(
            token, remarks=_remarks(remarks, no_remarks=no_remarks), now=self._now(), decision_id=self._id(decision_id)
        )

    def remind(self, proposal: str, *, by: str, decision_id: str | None = None) -> "HearingReminded":
        """Remind those who have not answered; see `Hearings.remind`."""
        return self._parts.hearings.remind(
            proposal_id(proposal), by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def close_hearing(self, proposal: str, *, by: str, decision_id: str | None = None) -> "HearingClosed":
        """Close the round of hearing that is open; see `Hearings.close_hearing`."""
        return self._parts.hearings.close_hearing(
            proposal_id(proposal), by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def reply_to_remark(
        self, remark: str, outcome: "RemarkOutcome | str", *, by: str, reply: str | None = None,
        decision_id: str | None = None,
    ) -> "RemarkReplied":  # fmt: skip
        """Say what becomes of a remark; see `HearingAnswers.reply_to_remark`."""
        from samrutine.arguments import one_of
        from samrutine.proposals.hearing import RemarkId, RemarkOutcome

        return self._parts.hearing_answers.reply_to_remark(
            RemarkId(remark), outcome=one_of(RemarkOutcome, "outcome", outcome), reply=reply, by=self._actor(by),
            now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def hearing(self, proposal: str, *, reader: str | None = None, which: int | None = None) -> "HearingView":
        """Give a round of hearing, the newest unless told otherwise; see `Hearings.hearing`."""
        return self._parts.hearings.hearing(proposal_id(proposal), reader=reader, today=self.today, which=which)

    def hearing_summary(
        self, proposal: str, suffix: str = "md", *, reader: str | None = None, which: int | None = None,
        language: str = "nb",
    ) -> bytes:  # fmt: skip
        """
        Make the summary of remarks as a document, "md" or "html".

        By section, with each remark, who made it, and the reply; and who answered what. The same round gives the same
        bytes.

        Raises:
            InvalidRequest: It is not made in that format.
            ProposalNotFound, HearingNotFound, PersonNotFound, NotAllowed: As `Hearings.summary`.
        """
        from samrutine.exchange.hearing_page import render

        view = self._parts.hearings.summary(proposal_id(proposal), reader=reader, today=self.today, which=which)
        return render(view, suffix, language)

    def _body(self, body: str) -> str:
        from samrutine.actors import municipality_body, network_body
        from samrutine.errors import InvalidRequest
        from samrutine.networks.directory import get_municipality, get_network_id

        kind, _, which = body.partition(":")
        with self._parts.database.reading() as session:
            match kind:
                case "municipality":
                    return municipality_body(get_municipality(session, which).number)
                case "network":
                    return network_body(get_network_id(session, which))
                case _:
                    raise InvalidRequest(what="body", value=body[:60], expected="municipality:1841, network:smittevern")


def _remarks(remarks: "Iterable[Remark | str]", *, no_remarks: bool) -> "tuple[Remark, ...]":
    """Take either remarks or the word that there are none: neither, or both, is nobody's answer."""
    from samrutine.errors import InvalidRequest
    from samrutine.proposals.hearing import Remark

    given = tuple(
        Remark(one) if isinstance(one, str) else one for one in ([remarks] if isinstance(remarks, str) else remarks)
    )
    if bool(given) is no_remarks:
        raise InvalidRequest(what="remarks", value=len(given), expected="no_remarks, remarks")
    return given
