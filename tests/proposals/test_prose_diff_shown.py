"""Changes shown in a page and in a terminal: marked in words and signs, never by colour alone."""

import random
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from samrutine.messages import LANGUAGES
from samrutine.proposals.prose_diff import accepted, compare, reader_texts, rejected
from samrutine.proposals.prose_html import html_of
from samrutine.proposals.prose_terminal import terminal_text
from tests.procedures.texts import BODY, a_text
from tests.support.edited import a_random_body, edited

NEW = BODY.replace("Avdelingsleder.", "Ikke avdelingsleder.").replace("1. Vask", "1. Vask **straks**")
# What the sanitiser nh3 lets through as it stands, but for classes, which a page allows.
SAFE = {
    *("p", "div", "span", "ins", "del", "details", "summary", "dl", "dt", "dd", "ul", "li", "blockquote", "pre", "hr"),
    *("table", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6"),
}


class Reader(HTMLParser):
    """Collects tags and attributes, and what is in `<ins>` and `<del>` and not said for those who hear the page."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.open = set(), set(), []
        self.words = {"ins": "", "del": "", "": ""}

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "hr":
            self.open.append((tag, dict(attrs).get("class", "")))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        classes = {cls for _, cls in self.open}
        if not classes & {"diff-heard", "diff-label", "diff-critical"}:
            inside = next((tag for tag, _ in self.open if tag in {"ins", "del"}), "")
            self.words[inside] += data


def page_of(old, new, language="nb"):
    reader = Reader()
    reader.feed(html_of(compare(a_text(old), a_text(new)), language))
    reader.close()
    assert reader.open == []
    return reader


class TestHtml:
    def test_marks_have_words_for_those_who_hear_the_page(self):
        """
        Many screen readers say nothing at <ins> and <del>.
        """
        page = html_of(compare(a_text(BODY), a_text(NEW)))

        assert '<span class="diff-heard">[nytt: </span>' in page
        assert '<span class="diff-heard">[tatt ut: </span>' in page
        assert "Se nøye på: nektelse" in page
        assert "<details" in page
        assert "avsnitt uten endring" in page

    def test_only_safe_tags_and_no_style_or_script(self):
        """
        It stands in a page under a strict content security policy.
        """
        chance = random.Random(1)
        body = a_random_body(chance)

        page = page_of(body, edited(body, chance))

        assert page.tags <= SAFE
        assert page.attributes <= {"class"}

    def test_what_a_text_holds_is_never_markup_here(self):
        """
        A routine about forms may hold a tag, and a hostile one will.
        """
        page = html_of(compare(a_text("a\n"), a_text("`<script>alert(1)</script>` & <b>\n")))

        assert "<script" not in page
        assert "&lt;script&gt;" in page
        assert "&amp;" in page

    def test_every_word_of_both_texts_is_in_the_page(self):
        """
        What is folded is there too, one click away.
        """
        for seed in range(20):
            chance = random.Random(seed)
            old = a_random_body(chance)
            new = edited(old, chance)
            page = page_of(old, new)

            shown = re.sub(r"\s+", "", "".join(page.words.values()))
            for text in (*reader_texts(old), *reader_texts(new)):
                assert set(re.sub(r"\s+", "", text)) <= set(shown)
            assert len(shown) >= len(re.sub(r"\s+", "", "".join(reader_texts(new))))

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_nothing_changed_is_said(self, language):
        """
        An empty page would be taken for a fault.
        """
        assert "diff-nothing" in html_of(compare(a_text(), a_text()), language)


class TestTerminal:
    def test_marks_say_the_same_without_colour(self):
        """
        A log, a pipe and a colour-blind reader see no red.
        """
        diff = compare(a_text(BODY), a_text(BODY.replace("Avdelingsleder.", "Avdelingsleder og vara.")))

        plain, coloured = terminal_text(diff), terminal_text(diff, colour=True)

        assert "Avdelingsleder{+ og vara+}." in plain.replace(" {+", "{+ ")
        assert "\x1b" not in plain
        assert re.sub(r"\x1b\[\d+m", "", coloured) == plain
        assert "\x1b[32m" in coloured

    def test_it_reads_from_top_to_bottom(self):
        """
        Fields first, then the text, with what did not change in one line.
        """
        text = a_text(BODY)
        other = replace(a_text(NEW), front=replace(text.front, review_interval_months=12))

        assert terminal_text(compare(text, other)).splitlines() == [
            "Måneder mellom gjennomganger: [-24-] {+12+}",
            "",
            "  … 4 avsnitt uten endring",
            "",
            "## Ansvar",
            "",
            "  (Se nøye på: nektelse)",
            "[-Avdelingsleder-]{+Ikke avdelingsleder+}.",
            "",
            "## Framgangsmåte",
            "",
            "- Vask {+straks+} hendene.",
            "",
            "- Tørk dem.",
            "",
            "  … 2 avsnitt uten endring",
        ]

    def test_a_table_is_a_line_a_row(self):
        """
        So that a dose stands beside whose it is.
        """
        old = "| Alder | Dose |\n|---|---|\n| 1 år | 5 ml |\n"

        shown = terminal_text(compare(a_text(old), a_text(old.replace("5 ml", "7 ml"))))

        assert "| 1 år | [-5 ml-]{+7 ml+} |" in shown

    def test_a_move_names_both_ends(self):
        """
        Whoever reads one end must find the other.
        """
        sentence = "Bruk hansker når det er fare for søl."
        old = BODY.replace("Hindre smitte.", f"Hindre smitte.\n\n{sentence}")
        new = BODY.replace("Meld avvik.", f"Meld avvik.\n\n{sentence}")

        shown = terminal_text(compare(a_text(old), a_text(new)))

        assert "(Flytting 1: flyttet til Avvik)" in shown
        assert "(Flytting 1: flyttet hit fra Formål)" in shown


def test_a_whole_new_text_is_shown_whole():
    """
    Nothing is folded in what nobody has read.
    """
    diff = compare(None, a_text())

    assert accepted(diff) == reader_texts(BODY)
    assert rejected(diff) == ()
    assert "uten endring" not in terminal_text(diff)
