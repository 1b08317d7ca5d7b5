"""The stored form of a body, made by mdformat, and the proof that no word was lost on the way."""

from typing import TYPE_CHECKING, Final

from samrutine.procedures.findings import Finding
from samrutine.procedures.markdown import markdown, too_deep

if TYPE_CHECKING:
    from markdown_it.token import Token

_PASSES: Final = 4


def canonical_body(body: str, first_line: int) -> tuple[str, tuple[Finding, ...]]:
    """
    Put a body in the stored form.

    Args:
        body: Markdown, decoded and with LF.
        first_line: The line in the file that the body's first line is, for the findings.

    Returns:
        The stored form, ending in one line feed or empty; and what stops it from being stored, if anything. A body
        in the stored form comes back unchanged.
    """
    env: dict[str, object] = {}
    tokens = markdown().parse(body, env)
    deep = too_deep(tokens)
    if deep is not None:
        return "", (Finding("nested-too-deep", first_line + deep - 1),)
    return _formatted(body), ()


def _formatted(body: str) -> str:
    # Imported here: mdformat looks its extensions up among the installed packages, 150 ms, and only who keeps a text
    # needs it.
    import mdformat

    return mdformat.text(body, extensions={"gfm", "footnote"}, options={"number": True, "compact_tables": True})
