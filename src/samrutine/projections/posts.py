"""Who was in post when a decision was made: roles are never removed from their table, so the answer stays the same."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from samrutine.actors import ActorId, Role, municipality_body, network_body
from samrutine.days import norwegian_day
from samrutine.proposals.quorum import MemberInPost
from samrutine.storage.rows import RoleGrantRow

_IN_NETWORK = frozenset({Role.MEMBER.value, Role.LEADER.value})


def days_of(at: datetime) -> tuple[date, date]:
    """Give the days that an act may have had: its own clock may have been behind the chain's, which never goes back."""
    day = norwegian_day(at)
    return day, day - timedelta(days=1)


class Posts:
    """Answers as the verbs do, see `directory.members_in_post` and `Actor.municipality_on`, for any moment that was."""

    def __init__(self, session: Session) -> None:
        self._employed: dict[str, list[RoleGrantRow]] = {}
        self._in_body: dict[str, list[RoleGrantRow]] = {}
        rows = select(RoleGrantRow).order_by(col(RoleGrantRow.decided_number), RoleGrantRow.id)
        for row in session.exec(rows):
            if row.body.startswith(municipality_body("")):
                self._employed.setdefault(row.actor_id, []).append(row)
            elif row.role in _IN_NETWORK:
                self._in_body.setdefault(row.body, []).append(row)

    def town(self, actor: str, number: int, day: date) -> str | None:
        """Give the municipality that somebody worked for when a decision was made, on the act's own day."""
        held = (row for row in self._employed.get(actor, ()) if _stood(row, number, day))
        return next((row.body.partition(":")[2] for row in held), None)

    def members(self, networks: Iterable[str], number: int, day: date) -> list[MemberInPost]:
        """Give the members and leaders of networks that were in post when a decision was made, on the act's own day."""
        return [
            MemberInPost(
                ActorId(row.actor_id), self.town(row.actor_id, number, day), network, Role(row.role),
                row.deputy_of is not None,
            )
            for network in sorted(set(networks))
            for row in self._in_body.get(network_body(network), ())
            if _stood(row, number, day)
        ]  # fmt: skip


def _stood(row: RoleGrantRow, number: int, day: date) -> bool:
    is_held = row.from_on <= day and (row.until_on is None or day < row.until_on)
    return is_held and row.decided_number < number and (row.ended_number is None or row.ended_number > number)
