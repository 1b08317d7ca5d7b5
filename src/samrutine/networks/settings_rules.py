"""What may be changed in the library's settings, and by whom, as rules over the settings before and after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from samrutine.actors import LIBRARY, Actor, Role, Verb, network_body, reasons_against, roles_for
from samrutine.messages import word
from samrutine.networks.model import Network
from samrutine.networks.shared_library import PartyTemplate, SharedLibrary
from samrutine.reasons import Because

NETWORKS: Final = "networks"
POLICIES: Final = "policies"
PARTY_TEMPLATES: Final = "party_templates"
SUBJECTS: Final = "subjects"


@dataclass(frozen=True)
class StillNeeded(Because):
    """What is to go away is leaned on: a municipality for ever, a network or a subject while it has texts or people."""

    name: str


@dataclass(frozen=True)
class NotOwnNetworks(Because):
    """A network's leader settles what is the network's own; the rest is the editor's."""

    about_who = True

    part: str

    def places_in(self, language: str) -> dict[str, object]:
        """Give the part in words."""
        return {"part": word("settings", self.part, language)}


@dataclass(frozen=True)
class NothingChanged(Because):
    """The files say what is settled already."""


@dataclass(frozen=True, slots=True)
class InUse:
    """What is leaned on, by id: networks with texts, proposals or people, and subjects with texts."""

    networks: frozenset[str]
    subjects: frozenset[str]


def reasons_against_settling(
    actor: Actor, before: SharedLibrary, after: SharedLibrary, in_use: InUse, today: date, *, changes: bool
) -> list[Because]:
    """
    Say why this actor may not settle this; empty means they may.

    The editor may change everything. A network's leader, or the leader's deputy, may change what is the network's own:
    its name, purpose and policy, a policy that only it follows, and whom to hear on subjects that only it has.

    Args:
        actor: Who would settle it.
        before: As settled now.
        after: As it would be.
        in_use: What texts and people lean on.
        today: The day in Norway.
        changes: Whether any file is other bytes than before; a comment is a change too.
    """
    led = [one.id for one in before.networks if Role.LEADER in actor.roles_in(network_body(one.id), today)]
    if not roles_for(actor, Verb.SETTLE, LIBRARY, today):
        if not led:
            return list(reasons_against(actor, Verb.SETTLE, LIBRARY, today))
        for part in _foreign(before, after, frozenset(led)):
            return [NotOwnNetworks(part)]
    if not changes:
        return [NothingChanged()]
    return [StillNeeded(name) for name in _missed(before, after, in_use)]


def _missed(before: SharedLibrary, after: SharedLibrary, in_use: InUse) -> Iterator[str]:
    """Name what would go away and is leaned on."""
    numbers = {one.number for one in after.municipalities}
    yield from (one.name for one in before.municipalities if one.number not in numbers)
    networks = {one.id for one in after.networks}
    yield from (one.name for one in before.networks if one.id not in networks and one.id in in_use.networks)
    subjects = {one.id for one in after.subjects}
    yield from (one.nb for one in before.subjects if one.id not in subjects and one.id in in_use.subjects)


def _foreign(before: SharedLibrary, after: SharedLibrary, led: frozenset[str]) -> Iterator[str]:
    """Name the parts where something that is not the led networks' own would change."""
    if _others(before, led) != _others(after, led):
        yield NETWORKS
    if _subjects(before, led) != _subjects(after, led):
        # Whoever takes a subject to the network takes it from another's judgement.
        yield SUBJECTS
    own = _own_policies(before, after, led)
    if [one for one in before.policies if one.id not in own] != [one for one in after.policies if one.id not in own]:
        yield POLICIES
    # A subject that another network has too is as much theirs: it may not lose those it would have heard.
    shared = {subject for one in _others(before, led) for subject in one.subjects}
    subjects = {subject for one in before.networks if one.id in led for subject in one.subjects} - shared
    if _heard(before, subjects) != _heard(after, subjects):
        yield PARTY_TEMPLATES
    for field in fields(SharedLibrary):
        if field.name in {NETWORKS, POLICIES, PARTY_TEMPLATES}:
            continue
        if getattr(before, field.name) != getattr(after, field.name):
            yield field.name


def _own_policies(before: SharedLibrary, after: SharedLibrary, led: frozenset[str]) -> set[str]:
    """
    Give the policies that are the led networks' own: that they followed, or that are new and that they are to follow.

    Not those that others follow or are to; nor one that was there and that nobody followed: that is the library's.
    """
    of_others = _followed(_others(before, led)) | _followed(_others(after, led))
    was_there = {one.id for one in before.policies}
    new = _followed(one for one in after.networks if one.id in led) - was_there
    return (_followed(one for one in before.networks if one.id in led) | new) - of_others


def _followed(networks: Iterable[Network]) -> set[str]:
    return {policy for one in networks for policy in (one.policy, one.minor_policy) if policy is not None}


def _others(library: SharedLibrary, led: frozenset[str]) -> list[Network]:
    return [one for one in library.networks if one.id not in led]


def _subjects(library: SharedLibrary, led: frozenset[str]) -> dict[str, tuple[str, ...]]:
    return {one.id: one.subjects for one in library.networks if one.id in led}


def _heard(library: SharedLibrary, own: set[str]) -> list[PartyTemplate]:
    return [one for one in library.party_templates if one.subject not in own]
