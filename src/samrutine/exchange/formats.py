"""The formats that a document is made in, by the suffix of its file."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from samrutine.adoptions.effective import EffectiveDocument


class Renderer(Protocol):
    """Makes a document in one format; `copy` marks it as one that was handed out."""

    def __call__(self, document: "EffectiveDocument", /, *, copy: bool = False) -> bytes:
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
