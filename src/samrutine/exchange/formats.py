"""The formats that a document is made in, by the suffix of its file."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from samrutine.errors import InvalidRequest

if TYPE_CHECKING:
    from samrutine.adoptions.effective import EffectiveDocument
    from samrutine.adoptions.inspecting import Inspection
    from samrutine.adoptions.paper import Bilingual, Card, Checklist, Handbook, Paper, Redline


class Renderer(Protocol):
    """Makes a document in one format; `copy` marks it as one that was handed out."""

    def __call__(self, document: "EffectiveDocument", /, *, copy: bool = False) -> bytes:
        """Give the file."""


class PaperRenderer(Protocol):
    """Makes what is printed beside the one document in one format."""

    def __call__(self, paper: Any, /, *, copy: bool = False) -> bytes:
        """Give the file."""


def _word(document: "EffectiveDocument", *, copy: bool = False) -> bytes:
    from samrutine.exchange import word

    return word.render(document, copy=copy)


def _html(document: "EffectiveDocument", *, copy: bool = False) -> bytes:
    from samrutine.exchange import html

    return html.render(document, copy=copy)


def _markdown(document: "EffectiveDocument", *, copy: bool = False) -> bytes:  # noqa: ARG001 - it has no page to mark
    from samrutine.exchange import markdown

    return markdown.render(document)


def _pdf(document: "EffectiveDocument", *, copy: bool = False) -> bytes:
    from samrutine.exchange import pdf

    return pdf.render(document, copy=copy)


# Each is imported when first used: a search from the shell needs neither a typesetter nor a ZIP file.
RENDERERS: Final[Mapping[str, Renderer]] = {
    "docx": _word, "html": _html, "md": _markdown, "pdf": _pdf,
}  # fmt: skip
FORMATS: Final = tuple(RENDERERS)
"""Publishing to a quality system takes fewer, `publishing.model.DOCUMENT_SUFFIXES`: what is controlled is not sent to be changed."""


def _handbook_word(paper: "Handbook", *, copy: bool = False) -> bytes:
    from samrutine.exchange import word_handbook

    return word_handbook.render(paper, copy=copy)


def _handbook_pdf(paper: "Handbook", *, copy: bool = False) -> bytes:
    from samrutine.exchange import handbook

    return handbook.render(paper, copy=copy)


def _checklist(paper: "Checklist", *, copy: bool = False) -> bytes:
    from samrutine.exchange import checklist

    return checklist.render(paper, copy=copy)


def _redline(paper: "Redline", *, copy: bool = False) -> bytes:
    from samrutine.exchange import redline

    return redline.render(paper, copy=copy)


def _card(paper: "Card", *, copy: bool = False) -> bytes:
    from samrutine.exchange import card

    return card.render(paper, copy=copy)


def _bilingual(paper: "Bilingual", *, copy: bool = False) -> bytes:
    from samrutine.exchange import bilingual

    return bilingual.render(paper, copy=copy)


def _inspection(paper: "Inspection", *, copy: bool = False) -> bytes:
    from samrutine.exchange import inspection

    return inspection.render(paper, copy=copy)


def _inspection_package(paper: "Inspection", *, copy: bool = False) -> bytes:
    from samrutine.exchange import inspection

    return inspection.package(paper, copy=copy)


PAPERS: Final[Mapping[str, Mapping[str, PaperRenderer]]] = {
    "Handbook": {"docx": _handbook_word, "pdf": _handbook_pdf},
    "Bilingual": {"pdf": _bilingual},
    "Card": {"pdf": _card},
    "Redline": {"pdf": _redline},
    "Checklist": {"pdf": _checklist},
    "Inspection": {"pdf": _inspection, "zip": _inspection_package},
}
"""The formats of what is printed beside the one document, by its class."""


def print_paper(paper: "Paper | Inspection", suffix: str, *, copy: bool) -> bytes:
    """
    Make what is printed beside the one document.

    Raises:
        InvalidRequest: It is not made in that format.
    """
    makers = PAPERS[type(paper).__name__]
    if suffix not in makers:
        raise InvalidRequest(what="format", value=ascii(suffix[:20])[1:-1], expected=", ".join(makers))
    return makers[suffix](paper, copy=copy)
