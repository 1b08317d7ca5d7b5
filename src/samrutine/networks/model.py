"""Who writes together: municipalities and professional networks (*fagnettverk*), as values."""

from dataclasses import dataclass
from typing import NewType

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
    `slug` names its folders: "hamaroy".
    """

    number: MunicipalityNumber
    name: str
    slug: str
    sami_name: str | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """
    A professional network, which owns the shared texts of its subjects and judges them professionally.

    `policy` is the rule its approvals follow unless a round says otherwise; `purpose` is a sentence for its page.
    """

    id: NetworkId
    name: str
    subjects: tuple[str, ...] = ()
    policy: PolicyId = PolicyId("felles")
    purpose: str = ""
