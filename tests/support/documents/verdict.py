"""A document's truth held against what came of it: a list of faults in plain words, empty when all is well."""

import re
from collections import Counter
from dataclasses import replace

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.model import Incoming, Weight
from samrutine.procedures.canonical import canonical_body
from tests.support.documents.naive import unsaid
from tests.support.documents.seen import numbers, plain, seen, words
from tests.support.documents.truth import Case, Expected, Truth

AUTHOR = "Oppdiktet"
"""Part of the name of everybody who writes changes and comments here; it must be nowhere in what comes out."""
_HTML = re.compile(r"</?(?:div|span|img|br|table|td|p|sup|sub|script|style)\b[^>]*>", re.IGNORECASE)
_PICTURE = re.compile(r"!\[[^\]]*\]\(<?([^)>\s]+)")
_LIST_MARK = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")


def faults(case: Case, read) -> list[str]:
    """Read a case's document with `read(data, name)` and say all that is wrong with the outcome."""
    data, expected = case.make()
    try:
        incoming = read(data, case.file)
    except DocumentRefused as error:
        whys = {reason.why for reason in error.reasons}
        if whys & set(expected.refused):
            return []
        wanted = " or ".join(expected.refused) or "to be read"
        return [f"was refused: {', '.join(sorted(whys))}; wanted {wanted}"]
    except Exception as error:
        return [f"crashed: {type(error).__name__}: {error}"]
    if expected.refused and not expected.either:
        return [f"was read as {incoming.kind}; wanted to be refused: {' or '.join(expected.refused)}"]
    return [*_always(incoming), *_unsaid(data, incoming), *_content(expected, incoming), *_report(expected, incoming)]


def _always(incoming: Incoming):
    # What holds of every document that is read, whatever is in it.
    stored, findings = canonical_body(incoming.markdown, 1)
    if findings or stored != incoming.markdown:
        yield f"the Markdown is not in the stored form: {[finding.key for finding in findings]}"
    named = set(_PICTURE.findall(incoming.markdown))
    there = {picture.name for picture in incoming.pictures if not picture.is_page}
    if named - there:
        yield f"pictures named and not there: {sorted(named - there)}"
    if there - named:
        yield f"pictures there and not named: {sorted(there - named)}"
    if AUTHOR in repr(replace(incoming, pictures=())):
        yield "the name of an author is in what came out"
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", incoming.markdown + incoming.title):
        yield "control characters came through"


def _unsaid(data: bytes, incoming: Incoming):
    if missing := unsaid(data, incoming):
        yield f"a plain count of the file's words finds some that nobody is told of: {', '.join(sorted(missing)[:12])}"


def _content(expected: Expected, incoming: Incoming):
    shown = seen(incoming.markdown)
    text = plain(" ".join((incoming.title, *shown.words)))
    yield from (f"does not say {one!r}" for one in expected.has if plain(one) not in text)
    yield from (f"says {one!r}" for one in expected.lacks if plain(one) in text)
    if expected.marked not in incoming.markdown:
        yield f"is not written as {expected.marked!r}"
    if expected.truth is None:
        return
    truth = expected.truth
    if truth.ordered:
        yield from _order(truth, shown)
    if not any("<" in one for one in truth.words) and (mark := _HTML.search(incoming.markdown)):
        yield f"marks of HTML stand in the text: {mark[0]}"
    yield from _words(expected, truth, shown, incoming)
    if truth.title and truth.tree and plain(incoming.title) != plain(truth.title):
        yield f"the title is {incoming.title!r}, wanted {truth.title!r}"
    if truth.tree:
        yield from _tree(truth, shown, incoming)
    yield from _things("items", [(n, _key(t)) for n, t in truth.items], [(n, _key(t)) for n, t in shown.items])
    yield from _tables(truth, shown)
    # A picture without a text may get a mark or nothing there; one with a text keeps it.
    if len(shown.pictures) < len(truth.pictures):
        yield f"{len(shown.pictures)} pictures, wanted {len(truth.pictures)}"
    yield from _things("texts of pictures", [_key(one) for one in truth.pictures if one], [*map(_key, shown.pictures)])
    yield from _things("notes", [*map(_key, truth.notes)], [*map(_key, shown.notes)])
    yield from _things("links", list(truth.links), list(shown.links))
    yield from _boxes(expected, incoming)
    found = Counter((number, _key(words)) for number, words in numbers(incoming.markdown))
    for number, words_ in expected.numbers:
        if not found[number, _key(words_)]:
            yield f"no item {number}. {words_!r}"


def _order(truth: Truth, shown: Truth):
    """What stands under which heading: a dose in the wrong place is there, and so is each of its words."""
    wanted, found = ([one for text in texts for one in _in_order(text)] for texts in (truth.words, shown.words))
    first, second = Counter(wanted), Counter(found)
    # A note is read where its mark stands, or below all text.
    noted = set(words(*truth.notes))
    alike = {one for one, count in first.items() if second[one] == count} - noted
    pairs = zip((one for one in wanted if one in alike), (one for one in found if one in alike), strict=True)
    if wrong := next((pair for pair in pairs if pair[0] != pair[1]), None):
        yield f"the order is another: {wrong[1]!r} stands where {wrong[0]!r} should"


