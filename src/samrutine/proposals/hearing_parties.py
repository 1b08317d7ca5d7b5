"""
Who is heard: from the library's templates by subject, or as somebody names them.

    municipality:1841         a municipality, by number or name
    network:omsorg            a professional network, by id or name
    party:politi              a party of `library/parties.toml`, in every municipality where each has its own
    outside:fastlegene-1841   one of those alone
    outside:Navn på part      anybody else, by the name people use

A service inside a municipality, such as the health station, is heard through the municipality: one answer for the
municipality, with its services named, so that whoever answers knows whom to ask.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from samrutine.actors import municipality_body, network_body
from samrutine.arguments import LONGEST_NAME, require_text
from samrutine.errors import InvalidRequest
from samrutine.networks.model import Network, municipality_named, network_named
from samrutine.networks.shared_library import Party, PartyId, PartyKind, PartyReach, SharedLibrary
from samrutine.proposals.hearing import OUTSIDE

AFFECTED: Final = PartyId("berorte-fagnettverk")
"""The party that stands for every network which shares a subject with the text."""

FORMS: Final = "party-to-hear"
"""What is expected of a party that is named; the words for it are in the catalogue."""

MOST_PARTIES: Final = 500
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class ToHear:
    """One who shall be heard. `party` is the party of the library it comes of; None when it was named."""

    body: str
    name: str
    party: str | None = None

    @property
    def is_outside(self) -> bool:
        """Whether it answers by a personal link."""
        return self.body.startswith(OUTSIDE)


@dataclass(frozen=True, slots=True)
class Suggested:
    """
    Whom to hear. `through` are services that are heard through their municipality, as ids of parties.

    Attributes:
        why: The reasons that the templates give whoever opens the hearing.
        grounds: The same, each with the names of those whom it is about: of `parties`, of `services`, or of all
            municipalities together.
        services: What those in `through` are called.
        others: Whom the library knows besides, and anybody may choose.
    """

    parties: tuple[ToHear, ...]
    through: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    grounds: tuple[tuple[str, tuple[str, ...]], ...] = ()
    services: tuple[str, ...] = ()
    others: tuple[ToHear, ...] = ()


def suggest(shared: SharedLibrary, subjects: Sequence[str], owner: str, co_networks: Iterable[str]) -> Suggested:
    """
    Suggest whom to hear on a text about these subjects: municipalities first, then networks, then those outside.

    Args:
        shared: The library's settings.
        subjects: The text's subjects.
        owner: The network that asks, which is not among those asked.
        co_networks: Networks that own the text together with it, which always are.
    """
    parties = shared.parties_for(tuple(subjects))
    affected = [one.id for one in shared.networks if set(one.subjects) & set(subjects) and one.id != owner]
    heard = {party.id: _but(_expanded(shared, party, affected), owner) for party in shared.parties}
    found = [one for party in parties for one in heard[party.id]]
    found += [_network(shared, one) for one in co_networks if one != owner and shared.find_network(one)]
    suggested = _in_order(found)
    through = [one for one in parties if _is_through(one)]
    named = {party.id: _called(party, heard[party.id]) for party in shared.parties}
    grounds = tuple(
        (one.why, tuple(name for party in one.parties for name in named[party]))
        for one in shared.party_templates
        if one.subject in subjects
    )
    everybody = _in_order(
        [one for some in heard.values() for one in some]
        + _but((_network(shared, one.id) for one in shared.networks), owner)
    )
    return Suggested(
        suggested, tuple(one.id for one in through), tuple(why for why, _ in grounds), grounds,
        tuple(one.name for one in through), tuple(one for one in everybody if one not in suggested),
    )  # fmt: skip


def _but(found: Iterable[ToHear], owner: str) -> list[ToHear]:
    """Leave out the network that asks: nobody answers their own hearing."""
    return [one for one in found if one.body != network_body(owner)]


def _called(party: Party, heard: Sequence[ToHear]) -> tuple[str, ...]:
    """Give what to call a party in a reason: those whom it stands for where that depends on the text, else its own name."""
    if party.kind is PartyKind.NETWORK and not party.outside:
        return tuple(one.name for one in heard)
    return (party.name,)


def named_parties(asked: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    Divide what was asked for into (what may be kept for ever, names people made up).

    Raises:
        InvalidRequest: One is of no form that is known, too long or empty, or there are too many.
    """
    known, names = [], []
    for one in asked:
        require_text("party", one, longest=LONGEST_NAME, may_be_empty=False)
        kind, _, which = one.strip().partition(":")
        if kind not in {"municipality", "network", "party", "outside"} or not which.strip():
            raise InvalidRequest(what="party", value=one[:60], expected=FORMS)
        if kind == "outside" and _ID.fullmatch(which) is None:
            names.append(" ".join(which.split()))
        else:
            known.append(f"{kind}:{which.strip()}")
    if len(known) + len(names) > MOST_PARTIES:
        raise InvalidRequest(what="parties", value=len(known) + len(names), expected=f"1–{MOST_PARTIES}")
    return tuple(known), tuple(names)


