"""No row of letters, however odd, takes longer to read than an ordinary text as long."""

import pytest

from samrutine.exchange.incoming.kinds import kind_of
from samrutine.exchange.incoming.model import FileKind, Limits
from samrutine.procedures.attached import media_type
from samrutine.proposals.prose_words import words_of
from tests.support.effort import times

LONG = 200_000
ORDINARY = "Vask hendene med såpe, og tørk dem.\n"
PARTS = (
    *("\n", " ", "\t", "a", "[", "[a", "(", "**a ", "**", "| ", "---", "- ", "<", "<!--", "<p ", "</", "\\", "`", "#", "a: b\n"),
    *("1 ", "1.", "kl. 1 ", "5 m", "+47 ", "§ ", "~~", "_", "a-", "{{", "http://"),
)  # fmt: skip


def as_long(part: str) -> str:
    """Give a text of a part again and again."""
    return f"Vask {part * (LONG // len(part))}"


@pytest.mark.parametrize("part", PARTS)
def test_what_a_file_is_takes_no_longer_to_see_of_any(part):
    """
    A page saved by a program may end in a million empty lines.
    """
    data, ordinary = as_long(part).encode(), as_long(ORDINARY).encode()

    assert times(lambda: kind_of(data, "x.html", Limits()), lambda: kind_of(ordinary, "x.html", Limits())) < 200


@pytest.mark.parametrize("part", PARTS)
def test_the_words_of_any_are_found_as_fast(part):
    text, ordinary = as_long(part), as_long(ORDINARY)

    assert times(lambda: words_of.__wrapped__(text), lambda: words_of.__wrapped__(ordinary)) < 20


COMMENTS = "<!-- x -->" * 30


def test_thirty_comments_before_the_first_word_are_passed_in_no_time():
    """
    Each may end at any of the signs that end one, and there are a milliard ways to choose.
    """
    assert kind_of(f"{COMMENTS}<html><p>Vask.".encode(), "x.html", Limits()) is FileKind.HTML
    assert kind_of(f"{COMMENTS}<div>Vask.".encode(), "x.html", Limits()) is FileKind.TEXT
    assert media_type("x.svg", f"{COMMENTS}<div/>".encode()) != "image/svg+xml"
