"""Who was behind decisions: a person, the rules themselves, or one outside by a personal link."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlmodel import Session, col, select

from samrutine.storage.rows import ActorRow, HearingLinkRow, HearingPartyRow, PersonRow


class ActorKind(StrEnum):
    """What sort of actor it was. A link is the personal link of one outside the library."""

    PERSON = "person"
    SYSTEM = "system"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Whoever:
    """
    Who was behind a decision.

    `name` is a person's own, None when it is erased, or what a party outside is called; the rules have none.
    """

    kind: ActorKind
    name: str | None


NOBODY_KNOWN: Final = Whoever(ActorKind.PERSON, None)


def whoever_acted(session: Session, actors: Iterable[str]) -> dict[str, Whoever]:
    """Say who is behind each actor id. A name is never proof of anything: who has none may still be a person."""
    wanted = set(actors)
    rows = session.exec(
        select(ActorRow.id, ActorRow.kind, PersonRow.name, HearingPartyRow.name)
        .join(PersonRow, col(PersonRow.id) == col(ActorRow.person_id), isouter=True)
        .join(HearingLinkRow, col(HearingLinkRow.actor_id) == col(ActorRow.id), isouter=True)
        .join(HearingPartyRow, col(HearingPartyRow.id) == col(HearingLinkRow.party_id), isouter=True)
        .where(col(ActorRow.id).in_(wanted))
    )
    return {actor: Whoever(ActorKind(kind), name or party) for actor, kind, name, party in rows}