def choose(shared: SharedLibrary, known: Iterable[str], names: Iterable[str], key: str) -> tuple[ToHear, ...]:
    """
    Give those who were asked for, each once.

    Args:
        shared: The library's settings.
        known: As `named_parties` divides them.
        names: As `named_parties` divides them. Their bodies are made from `key` and never from the name, since a body
            stands in the chain for ever and a name may be a person's.
        key: What makes those bodies this hearing's own.

    Raises:
        MunicipalityNotFound, NetworkNotFound, InvalidRequest: There is no such municipality, network or party.
    """
    parties = {one.id: one for one in shared.parties}
    outside = {one.body: one for party in shared.parties for one in _expanded(shared, party, ()) if one.is_outside}
    found: list[ToHear] = []
    for one in known:
        kind, _, which = one.partition(":")
        match kind:
            case "municipality":
                found.append(_municipality(shared, which))
            case "network":
                found.append(_network(shared, which))
            case "party" if (party := parties.get(PartyId(which))) is not None:
                everywhere = _is_through(party)
                found += _municipalities(shared, None) if everywhere else _expanded(shared, party, ())
            case "outside" if one in outside:
                found.append(outside[one])
            case _:
                raise InvalidRequest(what="party", value=one[:60], expected=FORMS)
    distinct = {name.casefold(): name for name in reversed(list(names))}
    for n, name in enumerate(sorted(distinct.values())):
        opaque = hashlib.sha256(f"{key}:{n}".encode()).hexdigest()[:10]
        found.append(ToHear(f"{OUTSIDE}{opaque}", name))
    return _in_order(found)


def _is_through(party: Party) -> bool:
    inside = not party.outside and party.kind not in {PartyKind.MUNICIPALITY, PartyKind.NETWORK}
    return inside and party.reach is PartyReach.EACH_MUNICIPALITY


def _expanded(shared: SharedLibrary, party: Party, affected: Iterable[str]) -> Iterator[ToHear]:
    if _is_through(party) or (party.kind is PartyKind.MUNICIPALITY and not party.outside):
        yield from _municipalities(shared, party)
    elif party.kind is PartyKind.NETWORK and not party.outside and party.id == AFFECTED:
        yield from (_network(shared, one, party) for one in affected)
    elif (known := _own_network(shared, party)) is not None:
        yield _network(shared, known.id, party)
    elif party.reach is PartyReach.EACH_MUNICIPALITY:
        for town in shared.municipalities:
            yield ToHear(f"{OUTSIDE}{party.id}-{town.number}", f"{party.name}, {town.name}", party.id)
    else:
        # Also one that is inside but has no body of its own here: somebody must be able to answer for it.
        yield ToHear(f"{OUTSIDE}{party.id}", party.name, party.id)


def _municipalities(shared: SharedLibrary, party: Party | None) -> Iterator[ToHear]:
    of = party.id if party is not None and party.kind is PartyKind.MUNICIPALITY else None
    for town in shared.municipalities:
        yield ToHear(municipality_body(town.number), town.name, of)


def _municipality(shared: SharedLibrary, which: str) -> ToHear:
    town = municipality_named(which, shared.municipalities)
    return ToHear(municipality_body(town.number), town.name)


def _network(shared: SharedLibrary, which: str, party: Party | None = None) -> ToHear:
    names = {str(one.id): one.name for one in shared.networks}
    network = network_named(which, names)
    return ToHear(network_body(network), names[network], party.id if party else None)


def _own_network(shared: SharedLibrary, party: Party) -> Network | None:
    """Give the network that a party is, by its id or its name; None when it is none of the library's."""
    if party.kind is not PartyKind.NETWORK or party.outside:
        return None
    return next((one for one in shared.networks if party.name == one.name or str(party.id) == str(one.id)), None)


def _in_order(found: Sequence[ToHear]) -> tuple[ToHear, ...]:
    """Each body once, as it was first named: municipalities before networks before those outside."""
    once: dict[str, ToHear] = {}
    for one in found:
        once.setdefault(one.body, one)
    kinds = ("municipality:", "network:", OUTSIDE)
    return tuple(one for kind in kinds for one in once.values() if one.body.startswith(kind))
