"""What stands above a text, value by value, in words that can be set side by side."""

from datetime import date

from samrutine.messages import DEFAULT_LANGUAGE, catalogue, say, shown
from samrutine.procedures.model import Attachment, FrontMatter, LegalBasis, LocalInformation, Source


def words_of(front: FrontMatter, key: str, language: str = DEFAULT_LANGUAGE) -> tuple[str, ...]:
    """Give the words for one field: one for a value, one for each in a list, none where there is nothing."""
    value = getattr(front, key)
    if value is None or value in ((), ""):
        return ()
    return tuple(_one(key, item, language) for item in (value if isinstance(value, tuple) else (value,)))


def _one(key: str, item: object, language: str) -> str:
    match item:
        case LegalBasis():
            return _basis(item, language)
        case Source():
            return _source(item, language)
        case LocalInformation():
            must = say(f"diff.must.{str(item.required).lower()}", language)
            return f"{item.label} ({say(f'diff.local_type.{item.type}', language)}, {must}) {{{{{item.key}}}}}"
        case Attachment():
            return f"{item.name} ({item.media_type}, {item.digest[:12]})"
        case _:
            return catalogue(language, "diff").get(f"value.{key}.{item}", str(item))


def _basis(item: LegalBasis, language: str) -> str:
    checked = say(f"diff.checked.{str(item.checked).lower()}", language)
    since = f", {say('diff.from', language, day=_day(item.in_force_from, language))}" if item.in_force_from else ""
    return f"{item.name} {item.section} ({item.law}{since}, {checked})"


def _source(item: Source, language: str) -> str:
    address = f", {item.url}" if item.url else ""
    return f"{item.body}: {item.title}{address}, {say('diff.read', language, day=_day(item.read_on, language))}"


def _day(day: date, language: str) -> str:
    return shown(day, language)
