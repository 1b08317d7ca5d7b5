"""What a report says of a document, as somebody reads it aloud."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from samrutine.exchange.incoming.model import (
    PARAGRAPH_END,
    ChangeKind,
    Comment,
    Finding,
    Limits,
    Suggested,
    TrackedChange,
)
from samrutine.exchange.incoming.opening import open_document
from samrutine.intake.report import Report, as_json, lists_of, report_from, report_of
from tests.support.documents import web


class TestFindings:
    @pytest.mark.parametrize(
        ("finding", "place"),
        [
            (Finding("header-footer", "header"), "topptekst"),
            (Finding("drawing", "footer"), "bunntekst"),
            (Finding("no-text", "3"), "side 3"),
            (Finding("chart", "Dosering"), "under «Dosering»"),
            (Finding("chart", "3"), "under «3»"),
            (Finding("chart"), ""),
        ],
    )
    def test_the_place_is_said_in_words(self, finding, place):
        """
        «(header)» is a word of the file format.
        """
        assert finding.place("nb") == place

    @pytest.mark.parametrize(
        ("finding", "said"),
        [
            (Finding("header-footer", detail="Dok.nr: 7\nVersjon: 2"), "«Dok.nr: 7 / Versjon: 2»"),
            (Finding("changes-accepted", detail="12"), "Antall: 12."),
            (Finding("words-missing", detail="12"), "«12»"),
            (Finding("items-missing", detail="2 / 5"), "2 av 5."),
            (Finding("contents-of-page-dropped", detail="60 / 80"), "60 av 80."),
            (Finding("part-missing", detail="word/footnotes.xml"), "fotnoter."),
            (Finding("part-missing", detail="footnotes 7"), "fotnoter: 7."),
            (Finding("external-relation", detail="attachedTemplate: mal.dotx"), "«mal.dotx»"),
            (Finding("title-missing"), ""),
        ],
        ids=lambda one: one.code if isinstance(one, Finding) else "",
    )
    def test_the_detail_is_one_line_and_only_the_document_is_quoted(self, finding, said):
        """
        A number in quotation marks is read as words of the document, and a line break as a sign nobody knows.
        """
        assert finding.quoted("nb") == said


class TestLists:
    def test_each_change_says_what_it_did_and_where(self):
        """
        What came in the place of something stands with it, whichever of them stands first in the file.
        """
        changes = (
            TrackedChange(ChangeKind.DELETED, "5 mg", "Dosering"),
            TrackedChange(ChangeKind.INSERTED, "10 mg", "Dosering", beside=True),
            TrackedChange(ChangeKind.INSERTED, "alltid", ""),
            TrackedChange(ChangeKind.DELETED, "ofte", "", beside=True),
            TrackedChange(ChangeKind.DELETED, "Bort.", ""),
            TrackedChange(ChangeKind.INSERTED, "Hit.", ""),
            TrackedChange(ChangeKind.DELETED, PARAGRAPH_END, ""),
        )

        ((name, lines),) = lists_of(Report(changes=changes), "nb")

        assert name == "changes"
        assert lines == [
            "byttet ut: «5 mg» → «10 mg» (under «Dosering»)",
            "byttet ut: «ofte» → «alltid»",
            "slettet: «Bort.»",
            "satt inn: «Hit.»",
            "slettet: et avsnittsskift",
        ]

    def test_a_change_at_the_edge_of_pages_says_so(self):
        report = Report(changes=(TrackedChange(ChangeKind.INSERTED, "2.1", "footer"),))

        assert lists_of(report, "nb") == [("changes", ["satt inn: «2.1» (bunntekst)"])]

    def test_comments_and_suggestions_say_where_they_are_from(self):
        """
        An empty list has no heading.
        """
        report = Report(
            suggested=(Suggested("version", "2.1", "header"),), comments=(Comment("Stemmer\ndette?", "Dose", "5 mg"),)
        )

        assert lists_of(report, "nb") == [
            ("suggested", ["versjon: 2.1 (topptekst)"]),
            ("comments", ["«5 mg»: Stemmer dette? (under «Dose»)"]),
        ]

    def test_a_day_that_was_past_when_the_document_came_is_said_to_be(self):
        """
        A routine that ran out last year is worth another look before nine municipalities get it.
        """
        days = [
            ("valid_to", "01.06.2025"),
            ("next_review", "15. august 2026"),
            ("valid_to", "01.06.2027"),
            ("valid_from", "01.01.2020"),
        ]
        report = Report(suggested=tuple(Suggested(field, day, "footer") for field, day in days))

        ((_, lines),) = lists_of(report, "nb", received=datetime(2026, 8, 15, 23, tzinfo=UTC))

        past = "dagen var passert da dokumentet ble sendt inn"
        assert lines == [
            f"gyldig til: 01.06.2025 – {past} (bunntekst)",
            f"neste gjennomgang: 15. august 2026 – {past} (bunntekst)",
            "gyldig til: 01.06.2027 (bunntekst)",
            "gjelder fra: 01.01.2020 (bunntekst)",
        ]


class TestWordsOfOneCount:
    def test_are_said_where_they_are_few(self):
        """
        «ord 208 → 198» sends somebody looking for ten words that are ten numbers.
        """
        report = Report(only_there=("1", "2"), only_here=("barn",))

        assert lists_of(report_from(as_json(report)), "nb") == [
            ("words", ["Bare i filen: 1, 2.", "Bare i teksten: barn."])
        ]

    def test_are_what_the_file_has_and_the_text_not(self, tmp_path):
        page = "<h1>Fall</h1><h2>1. Formål</h2><p>Hindre.</p><h2>2. Ansvar</h2><p>Leder.</p>"

        incoming = open_document(web.page(page).encode(), "a.html", Limits(), tmp_path)
        said = report_of(incoming, incoming.markdown)
        hidden = report_of(
            replace(incoming, findings=(Finding("hidden-text", detail="Fnr 01819000049"),)), incoming.markdown
        )

        assert (said.only_there, said.only_here) == (("1", "2"), ())
        assert (hidden.only_there, hidden.only_here) == ((), ())

    def test_are_not_said_where_they_are_many(self, tmp_path):
        headings = "".join(f"<h2>{n}. Del</h2><p>Tekst.</p>" for n in range(1, 30))

        incoming = open_document(web.page(f"<h1>Fall</h1>{headings}").encode(), "a.html", Limits(), tmp_path)

        assert (incoming.only_there, incoming.only_here) == ((), ())
