"""The lists of a Word document: each ordered one counts for itself, and lists of points are told apart where they meet."""

from dataclasses import dataclass, field
from typing import Final

from samrutine.exchange.word_xml import HEAD, STEP, W

LEVELS: Final = 9
_BULLETS: Final = ("•", "–", "▪")
_ORDERED: Final = 2
_LARGEST: Final = 32767


@dataclass
class Numbering:
    """Gives lists their numbers; written once, when the document is done."""

    _lists: list[tuple[int, int, int]] = field(default_factory=list)
    _shared: dict[int, int] = field(default_factory=dict)

    def bullets(self, *, other: bool) -> int:
        """Give the number of lists of points; of one that follows another directly, a second."""
        return self._one_for_all(1 if other else 0)

    def tasks(self, *, other: bool) -> int:
        """Give the number of lists to tick off, which have a box and no point."""
        return self._one_for_all(4 if other else 3)

    def ordered(self, start: int, level: int) -> int:
        """Give the number of a list of its own, which begins at `start` on its level."""
        self._lists.append((_ORDERED, min(start, _LARGEST), level))
        return len(self._lists)

    def _one_for_all(self, kind: int) -> int:
        if kind not in self._shared:
            self._lists.append((kind, 0, 0))
            self._shared[kind] = len(self._lists)
        return self._shared[kind]

    def xml(self) -> str:
        """The part of the file that says how lists are marked."""
        kinds = "".join(
            f'<w:abstractNum w:abstractNumId="{kind}"><w:multiLevelType w:val="hybridMultilevel"/>'
            f"{''.join(_level(kind, level) for level in range(LEVELS))}</w:abstractNum>"
            for kind in range(5)
        )
        lists = "".join(
            f'<w:num w:numId="{n}"><w:abstractNumId w:val="{kind}"/>{_override(start, level) if kind == _ORDERED else ""}</w:num>'
            for n, (kind, start, level) in enumerate(self._lists, 1)
        )
        return f'{HEAD}<w:numbering xmlns:w="{W}">{kinds}{lists}</w:numbering>'


def _override(start: int, level: int) -> str:
    return f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def _level(kind: int, level: int) -> str:
    indent = f'<w:pPr><w:ind w:left="{(level + 1) * STEP}" w:hanging="{STEP}"/></w:pPr>'
    start = '<w:start w:val="1"/>'
    if kind == _ORDERED:
        # Numbers on every level, as the same text has on paper: a step that is 2 there must not be b here.
        rest = f'<w:lvlText w:val="%{level + 1}."/><w:lvlJc w:val="left"/>{indent}'
        return f'<w:lvl w:ilvl="{level}">{start}<w:numFmt w:val="decimal"/>{rest}</w:lvl>'
    if kind > _ORDERED:
        rest = f'<w:suff w:val="nothing"/><w:lvlText w:val="\u200b"/><w:lvlJc w:val="left"/>{indent}'
        return f'<w:lvl w:ilvl="{level}">{start}<w:numFmt w:val="bullet"/>{rest}</w:lvl>'
    sign = _BULLETS[level % 3]
    return f'<w:lvl w:ilvl="{level}">{start}<w:numFmt w:val="bullet"/><w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>{indent}</w:lvl>'
