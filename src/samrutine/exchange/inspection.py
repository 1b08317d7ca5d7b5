"""
An inspection on paper and as a package: what applied on a day, on which law, who decided it, and how it was made known.

The PDF has the account of each routine. The package has it too, with the document of each as it was that day, and the accounts as
JSON, so that whoever gets it needs nothing of us to read it.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum

from samrutine.adoptions.account_words import Part, in_parts
from samrutine.adoptions.account_words import Told as Line
from samrutine.adoptions.effective import EffectiveDocument
from samrutine.adoptions.inspecting import Inspected, Inspection
from samrutine.exchange import pdf
from samrutine.exchange.pdf_data import PageWriter, as_json
from samrutine.exchange.phrases import Phrases
from samrutine.exchange.typeset import typeset
from samrutine.exchange.xmp import About
from samrutine.messages import say, shown, word
from samrutine.procedures.model import Language, VersionNumber

_LANGUAGE = "nb"
_DAY_OF_MEMBERS = (1980, 1, 1, 0, 0, 0)


def render(inspection: Inspection, *, copy: bool = False) -> bytes:  # noqa: ARG001 - it is an account, and marked as no document is
    """
    Print the accounts as PDF.

    Raises:
        DocumentUnavailable: Typst could not set it.
    """
    listed = " ".join(
        f"{one.account.procedure}/{one.account.version}/{one.account.effective_digest}" for one in inspection.routines
    )
    about = About(_name(inspection), _say("kind"), inspection.municipality.name, own=(("routines", listed),))
    return typeset(
        "inspection.typ",
        lambda only_latin: _data(inspection, only_latin=only_latin),
        procedure=_name(inspection),
        about=about,
    )


def package(inspection: Inspection, *, copy: bool = False) -> bytes:
    """
    Give the accounts with every document, in one ZIP. The same inspection gives the same bytes.

    Raises:
        DocumentUnavailable: Typst could not set one of them.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:

        def put(name: str, data: bytes) -> None:
            member = zipfile.ZipInfo(name, _DAY_OF_MEMBERS)
            member.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(member, data)

        put(f"{_name(inspection)}.pdf", render(inspection))
        for one in inspection.routines:
            account = one.account
            put(f"{_say('folder')}/{account.procedure}-{account.version}.pdf", pdf.render(account.document, copy=copy))
        put(f"{_say('accounts')}.json", _as_data(inspection))
    return held.getvalue()


def _as_data(inspection: Inspection) -> bytes:
    """Write the accounts as JSON, without the documents, which lie beside them."""
    value = _value(inspection)
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _value(value: object) -> object:
    if isinstance(value, EffectiveDocument):
        return None
    if isinstance(value, VersionNumber | Enum):
        return str(value)
    if is_dataclass(value):
        return {one.name: _value(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _value(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_value(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _name(inspection: Inspection) -> str:
    return f"{_say('file')}-{inspection.municipality.slug}-{inspection.on.isoformat()}"


def title_of(inspection: Inspection) -> str:
    """Say what is inspected, where, and as of when."""
    name = "title_about" if inspection.subject else "title"
    return _say(name, municipality=inspection.municipality.name, day=inspection.on, subject=inspection.subject)


def parts_of(one: Inspected, names: Mapping[str, str]) -> Iterator[Part]:
    """Say of one routine what the account says, on which law it rests, and how people were told of it."""
    *said, checksum = in_parts(one.account, names, _LANGUAGE)
    yield from said
    front = one.account.document.text.front
    yield Part(
        tuple(Line(f"{basis.name} {basis.section}") for basis in front.legal_basis),
        _say("law" if front.legal_basis else "no_law"),
    )
    lines = (
        f"{shown(told.told_on, _LANGUAGE)}: {word('how', told.how.value, _LANGUAGE)}{f', {told.whom}' if told.whom else ''}"
        for told in one.told
    )
    yield Part(tuple(map(Line, lines)), _say("told" if one.told else "not_told"))
    yield checksum


def _data(inspection: Inspection, *, only_latin: bool) -> str:
    writer = PageWriter(Phrases(Language.NB), only_latin=only_latin)
    text = writer.text
    names = dict(inspection.names)
    is_demo = any(one.account.document.header.demo for one in inspection.routines)
    return as_json({
        **writer.frame(_LANGUAGE, inspection.made_at),
        "title": text(title_of(inspection)),
        "keywords": [str(one.account.procedure) for one in inspection.routines],
        "description": text(_say("explained")),
        "lines": [text(_say("explained")), text(_say("count", count=len(inspection.routines)))],
        "contents": text(Phrases(Language.NB)("page.contents")),
        "owner": text(inspection.municipality.name),
        "colour": inspection.municipality.colour,
        "demo": text(Phrases(Language.NB)("demo.text")) if is_demo else None,
        "foot": text(_name(inspection)),
        "routines": [
            {
                "title": text(f"{one.account.title} {one.account.version}"),
                "parts": [
                    [text(part.heading), [[text(line.text), [text(below) for below in line.below]] for line in part.lines]]
                    for part in parts_of(one, names)
                ],
            }
            for one in inspection.routines
        ],
    })  # fmt: skip


def _say(name: str, /, **places: object) -> str:
    return say(f"account.inspection.{name}", _LANGUAGE, **places)
