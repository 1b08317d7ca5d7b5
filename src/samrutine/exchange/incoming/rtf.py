"""RTF in: what was deleted taken out, headings told from their styles, and our own reading of the words beside pandoc's."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.changed_values import ChangedLine, LineHeard
from samrutine.exchange.incoming.draft import Draft, Source
from samrutine.exchange.incoming.list_starts import mark_of, set_starts
from samrutine.exchange.incoming.marked import is_marker, is_warning_colour, told
from samrutine.exchange.incoming.metadata import each_once, suggested_in
from samrutine.exchange.incoming.model import (
    ChangeKind,
    Comment,
    Counts,
    FileKind,
    Finding,
    Limits,
    NotRead,
    TrackedChange,
)
from samrutine.exchange.incoming.pandoc import tree
from samrutine.exchange.incoming.rtf_fonts import (
    Fonts,
    for_pandoc,
    is_first_half,
    is_second_half,
    joined,
    letters_back,
    numbered,
    stand_ins,
    with_stand_ins,
    with_symbols,
)
from samrutine.exchange.incoming.rtf_forms import with_form_fields
from samrutine.exchange.incoming.rtf_rows import OF_CELLS, Rows
from samrutine.exchange.incoming.rtf_things import (
    PARTING,
    colours_in,
    pictures_in,
    without_filler,
    without_partings,
)
from samrutine.exchange.incoming.word_labels import sign_says, words_say
from samrutine.exchange.incoming.word_symbols import UNKNOWN

_TOKEN: Final = re.compile(
    r"\\([a-zA-Z]+)(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}]+)|(\\)", re.DOTALL
)
_MARGINS: Final = frozenset({"header", "footer", "headerl", "headerr", "headerf", "footerl", "footerr", "footerf"})
_SILENT: Final = frozenset(
    {
        "colortbl", "info", "pict", "themedata", "colorschememapping", "datastore", "latentstyles", "xmlnstbl", "listtable",
        "listoverridetable", "rsidtbl", "generator", "fldinst", "objdata", "revtbl", "listtext", "pntext", "atnid",
        "atnauthor", "atnref", "atntime", "atndate", "atrfstart", "atrfend", "bkmkstart", "bkmkend", "filetbl", "nonshppict",
        "shprslt", "pntxta", "pntxtb", "sp", "userprops", "falt", "panose", "blipuid", "mmathPr", "defchp",
    }
)  # fmt: skip
_KEPT_STARRED: Final = frozenset({"annotation", "shptxt", "dptxbxtext", "do", "shpinst", "shppict", "cs", "footnote"})
_BOXES: Final = frozenset({"shptxt", "dptxbxtext"})
"""Text of a box, of newer and of older programs: a text of its own, however it is anchored in another."""
_NOT_FOR_PANDOC: Final = frozenset({"sp", "shprslt"})
"""What is said of a box, and what programs without boxes show instead: pandoc would take it for text."""
_BREAKS: Final = frozenset({"par", "line", "cell", "row", "sect", "page", "nestcell", "nestrow"})
_COUNTED: Final = {"cell": "cells", "nestcell": "cells", "listtext": "items", "pntext": "items", "pict": "pictures"}
_OF_LIST: Final = frozenset({"ls", "ilvl"})
_OF_PARAGRAPH: Final = _OF_LIST | {"pard", "intbl"}
_SIGNS: Final = {
    "tab": " ",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
}
_MAY_BE_PASSED = re.compile(r"\\\*\s*(?=\\(?:footnote|shpinst|shptxt|do|dptxbxtext)\b)")

_FIGURE = re.compile(r"(?<![\w.])(?:\d{1,3}\.)*(\d{1,4})\s*[.):\]-]?\s*$")
_COUNTED_BY = re.compile(r"(?<![^\W\d_])(?:\d{1,4}|[ivxlcdm]{1,8}|[a-zæøå]{1,2})(?![^\W\d_])", re.IGNORECASE)
"""What counts in what stands before an item: figures, Roman ones, or a letter."""
_LOOKS: Final = frozenset({"plain", "b", "cf", "highlight", "cb", "chcbpat"})
_HEADING = re.compile(r"(?:heading|overskrift)\s+([1-9])", re.IGNORECASE)
_TITLES: Final = frozenset({"title", "tittel"})
_DEEPEST: Final = 400


@dataclass(frozen=True, slots=True)
class _State:
    where: str = "body"
    skipped: bool = False
    of_style: bool = False
    table: bool = False
    deleted: bool = False
    revised: bool = False
    hidden: bool = False
    boxes: int = 0
    after: int = 1
    style: int = 0
    font: int = 0
    colour: int = 0
    ground: int = 0
    bold: bool = False
    made_bold: bool = False
    of_number: bool = False
    listed: bool = False

    @property
    def place(self) -> tuple[str, bool, bool, bool, bool]:
        """Where what is said is read: text, note or edge, and whether somebody took it out."""
        return self.where, self.skipped, self.deleted, self.hidden, self.revised


_IN_TEXT: Final = _State().place


@dataclass(slots=True)
class _Read:
    """What a pass over the file gave: the file without what was deleted, and the words by where they stood."""

    kept: list[str] = field(default_factory=list)
    text: dict[str, list[str]] = field(default_factory=dict)
    styles: dict[int, str] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    unknown: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    commented: list[tuple[str, str]] = field(default_factory=list)
    """Of each comment the heading above it, and the words before it in its line."""
    labels: dict[str, str] = field(default_factory=dict)
    """The first of each kind of label that says something, by what stands beside its number."""
    changed: list[ChangedLine] = field(default_factory=list)


def read_rtf(data: bytes, name: str, limits: Limits, folder: Path) -> Draft:
    """
    Read RTF. It says less of itself than Word does, and the report says so.

    Raises:
        DocumentRefused: It is nested too deep, or pandoc cannot read it.
    """
    draft = Draft(FileKind.RTF, {})
    draft.findings.append(Finding("weaker-reading"))
    source, choices = with_form_fields(with_symbols(data.decode("latin-1")))
    draft.findings += choices
    read = _pass(source, name)
    kinds = {"deleted": ChangeKind.DELETED, "revised": ChangeKind.INSERTED}
    for key, kind in kinds.items():
        draft.changes += [TrackedChange(kind, text, "") for text in _lines(read, key)]
    draft.changed_lines = read.changed
    if draft.changes:
        draft.findings.append(Finding("changes-accepted", detail=str(len(draft.changes))))
    draft.findings += [Finding("hidden-text", detail=text) for text in _lines(read, "hidden")]
    draft.findings += told(_lines(read, "marked"), "")
    comments = _lines(read, "annotation")
    # A comment of several lines is several here: then nobody knows which stands where.
    places = read.commented if len(read.commented) == len(comments) else [("", "")] * len(comments)
    draft.comments = [Comment(text, *place) for text, place in zip(comments, places, strict=True)]
    if draft.comments:
        draft.findings.append(Finding("comments", detail=str(len(draft.comments))))
    for edge in ("header", "footer"):
        lines = _lines(read, edge)
        if lines:
            draft.findings.append(Finding("header-footer", edge, "\n".join(lines)))
            draft.suggested += suggested_in("\n".join(lines), edge)
    draft.suggested = each_once(draft.suggested)
    counts = Counts(**{thing: read.counted[thing] for thing in set(_COUNTED.values())})
    draft.source = Source(lines=_lines(read, "body") + _lines(read, "footnote"), counts=counts)
    pictures = pictures_in(data)
    draft.pictures, draft.alternatives = pictures.held, pictures.alternatives
    unknown = [*read.unknown, *(one for one in pictures.alternatives.values() if UNKNOWN in one)]
    draft.findings += [Finding("symbol-unknown", detail=one) for one in dict.fromkeys(unknown)]
    draft.findings += [Finding("list-label", detail=one) for one in read.labels.values()]
    kept = "".join(read.kept)
    others = stand_ins(kept)
    draft.tree = tree(with_stand_ins(kept, others).encode("latin-1"), "rtf", name, folder, limits.seconds)
    titles = (" ".join(line.split()) for line in "".join(read.titles).split("\n"))
    without_partings(draft.tree)
    set_starts(draft.tree)
    without_filler(draft.tree)
    letters_back(draft.tree, others)
    _take_title(draft, next(filter(None, titles), ""))
    draft.findings += [Finding("table-merged", detail=one) for one in read.merged]
    if b"\\object" in data:
        draft.findings.append(Finding("embedded-object"))
    return draft


def _take_title(draft: Draft, title: str) -> None:
    from samrutine.exchange.incoming.inlines import bare

    if not title:
        return
    for n, block in enumerate(draft.tree.get("blocks", [])):
        content = block["c"][2] if block["t"] == "Header" else block.get("c")
        if block["t"] in {"Para", "Plain", "Header"} and " ".join(bare(content).split()) == title:
            draft.title = title
            del draft.tree["blocks"][n]
            return


def _lines(read: _Read, key: str) -> list[str]:
    lines = (" ".join(line.split()) for line in "".join(read.text.get(key, [])).split("\n"))
    return [line for line in lines if line]


def _pass(source: str, name: str) -> _Read:
    return _Pass(source, name).run()


class _Pass:
    """One walk over the tokens."""

    def __init__(self, source: str, name: str) -> None:
        # A note and a box may be marked as something that may be passed over, and pandoc does pass them over.
        self._source = _MAY_BE_PASSED.sub("", source)
        self._name = name
        self._read = _Read()
        self._state = _State()
        self._above: list[_State] = []
        self._skip = 0
        self._bytes = bytearray()
        self._half: tuple[str, _State] | None = None
        self._fonts = Fonts(source)
        self._rows = Rows()
        self._changing = LineHeard()
        self._colours = colours_in(source)
        self._typed: list[str] = []
        self._mark: str | None = None
        self._of_list: list[int] = []
        self._after_list = False
        self._has_words = False
        self._heading = ""
        self._default = 0
        self._star = False
        self._started = False

    def run(self) -> _Read:
        for token in _TOKEN.finditer(self._source):
            word, number, code, sign, brace, text, stray = token.groups()
            before = self._state
            kept = token[0]
            if code is None:
                self._flush()
            is_words = _says_words(word, code, sign, text)
            self._begin_item(is_words=is_words and self._state.place == _IN_TEXT)
            if brace:
                kept = self._brace(brace)
            elif word is not None:
                kept = self._word(word, number, token[0])
            elif code is not None:
                kept = ""
                self._code(code)
            elif sign is not None:
                self._sign(sign)
            elif text is not None:
                # The end of a line is no space, but it ends the word of control before it.
                said = self._say(self._drawn(re.sub(r"[\r\n]", "", text)))
                kept = "\n" * text.startswith(("\r", "\n")) + for_pandoc(said)
            # What is said of a style, pandoc takes for said of the text.
            of_style = before.of_style and self._state.of_style
            gone = of_style or self._state.skipped or stray
            if not gone and not (is_words and (before.deleted or before.hidden)):
                if word in _OF_LIST:
                    self._of_list.append(len(self._read.kept))
                self._read.kept.append(kept)
        self._flush()
        self._end_half()
        self._read.merged = self._rows.merged
        self._read.changed += self._changing.ended(self._heading)
        return self._read

    def _brace(self, brace: str) -> str:
        kept = brace
        if brace == "{":
            if len(self._above) > _DEEPEST:
                raise DocumentRefused(NotRead("too-deep", self._name))
            self._above.append(self._state)
            self._started = True
        else:
            if self._state.where in {"deleted", "annotation", "header", "footer", "footnote"}:
                self._put("\n")
            if len(self._above) <= 1:
                self._end_half()
            above = self._above.pop() if self._above else self._state
            if self._state.of_number and not above.of_number:
                self._end_number()
            if above.boxes < self._state.boxes:
                kept = self._edge() + brace
            self._state = above
        self._star = False
        self._skip = 0
        return kept

    def _word(self, word: str, number: str | None, kept: str) -> str:  # noqa: C901, PLR0912 - one case a word that matters
        on = number != "0"
        state = self._state
        if word == "u" and number is not None:
            self._skip = 0
            letter = self._numbered(int(number))
            self._say(letter)
            self._skip = state.after
            # Pandoc counts what stands in for a letter wrongly unless it is written so.
            return for_pandoc(letter)
        self._skip = 0
        if word == "uc":
            self._state = replace(state, after=int(number or 1))
            kept = "\n"
        elif word == "deleted":
            self._state = replace(state, deleted=on)
        elif word == "revised":
            self._state = replace(state, revised=on)
        elif word == "v":
            self._state = replace(state, hidden=on)
        elif word in _LOOKS:
            kept = self._look(word, number, kept)
        elif word in {"f", "deff", "fcharset"} and number is not None:
            self._font(word, int(number))
        elif word == "fonttbl":
            self._state = replace(state, where="fonttbl")
        elif word == "stylesheet":
            self._state = replace(state, where="stylesheet", of_style=True)
        elif word in _MARGINS:
            self._state = replace(state, where=word[:6])
        elif word in {"annotation", "footnote"}:
            if word == "annotation" and state.where != word:
                self._read.commented.append((self._heading, self._line()))
            self._state = replace(state, where=word)
        elif word in _SILENT or (self._star and word not in _KEPT_STARRED):
            self._count(word)
            of_number = state.of_number or (word == "listtext" and state.place == _IN_TEXT)
            self._state = replace(
                state, where="nowhere", skipped=state.skipped or word in _NOT_FOR_PANDOC, of_number=of_number
            )
        elif word in _BOXES and state.where != "nowhere":
            kept = f"\\{word}{self._edge()} "
            self._state = replace(state, boxes=state.boxes + 1)
        elif word in _BREAKS:
            self._break(word)
        elif word in OF_CELLS and state.where == "body":
            self._rows.hear(word, number)
            kept = self._part_from_list(kept) if word == "trowd" else kept
        elif word in _SIGNS:
            self._say(_SIGNS[word])
        elif word in _OF_PARAGRAPH:
            kept = self._paragraph(word, kept)
        elif word == "s" and number is not None:
            kept = self._style(int(number), kept)
        self._star = False
        return kept

    def _paragraph(self, word: str, kept: str) -> str:
        """Hear what kind of paragraph this is: one of a cell, of a list, or neither."""
        state = self._state
        if word == "pard":
            self._state = replace(state, style=0, table=False, listed=False)
            self._of_list.clear()
        elif word == "intbl":
            kept = self._part_from_list(kept)
            self._state = replace(state, table=True)
            self._leave_list()
        else:
            self._state = replace(state, listed=True)
            kept = "\n" if state.table else kept
        return kept

    def _look(self, word: str, number: str | None, kept: str) -> str:
        """Hear how the text looks from here on."""
        if word == "plain":
            self._state = replace(
                self._state, deleted=False, revised=False, hidden=False, font=self._default, colour=0, ground=0, bold=False,
                made_bold=False,
            )  # fmt: skip
        elif word == "b":
            self._state = replace(self._state, bold=number != "0", made_bold=False)
        elif self._state.where == "body":
            return self._colour("colour" if word == "cf" else "ground", int(number or 0), kept)
        return kept

    def _colour(self, of: str, number: int, kept: str) -> str:
        """Let what colour makes stand out be bold for pandoc, as long as the colour lasts."""
        state = self._state
        said = {"colour": state.colour, "ground": state.ground, of: number}
        stands_out = is_warning_colour(self._colours.get(said["colour"])) or is_marker(
            self._colours.get(said["ground"])
        )
        made_bold = stands_out and (state.made_bold or not state.bold)
        self._state = replace(state, colour=said["colour"], ground=said["ground"], made_bold=made_bold)
        if made_bold == state.made_bold:
            return kept
        return f"{kept}\\b " if made_bold else f"{kept}\\b0 "

    def _numbered(self, number: int) -> str:
        """Give the letter of a number; nothing for the first half of one, which waits for the second."""
        letter, half = numbered(number), self._half
        if is_first_half(letter):
            self._end_half()
            self._half = (letter, self._state)
            return ""
        if is_second_half(letter):
            if half is None or half[1].place != self._state.place:
                return UNKNOWN
            self._half = None
            return joined(half[0] + letter)
        return self._fonts.sign(letter, self._state.font)

    def _end_half(self) -> None:
        """Say that a letter cannot be told whose second half did not come."""
        if self._half is None:
            return
        (_, there), self._half = self._half, None
        here, self._state = self._state, there
        self._put(UNKNOWN)
        self._state = here
        if there.where != "stylesheet" and not (there.skipped or there.deleted or there.hidden):
            self._read.kept.append(for_pandoc(UNKNOWN))

    def _end_number(self) -> None:
        """Hear what stood before an item."""
        self._mark = "".join(self._typed).strip()
        self._typed.clear()

    def _begin_item(self, *, is_words: bool) -> None:
        """Say before the first words of an item which number it has. In a cell that is text, as its list is."""
        self._has_words |= is_words
        if self._mark is None or not is_words:
            return
        mark, self._mark = self._mark, None
        beside = _COUNTED_BY.sub("", mark)
        says = words_say(beside) if beside != mark else sign_says(mark)
        if UNKNOWN in mark:
            self._read.unknown.append(mark)
        says = says and not any(one == UNKNOWN or "\ue000" <= one <= "\uf8ff" for one in mark)
        if self._state.table:
            said = f"{mark if says or any(one.isalnum() for one in mark) else '•'} "
            self._put(said)
            self._read.kept.append(f"\n{for_pandoc(said)}")
            return
        # Letters and dots say nothing that pandoc does not know.
        if found := _FIGURE.search(mark):
            self._read.kept.append(f"\n{mark_of(int(found[1]))}")
        if says and mark:
            self._read.labels.setdefault(beside, mark)
            self._put(f"{mark} ")
            self._read.kept.append(f"\n{for_pandoc(mark)} ")

    def _leave_list(self) -> None:
        """Let a paragraph of a cell be in no list for pandoc, which would take it out of the table and put it before."""
        for place in self._of_list:
            self._read.kept[place] = "\n"
        self._of_list.clear()

    def _part_from_list(self, kept: str) -> str:
        """End a list before a table with a paragraph of its own, or pandoc puts the list where the text began."""
        if not self._after_list or self._state.where != "body":
            return kept
        self._after_list = False
        return f"\\pard {PARTING}\\par\\pard{kept}" if kept.startswith("\\intbl") else f"\\pard {PARTING}\\par{kept}"

    def _break(self, word: str) -> None:
        self._mark = None if word in {"par", "cell", "row"} else self._mark
        if word == "par" and self._state.where == "body":
            in_list = self._state.listed and not self._state.table
            self._after_list = in_list or (self._after_list and not self._has_words)
            if _HEADING.match(self._read.styles.get(self._state.style, "").strip()):
                self._heading = self._line() or self._heading
            self._has_words = False
        self._count(word)
        self._put("\n")
        if self._state.where != "body" or self._state.deleted:
            return
        if word == "cell":
            self._rows.end_cell(len(self._read.kept), len(self._read.text["body"]) - 1)
        elif word == "row":
            self._end_row()

    def _line(self) -> str:
        """Give the words that the line has so far."""
        found: list[str] = []
        for piece in reversed(self._read.text.get("body", ())):
            _, end, after = piece.rpartition("\n")
            found.append(after if end else piece)
            if end:
                break
        return " ".join("".join(reversed(found)).split())

    def _end_row(self) -> None:
        """Repeat a merged cell in each of its rows, for pandoc and in our own reading alike."""
        for again in self._rows.end_row():
            self._read.kept[again.kept] = f"\n{for_pandoc(again.text)}{self._read.kept[again.kept]}"
            self._read.text["body"][again.line] = f"{again.text}\n"

    def _edge(self) -> str:
        """End the line at the edge of a box, or its first word grows together with the one before it; also for pandoc."""
        if self._state.deleted or self._state.hidden:
            return ""
        self._put("\n")
        return "\\par"

    def _count(self, word: str) -> None:
        """Count what can be counted: cells where they end, items where their mark stands, pictures where they begin."""
        if self._state.where != "body":
            return
        thing = _COUNTED.get(word)
        if thing == "items" and self._state.table:
            return
        if thing is not None:
            self._read.counted[thing] += 1

    def _style(self, number: int, kept: str) -> str:
        self._state = replace(self._state, style=number)
        if self._state.where == "stylesheet":
            return kept
        named = _HEADING.match(self._read.styles.get(number, "").strip())
        return f"{kept}\\outlinelevel{int(named[1]) - 1} " if named else kept

    def _font(self, word: str, number: int) -> None:
        if self._state.where == "fonttbl":
            self._fonts.hear(word, number)
        elif word == "deff":
            self._default = number
            self._state = replace(self._state, font=number)
        elif word == "f":
            self._state = replace(self._state, font=number)

    def _drawn(self, text: str) -> str:
        """Give what letters that stand there as they are, are in their font."""
        if self._state.where in {"nowhere", "fonttbl", "stylesheet"}:
            return text
        return self._fonts.letters(text.encode("latin-1"), self._state.font)

    def _code(self, code: str) -> None:
        """Take a letter by its code, unless it only stands in for the one before."""
        if self._skip:
            self._skip -= 1
        else:
            self._bytes.append(int(code, 16))

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._star = True
        elif sign in "\\{}":
            self._say(sign)
        elif sign == "~":
            self._say(" ")
        elif sign == "_":
            self._say("-")
        elif sign in "\r\n":
            self._put("\n")

    def _flush(self) -> None:
        if self._bytes:
            state = self._state
            said = bytes(self._bytes)
            self._bytes.clear()
            letters = self._fonts.letters(said, state.font)
            self._put(letters)
            if state.where == "nowhere" and not state.skipped:
                self._read.kept.append("".join(f"\\'{one:02x}" for one in said))
            elif state.where != "stylesheet" and not (state.skipped or state.deleted or state.hidden):
                self._read.kept.append(for_pandoc(letters))

    def _say(self, text: str) -> str:
        dropped = min(self._skip, len(text))
        self._skip -= dropped
        self._put(text[dropped:])
        return text[dropped:]

    def _put(self, text: str) -> None:
        if text:
            self._end_half()
        state = self._state
        where = state.where
        if where == "stylesheet":
            if text.strip():
                self._read.styles[state.style] = self._read.styles.get(state.style, "") + text.replace(";", "")
            return
        if where == "fonttbl":
            self._fonts.call(text)
            return
        if where == "nowhere":
            if state.of_number:
                self._typed.append(text)
            return
        if UNKNOWN in text:
            self._read.unknown.append(f"{text} ({state.font})")
        if where in {"body", "footnote"} and not state.hidden:
            self._hear(text)
        key = "deleted" if state.deleted else "hidden" if state.hidden and text.strip() else where
        self._read.text.setdefault(key, []).append(text)
        if key == "body":
            self._put_in_body(text)

    def _hear(self, text: str) -> None:
        """Hear what came and what went; where the end of a paragraph was taken out, the line goes on."""
        state = self._state
        first, *more = [text.replace("\n", " ")] if state.deleted else text.split("\n")
        self._changing.say(first, came=state.revised, gone=state.deleted)
        for one in more:
            self._read.changed += self._changing.ended(self._heading)
            self._changing.say(one, came=state.revised, gone=state.deleted)

    def _put_in_body(self, text: str) -> None:
        state, heard = self._state, self._read.text
        title = self._read.styles.get(state.style, "").strip().lower()
        if state.table:
            self._rows.say(text)
        if state.revised and text.strip():
            heard.setdefault("revised", []).append(text)
        if (state.made_bold or text == "\n") and not _HEADING.match(title):
            heard.setdefault("marked", []).append(text)
        if title in _TITLES:
            self._read.titles.append(text)


def _says_words(word: str | None, code: str | None, sign: str | None, text: str | None) -> bool:
    """Tell whether a token is words. The end of a line in the file is none."""
    return bool(code or (text and text.strip("\r\n")) or sign in {"~", "_"} or word in {"u", *_SIGNS})
