"""The one way Markdown is read here: which marks count, what a local field is, and how deep a text may nest."""

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

LOCAL_FIELD: Final = re.compile(r"\{\{([a-z][a-z0-9-]{0,39})\}\}")
DEEPEST: Final = 18
"""
How many blocks may stand inside each other; a list and its item count as two.

The parser itself stops at 20 and then leaves the words out without a sound, so a text is refused before that.
"""
_PARSED: Final = 40
CHECKBOX: Final = "task-list-item-checkbox"
"""The class that marks the box of a task list item among html_inline tokens."""


def markdown() -> "MarkdownIt":
    """
    Give the one configured parser; it is shared, so do not change it.

    CommonMark with tables, strikethrough, task lists and footnotes (`[^1]`, no inline notes). Raw HTML is text.
    Addresses are links only when written as links.

    Tokens beyond markdown-it's own:
        local_field: inline, `content` is the key of `{{key}}`.
        html_inline: only ever the box of a task list item, class "task-list-item-checkbox", with `checked="checked"`
            when ticked; its list_item_open has class "task-list-item".

    After parsing, `env["footnote_definitions"]` has (label, line from 1) for each definition, also unused ones;
    the `label` in the `meta` of link_open and image names the link definition used.
    """
    return _parser(html=False)


def raw_html(body: str) -> tuple[int, ...]:
    r"""Give the line, from 1, of each block that holds raw HTML; `\<` and `a < b` are none."""
    line, found = 1, set()
    for token in _parser(html=True).parse(body, {}):
        line = token.map[0] + 1 if token.map else line
        pieces = [token, *(token.children or [])]
        if any(piece.type.startswith("html_") and CHECKBOX not in piece.content for piece in pieces):
            found.add(line)
    return tuple(sorted(found))


@cache
def _parser(*, html: bool) -> "MarkdownIt":
    # Imported here: the command line reads no Markdown for most commands, and this costs 40 ms at start.
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.tasklists import tasklists_plugin

    parser = MarkdownIt("commonmark", {"html": html, "maxNesting": _PARSED, "store_labels": True})
    parser.enable(["table", "strikethrough"])
    parser.use(tasklists_plugin)
    parser.use(footnote_plugin, inline=False)
    parser.inline.ruler.before("escape", "local_field", _local_field)
    parser.core.ruler.before("footnote_tail", "footnote_census", _footnote_census)
    parser.add_render_rule("local_field", _render_local_field)
    return parser


def _local_field(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001  markdown-it fixes the arguments
    match = LOCAL_FIELD.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push("local_field", "", 0)
        token.content = match[1]
        token.markup = "{{}}"
    state.pos = match.end()
    return True


def _footnote_census(state: "StateCore") -> None:
    # Before the plugin moves the notes to the end: there it drops the unused ones, and of two with one label it keeps
    # the last, both without a word.
    state.env["footnote_definitions"] = [
        (str(token.meta["label"]), (token.map[0] if token.map else 0) + 1)
        for token in state.tokens
        if token.type == "footnote_reference_open"
    ]


def _render_local_field(  # markdown-it fixes the arguments
    _self: object, tokens: "list[Token]", index: int, _options: object, _env: object
) -> str:
    return f'<span class="local-field">{{{{{tokens[index].content}}}}}</span>'


def too_deep(tokens: "list[Token]") -> int | None:
    """Give the line, from 1, of the first block that lies deeper than `DEEPEST`, or None."""
    line = 1
    for token in tokens:
        if token.map is not None:
            line = token.map[0] + 1
        if token.level > DEEPEST:
            return line
    return None


def plain_text(token: "Token") -> str:
    """Give the words of an inline token as a reader sees them, in one line; a local field as `{{key}}`."""
    words: list[str] = []
    for child in token.children or []:
        match child.type:
            case "text" | "code_inline" | "text_special":
                words.append(child.content)
            case "softbreak" | "hardbreak":
                words.append(" ")
            case "local_field":
                words.append(f"{{{{{child.content}}}}}")
            case "image":
                words.append(plain_text(child))
            case _:
                pass
    return " ".join("".join(words).split())
