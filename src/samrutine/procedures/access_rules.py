"""
Who may read what, as rules: by access class for what is approved, by being part of the work for a draft.

    open       anybody
    internal   anybody inside
    exempt     members and leaders of the owner network and the co-networks, whoever is responsible or decides in any
               municipality, and the editor: those who write it, and those who must take it into use
    a draft    its author, members and leaders of its networks, and the editor, until it is first heard or sent; where
               exempt words of others came into it, the author only as somebody who may read what is exempt

The roles are those of `Verb.READ_EXEMPT` in the table of rights. Any municipality's responsible and deciders count, since
every municipality must consider every version.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from samrutine.actors import LIBRARY, MUNICIPAL, NETWORK, RIGHTS, Actor, Role, Verb, network_body
from samrutine.procedures.model import AccessClass


@dataclass(frozen=True, slots=True)
class Reader:
    """
    Whose eyes. `actor` is None for somebody unknown; `anonymous` for one who need not even work with a member.

    The command line's readers are inside, known or not. A page on the open web asks with `anonymous` until they sign in.
    """

    actor: Actor | None = None
    anonymous: bool = False


INSIDE = Reader()
"""Somebody unknown, inside."""


def may_read(reader: Reader, access: AccessClass, networks: Iterable[str], today: date) -> bool:
    """
    Say whether the words of a routine, and that it exists, may be shown.

    Args:
        reader: Whose eyes.
        access: The routine's class.
        networks: The owner network and the co-networks.
        today: The day on which roles must hold, a day in Norway.
    """
    match access:
        case AccessClass.OPEN:
            return True
        case AccessClass.INTERNAL:
            return not reader.anonymous
        case AccessClass.EXEMPT:
            return reader.actor is not None and (
                reads_every_exempt(reader.actor, today) or _works_in(reader.actor, networks, today)
            )


def reads_every_exempt(actor: Actor, today: date) -> bool:
    """Whether the actor may read all that is exempt: responsible or decider in a municipality, or the editor."""
    municipal = RIGHTS[Verb.READ_EXEMPT] & MUNICIPAL
    return any(
        grant.holds_on(today)
        and (
            (grant.role in municipal and grant.body.startswith("municipality:"))
            or (grant.role is Role.EDITOR and grant.body == LIBRARY)
        )
        for grant in actor.grants
    )


def may_read_draft(reader: Reader, author: str, networks: Iterable[str], today: date) -> bool:
    """
    Say whether a proposal that was never heard nor sent may be shown: text, title, and that it exists.

    No other municipality's responsible or decider is among them: nobody reads another municipality's drafts.
    """
    actor = reader.actor
    return actor is not None and (
        actor.id == author or Role.EDITOR in actor.roles_in(LIBRARY, today) or _works_in(actor, networks, today)
    )


def may_read_proposal(
    reader: Reader, access: AccessClass, author: str, networks: Iterable[str], today: date, *, was_opened: bool,
    hidden_from_author: bool = False,
) -> bool:  # fmt: skip
    """
    Say whether a proposal may be shown: as a draft, or as the text that it is once it was heard or sent.

    Args:
        was_opened: Whether it was ever heard or sent; then it is no draft any more, whatever state it is in now.
        hidden_from_author: It holds others' exempt words: having written the rest does not open them.
    """
    theirs = tuple(networks)
    if hidden_from_author and reader.actor is not None and reader.actor.id == author:
        return may_read(reader, access, theirs, today)
    return may_read_draft(reader, author, theirs, today) or (was_opened and may_read(reader, access, theirs, today))


def _works_in(actor: Actor, networks: Iterable[str], today: date) -> bool:
    return any(actor.roles_in(network_body(network), today) & NETWORK for network in networks)
