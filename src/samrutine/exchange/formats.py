"""The formats that a document is made in, by the suffix of its file."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from samrutine.adoptions.effective import EffectiveDocument


def _word(document: "EffectiveDocument") -> bytes:
    from samrutine.exchange import word

    return word.render(document)


def _html(document: "EffectiveDocument") -> bytes:
    from samrutine.exchange import html

    return html.render(document)


def _markdown(document: "EffectiveDocument") -> bytes:
    from samrutine.exchange import markdown

    return markdown.render(document)


def _pdf(document: "EffectiveDocument") -> bytes:
    from samrutine.exchange import pdf

    return pdf.render(document)


# Each is imported when first used: a search from the shell needs neither a typesetter nor a ZIP file.
RENDERERS: Final[Mapping[str, "Callable[[EffectiveDocument], bytes]"]] = {
    "docx": _word, "html": _html, "md": _markdown, "pdf": _pdf,
}  # fmt: skip
FORMATS: Final = tuple(RENDERERS)
"""Publishing to a quality system takes fewer, `publishing.model.DOCUMENT_SUFFIXES`: what is controlled is not sent to be changed."""
