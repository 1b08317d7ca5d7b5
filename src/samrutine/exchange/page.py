"""
The page: an effective document with every word settled, ready for a writer of HTML, Markdown or PDF.

Here the control header becomes sentences, local fields get their values, additions find their sections, and legal
basis and sources become lists. The writers add form, never words, so all three say the same.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from samrutine.adoptions.effective import (
    DocumentStatus,
    EffectiveDocument,
    LocalAddition,
    effective_digest,
    short_digest,
)
from samrutine.exchange import qr
from samrutine.exchange.phrases import Phrases
from samrutine.exchange.tree import (
    Block,
    Blocks,
    BulletList,
    Framed,
    Heading,
    Inline,
    Item,
    Line,
    LocalValue,
    Note,
    Paragraph,
    Styled,
    Words,
    tree,
    web_address,
    words,
)
from samrutine.exchange.tree import Link as TreeLink
from samrutine.procedures.model import AccessClass, LegalBasis, Source

ADDITIONS_KEY: Final = "_additions"
LEGAL_KEY: Final = "_legal-basis"
SOURCES_KEY: Final = "_sources"
"""Anchors of our own headings. A section's key never begins with an underscore, so they cannot meet."""

_LAW: Final = re.compile(r"(LOV|FOR)-([0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[0-9]{1,5})?)")
_LAW_PATHS: Final = {"LOV": "NL/lov", "FOR": "SF/forskrift"}


