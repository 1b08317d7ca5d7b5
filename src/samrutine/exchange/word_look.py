"""How the Word documents of a municipality look: its own styles, page and logo, or ours where it has given none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from samrutine.exchange.word_styles import Sheet, own_sheet

LANGUAGE: Final = 'w:lang w:val="nb-NO"'
"""Stands once in a sheet of styles, where each document writes its own language."""

PAGE: Final = (
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1304" w:right="1134" w:bottom="1304" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/>'
)


@dataclass(frozen=True, slots=True)
class Reference:
    """
    How documents of a municipality look.

    Attributes:
        sheet: The styles.
        page: Size and margins of the page, as XML.
        head: What stands at the head of each page, as XML; it refers to pictures by the ids in `head_pictures`.
        head_pictures: Name in `media` by the id that `head` uses.
        media: The pictures.
        theme: Colours and fonts that the styles refer to, or None.
    """

    sheet: Sheet
    page: str = PAGE
    head: str = ""
    head_pictures: Mapping[str, str] = field(default_factory=dict)
    media: Mapping[str, bytes] = field(default_factory=dict)
    theme: bytes | None = None


@lru_cache(maxsize=1)
def own_reference() -> Reference:
    """Give the look of a municipality that has given none."""
    return Reference(own_sheet())
