"""The words that a reader of Markdown sees, by our own parser and not by pandoc's."""

from samrutine.procedures.markdown import markdown, plain_text


def seen_words(body: str) -> str:
    """Give the words a reader sees of a body, a line each block; alternative texts of pictures are left out."""
    lines: list[str] = []
    for token in markdown().parse(body, {}):
        if token.type == "inline":
            token.children = [child for child in token.children or [] if child.type != "image"]
            lines.append(plain_text(token))
        elif token.type in {"fence", "code_block"}:
            lines.append(token.content)
    return "\n".join(lines)
