"""A text on its way from draft to faglig godkjent. Each method delegates to the verb that it names."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from samrutine.arguments import one_of
from samrutine.procedures.model import Digest, ProcedureId, VersionNumber
from samrutine.verbs.base import Verbs, proposal_id, version_number

if TYPE_CHECKING:
    from samrutine.procedures.findings import Finding
    from samrutine.proposals.comparing import AttachedFile, VersionText
    from samrutine.proposals.drafting import Proposed
    from samrutine.proposals.hurrying import Hurried
    from samrutine.proposals.intake import Imported
    from samrutine.proposals.model import Origin, Proposal, ProposalState, Significance
    from samrutine.proposals.prose_diff import ProseDiff
    from samrutine.proposals.refreshing import Refreshed
    from samrutine.proposals.retiring import WithdrawalProposed
    from samrutine.proposals.service import Approved, ProposalView, Rejected, Sent, Withdrawn


class ProposalVerbs(Verbs):
    """A text on its way from draft to faglig godkjent."""

    def propose(
        self, data: bytes, *, by: str, name: str = "tekst", changes: str | None = None,
        significance: "Significance | str" = "major", meaning: str | None = None, origins: "Sequence[Origin]" = (),
        from_version: "str | VersionNumber | None" = None, attachments: "Mapping[str, bytes] | None" = None,
        decision_id: "str | None" = None,
    ) -> "Proposed":  # fmt: skip
        """Keep a text as a draft; see `Drafting.propose`."""
        from samrutine.proposals.model import Significance

        return self._parts.drafting.propose(
            data, name, changes=ProcedureId(changes) if changes else None,
            significance=one_of(Significance, "significance", significance), meaning=meaning, origins=origins,
            from_version=version_number(from_version), attachments=attachments, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def propose_merge(
        self, data: bytes, *, sources: Sequence[tuple[str, str]], by: str, name: str = "tekst", meaning: str | None = None,
        decision_id: str | None = None,
    ) -> "Proposed":  # fmt: skip
        """Keep a text made of several municipalities' own routines as a draft; see `Drafting.propose_merge`."""
        return self._parts.drafting.propose_merge(
            data, name, sources=sources, meaning=meaning, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def propose_withdrawal(
        self, procedure: str, *, reason: str, by: str, replaced_by: str | None = None, decision_id: str | None = None
    ) -> "WithdrawalProposed":
        """Propose that a routine be withdrawn, perhaps for another; see `Retiring.propose_withdrawal`."""
        return self._parts.retiring.propose_withdrawal(
            ProcedureId(procedure), reason=reason, replaced_by=ProcedureId(replaced_by) if replaced_by else None,
            by=self._actor(by), now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def revise(
        self, proposal: str, data: bytes, *, read_digest: str, by: str, name: str = "tekst", meaning: str | None = None,
        unheard: str | None = None, attachments: "Mapping[str, bytes] | None" = None, decision_id: str | None = None,
    ) -> "Proposed":  # fmt: skip
        """Replace a draft's text; see `Drafting.revise`."""
        return self._parts.drafting.revise(
            proposal_id(proposal), data, name, read_digest=Digest(read_digest), meaning=meaning, unheard=unheard,
            attachments=attachments, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def refresh(self, proposal: str, *, read_digest: str, by: str, decision_id: str | None = None) -> "Refreshed":
        """Merge the routine's newest version into a proposal begun from an earlier one; see `Refreshing.refresh`."""
        return self._parts.refreshing.refresh(
            proposal_id(proposal), read_digest=Digest(read_digest), by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def import_folder(self, folder: str | Path, *, by: str, on_file: Callable[[str], None] | None = None) -> "Imported":
        """Bring in every Markdown file of a folder as drafts, one by one; see `proposals.intake.import_folder`."""
        from samrutine.proposals.intake import import_folder

        def propose(data: bytes, name: str) -> "Proposed":
            return self.propose(data, by=by, name=name)

        with self.together():
            return import_folder(Path(folder), propose, on_file=on_file)

    def send(
        self, proposal: str, *, digest: str, by: str, unheard: str | None = None, decision_id: str | None = None
    ) -> "Sent":
        """Open the round of approval; see `Proposals.send`."""
        return self._parts.proposals.send(
            proposal_id(proposal), digest=Digest(digest), unheard=unheard, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def hurry(self, proposal: str, *, digest: str, reason: str, by: str, decision_id: str | None = None) -> "Hurried":
        """Give the text its version number before the network has agreed; see `Hurrying.hurry`."""
        return self._parts.hurrying.hurry(
            proposal_id(proposal), digest=Digest(digest), reason=reason, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def approve(self, proposal: str, *, digest: str, by: str, decision_id: str | None = None) -> "Approved":
        """Agree, as a member of the network, to the text that was read; see `Proposals.approve`."""
        return self._parts.proposals.approve(
            proposal_id(proposal),
            digest=Digest(digest),
            by=self._actor(by),
            now=self._now(),
            decision_id=self._id(decision_id),
        )

    def reject(self, proposal: str, *, reason: str, by: str, decision_id: str | None = None) -> "Rejected":
        """Stop a proposal on the network's behalf; see `Proposals.reject`."""
        return self._parts.proposals.reject(
            proposal_id(proposal), reason=reason, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def withdraw(self, proposal: str, *, reason: str, by: str, decision_id: str | None = None) -> "Withdrawn":
        """Give a draft or an open round up; see `Proposals.withdraw`."""
        return self._parts.proposals.withdraw(
            proposal_id(proposal), reason=reason, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def version_text(
        self, procedure: str, version: str | VersionNumber | None = None, *, reader: str | None = None
    ) -> "VersionText":
        """Give the words of a version to begin a change from, the newest when none is named; see `Comparing.version_text`."""
        return self._parts.comparing.version_text(
            ProcedureId(procedure), version_number(version), reader=reader, today=self.today
        )

    def attachment(
        self, procedure: str, name: str, *, version: str | VersionNumber | None = None, reader: str | None = None
    ) -> "AttachedFile":
        """Give a file that belongs to a version, the newest when none is named; see `Comparing.attachment`."""
        return self._parts.comparing.attachment(
            ProcedureId(procedure), version_number(version), name, reader=reader, today=self.today
        )

    def check_text(self, data: bytes, *, reader: str | None = None, name: str = "tekst") -> "Sequence[Finding]":
        """Say what the checks say of a text that is being written, and keep nothing; see `Drafting.check_text`."""
        return self._parts.drafting.check_text(data, name, reader=reader, today=self.today)

    def get_proposal(self, proposal: str, *, reader: str | None = None) -> "tuple[Proposal, bytes]":
        """Give a proposal and its text; see `Proposals.get_proposal`."""
        self._require_readable_proposal(proposal, reader)
        return self._parts.proposals.get_proposal(proposal_id(proposal), hidden=self._hidden(reader).procedures)

    def look_at_proposal(self, proposal: str, *, reader: str | None = None) -> "ProposalView":
        """Give a proposal with its text, what the checks say of it, and how far its round has come."""
        return self._parts.proposals.look_at(proposal_id(proposal), reader=reader, today=self.today)

    def compare_proposal(self, proposal: str, *, reader: str | None = None, since_heard: bool = False) -> "ProseDiff":
        """Say what a proposal changes, as a reader sees it; see `Comparing.compare_proposal`."""
        return self._parts.comparing.compare_proposal(
            proposal_id(proposal), reader=reader, today=self.today, since_heard=since_heard
        )

    def proposals(
        self, *, state: "ProposalState | None" = None, network: str | None = None, reader: str | None = None
    ) -> "Sequence[Proposal]":
        """Give the proposals that the reader may see, the oldest first; see `Proposals.proposals`."""
        hidden = self._hidden_proposals(reader)
        return self._parts.proposals.proposals(
            state=state, network=network, hidden=hidden, hidden_routines=self._hidden(reader).procedures
        )

    def _require_readable_proposal(self, proposal: str, reader: str | None) -> None:
        from samrutine.procedures.access import require_readable_proposal

        with self._parts.database.reading() as session:
            require_readable_proposal(session, proposal, reader, self.today)
