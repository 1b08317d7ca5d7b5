"""
Typst, which sets our pages: PDF/A-2a and PDF/UA-1 in one file, the same bytes for the same words.

Fonts are only those inside typst, the date is the document's own, and nothing is read from the machine, so the same data
gives the same bytes everywhere.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from samrutine.errors import DocumentUnavailable
from samrutine.exchange.pdf_data import TEMPLATES
from samrutine.exchange.xmp import About, with_metadata

if TYPE_CHECKING:
    from typst import Compiler

STANDARDS: Final = ("a-2a", "ua-1")
"""PDF/A-2a (tagged, for long keeping) and PDF/UA-1 (for screen readers), declared and enforced by typst."""

_own = threading.local()


def typeset(template: str, data_of: Callable[[bool], str], *, procedure: str, about: About) -> bytes:
    """
    Set one of our templates.

    Args:
        template: The name of its file.
        data_of: Gives the JSON that it prints; told whether everything beyond Latin letters must be spelled out, for the
            rare combination of characters that the fonts have one by one but not together.
        procedure: What the error names.
        about: What the file says of itself.

    Raises:
        DocumentUnavailable: Typst could not set the page; the detail is typst's own.
    """
    import typst

    compiler = _compiler(template)
    try:
        made = _pdf(compiler, data_of(False))
    except typst.TypstError as error:
        if not _is_about_glyphs(error):
            raise _unavailable(procedure, error) from error
        try:
            made = _pdf(compiler, data_of(True))
        except typst.TypstError as again:
            raise _unavailable(procedure, again) from again
    return with_metadata(made, about)


def _compiler(template: str) -> "Compiler":
    """One compiler a thread and template, kept: it holds the fonts and what typst remembers of the template."""
    kept: dict[str, Compiler] | None = getattr(_own, "compilers", None)
    if kept is None:
        kept = _own.compilers = {}
    if template not in kept:
        # Imported here: loading typst takes 0.1 s, and most commands print nothing.
        import typst

        # By path, since typst then remembers the parsed template; and the folder as root, since nothing else may be read.
        kept[template] = typst.Compiler(str(TEMPLATES / template), root=str(TEMPLATES), ignore_system_fonts=True)
    return kept[template]


def _pdf(compiler: "Compiler", data: str) -> bytes:
    made = compiler.compile(format="pdf", sys_inputs={"page": data}, pdf_standards=list(STANDARDS))
    if not isinstance(made, bytes):
        raise TypeError(type(made).__name__)
    return made


def _is_about_glyphs(error: Exception) -> bool:
    return "could not be displayed" in str(error) or "codepoint" in str(error)


def _unavailable(procedure: str, error: Exception) -> DocumentUnavailable:
    # Only typst's first line: the rest quotes the template, and may quote the document.
    detail = str(getattr(error, "message", "")) or type(error).__name__
    return DocumentUnavailable(procedure=procedure, format="PDF", detail=detail.splitlines()[0])
