"""Front matter: from YAML to the value and back, in one order of keys, with a finding for whatever cannot be so."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, TypeVar

from samrutine.errors import InvalidRequest
from samrutine.networks.model import NetworkId
from samrutine.procedures import yaml
from samrutine.procedures.findings import Finding
from samrutine.procedures.model import (
    AccessClass,
    Attachment,
    DecisionLevel,
    Digest,
    FrontMatter,
    InternalControl,
    Kind,
    Language,
    LegalBasis,
    LocalInformation,
    LocalInformationType,
    ProcedureId,
    Source,
    procedure_id,
)

KEYS: Final = (
    "id",
    "title",
    "kind",
    "language",
    "network",
    "co_networks",
    "subjects",
    "audience",
    "prevention_level",
    "access",
    "access_basis",
    "internal_control",
    "legal_basis",
    "sources",
    "responsible_role",
    "decision_level",
    "professional_approval",
    "review_interval_months",
    "also_called",
    "local_information",
    "attachments",
    "translation_of",
)
"""Every key there is, in the order they are written."""

REQUIRED: Final = (
    "id",
    "title",
    "kind",
    "language",
    "network",
    "access",
    "responsible_role",
    "decision_level",
    "review_interval_months",
)
"""The keys without which a text cannot be read. What more a good text has is for `checks.py`."""

DECIDED: Final = frozenset(
    {
        *("status", "state", "version", "versions", "major", "minor", "digest", "commit", "owner_municipality"),
        *("approved", "approved_by", "approved_on", "approved_at", "approver", "approval", "approvals"),
        *("adopted", "adopted_by", "adopted_on", "in_force", "in_force_since", "valid_from", "valid_to", "published"),
        *("godkjent", "godkjent_av", "godkjent_dato", "versjon", "vedtatt", "gjelder_fra", "gyldig_fra", "gyldig_til"),
        *("author", "forfatter", "replaces", "erstatter", "decision", "decisions"),
    }
)
"""Keys that would set by hand what only a decision can; refused, so that an imported file cannot approve itself."""

LONGEST: Final = 300
"""Characters in one value of the front matter."""
_MOST: Final = 100
_NETWORK = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_FIELD_KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")
_LAW = re.compile(r"(?:LOV|FOR)-\d{4}-\d{2}-\d{2}(?:-\d{1,5})?|(?:EU|EØS)-[A-Za-z0-9/.-]{1,30}")
_DIGEST = re.compile(r"1:[0-9a-f]{64}")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,99}")
_FILE_NAME = re.compile(r"(?![.])[^/\\:*?\"<>|]{1,120}(?<![. ])")
_LONGEST_INTERVAL: Final = 120
_DEEPEST_LEVEL: Final = 3
_DRAFT: Final = frozenset({"utkast", "draft"})
_Choice = TypeVar("_Choice", bound=StrEnum)
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Located:
    """Front matter with the line in the file where each key stands; keys of list entries as "sources.0"."""

    front: FrontMatter
    lines: Mapping[str, int]


def located(text: str, first_line: int) -> tuple[Located | None, tuple[Finding, ...]]:
    """
    Read front matter whose first line is line `first_line` of the file.

    Returns:
        The value, or None when there are findings; all the faults at once, not only the first.
    """
    try:
        root = yaml.tree(text, first_line)
    except yaml.Unreadable as unreadable:
        return None, (unreadable.finding,)
    if not isinstance(root, yaml.Pairs):
        return None, (Finding("front-matter-missing", max(1, first_line - 1)),)
    reader = _Reader(root, "")
    front = _front(reader)
    findings = [*reader.findings, *_unknown(reader)]
    return (None, tuple(findings)) if findings or front is None else (Located(front, reader.lines), ())


class _Reader:
    """Takes the values of one mapping by key, and remembers each fault and each line."""

    def __init__(self, pairs: yaml.Pairs, above: str) -> None:
        self.nodes = {key.value: node for key, node in pairs.pairs}
        self.keys = {key.value: key for key, _ in pairs.pairs}
        self.line = pairs.line
        self.lines = {f"{above}{key.value}": key.line for key, _ in pairs.pairs}
        self.findings: list[Finding] = []
        self.asked: set[str] = set()
        self.above = above

    def fault(self, key: str, name: str, line: int | None = None, **places: object) -> None:
        where = line or (self.keys[key].line if key in self.keys else self.line)
        self.findings.append(Finding(name, where, places={"key": f"{self.above}{key}", **places}))

    def node(self, key: str, *, required: bool = False) -> yaml.Node | None:
        self.asked.add(key)
        node = self.nodes.get(key)
        if node is None or (isinstance(node, yaml.Scalar) and node.missing):
            if required:
                self.fault(key, "key-missing")
            return None
        return node

    def text(self, key: str, *, required: bool = False) -> str | None:
        node = self.node(key, required=required)
        return None if node is None else self._one_line(key, node)

    def _one_line(self, key: str, node: yaml.Node) -> str | None:
        if not isinstance(node, yaml.Scalar):
            self.fault(key, "not-text", node.line)
            return None
        words = " ".join(unicodedata.normalize("NFC", node.value).split())
        if not words:
            self.fault(key, "key-missing", node.line)
            return None
        if len(words) > LONGEST:
            self.fault(key, "value-too-long", node.line, longest=LONGEST)
            return None
        return words

    def matching(self, key: str, pattern: re.Pattern[str], expected: str, *, required: bool = False) -> str | None:
        value = self.text(key, required=required)
        if value is not None and pattern.fullmatch(value) is None:
            self.fault(key, "value-wrong", expected=expected)
            return None
        return value

    def choice(self, key: str, choices: type[_Choice], *, required: bool = False) -> _Choice | None:
        value = self.text(key, required=required)
        return None if value is None else self._chosen(key, value, choices)

    def _chosen(self, key: str, value: str, choices: type[_Choice], line: int | None = None) -> _Choice | None:
        try:
            return choices(value)
        except ValueError:
            self.fault(key, "value-unknown", line, expected=", ".join(choices))
            return None

    def number(self, key: str, lowest: int, highest: int, *, required: bool = False) -> int | None:
        node = self.node(key, required=required)
        if node is None:
            return None
        if isinstance(node, yaml.Scalar) and re.fullmatch(r"[0-9]{1,4}", node.value, re.ASCII):
            number = int(node.value)
            if lowest <= number <= highest:
                return number
        self.fault(key, "value-wrong", expected=f"{lowest}-{highest}")
        return None

    def truth(self, key: str) -> bool:
        node = self.node(key)
        if node is None:
            return False
        value = node.value.lower() if isinstance(node, yaml.Scalar) else ""
        if value not in {"true", "false"}:
            self.fault(key, "value-wrong", expected="true, false")
        return value == "true"

    def day(self, key: str, *, required: bool = False) -> date | None:
        value = self.text(key, required=required)
        if value is None:
            return None
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.fault(key, "value-wrong", expected="2026-07-28")
        return None

    def items(self, key: str) -> tuple[yaml.Node, ...]:
        node = self.node(key)
        if node is None:
            return ()
        if not isinstance(node, yaml.Items):
            self.fault(key, "not-a-list", node.line)
            return ()
        if len(node.items) > _MOST:
            self.fault(key, "list-too-long", most=_MOST)
            return ()
        return node.items

    def texts(self, key: str) -> tuple[str, ...]:
        words = (self._one_line(key, node) for node in self.items(key))
        return tuple(dict.fromkeys(word for word in words if word is not None))

    def slugs(self, key: str) -> tuple[str, ...]:
        values = self.texts(key)
        if any(_NETWORK.fullmatch(value) is None for value in values):
            self.fault(key, "value-wrong", expected="a-z 0-9 -")
            return ()
        return values

    def choices(self, key: str, choices: type[_Choice]) -> tuple[_Choice, ...]:
        values = (self._chosen(key, value, choices) for value in self.texts(key))
        return tuple(dict.fromkeys(value for value in values if value is not None))

    def id(self, key: str, *, required: bool = False) -> ProcedureId | None:
        value = self.text(key, required=required)
        if value is None:
            return None
        try:
            return procedure_id(value)
        except InvalidRequest:
            self.fault(key, "id-illegal")
            return None

    def each(self, key: str, build: "Callable[[_Reader], _Value | None]") -> tuple[_Value, ...]:
        """Build one value of each mapping in a list; `build` gives None when it has left a finding."""
        built: list[_Value] = []
        for n, node in enumerate(self.items(key)):
            if not isinstance(node, yaml.Pairs):
                self.fault(key, "not-a-mapping", node.line)
                continue
            inner = _Reader(node, f"{self.above}{key}.{n}.")
            value = build(inner)
            self.findings += [*inner.findings, *_unknown(inner)]
            self.lines |= {f"{self.above}{key}.{n}": node.line, **inner.lines}
            if value is not None:
                built.append(value)
        return tuple(built)


def _front(reader: _Reader) -> FrontMatter | None:
    _refuse_decided(reader)
    identity = reader.id("id", required=True)
    title = reader.text("title", required=True)
    kind = reader.choice("kind", Kind, required=True)
    language = reader.choice("language", Language, required=True)
    network = reader.matching("network", _NETWORK, "a-z 0-9 -", required=True)
    co_networks = tuple(NetworkId(value) for value in reader.slugs("co_networks"))
    subjects, audience = reader.slugs("subjects"), reader.texts("audience")
    prevention_level = reader.number("prevention_level", 1, _DEEPEST_LEVEL)
    access = reader.choice("access", AccessClass, required=True)
    access_basis = reader.text("access_basis")
    if access is AccessClass.EXEMPT and access_basis is None:
        reader.fault("access", "access-basis-missing")
    if access_basis is not None and access not in {AccessClass.EXEMPT, None}:
        reader.fault("access_basis", "access-basis-unneeded")
    internal_control = reader.choices("internal_control", InternalControl)
    legal_basis, sources = reader.each("legal_basis", _legal_basis), reader.each("sources", _source)
    responsible_role = reader.text("responsible_role", required=True)
    decision_level = reader.choice("decision_level", DecisionLevel, required=True)
    professional_approval = reader.texts("professional_approval")
    interval = reader.number("review_interval_months", 1, _LONGEST_INTERVAL, required=True)
    also_called = reader.texts("also_called")
    local_information = reader.each("local_information", _local_information)
    attachments, translation_of = reader.each("attachments", _attachment), reader.id("translation_of")
    _refuse_twice(reader, "local_information", (item.key for item in local_information))
    _refuse_twice(reader, "attachments", (item.name for item in attachments))
    if identity is None or title is None or kind is None or language is None or network is None or access is None:
        return None
    if responsible_role is None or decision_level is None or interval is None:
        return None
    return FrontMatter(
        id=identity,
        title=title,
        kind=kind,
        language=language,
        network=NetworkId(network),
        co_networks=co_networks,
        subjects=subjects,
        audience=audience,
        prevention_level=prevention_level,
        access=access,
        access_basis=access_basis,
        internal_control=internal_control,
        legal_basis=legal_basis,
        sources=sources,
        responsible_role=responsible_role,
        decision_level=decision_level,
        professional_approval=professional_approval,
        review_interval_months=interval,
        also_called=also_called,
        local_information=local_information,
        attachments=attachments,
        translation_of=translation_of,
    )


def _legal_basis(reader: _Reader) -> LegalBasis | None:
    law = reader.matching("law", _LAW, "LOV-2011-06-24-30", required=True)
    name, section = reader.text("name", required=True), reader.text("section", required=True)
    in_force_from, checked = reader.day("in_force_from"), reader.truth("checked")
    if law is None or name is None or section is None:
        return None
    return LegalBasis(law, name, section, in_force_from, checked)


def _source(reader: _Reader) -> Source | None:
    body, title = reader.text("body", required=True), reader.text("title", required=True)
    url = reader.matching("url", re.compile(r"https?://[^\s<>\"]+"), "https://…")
    read_on = reader.day("read_on", required=True)
    return None if body is None or title is None or read_on is None else Source(body, title, url, read_on)


def _local_information(reader: _Reader) -> LocalInformation | None:
    key = reader.matching("key", _FIELD_KEY, "a-z 0-9 -", required=True)
    label = reader.text("label", required=True)
    kind = reader.choice("type", LocalInformationType, required=True)
    required = reader.truth("required")
    return None if key is None or label is None or kind is None else LocalInformation(key, label, kind, required)


def _attachment(reader: _Reader) -> Attachment | None:
    name = reader.matching("name", _FILE_NAME, "skjema.pdf", required=True)
    media_type = reader.matching("media_type", _MEDIA_TYPE, "application/pdf", required=True)
    digest = reader.matching("digest", _DIGEST, "1:<sha-256>", required=True)
    if name is None or media_type is None or digest is None:
        return None
    return Attachment(name, media_type, Digest(digest))


def _refuse_decided(reader: _Reader) -> None:
    for key in sorted(DECIDED & reader.nodes.keys()):
        node = reader.nodes[key]
        reader.asked.add(key)
        draft = key == "status" and isinstance(node, yaml.Scalar) and node.value.strip().casefold() in _DRAFT
        if not draft:
            reader.fault(key, "key-decided")


def _refuse_twice(reader: _Reader, key: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in seen:
            reader.fault(key, "value-twice", value=name)
        seen.add(folded)


def _unknown(reader: _Reader) -> list[Finding]:
    findings = []
    for key, where in reader.keys.items():
        if key in reader.asked:
            continue
        shown = key[:60] if key.isprintable() else ascii(key[:60])[1:-1]
        near = get_close_matches(key[:60], sorted(reader.asked), n=1)
        name = "key-unknown-near" if near else "key-unknown"
        findings.append(Finding(name, where.line, places={"key": shown, "near": near[0] if near else ""}))
    return findings


def written(front: FrontMatter) -> str:
    """Write front matter as YAML, without the lines of `---`: fixed order, nothing empty, one way to quote."""
    rows: list[str] = []
    for key in KEYS:
        value = getattr(front, key)
        if value is None or value in ((), ""):
            continue
        rows += _rows(key, value)
    return "\n".join(rows) + "\n"


def _rows(key: str, value: object) -> list[str]:
    match value:
        case tuple() if isinstance(value[0], str):
            return [f"{key}: {yaml.flow(value)}"]
        case tuple():
            return [f"{key}:", *(row for item in value for row in _entry(item))]
        case _:
            return [f"{key}: {_one(value)}"]


def _entry(item: object) -> list[str]:
    names = item.__slots__ if isinstance(item, LegalBasis | Source | LocalInformation | Attachment) else ()
    values = ((name, getattr(item, name)) for name in names)
    rows = [f"{name}: {_one(value)}" for name, value in values if value is not None]
    return [f"  - {rows[0]}", *(f"    {row}" for row in rows[1:])]


def _one(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case date():
            return value.isoformat()
        case _:
            return yaml.scalar(str(value))
