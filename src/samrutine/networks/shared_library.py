"""
What the texts lean on: members, networks, policies, subjects, hearing parties, vocabulary, sources and templates.

Values and look-ups only. `library_files.read_library` makes a `SharedLibrary` of the files under `library/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from samrutine.networks.model import Municipality, MunicipalityNumber, Network, NetworkId, PolicyId
from samrutine.networks.retention_rules import RETENTION, RetentionRule
from samrutine.procedures.model import Kind
from samrutine.proposals.policy import Policy

SubjectId = NewType("SubjectId", str)
"""The slug of a subject: "smittevern". The first subject of a procedure names its folder."""

PartyId = NewType("PartyId", str)
"""The slug of a hearing party: "verneombud"."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a procedure is about, with its name in bokmål and nynorsk."""

    id: SubjectId
    nb: str
    nn: str

    def name(self, language: str = "nb") -> str:
        """Give the name in nynorsk when asked for, in bokmål otherwise."""
        return self.nn if language == "nn" else self.nb


class PartyKind(StrEnum):
    """What sort of party is heard."""

    MUNICIPALITY = "municipality"
    NETWORK = "network"
    COUNCIL = "council"
    SAFETY = "safety"
    UNION = "union"
    SERVICE = "service"
    HEALTH_TRUST = "health-trust"
    STATE = "state"
    USERS = "users"


class PartyReach(StrEnum):
    """Whether every municipality has a party of its own, or one serves the whole region."""

    EACH_MUNICIPALITY = "each-municipality"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class Party:
    """
    Somebody who is heard before a text is approved.

    `outside` parties have no account, and answer by a signed personal link. `name` is in bokmål, and a role or a body,
    never a person.
    """

    id: PartyId
    name: str
    kind: PartyKind
    reach: PartyReach
    outside: bool


@dataclass(frozen=True, slots=True)
class PartyTemplate:
    """The parties to suggest when a text on this subject is sent on hearing; `why` says it to the one who sends."""

    subject: SubjectId
    parties: tuple[PartyId, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form and what it stands for, the commonest meaning first. Capitals as people write them: "TB", "ØHD"."""

    short: str
    meanings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LanguagePair:
    """A word in bokmål and the nynorsk words for it, the commonest first."""

    nb: str
    nn: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OldWord:
    """
    A word that has gone out of use, and the one to write instead.

    `stop` is true where the old one is wrong in a text (a body that no longer exists, a renamed
    title) and false where it is only the less usual spelling.
    """

    old: str
    new: str
    note: str
    stop: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """One of the things an ambiguous word means: what to call it, a sentence for the reader, words to search for."""

    label: str
    explanation: str
    search: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A word that means two things which must never be mixed up; a search for it asks which one was meant."""

    word: str
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """
    The words of the field, for search and for the checks of a text.

    `synonyms` are groups of words of which any finds the others; a word stands in at most one group, so that two
    groups never melt into one unseen.
    """

    synonyms: tuple[tuple[str, ...], ...]
    abbreviations: tuple[Abbreviation, ...]
    pairs: tuple[LanguagePair, ...]
    old_words: tuple[OldWord, ...]
    ambiguities: tuple[Ambiguity, ...]


@dataclass(frozen=True, slots=True)
class SourceBody:
    """Somebody who publishes what the routines cite. `former` are its earlier names; `url` its front page."""

    name: str
    short: str | None
    former: tuple[str, ...]
    url: str | None


@dataclass(frozen=True, slots=True)
class Law:
    """
    An act or regulation that the routines cite, by Lovdata's id.

    `abbreviation` is what people write ("hol"). `in_force_from` is None where it is not known for sure, or where no
    date has been set (then `note` says so). `read_on` is the day somebody read the provisions that the routines cite,
    None where nobody has. `note` is empty, or what one should know before citing it.
    """

    id: str
    name: str
    abbreviation: str | None
    in_force_from: date | None
    read_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class RepealedCitation:
    """
    A provision that must no longer be cited, and what took its place.

    `law` is Lovdata's id of the act that held it, and `section` as people write it: "kap. 23 A", "§ 9 A". `since` is
    the first day it no longer applied, None where only the fact is known. `replaced_by` says what to cite instead, law
    and section, and `replaced_by_law` is the id of that law.
    """

    law: str
    section: str
    since: date | None
    replaced_by: str
    replaced_by_law: str


@dataclass(frozen=True, slots=True)
class SharedLibrary:
    """
    Everything under `library/`, read and cross-checked: every id that one part names exists in the other.

    Each tuple is in the order of its file. `templates` has one Markdown body for every kind. `retention` has a rule for
    every kind of thing that is kept for a time only, the shipped one where the library has none of its own. With
    `read_by_anybody`, what is open is read without signing in.
    """

    municipalities: tuple[Municipality, ...]
    networks: tuple[Network, ...]
    policies: tuple[Policy, ...]
    subjects: tuple[Subject, ...]
    parties: tuple[Party, ...]
    party_templates: tuple[PartyTemplate, ...]
    vocabulary: Vocabulary
    bodies: tuple[SourceBody, ...]
    laws: tuple[Law, ...]
    repealed: tuple[RepealedCitation, ...]
    templates: Mapping[Kind, str]
    retention: tuple[RetentionRule, ...] = RETENTION
    read_by_anybody: bool = False

    def find_municipality(self, number: str) -> Municipality | None:
        """Give the municipality with this number, or None."""
        return next((each for each in self.municipalities if each.number == MunicipalityNumber(number)), None)

    def find_network(self, network: str) -> Network | None:
        """Give the network with this id, or None."""
        return next((each for each in self.networks if each.id == NetworkId(network)), None)

    def find_subject(self, subject: str) -> Subject | None:
        """Give the subject with this id, or None."""
        return next((each for each in self.subjects if each.id == SubjectId(subject)), None)

    def find_policy(self, policy: str) -> Policy | None:
        """Give the policy with this id, or None."""
        return next((each for each in self.policies if each.id == PolicyId(policy)), None)

    def find_law(self, law: str) -> Law | None:
        """Give the law with this id from Lovdata, or None."""
        return next((each for each in self.laws if each.id == law), None)

    def policy_of(self, network: Network) -> Policy:
        """Give the policy that the network's approvals follow; the reading has seen to it that there is one."""
        return next(each for each in self.policies if each.id == network.policy)

    def minor_policy_of(self, network: Network) -> Policy:
        """Give the policy that the network follows for a *mindre retting*: its own for that, or else its only one."""
        return next((each for each in self.policies if each.id == network.minor_policy), self.policy_of(network))

    def parties_for(self, subjects: tuple[str, ...]) -> tuple[Party, ...]:
        """
        Suggest whom to hear on a text about these subjects, each party once, in the order of the library.

        A subject the library does not know adds nobody.
        """
        wanted = {party for each in self.party_templates if each.subject in subjects for party in each.parties}
        return tuple(each for each in self.parties if each.id in wanted)
