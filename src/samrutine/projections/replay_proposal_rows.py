"""The rows of proposals beside what the decisions make of them: a part of `replay`."""

import json
from collections.abc import Iterator
from typing import Any

from sqlmodel import Session

from samrutine.procedures.access import networks_kept
from samrutine.procedures.model import AccessClass
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.text import read
from samrutine.projections.emptied import emptied
from samrutine.projections.posts import Posts, days_of
from samrutine.projections.replay_proposals import ProposalDue, proposals_due
from samrutine.projections.retained import Retained, recovered
from samrutine.projections.rewriting import notices, stands_for
from samrutine.projections.scope import Scope, plain
from samrutine.proposals.transitions import CAME_TO_NOTHING
from samrutine.storage.rows import ProposalRow

Known = tuple[object, ...]


def proposal_differences(session: Session, scope: Scope) -> Iterator[str]:
    """Give the proposals that are not as decided, or whose words are not those that their digest stands for."""
    due = proposals_due(session, scope)
    shown: set[str] = set()
    wrong: list[str] = []
    held = _Held(session)
    for row in plain(session, ProposalRow, scope.routine(ProposalRow.procedure_id)):
        shown.add(row.id)
        known = due.get(row.id)
        if known is None or _columns(row) != _columns_due(known) or not held.agree(row, known):
            wrong.append(f"{row.id} {row.procedure_id}")
    yield from sorted(wrong)
    for missing in sorted(due.keys() - shown):
        yield f"{missing} {due[missing].procedure}"


def _columns(row: Any) -> Known:
    return (
        row.procedure_id, row.network, row.kind, row.author_actor, row.opened_number, row.base_version, row.base_digest,
        row.replaced_by, row.digest, row.state, row.hurried_version,
    )  # fmt: skip


def _columns_due(due: ProposalDue) -> Known:
    return (
        due.procedure, due.network, due.kind, due.author, due.opened, due.base, due.base_digest, due.replaced_by,
        due.digest, due.state.value, due.hurried,
    )  # fmt: skip


class _Held:
    """Holds what else a proposal's row says against the decisions: how it is judged, by whom, and who may read it."""

    def __init__(self, session: Session) -> None:
        self._gone, self._taken = notices(session), emptied(session)
        self._came_back, self._retained = recovered(session), Retained(session)
        self._posts = Posts(session)

    def agree(self, row: Any, due: ProposalDue) -> bool:
        """Whether it says the same."""
        return (
            due.significance in {None, row.significance}
            and self._has_policy(row, due)
            and row.author_municipality
            in {self._posts.town(due.author, due.opened, day) for day in days_of(due.opened_at)}
            and self._has_words(row, due)
            and self._is_hidden_rightly(row, due)
        )

    def _has_policy(self, row: Any, due: ProposalDue) -> bool:
        if row.policy is None:
            return due.policy is None or (due.may_lack_policy and bool(self._came_back))
        try:
            return bool(json.loads(row.policy) == due.policy)
        except ValueError:
            return False

    def _is_hidden_rightly(self, row: Any, due: ProposalDue) -> bool:
        """Who wrote a text may read it, but where exempt words of others came into it."""
        if not row.text or row.id in self._taken or row.digest in self._gone:
            return True
        if row.access != AccessClass.EXEMPT.value:
            return not row.hidden_from_author
        # A library that was put together from the register knows the last text alone, and hides what is exempt.
        return due.others in {None, row.hidden_from_author} or (row.hidden_from_author and bool(self._came_back))

    def _has_words(self, row: Any, due: ProposalDue) -> bool:
        """Who may read a proposal goes by its columns, so these must say what the words do."""
        if not row.text:
            came_without = any(due.worded in numbers for numbers in self._came_back)
            return due.state in CAME_TO_NOTHING and (came_without or self._retained.took_words(due.procedure, row.id))
        if row.id in self._taken:
            return digest_of(row.text) in {self._taken[row.id], self._gone.get(row.digest)}
        if not stands_for(row.text, row.digest, self._gone):
            return False
        if row.digest in self._gone:
            return True
        # What became a version has its class in the decision; reading every text again would take minutes.
        if due.access is not None and (row.access != due.access or says_plainly(row.text, row.title, row.co_networks)):
            return bool(row.access == due.access)
        front = read(row.text, row.id).front
        return bool((row.access, row.co_networks, row.title) == (front.access.value, networks_kept(front), front.title))


def says_plainly(content: bytes, title: str, co_networks: str) -> bool:
    """Whether what stands above a text can be seen to say so without reading it as YAML, which takes 20 ms."""
    above = content.partition(b"\n---\n")[0] + b"\n"
    return not co_networks and b"\nco_networks:" not in above and f"\ntitle: {title}\n".encode() in above
