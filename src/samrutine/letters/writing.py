"""A letter written out: as plain text, as HTML that needs nothing from anywhere, and as the message that is sent."""

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import Final

from samrutine.arguments import is_email
from samrutine.letters.model import Letter, Line, in_one_line
from samrutine.messages import catalogue, shown

LANGUAGES: Final = ("nb", "nn", "en")
_INK: Final = "#1e2b3c"
_QUIET: Final = "#4a5868"
_BLUE: Final = "#0b4f8a"
_FONT: Final = "font-family:Arial,Helvetica,sans-serif"
_WRAP: Final = 72


class Words:
    """The words of letters in one language."""

    def __init__(self, language: str | None) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self.formal = "en" if self.language == "en" else "nb"
        """The language of what has no nynorsk yet: what waits, and what one is told."""

    def __call__(self, name: str, /, **places: object) -> str:
        """Say something, with its places filled."""
        text = catalogue(self.language, "letters")[name]
        return text.format_map({place: shown(value, self.formal) for place, value in places.items()})

    def count(self, name: str, count: int, /, **places: object) -> str:
        """Say how many: `<name>_one` or `<name>_many`."""
        return self(f"{name}_one" if count == 1 else f"{name}_many", count=count, **places)


def plain_text(letter: Letter, addresses: Mapping[str, str], stop: str) -> str:
    """
    Write a letter as plain text.

    Args:
        addresses: The whole address of each page that its links lead to.
        stop: The address by which one gets no more of them; empty where there is none.
    """
    say = Words(letter.language)
    pieces = [letter.greeting, *letter.paragraphs]
    for part in letter.parts:
        lines = [_plain_line(line, addresses) for line in part.lines]
        heading = [f"{part.heading}\n{'-' * min(len(part.heading), _WRAP)}"] if part.heading else []
        pieces += heading + lines + ([part.rest] if part.rest else [])
    pieces += letter.closing
    if stop:
        pieces.append(f"{say('stop')}:\n{stop}")
    return "\n\n".join(pieces) + "\n"


def _plain_line(line: Line, addresses: Mapping[str, str]) -> str:
    found = [line.title] + ([line.detail] if line.detail else [])
    if len(line.links) == 1:
        return "\n".join([*found, addresses[line.links[0][1]]])
    return "\n".join([*found, *(f"{words}: {addresses[page]}" for words, page in line.links)])


def html_text(letter: Letter, addresses: Mapping[str, str], stop: str) -> str:
    """Write a letter as HTML: its styles in it, without images, so that opening it tells nobody anything. As `plain_text`."""
    say = Words(letter.language)
    pieces = [_paragraph(letter.greeting), *map(_paragraph, letter.paragraphs)]
    for part in letter.parts:
        if part.heading:
            pieces.append(
                f'<h2 style="{_FONT};font-size:20px;line-height:1.3;margin:28px 0 8px">{escape(part.heading)}</h2>'
            )
        lines = "".join(_html_line(line, addresses) for line in part.lines)
        pieces.append(f'<ul style="list-style:none;margin:0;padding:0">{lines}</ul>')
        pieces += [_paragraph(part.rest)] if part.rest else []
    small = "".join(_paragraph(one, size=14, ink=_QUIET) for one in letter.closing)
    if stop:
        small += f'<p style="{_FONT};font-size:14px;margin:12px 0 0">{_link(say("stop"), stop)}</p>'
    return (
        f'<!doctype html><html lang="{letter.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(letter.subject)}</title></head>"
        f'<body style="margin:0;padding:0;background:#ffffff;color:{_INK}">'
        f'<main style="max-width:600px;margin:0 auto;padding:24px 16px">'
        f'<h1 style="{_FONT};font-size:24px;line-height:1.3;margin:0 0 16px">{escape(letter.subject)}</h1>'
        f"{''.join(pieces)}"
        f'<div style="margin-top:32px;border-top:1px solid #c8d0d9;padding-top:12px">{small}</div>'
        "</main></body></html>\n"
    )


def _paragraph(words: str, *, size: int = 17, ink: str = _INK) -> str:
    return f'<p style="{_FONT};font-size:{size}px;line-height:1.5;margin:0 0 12px;color:{ink}">{escape(words)}</p>'


def _html_line(line: Line, addresses: Mapping[str, str]) -> str:
    if len(line.links) == 1:
        title = _link(line.title, addresses[line.links[0][1]], bold=True)
        below = ""
    else:
        title = f"<strong>{escape(line.title)}</strong>"
        below = "".join(
            f'<p style="margin:10px 0 0">{_link(words, addresses[page], bold=True)}</p>' for words, page in line.links
        )
    detail = f'<div style="font-size:15px;color:{_QUIET}">{escape(line.detail)}</div>' if line.detail else ""
    return (
        f'<li style="{_FONT};font-size:17px;line-height:1.5;padding:10px 0;border-top:1px solid #e1e6eb;'
        f'overflow-wrap:anywhere">{title}{detail}{below}</li>'
    )


def _link(words: str, address: str, *, bold: bool = False) -> str:
    weight = ";font-weight:bold" if bold else ""
    return f'<a href="{escape(address)}" style="color:{_BLUE}{weight}">{escape(words)}</a>'


def _require_address(value: str) -> str:
    if not is_email(value):
        raise ValueError("no address")
    return value


def message(
    *, id_: str, sender: str, sender_name: str, reply_to: str, to: str, subject: str, plain: str, html: str, at: datetime, stop: str = ""
) -> EmailMessage:  # fmt: skip
    """
    Put a letter into its envelope. The same letter is the same bytes, whenever it is made.

    Raises:
        ValueError: An address is none.
    """
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(in_one_line(sender_name), addr_spec=_require_address(sender))
    made["To"] = Address(addr_spec=_require_address(to))
    if reply_to:
        made["Reply-To"] = Address(addr_spec=_require_address(reply_to))
    made["Subject"] = in_one_line(subject)
    made["Date"] = at
    made["Message-ID"] = f"<{id_}@{sender.rpartition('@')[2]}>"
    # So that no program answers it: an absence told to a machine is told to nobody.
    made["Auto-Submitted"] = "auto-generated"
    if stop:
        made["List-Unsubscribe"] = f"<{stop}>"
    made.set_content(plain, cte="quoted-printable")
    made.add_alternative(html, subtype="html", cte="quoted-printable")
    made.set_boundary(f"=_{id_}")
    return made
