"""What changed between two texts, as a page that stands alone: for those who read before a meeting, without the program."""

from html import escape
from pathlib import Path
from typing import Final

from samrutine.messages import DEFAULT_LANGUAGE
from samrutine.proposals.prose_diff import ProseDiff
from samrutine.proposals.prose_html import html_of

_STYLE: Final = Path(__file__).with_name("templates") / "document.css"
CHANGES_STYLE: Final = """
ins{background:#dff3e4;color:#0f4d2a;text-decoration:underline}del{background:#fbe3e3;color:#7d1a1e;text-decoration:line-through}
.diff-label,.diff-critical{font-size:.875rem;margin:0 0 .2em;color:var(--quiet)}.diff-critical{font-weight:700;color:var(--ink)}
.diff-added,.diff-removed,.diff-changed,.diff-moved-here,.diff-moved-away{border-left:.25rem solid var(--line);padding-left:.9rem}
.diff-fields dt{font-weight:600}.diff-fields dd{margin:0 0 .4em}.diff-unchanged{color:var(--quiet);margin:0 0 1em}
.diff-heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(prefers-color-scheme:dark){ins{background:#123f26;color:#c9f2d8}del{background:#4a1a1c;color:#ffd3d3}}
"""
"""How `html_of` is shown on a page that stands alone."""


def diff_page(diff: ProseDiff, title: str, language: str = DEFAULT_LANGUAGE) -> bytes:
    """
    Write what changed as a whole page of HTML, UTF-8, without scripts and without anything fetched from elsewhere.

    Args:
        title: What was compared with what, for people.
        language: Of the words around the texts.
    """
    name = escape(title)
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(language)}" class="draft">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{name}</title>",
            f"<style>{_STYLE.read_text(encoding='utf-8').strip()}{CHANGES_STYLE.rstrip()}</style>",
            "</head>",
            "<body>",
            "<main>",
            f"<h1>{name}</h1>",
            html_of(diff, language),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    ).encode("utf-8", "replace")
