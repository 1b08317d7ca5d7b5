"""Values as JSON knows them: what `--json` prints, and what programs are given."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from samrutine.errors import InvalidText, Refused, SamrutineError
from samrutine.procedures.model import VersionNumber

if TYPE_CHECKING:
    from samrutine.library import Library


def plain(value: object) -> object:  # noqa: PLR0911  one way out for each sort of value
    """
    Give a value as dictionaries, lists, texts and numbers.

    Keys are field names; dates are ISO, a version is "1.0", an enumeration its value, anything unforeseen its text.
    """
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return plain(value.value)
        case str():
            return str(value)
        case bytes():  # the words of a text
            return value.decode("utf-8", "replace")
        case VersionNumber() | Path():
            return str(value)
        case date():  # a datetime is a date as well
            return value.isoformat()
        case Mapping():
            return {str(plain(key)): plain(one) for key, one in value.items()}
        case AbstractSet():
            return sorted((plain(one) for one in value), key=str)
    # Before sequences: a named tuple is one too, and its fields would lose their names.
    if (names := _field_names(value)) is not None:
        return {name: plain(getattr(value, name)) for name in names}
    return [plain(one) for one in value] if isinstance(value, Sequence) else str(value)


def _field_names(value: object) -> Sequence[str] | None:
    """Give the names of what an answer is made of; None for what has no fields."""
    if is_dataclass(value) and not isinstance(value, type):
        return [field.name for field in fields(value)]
    names = getattr(value, "_fields", None)
    return names if isinstance(value, tuple) else None


def name_bodies(error: Refused, library: "Library") -> None:
    """Let a refusal say what people call the body that it is about."""
    from samrutine.actors import municipality_body, network_body
    from samrutine.reasons import with_names

    towns = {municipality_body(one.number): one.name for one in library.municipalities()}
    error.reasons = with_names(
        error.reasons, towns | {network_body(one): name for one, name in library.networks().items()}
    )


def plain_error(error: SamrutineError, language: str) -> dict[str, object]:
    """Give an error as JSON: code, fact, remedy and places, and the reasons or findings it carries."""
    found: dict[str, object] = {
        "code": error.code,
        "fact": error.fact(language),
        "remedy": error.remedy(language),
        "places": plain(error.places),
    }
    if isinstance(error, Refused):
        found["reasons"] = [{"code": one.key.partition(".")[2], "places": plain(one.places)} for one in error.reasons]
    if isinstance(error, InvalidText):
        found["findings"] = [plain_finding(one, language) for one in error.findings]
    return found


def plain_finding(finding: object, language: str) -> object:
    """Give a finding as JSON, with its sentence in the language."""
    from samrutine.procedures.findings import Finding

    if not isinstance(finding, Finding):
        return str(finding)
    return {
        "key": finding.key,
        "line": finding.line,
        "severity": finding.severity.value,
        "fact": finding.fact(language),
        "remedy": finding.remedy(language),
    }
