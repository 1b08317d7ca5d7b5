"""Check the words of an addition as a routine's words are checked, and put them in the stored form."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from samrutine.arguments import require_text
from samrutine.errors import InvalidAddition, InvalidText
from samrutine.procedures.checks import Known
from samrutine.procedures.checks import findings as check
from samrutine.procedures.findings import Finding, Severity
from samrutine.procedures.model import FrontMatter, ProcedureText
from samrutine.procedures.text import canonical, digest, read, unformatted

LONGEST_ADDITION: Final = 10_000
"""Characters. What is longer is a routine of its own."""

LONGEST_GROUNDS: Final = 1_000
"""Characters in a reason, and in a professional source."""

LOOKED_AT: Final = frozenset(
    {
        *(
            "national-id",
            "private-phone",
            "private-email",
            "link-unsafe",
            "link-empty",
            "link-unknown-file",
            "raw-html",
        ),
        *("field-undeclared", "field-malformed", "field-in-link", "footnote-undefined", "image-without-text"),
    }
)
"""What the checks say of a routine that goes for an addition too. The rest is about a routine's parts."""


def stored_addition(text: str, fronts: Sequence[FrontMatter]) -> bytes:
    """
    Put an addition's words in the stored form.

    Args:
        text: Markdown, as somebody wrote it.
        fronts: The front matter of the versions that it may be printed in: an addition may use the local information
            that one of them declares, and link to its attachments.

    Raises:
        InvalidAddition: It cannot be read, would lose words, or holds what must not be kept: it goes into the register, where
            nothing is erased. Lines are counted in the addition.
        InvalidRequest: It is empty or too long.
    """
    _with_plain_lines(text)
    front = replace(
        fronts[0],
        local_information=tuple({one.key: one for front in fronts for one in front.local_information}.values()),
        attachments=tuple({one.name: one for front in fronts for one in front.attachments}.values()),
    )
    name, data = front.id, unformatted(ProcedureText(front, text))
    before = unformatted(ProcedureText(front, "")).count(b"\n")
    try:
        found = check(read(data, name), data, Known())
        unkept = [one for one in found if one.key in LOOKED_AT and one.severity is Severity.ERROR and one.line > before]
        if not unkept:
            return read(canonical(data, name), name).body.encode()
    except InvalidText as error:
        raise InvalidAddition(name, _in_addition(error.findings, before)) from error
    raise InvalidAddition(name, _in_addition(unkept, before))


def _in_addition(found: Sequence[object], before: int) -> list[object]:
    """Count lines from the addition's own first line: the front matter above it is not the writer's."""
    return [replace(one, line=max(one.line - before, 1)) if isinstance(one, Finding) else one for one in found]


def as_given(text: str) -> str:
    """
    Give the digest of the words as somebody wrote them, for an act's request: a second call is known by them.

    The stored form will not do: what a text may say, and so whether it has one, follows from the versions there are.
    """
    return str(digest(_with_plain_lines(text).encode()))


def _with_plain_lines(text: str) -> str:
    """Give the words with one sort of line ends, once they can be kept at all."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return require_text("text", plain, longest=LONGEST_ADDITION, may_be_empty=False)


def grounds(what: str, text: str | None) -> str | None:
    """Give a reason or a source without spaces around it; None when there is none."""
    return require_text(what, text or "", longest=LONGEST_GROUNDS).strip() or None
