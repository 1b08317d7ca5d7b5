"""
What a text lacks, and what must not stand in it: findings with a line and a remedy.

An error is something that would hurt whoever reads the text or break a document: personal data, a link that leads
nowhere in it or runs code, a local field nobody can fill. A missing part, an old law, an empty section, a link to a
routine that is not there yet are warnings; they are for the writers and the network to judge.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from samrutine.procedures.findings import Finding, Severity, in_order
from samrutine.procedures.markdown import CHECKBOX, markdown, raw_html
from samrutine.procedures.model import Digest, Kind, Language, ProcedureId, ProcedureText, Section, slug_of
from samrutine.procedures.personal_data import PersonalData, personal_data
from samrutine.procedures.repealed import Law, RepealedProvision, cited, named, rests_on
from samrutine.procedures.sections import sections
from samrutine.procedures.text import Layout, located, unformatted

if TYPE_CHECKING:
    from markdown_it.token import Token

    from samrutine.networks.model import NetworkId

__all__ = ["Known", "findings"]


@dataclass(frozen=True, slots=True)
class Known:
    """
    What the library knows, for the checks that look outside the text. None means not known: then nothing is checked.

    `repealed` are the provisions that must not be cited, `laws` give the names by which the body is searched for them.
    `attachments` are the files whose bytes the library holds: an approval covers no file that nobody has.
    `procedure_id` is the procedure this text is for, when that is settled: a text that says another id is refused.
    """

    procedures: frozenset[ProcedureId] | None = None
    networks: "frozenset[NetworkId] | None" = None
    subjects: frozenset[str] | None = None
    repealed: tuple[RepealedProvision, ...] = ()
    laws: tuple[Law, ...] = ()
    attachments: frozenset[Digest] | None = None
    procedure_id: ProcedureId | None = None


@dataclass(frozen=True, slots=True)
class _Looked:
    """A text with all that the checks look at, taken apart once."""

    text: ProcedureText
    where: Layout
    known: Known
    tokens: "list[Token]"
    sections: tuple[Section, ...]

    def key(self, name: str, key: str, severity: Severity = Severity.ERROR, **places: object) -> Finding:
        """Make a finding on the line of a front matter key, or the first line of the file."""
        return Finding(name, self.where.lines.get(key, 1), severity, places)

    def body(self, name: str, line: int, severity: Severity = Severity.ERROR, **places: object) -> Finding:
        """Make a finding on a line of the body, counted from 1 there."""
        return Finding(name, self.where.body_line + line - 1, severity, places)

    def inline(self) -> "Iterator[tuple[int, Token]]":
        """Give each inline token, with the ones inside images, and the line of its block in the body."""
        line = 1
        for token in self.tokens:
            line = token.map[0] + 1 if token.map else line
            for child in token.children or []:
                yield line, child
                for inner in child.children or []:
                    yield line, inner


_PARTS: Final[dict[str, re.Pattern[str]]] = {
    "purpose": re.compile(r"(?:^|-)(?:formal|foremal|hensikt|siktemal|malsetting|mal|purpose|aim|goal)"),
    "scope": re.compile(
        r"(?:^|-)(?:omfang|virkeomrade|verkeomrade|gjelder|gjeld|malgruppe|avgrensing|avgrensning|scope)"
    ),
    "responsibility": re.compile(r"(?:^|-)(?:ansvar|rolle|roller|responsib)"),
    "steps": re.compile(
        r"(?:^|-)(?:framgangsmate|fremgangsmate|slik-gjor|gjennomforing|utforelse|utforing|handling|arbeidsgang"
        r"|steg|trinn|tiltak|prosedyre|beskrivelse|beskriving|skildring|procedure|steps|how-to)"
    ),
    "deviations": re.compile(r"(?:^|-)(?:avvik|uonske|deviation)"),
}


def part_named(heading: str) -> str | None:
    """Name the part of a routine that a heading is of by its first word ("Ansvar og roller": responsibility), or None."""
    slug = slug_of(heading)
    return next((part for part, pattern in _PARTS.items() if pattern.match(slug)), None)


_WANTED: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.ROUTINE: ("purpose", "scope", "responsibility", "steps", "deviations"),
    Kind.PROCEDURE: ("purpose", "scope", "responsibility", "steps", "deviations"),
    Kind.PLAN: ("purpose", "scope", "responsibility", "steps", "deviations"),
    Kind.CHECKLIST: ("purpose",),
    Kind.GUIDELINE: ("purpose", "scope"),
    Kind.FORM: ("purpose",),
    Kind.MEASURE: ("purpose", "steps"),
    Kind.AGREEMENT: ("purpose", "responsibility"),
    Kind.MANDATE: ("purpose", "responsibility"),
    Kind.ROLE_DESCRIPTION: ("responsibility",),
    Kind.HANDBOOK: (),
}
# The headings of Sámi texts are not known here; nothing is asked of them rather than the wrong thing.
_HEADINGS_KNOWN: Final = frozenset({Language.NB, Language.NN, Language.EN})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SAFE: Final = frozenset({"http", "https", "mailto", "tel"})
# markdown-it does not make a link of these, it leaves the marks as text; so they are looked for there.
_UNSAFE = re.compile(r"(?:\]\(|\]:|<)[\s<]*(?:javascript|vbscript|data|file)[\s\x00-\x20]*:", re.IGNORECASE)
_ALMOST_FIELD = re.compile(r"\{\{[^{}\n]{0,60}\}\}")
_NOTE = re.compile(r"\[\^([^\]\s]{1,40})\]")
_FIRST_LEVEL: Final = 2


def findings(text: ProcedureText, data: bytes | None, known: Known) -> tuple[Finding, ...]:
    """
    Check a text.

    Args:
        text: What `read` gave.
        data: The bytes it was read from, formatted or not; these are what is checked, so that lines are those the
            writer sees. None for a text that is not in a file yet; then the lines are those of front matter in our
            order and the body as it is.
        known: What the library has, to check networks, subjects, links and law against.

    Returns:
        Findings by line; empty when there is nothing to say.

    Raises:
        InvalidText: `data` cannot be read.
    """
    name = f"{text.front.id}.md"
    if data is None:
        where = located(unformatted(text), name)[1]
    else:
        # The caller's text may be the stored form already, whose lines are others than those the writer sees.
        text, where = located(data, name)
    looked = _Looked(text, where, known, markdown().parse(text.body, {}), sections(text.body))
    return in_order(finding for check in _CHECKS for finding in check(looked))


def _belonging(looked: _Looked) -> Iterator[Finding]:
    front, known = looked.text.front, looked.known
    if known.procedure_id is not None and front.id != known.procedure_id:
        yield looked.key("id-other", "id", expected=known.procedure_id)
    for key, network in (("network", front.network), *(("co_networks", each) for each in front.co_networks)):
        if known.networks is not None and network not in known.networks:
            yield looked.key("network-unknown", key, network=network)
    if not front.subjects:
        yield looked.key("subjects-missing", "subjects")
    for subject in front.subjects:
        if known.subjects is not None and subject not in known.subjects:
            yield looked.key("subject-unknown", "subjects", subject=subject)
    if known.procedures is not None and front.translation_of not in {None, *known.procedures}:
        yield looked.key("link-unknown-procedure", "translation_of", Severity.WARNING, procedure=front.translation_of)


def _stated(looked: _Looked) -> Iterator[Finding]:
    front = looked.text.front
    if not front.responsible_role:
        yield looked.key("responsible-role-missing", "responsible_role")
    for name in ("sources", "legal_basis", "professional_approval"):
        if not getattr(front, name):
            yield looked.key(f"{name.replace('_', '-')}-missing", name, Severity.WARNING)


def _structure(looked: _Looked) -> Iterator[Finding]:
    level = _FIRST_LEVEL - 1
    for n, section in enumerate(looked.sections):
        if section.level < _FIRST_LEVEL:
            yield looked.body("heading-title", section.line)
        elif section.level > level + 1:
            places = {"level": section.level, "expected": level + 1}
            yield looked.body("heading-skipped", section.line, Severity.WARNING, **places)
        level = max(section.level, _FIRST_LEVEL - 1)
        below = looked.sections[n + 1].level if n + 1 < len(looked.sections) else 0
        if not section.text.strip() and below <= section.level:
            yield looked.body("section-empty", section.line, Severity.WARNING, section=section.key)
    if not looked.text.body.strip():
        yield looked.body("body-empty", 1)


def _parts(looked: _Looked) -> Iterator[Finding]:
    front = looked.text.front
    if front.language not in _HEADINGS_KNOWN:
        return
    headings = [slug_of(section.heading) for section in looked.sections]
    for part in _WANTED[front.kind]:
        if not any(_PARTS[part].search(heading) for heading in headings):
            yield looked.body(f"part-missing-{part}", 1, Severity.WARNING)
    if front.kind is Kind.CHECKLIST and not any(CHECKBOX in token.content for _, token in looked.inline()):
        yield looked.body("checklist-empty", 1, Severity.WARNING)


def _local_information(looked: _Looked) -> Iterator[Finding]:
    declared = {item.key: n for n, item in enumerate(looked.text.front.local_information)}
    used: set[str] = set()
    for line, token in looked.inline():
        if token.type == "local_field":
            used.add(token.content)
            if token.content not in declared:
                yield looked.body("field-undeclared", line, field=token.content)
        elif token.type == "text" and _ALMOST_FIELD.search(token.content):
            yield looked.body("field-malformed", line)
        elif "%7B%7B" in str(token.attrs.get("href") or token.attrs.get("src") or ""):
            yield looked.body("field-in-link", line)
    for key, n in declared.items():
        if key not in used:
            yield looked.key("field-unused", f"local_information.{n}", Severity.WARNING, field=key)


def _links(looked: _Looked) -> Iterator[Finding]:
    for line, token in looked.inline():
        if token.type == "link_open":
            yield from _link(looked, line, unquote(str(token.attrs.get("href", ""))))
        elif token.type == "image":
            yield from _image(looked, line, token)
        elif token.type == "text":
            if _UNSAFE.search(token.content):
                yield looked.body("link-unsafe", line)
            note = _NOTE.search(token.content)
            if note is not None:
                yield looked.body("footnote-undefined", line, label=note[1])


def _link(looked: _Looked, line: int, target: str) -> Iterator[Finding]:
    path, _, fragment = target.partition("#")
    scheme = _SCHEME.match(target)
    procedure = _procedure_linked(path)
    known = looked.known.procedures
    if not target:
        yield looked.body("link-empty", line)
    elif target.startswith("#"):
        if fragment not in {section.key for section in looked.sections}:
            yield looked.body("link-unknown-section", line, section=fragment[:80])
    elif procedure is not None:
        if known is not None and procedure not in known:
            yield looked.body("link-unknown-procedure", line, Severity.WARNING, procedure=procedure[:80])
    elif scheme is not None:
        if scheme[1].lower() not in _SAFE:
            yield looked.body("link-unsafe", line)
    elif path not in _attached(looked):
        yield looked.body("link-unknown-file", line, file=path[:80])


def _procedure_linked(path: str) -> str | None:
    """Give the id in `rutine:<id>` and `../smittevern/<id>.md`, and None for every other address."""
    if path.lower().startswith("rutine:"):
        return path[len("rutine:") :]
    is_file = path.endswith(".md") and _SCHEME.match(path) is None
    return path.rpartition("/")[2].removesuffix(".md") if is_file else None


def _attached(looked: _Looked) -> frozenset[str]:
    return frozenset(attachment.name for attachment in looked.text.front.attachments)


def _attachments(looked: _Looked) -> Iterator[Finding]:
    held = looked.known.attachments
    for n, attachment in enumerate(looked.text.front.attachments):
        if held is not None and attachment.digest not in held:
            yield looked.key("attachment-not-held", f"attachments.{n}", file=attachment.name[:80])


def _image(looked: _Looked, line: int, token: "Token") -> Iterator[Finding]:
    source = unquote(str(token.attrs.get("src", "")))
    if not token.content.strip():
        yield looked.body("image-without-text", line)
    scheme = _SCHEME.match(source)
    if scheme is not None and scheme[1].lower() in {"http", "https"}:
        yield looked.body("image-elsewhere", line, Severity.WARNING)
    elif scheme is not None:
        yield looked.body("link-unsafe", line)
    elif source not in _attached(looked):
        yield looked.body("link-unknown-file", line, file=source[:80])


def _html(looked: _Looked) -> Iterator[Finding]:
    for line in raw_html(looked.text.body):
        yield looked.body("raw-html", line)


def _law(looked: _Looked) -> Iterator[Finding]:
    body, front = looked.text.body, looked.text.front
    names = {law.id: law.name for law in looked.known.laws}
    for repealed in named(looked.known.repealed, looked.known.laws):
        places = {
            "law": names.get(repealed.law, repealed.law),
            "section": repealed.section,
            "replaced_by": repealed.replaced_by,
        }
        for n, basis in enumerate(front.legal_basis):
            if rests_on(basis, repealed):
                yield looked.key("law-repealed", f"legal_basis.{n}", Severity.WARNING, **places)
        for position in cited(body, repealed):
            line = body.count("\n", 0, position) + 1
            yield looked.body("law-repealed", line, Severity.WARNING, **places)


_ONLY_WARNED: Final = frozenset({PersonalData.SERVICE_PHONE, PersonalData.UNCLEAR_EMAIL})


def _persons(looked: _Looked) -> Iterator[Finding]:
    for found in personal_data(looked.where.source):
        severity = Severity.WARNING if found.what in _ONLY_WARNED else Severity.ERROR
        yield Finding(found.what, found.line, severity, {"column": found.column})


_CHECKS: Final[tuple[Callable[[_Looked], Iterator[Finding]], ...]] = (
    _belonging,
    _stated,
    _structure,
    _parts,
    _local_information,
    _links,
    _attachments,
    _html,
    _law,
    _persons,
)