def _in_order(text: str) -> list[str]:
    return [one for one in re.findall(r"\w+", plain(text)) if words(one)]


def _words(expected, truth, shown, incoming):
    wanted = words(truth.title, *truth.words)
    missing = wanted - words(incoming.title, *shown.words)
    surplus = words(*shown.words) - wanted
    if surplus.total() > 2 and truth.words and not expected.more:
        yield f"words that are not in the document, or not so often: {', '.join(sorted(surplus)[:12])}"
    recall = 1 - missing.total() / max(wanted.total(), 1)
    if recall < expected.least:
        yield f"word recall {recall:.4f}; missing {', '.join(sorted(missing)[:12])}"
    if missing and not incoming.must_be_looked_at:
        yield f"words are missing and nobody is told: {', '.join(sorted(missing)[:12])}"
    if incoming.source is not None and incoming.recall > recall + 0.01:
        yield f"claims word recall {incoming.recall:.4f}; it is {recall:.4f}"


def _tree(truth: Truth, shown: Truth, incoming: Incoming):
    wanted, found = list(truth.headings), list(shown.headings)
    first = [text for _, text in wanted[:1]]
    if not truth.title and incoming.title and [_key(incoming.title)] == [*map(_key, first)]:
        wanted = wanted[1:]  # the only heading of its level, at the top, is the title
    if _shape(wanted) != _shape(found):
        yield f"headings are {found}, wanted {wanted}"


def _shape(headings):
    """Give each heading with the number of headings it stands under; whether a tree begins at 1 or 2 is no difference."""
    out, above = [], []
    for level, text in headings:
        above = [*(one for one in above if one < level), level]
        out.append((len(above), _key(text)))
    return out


def _tables(truth: Truth, shown: Truth):
    if truth.exact:
        wanted = [[[*map(_key, cells)] for cells in grid if any(cells)] for grid in truth.tables]
        # A table whose first row is no header has an empty one in Markdown.
        found = [[[*map(_key, cells)] for cells in grid if any(cells)] for grid in shown.tables]
        for grid in wanted:
            if grid not in found:
                yield f"no table is {grid}; they are {found}"
        return
    cells = [_key(cell) for grid in truth.tables for line in grid for cell in line if cell.strip()]
    there = [_key(cell) for grid in shown.tables for line in grid for cell in line]
    yield from _things("cells", cells, there)


def _things(what, wanted, found):
    missing = list((Counter(wanted) - Counter(found)).elements())
    if missing:
        yield f"{what} missing: {missing[:6]}; there are {found[:12]}"


def _boxes(expected: Expected, incoming: Incoming):
    for ticked, text in expected.boxes:
        mark = r"(?:\\?\[[xX]\\?\]|[☒☑🗹✓✔])" if ticked else r"(?:\\?\[ \\?\]|☐)"
        if not re.search(rf"{mark}\s*{re.escape(text)}", incoming.markdown):
            yield f"no {'ticked' if ticked else 'empty'} box before {text!r}"


def _report(expected: Expected, incoming: Incoming):
    if expected.kind and incoming.kind != expected.kind:
        yield f"is taken for {incoming.kind}, wanted {expected.kind}"
    codes = {finding.code for finding in incoming.findings}
    for group in expected.warns:
        if not codes & set(group):
            yield f"does not warn of {' or '.join(group)}; warns of {sorted(codes)}"
    told = Counter((one.field, plain(one.value)) for one in incoming.suggested)
    for name, value in expected.suggested.items():
        if not told[name, value]:
            yield f"does not suggest {name} {value!r}; suggests {sorted(told)}"
    wanted = Counter((kind, plain(text)) for kind, text in expected.changes)
    changes = Counter((str(one.kind), plain(one.text)) for one in incoming.changes)
    if wanted - changes:
        yield f"changes missing: {sorted(wanted - changes)}; there are {sorted(changes)}"
    comments = Counter(map(plain, (one.text for one in incoming.comments)))
    if missing := Counter(map(plain, expected.comments)) - comments:
        yield f"comments missing: {sorted(missing)}"
    if expected.differs and not (incoming.readings or codes & {"readings-differ", "deleted-values-visible"}):
        yield "two readings differ and it is not said"
    if expected.differs and all(one.weight != Weight.DANGER for one in incoming.findings[:1]) and not incoming.readings:
        yield "what differs does not stand first"


def _key(text: str) -> tuple[str, ...]:
    """Give a text as its words: how it is set and punctuated is not what is compared."""
    return tuple(re.findall(r"\w+", _LIST_MARK.sub("", plain(text))))
