"""Who writes together: municipalities and professional networks (*fagnettverk*), as values."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NewType

from samrutine.errors import MunicipalityNotFound, NetworkNotFound

MunicipalityNumber = NewType("MunicipalityNumber", str)
"""The official number, four digits as text, since a leading zero counts: "0301"."""

NetworkId = NewType("NetworkId", str)
"""The slug of a professional network: "smittevern"."""

PolicyId = NewType("PolicyId", str)
"""The slug of a policy, the rule for how many must agree: "felles"."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """
    A member municipality, which decides for itself which routines apply there.

    `name` is the Norwegian name without the word "kommune"; `sami_name` the official Sámi one, where there is one.
    `slug` names its folders: "hamaroy". `colour` is its own, "#1f5f8b", for the line at the top of what is printed; it never
    carries meaning, and nothing is read against it.
    """

    number: MunicipalityNumber
    name: str
    slug: str
    sami_name: str | None = None
    colour: str | None = None


def municipality_named(which: str, among: Iterable[Municipality]) -> Municipality:
    """
    Give a municipality by number, name, Sámi name or short name, in upper or lower case.

    Raises:
        MunicipalityNotFound: None of them has it.
    """
    wanted = which.strip().casefold()
    for one in among:
        if wanted in {one.number, one.slug, one.name.casefold(), (one.sami_name or one.name).casefold()}:
            return one
    raise MunicipalityNotFound(municipality=which)


def network_named(which: str, among: Mapping[str, str]) -> NetworkId:
    """
    Give a network by id or name, in upper or lower case.

    Args:
        among: The name of each network, by id.

    Raises:
        NetworkNotFound: None of them has it; the message names those there are.
    """
    wanted = " ".join(which.split()).casefold()
    for one, name in among.items():
        if wanted in {one.casefold(), name.casefold()}:
            return NetworkId(one)
    raise NetworkNotFound(network=which[:60], networks=", ".join(sorted(among)))


def names_somebody(text: str, people: Iterable[tuple[str | None, str | None]]) -> bool:
    """
    Tell whether a text names one of the people: two words or more of one name (one, of a name that has no more), or a sign-in.

    One word is not enough: Berg is a place too. Nor is a sign-in that is a plain word: somebody signs in as "leder", and a
    position may be called that.

    Args:
        people: Sign-in and name of each, None for what is not known.
    """
    tokens = {one.strip(".-") for one in re.findall(r"[\w.@-]+", text.casefold())}
    words = {word for token in tokens for word in _words(token)}
    for login, name in people:
        own = _words(name or "")
        if own and len(own & words) >= min(len(own), 2):
            return True
        if login and login in tokens and not login.isalpha():
            return True
    return False


def _words(text: str) -> set[str]:
    return {one for one in re.findall(r"[^\W\d_]+", text.casefold()) if len(one) > 1}


@dataclass(frozen=True, slots=True)
class Network:
    """
    A professional network, which owns the shared texts of its subjects and judges them professionally.

    `policy` is the rule its approvals follow, and `minor_policy` the one for a *mindre retting*, where there is another;
    `purpose` is a sentence for its page.
    """

    id: NetworkId
    name: str
    subjects: tuple[str, ...] = ()
    policy: PolicyId = PolicyId("felles")
    purpose: str = ""
    minor_policy: PolicyId | None = None