@dataclass(frozen=True, slots=True)
class Page:
    """
    What is printed, in the order it is printed.

    Attributes:
        language: Language tag of the words around the text.
        text_language: Language tag of the text itself, title included.
        title: The only heading of level 1.
        kind: The kind in words, "Sjekkliste".
        procedure_id: The id.
        status: One sentence that says whether it applies.
        tone: Where it stands, for colour; never the only sign, since `status` says the same.
        lines: The lines of control: professional approval, use, and what else a reader must know before the text.
        facts: Label and value of the rest of the control header.
        copy_note: "Utskriften er en kopi. Sjekk at den gjelder:", and whom to ask when there is no address.
        screen_note: The same for who reads it on a screen: "Dette er en kopi."
        address: Where to check, in words; empty when there is none.
        link: The same when it may stand as a link, else None.
        qr_svg: The square that leads there, or None when there is no address or it is too long for one.
        qr_alternative: What the square is, for those who do not see it.
        demo: The sentence that says it is a demonstration, or None.
        mark: The word printed across each page (DEMO, UTKAST), or None; see `mark_of`.
        owner: Whose document it is, "Prøvevik kommune"; None for the shared text.
        colour: The municipality's own colour, "#1f5f8b"; None where it has given none.
        author: The body that approved the text professionally, never a person; None when none has.
        local_note: What marked words mean, or None when there are none.
        body: The text with additions.
        after: Legal basis and sources.
        notes: Footnotes.
        running: Title and version, for the top of each page.
        foot: Which document this is, for the bottom of each page.
        made_at: When it came to be, from the decisions.
    """

    language: str
    text_language: str
    title: str
    kind: str
    procedure_id: str
    status: str
    tone: DocumentStatus
    lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    copy_note: str
    screen_note: str
    address: str
    link: str | None
    qr_svg: str | None
    qr_alternative: str
    demo: str | None
    mark: str | None
    local_note: str | None
    body: Blocks
    after: Blocks
    notes: tuple[Note, ...]
    running: str
    foot: str
    made_at: datetime
    say: Phrases
    owner: str | None = None
    colour: str | None = None
    author: str | None = None

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings of text and sources, in order, for a table of contents."""
        return tuple(block for block in (*self.body, *self.after) if isinstance(block, Heading))


def page(document: EffectiveDocument, *, copy: bool = False) -> Page:
    """
    Settle every word of a document. Equal documents give equal pages.

    Args:
        copy: It is a copy that is handed out, and says so; see `mark_of`.
    """
    header, front = document.header, document.text.front
    say = Phrases(document.language)
    body, notes = _body(document, say)
    where = "" if header.address else "_without_address"
    version = say("page.version", version=header.version) if header.version else say("page.draft")
    digest = say("page.digest", digest=short_digest(effective_digest(document)))
    text_digest = say("page.version_digest", digest=short_digest(header.version_digest))
    return Page(
        language=say.language.value,
        text_language=front.language.value,
        title=words(header.title).text,
        kind=say(f"kind.{header.kind.value}"),
        procedure_id=header.procedure_id,
        status=_status(document, say),
        tone=header.status,
        lines=(_approval(document, say), _use(document, say), *_notices(document, say)),
        facts=tuple((label, words(value).text) for label, value in _facts(document, say)),
        copy_note=say(f"copy.paper{where}"),
        screen_note=say(f"copy.screen{where}"),
        address=words(header.address).text,
        link=web_address(header.address),
        qr_svg=_square(header.address),
        qr_alternative=say("copy.qr", address=words(header.address).text),
        demo=say("demo.text") if header.demo else None,
        mark=mark_of(document, say, copy=copy),
        local_note=_local_note(document, say),
        body=body,
        after=(*_legal(document, say), *_sources(document, say)),
        notes=notes,
        running=f"{words(header.title).text} · {version}",
        foot=f"{header.procedure_id} · {digest} · {text_digest}",
        made_at=header.made_at,
        say=say,
        owner=say("page.owner", municipality=header.municipality.name) if header.municipality else None,
        colour=header.municipality.colour if header.municipality else None,
        author=words(header.approved_by).text if header.approved_by else None,
    )


def _status(document: EffectiveDocument, say: Phrases) -> str:
    header = document.header
    if header.status is DocumentStatus.IN_FORCE:
        if header.municipality is None:
            return say("status.in-force_shared")
        return say("status.in-force", municipality=header.municipality.name)
    if header.withdrawn and header.status is DocumentStatus.APPROVED:
        # What is not in use, and will not be.
        return say("status.withdrawn")
    if header.municipality is None and header.status is DocumentStatus.APPROVED:
        # Eight municipalities may follow it, and the ninth not: the shared text itself knows of none.
        return say("status.approved_shared")
    return say(f"status.{header.status.value}")


def _approval(document: EffectiveDocument, say: Phrases) -> str:
    header = document.header
    if header.status is DocumentStatus.DRAFT:
        return say("approval.draft")
    if header.approved_by is None:
        return say("approval.unknown")
    if header.hurried is not None and header.approved_on is not None:
        body, day = words(header.approved_by).text, say.day(header.approved_on)
        return say(f"approval.hurried_{header.hurried.value}", body=body, day=day)
    if header.approved_on is None:
        return say("approval.approved_without_day", body=words(header.approved_by).text)
    return say("approval.approved", body=words(header.approved_by).text, day=say.day(header.approved_on))


def _use(document: EffectiveDocument, say: Phrases) -> str:  # noqa: PLR0911 - one sentence a return
    header = document.header
    if header.municipality is None:
        return say("use.shared")
    name = header.municipality.name
    if header.status is DocumentStatus.ENDED:
        if header.last_day is None:
            return say("use.ended_without_day", municipality=name)
        return say("use.ended", municipality=name, last=say.day(header.last_day))
    if header.status is not DocumentStatus.IN_FORCE or header.in_force_from is None:
        return say("use.not_in_use", municipality=name)
    since = say.day(header.in_force_from)
    if header.last_day is not None:
        since = say("use.period", since=since, last=say.day(header.last_day))
    if header.decided_on is None:
        return say("use.in_force_without_decision", municipality=name, since=since)
    day = say.day(header.decided_on)
    if header.decided_by_position is None:
        return say("use.in_force_without_position", municipality=name, since=since, day=day)
    position = words(header.decided_by_position).text
    return say("use.in_force", municipality=name, since=since, position=position, day=day)


def _notices(document: EffectiveDocument, say: Phrases) -> Iterator[str]:
    """Say what the two lines of control do not: withdrawn, and what the municipality has added."""
    header = document.header
    if header.withdrawn and header.replaced_by:
        yield say("notice.replaced", procedure=header.replaced_by)
    elif header.withdrawn:
        yield say("notice.withdrawn")
    count = len(document.additions)
    departing = sum(one.departs for one in document.additions)
    if count:
        name = header.municipality.name if header.municipality else say("addition.shared")
        yield say("notice.addition" if count == 1 else "notice.additions", municipality=name, count=count)
    if departing:
        yield say("notice.departure" if departing == 1 else "notice.departures", count=departing)


def _facts(document: EffectiveDocument, say: Phrases) -> Iterator[tuple[str, str]]:
    header, front = document.header, document.text.front
    yield say("fact.version"), str(header.version) if header.version else say("fact.no_version")
    yield say("fact.next_review"), say.day(header.next_review) if header.next_review else say("fact.no_review")
    yield say("fact.responsible_role"), say.role(front.responsible_role)
    yield say("fact.decision_level"), say(f"level.{front.decision_level.value}")
    if front.audience:
        yield say("fact.audience"), say.list(tuple(say.role(role) for role in front.audience))
    if front.access is AccessClass.EXEMPT and front.access_basis:
        yield say("fact.access"), say("access.exempt", basis=front.access_basis)
    elif front.access is AccessClass.EXEMPT:
        yield say("fact.access"), say("access.exempt_without_basis")
    elif front.access is AccessClass.INTERNAL:
        yield say("fact.access"), say("access.internal")
    yield say("fact.id"), header.procedure_id


def mark_of(document: EffectiveDocument, say: Phrases, *, copy: bool) -> str | None:
    """
    Give the word across each page, the gravest where several hold; None for one that may be used as it is.

    KOPI is on what somebody asks to hand out, where nothing graver is to be said; see `graver_mark`.
    """
    return graver_mark(document, say) or (say("mark.copy") if copy else None)


def graver_mark(document: EffectiveDocument, say: Phrases | None = None) -> str | None:
    """
    Give the word across each page that says more than that it is a copy, in the document's language; None for none.

    DEMO is on all that is invented, UTKAST on what nobody has approved, UTGÅTT on what was used and is not any more, or was
    withdrawn before it was used. What is approved and not yet taken into use has none: its header says so, and it will be
    used.
    """
    say, header = say or Phrases(document.language), document.header
    if header.demo:
        return say("mark.demo")
    match header.status:
        case DocumentStatus.DRAFT | DocumentStatus.ENDED:
            return say(f"mark.{header.status.value}")
        case DocumentStatus.APPROVED if header.withdrawn:
            return say("mark.ended")
        case DocumentStatus.APPROVED | DocumentStatus.IN_FORCE:
            return None


def _square(address: str) -> str | None:
    if not address:
        return None
    try:
        return qr.svg(address)
    except ValueError:
        # Longer than any QR code holds. The address in words stands beside it, and is what must not be missing.
        return None


def _local_note(document: EffectiveDocument, say: Phrases) -> str | None:
    if not document.text.front.local_information:
        return None
    if document.header.municipality is None:
        return say("local.explained_shared")
    return say("local.explained", municipality=document.header.municipality.name)


def _body(document: EffectiveDocument, say: Phrases) -> tuple[Blocks, tuple[Note, ...]]:
    local = {
        field.key: LocalValue(field.key, field.label, field.type, document.local_value(field.key))
        for field in document.text.front.local_information
    }
    text = tree(document.text.body, local)
    notes = list(text.notes)
    keys = {block.key for block in text.blocks if isinstance(block, Heading)}
    framed: defaultdict[str, list[Block]] = defaultdict(list)
    for addition in document.additions:
        added = tree(addition.text, local, first_note=len(notes) + 1)
        notes.extend(added.notes)
        key = addition.section_key if addition.section_key in keys else ADDITIONS_KEY
        framed[key].append(_framed(addition, added.blocks, document, say))
    blocks: list[Block] = []
    section = ""
    for block in text.blocks:
        if isinstance(block, Heading):
            blocks.extend(framed[section])
            section = block.key
        blocks.append(block)
    blocks.extend(framed[section])
    if framed[ADDITIONS_KEY]:
        blocks.append(Heading(2, ADDITIONS_KEY, (Words(say("addition.elsewhere")),)))
        blocks.extend(framed[ADDITIONS_KEY])
    return tuple(blocks), tuple(notes)


def _framed(addition: LocalAddition, blocks: Blocks, document: EffectiveDocument, say: Phrases) -> Framed:
    municipality = document.header.municipality
    name = municipality.name if municipality else say("addition.shared")
    # A heading of the addition must not look like a section of the shared text, nor stand in its outline.
    inner = [Paragraph((Styled("strong", b.content),)) if isinstance(b, Heading) else b for b in blocks]
    for label, value in (("addition.reason", addition.reason), ("addition.source", addition.source)):
        if value:
            inner.append(Paragraph((Styled("strong", (Words(f"{say(label)}:"),)), Words(f" {words(value).text}"))))
    heading = say(f"addition.{addition.kind.value}", municipality=name)
    return Framed(say("addition.departs", heading=heading) if addition.departs else heading, tuple(inner))


def _legal(document: EffectiveDocument, say: Phrases) -> Blocks:
    front = document.text.front
    blocks: list[Block] = []
    if front.legal_basis:
        blocks.append(_list([_law(basis, say) for basis in front.legal_basis]))
    if front.internal_control:
        rules = say.list(tuple(say(f"control.{rule.value}") for rule in front.internal_control))
        blocks.append(Paragraph((Words(say("legal.internal_control", rules=rules)),)))
    return (Heading(2, LEGAL_KEY, (Words(say("legal.heading")),)), *blocks) if blocks else ()


def _law(basis: LegalBasis, say: Phrases) -> Line:
    # Lovdata's addresses are made of its own ids. Source: lovdata.no, "Lenke til dokument".
    known = _LAW.fullmatch(basis.law)
    address = f"https://lovdata.no/dokument/{_LAW_PATHS[known[1]]}/{known[2]}" if known else None
    name = words(f"{basis.name[:1].upper()}{basis.name[1:]}")
    line: list[Inline] = [
        TreeLink((name,), address=address) if address else name,
        words(f" {basis.section} ({basis.law})"),
    ]
    if basis.in_force_from is not None:
        line.append(Words(f", {say('legal.in_force_from', day=say.day(basis.in_force_from))}"))
    if not basis.checked:
        line += [Words(" – "), Styled("strong", (Words(say("legal.unchecked")),))]
    return _joined(line)


def _sources(document: EffectiveDocument, say: Phrases) -> Blocks:
    sources = document.text.front.sources
    if not sources:
        return ()
    return (
        Heading(2, SOURCES_KEY, (Words(say("sources.heading")),)),
        _list([_source(source, say) for source in sources]),
    )


def _source(source: Source, say: Phrases) -> Line:
    line: list[Inline] = [words(f"{source.body}: "), Styled("emphasis", (words(source.title),))]
    if source.url:
        address = web_address(source.url)
        shown = words(source.url)
        line += [Words(", "), TreeLink((shown,), address=address) if address else shown]
    line.append(Words(f", {say('sources.read', day=say.day(source.read_on))}"))
    return _joined(line)


def _list(lines: list[Line]) -> BulletList:
    return BulletList(tuple(Item((Paragraph(line),)) for line in lines), tight=True)


def _joined(line: list[Inline]) -> Line:
    joined: list[Inline] = []
    for part in line:
        if isinstance(part, Words) and joined and isinstance(last := joined[-1], Words):
            joined[-1] = replace(last, text=last.text + part.text)
        else:
            joined.append(part)
    return tuple(joined)
