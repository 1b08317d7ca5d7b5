"""Fields of a form in an ODT document, as what they show: pandoc passes over them, and with them over what somebody filled in."""

from collections.abc import Iterator
from typing import Final

from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.odt_tables import OFFICE, TEXT
from samrutine.exchange.incoming.word_package import Element

_ODF: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_FORM: Final = f"{_ODF}form:1.0}}"
_CONTROL: Final = f"{_ODF}drawing:1.0}}control"
_LOEXT: Final = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
_CONTENT_CONTROL: Final = f"{_LOEXT}content-control"
_FIELD: Final = "{urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0}"
_ID: Final = "{http://www.w3.org/XML/1998/namespace}id"
_LINES: Final = (f"{TEXT}p", f"{TEXT}h")
_UNCHECKED, _CHECKED = "☐", "☒"
_SILENT: Final = frozenset(f"{_FORM}{name}" for name in ("hidden", "password", "file", "image"))


def controls_as_words(root: Element) -> Iterator[Finding]:
    """Give what stands in a content control as words of its line: pandoc passes over LibreOffice's, and over what is in them."""
    for control in root.iter(_CONTENT_CONTROL):
        offered = [
            " ".join((one.get(f"{_LOEXT}display-text") or "").split()) for one in control.iter(f"{_LOEXT}list-item")
        ]
        if any(offered):
            yield Finding("choices", detail=" / ".join(filter(None, offered)))
        control.tag = f"{TEXT}span"
        control.attrib.clear()


def marks_of_fields(root: Element) -> Iterator[Finding]:
    """Write the boxes and lists of Word's older forms, which LibreOffice keeps as marks without words, as what they show."""
    for mark in list(root.iter(f"{_FIELD}fieldmark")):
        said = [(one.get(f"{_FIELD}name"), one.get(f"{_FIELD}value") or "") for one in mark.iter(f"{_FIELD}param")]
        kind = (mark.get(f"{_FIELD}type") or "").rpartition(".")[2]
        if kind == "FORMCHECKBOX":
            mark.text = _CHECKED if ("Checkbox_Checked", "true") in said else _UNCHECKED
        elif kind == "FORMDROPDOWN":
            offered = [" ".join(value.split()) for name, value in said if name == "Dropdown_ListEntry"]
            chosen = next((value for name, value in said if name == "Dropdown_Selected"), "0")
            if any(offered):
                yield Finding("choices", detail=" / ".join(filter(None, offered)))
            at = int(chosen) if chosen.isdecimal() else 0
            mark.text = offered[at] if at < len(offered) else ""
        for one in list(mark):
            mark.remove(one)
        mark.tag = f"{TEXT}span"
        mark.attrib.clear()


def fields_of_forms(root: Element) -> Iterator[Finding]:
    """Write each field where it stands: a box as a sign with its words, a list as what was chosen, a text as what was written."""
    fields = {
        name: one
        for form in root.iter(f"{OFFICE}forms")
        for one in form.iter()
        if isinstance(one.tag, str) and (name := one.get(_ID) or one.get(f"{_FORM}id"))
    }
    for control in list(root.iter(_CONTROL)):
        field = fields.get(control.get(f"{_ODF}drawing:1.0}}control", ""))
        if field is None or control.getparent() is None:
            continue
        choices = [
            " ".join((one.get(f"{_FORM}label") or "").split()) for one in field.iter(f"{_FORM}option", f"{_FORM}item")
        ]
        if any(choices):
            yield Finding("choices", detail=" / ".join(filter(None, choices)))
        _put(control, _shown(field))
    for form in list(root.iter(f"{OFFICE}forms")):
        form.getparent().remove(form)


def _shown(field: Element) -> str:
    kind = field.tag.removeprefix(_FORM)
    label = " ".join((field.get(f"{_FORM}label") or "").split())
    if kind in {"checkbox", "radio"}:
        on = field.get(f"{_FORM}current-state") or field.get(f"{_FORM}state")
        on = "checked" if field.get(f"{_FORM}current-selected") == "true" else on
        return f"{_CHECKED if on == 'checked' else _UNCHECKED} {label}".strip()
    if field.tag in _SILENT:
        return ""
    if kind == "listbox":
        chosen = [one for one in field.iter(f"{_FORM}option") if one.get(f"{_FORM}current-selected") == "true"]
        chosen = chosen or [one for one in field.iter(f"{_FORM}option") if one.get(f"{_FORM}selected") == "true"]
        return ", ".join(" ".join((one.get(f"{_FORM}label") or "").split()) for one in chosen)
    written = field.get(f"{_FORM}current-value") or field.get(f"{_FORM}value") or label
    lines = [" ".join("".join(one.itertext()).split()) for one in field.iter(f"{TEXT}p")]
    return " ".join(filter(None, lines)) or " ".join(written.split())


def _put(control: Element, words: str) -> None:
    """Put words in the place of a field; in a paragraph of their own where it stands in none."""
    inside = next(control.iterancestors(*_LINES), None) is not None
    new = control.makeelement(f"{TEXT}span" if inside else f"{TEXT}p", {})
    new.text, new.tail = f"{words} " if inside and words else words, control.tail
    control.getparent().replace(control, new)
