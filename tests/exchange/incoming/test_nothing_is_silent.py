"""What pages, plain texts and papers hold comes in as it stands there, or a person must look: nothing is lost in silence."""

import pytest

from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document


@pytest.fixture
def read(tmp_path):
    """Read a document in this process."""
    return lambda data, name: open_document(data.encode() if isinstance(data, str) else data, name, Limits(), tmp_path)


def page(*body):
    """Make a page with a heading and what follows it."""
    return f"<html><body><h1>Dosering</h1>{''.join(body)}<p>Slutt.</p></body></html>"


def item(words, level=1):
    """Make a paragraph of a list as Word saves it."""
    return f"<p style='mso-list:l0 level{level} lfo1'>{words}</p>"


def shown(mark):
    """Make a mark of a list as Word saves it."""
    return f"<span style='mso-list:Ignore'>{mark}<span>&nbsp; </span></span>"


class TestListsOfWordInPages:
    def test_what_stands_after_a_list_stays(self, read):
        """
        The dose is written on the line after the last point, without a paragraph of its own.
        """
        came = read(page(item("1. Ring 113"), " Gi ikke mer enn 5 mg ", "<p>Noter</p>"), "a.html")

        assert "1. Ring 113\n\nGi ikke mer enn 5 mg\n\nNoter\n" in came.markdown

    def test_a_word_with_a_stop_is_no_mark(self, read):
        """
        "Ikke. Gi 5 mg" without its first word says the opposite.
        """
        came = read(page(item("Ca. 5 mg"), item("Ikke. Gi 5 mg"), item("-5 grader")), "a.html")

        assert "- Ca. 5 mg\n- Ikke. Gi 5 mg\n- -5 grader\n" in came.markdown

    def test_a_number_is_kept_where_the_list_does_not_begin_at_one(self, read):
        """
        Elsewhere it says "see point 3".
        """
        came = read(page(item("1. Vask"), item("2. Tørk"), "<p>Vent.</p>", item("3. Sprit"), item("10) mg")), "a.html")

        assert "1. Vask\n2. Tørk\n\nVent.\n\n3. Sprit\n" in came.markdown
        assert "10) mg" in came.markdown

    def test_what_word_says_is_the_mark_is_and_the_words_after_it_are_not(self, read):
        """
        The mark is written anew by the list; "IKKE:" is no number and no bullet, and is kept.
        """
        came = read(
            page(
                item(f"{shown('1.')}Ca. 5 mg"),
                item(f"{shown('a)')}Ring. Gi", 2),
                item(f"{shown('2.')}1 tablett"),
                item(f"{shown('IKKE:')}gi mer"),
            ),
            "a.html",
        )

        assert "1. Ca. 5 mg\n   1. Ring. Gi\n2. 1 tablett\n\n- IKKE: gi mer\n" in came.markdown
        assert came.recall == 1.0
