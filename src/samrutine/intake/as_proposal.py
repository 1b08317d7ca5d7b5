"""A document that came in as a text that can be proposed: its words, below a front matter of which it says nothing itself."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from samrutine.procedures.model import DecisionLevel, Kind, ProcedureId, ProcedureText, slug_of
from samrutine.procedures.text import read, write
from samrutine.proposals.model import Significance

_KINDS: Final = (
    (re.compile(r"(?i)sjekkliste|checklist"), Kind.CHECKLIST),
    (re.compile(r"(?i)skjema\b|\bform\b"), Kind.FORM),
    (re.compile(r"(?i)retningslinje|retningsline|veileder|rettleiar|guideline"), Kind.GUIDELINE),
    (re.compile(r"(?i)håndbok|handbok|handbook"), Kind.HANDBOOK),
    (re.compile(r"(?i)stillingsinstruks|rollebeskrivelse|funksjonsbeskrivelse"), Kind.ROLE_DESCRIPTION),
    (re.compile(r"(?i)\bmandat"), Kind.MANDATE),
    (re.compile(r"(?i)\bavtale|samarbeidsavtale"), Kind.AGREEMENT),
    (re.compile(r"(?i)plan\b"), Kind.PLAN),
    (re.compile(r"(?i)prosedyre|procedure"), Kind.PROCEDURE),
)
_MONTHS: Final = 24


@dataclass(frozen=True, slots=True)
class Acceptance:
    """
    What a document is to become.

    Attributes:
        procedure: The id of a new routine; made of the title when None.
        changes: The routine that it is another text of; then its front matter is kept.
        title: Another title than the document's.
        front: Keys of the front matter, for a new routine: "subjects", "responsible_role" and so on.
        old_number: Its number in the system it comes from; what the document says of itself when None, none when "".
        old_address: Where it lay there.
    """

    procedure: ProcedureId | None = None
    changes: ProcedureId | None = None
    title: str | None = None
    front: Mapping[str, object] = field(default_factory=dict)
    significance: Significance = Significance.MAJOR
    meaning: str | None = None
    old_number: str | None = None
    old_address: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What the document and the library say: title, body, network, and the subjects that the network judges."""

    title: str
    body: str
    network: str
    subjects: Sequence[str]
    old_number: str | None


def new_text(source: Source, asked: Acceptance) -> bytes:
    """
    Write a new routine's text. What nobody said is the least that can be read, and checks say what is missing.

    Nothing of what the document says about approval, version or validity goes in: these are decided here.
    """
    title = " ".join((asked.title or source.title).split())
    front: dict[str, object] = {
        "id": asked.procedure or slug_of(title),
        "title": title,
        "kind": kind_of(title).value,
        "language": "nb",
        "subjects": list(source.subjects)[:1],
        "access": "internal",
        "responsible_role": "",
        "decision_level": DecisionLevel.HEAD_OF_SERVICE.value,
        "review_interval_months": _MONTHS,
        **asked.front,
        # The network it was sent to judges it; another is asked by sending the document there.
        "network": source.network,
    }
    if source.old_number:
        called = front.get("also_called") or []
        front["also_called"] = [*(called if isinstance(called, list) else [called]), source.old_number]
    lines = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in front.items())
    return f"---\n{lines}---\n\n{source.body}".encode()


def changed_text(source: Source, asked: Acceptance, newest: bytes) -> bytes:
    """Write another text of a routine there is: its own front matter, with the old number among what it is called."""
    text = read(newest, f"{asked.changes}.md")
    front = text.front
    if asked.title:
        front = replace(front, title=" ".join(asked.title.split()))
    if source.old_number and source.old_number not in front.also_called:
        front = replace(front, also_called=(*front.also_called, source.old_number))
    return write(ProcedureText(front, source.body))


def returned_text(source: Source, asked: Acceptance, before: bytes) -> bytes:
    """
    Write what a copy of ours says now, with the front matter of the version that it was made from.

    The title is another only where somebody wrote one. A copy in which nobody changed anything gives the same bytes.
    """
    text = read(before, f"{asked.changes}.md")
    title = " ".join((asked.title or source.title).split())
    if title in {"", " ".join(text.front.title.split())}:
        title = text.front.title
    if (title, source.body) == (text.front.title, text.body):
        return before
    return write(ProcedureText(replace(text.front, title=title), source.body))


def kind_of(title: str) -> Kind:
    """Guess from its title what sort of text it is; a routine when the title does not tell."""
    return next((kind for pattern, kind in _KINDS if pattern.search(title)), Kind.ROUTINE)
