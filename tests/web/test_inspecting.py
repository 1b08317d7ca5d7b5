"""«Tilsyn»: what an inspector gets, on the page, as PDF and as a package that reads without us."""

import io
import json
import zipfile
from datetime import timedelta

import pikepdf
import pytest

from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine
from tests.web.test_pages import words


@pytest.fixture
def today(site):
    """Fauske uses two routines; one was changed since, and people were told of it."""
    with site.home.opened() as library:
        approve_with_everyone(library, a_routine("vakt", title="Vaktskifte"))
        approve_with_everyone(library, a_routine("isolat", title="Isolat", access="exempt"))
        for one in ("handhygiene", "vakt", "isolat"):
            library.adopt(one, "Fauske", by="beslutter.fauske", reason="Vedtatt i ledermøtet.")
        library.make_known("handhygiene", "Fauske", how="meeting", whom="Natteam sone 2", by="ansvarlig.fauske")
        library.add_addition(
            "handhygiene",
            "Fauske",
            "framgangsmate",
            "practical-note",
            "Hansker ligger i skap 3.",
            by="ansvarlig.fauske",
        )
        change_with_everyone(library, a_routine(extra="Og besøkende."))
        return library.today


class TestThePage:
    def test_tells_what_applied_on_which_law_who_decided_and_how_it_was_made_known(self, site, today):
        """
        An inspector asks what applied that day, who decided it, and how the employees knew.
        """
        page = words(site.signed_in("ansvarlig.fauske").get(f"/tilsyn?dag={today}").text)

        assert "3 rutiner gjaldt" in page
        said = page[page.index("Håndhygiene 1.0") :]
        for one in (
            "smittevernloven § 7-1",
            "Vedtatt i ledermøtet.",
            "møte, Natteam sone 2",
            "Hansker ligger i skap 3.",
            "Faglig godkjent av",
        ):
            assert one in said, one

    def test_says_nothing_of_what_the_reader_may_not_read(self, site, today):
        page = site.signed_in("ansatt.fauske").get(f"/tilsyn?dag={today}").text

        assert "Isolat" not in page
        assert "Vaktskifte" in page

    @pytest.mark.parametrize("asked", ["dag=2019-01-01", "dag=ikke-en-dag", "dag=2026-11-23&tema=finnes-ikke"])
    def test_says_so_where_nothing_applied_or_the_question_is_none(self, site, today, asked):
        answer = site.signed_in("ansvarlig.fauske").get(f"/tilsyn?{asked}")

        assert answer.status_code == 404
        assert 'role="alert"' in answer.text

    def test_asks_for_a_day_first(self, site, today):
        page = site.signed_in("ansvarlig.fauske").get("/tilsyn").text

        assert f'value="{today}"' in page
        assert "Faglig godkjent av" not in page


class TestThePackage:
    def test_has_every_document_and_the_accounts_and_is_the_same_each_time(self, site, today):
        browser = site.signed_in("ansvarlig.fauske")

        answer = browser.get(f"/tilsyn/pakke.zip?dag={today}&tema=smittevern")
        again = browser.get(f"/tilsyn/pakke.zip?dag={today}&tema=smittevern")

        assert f'filename="tilsyn-fauske-{today}.zip"' in answer.headers["content-disposition"]
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            names = packed.namelist()
            accounts = json.loads(packed.read("redegjorelser.json"))
        assert names == [
            f"tilsyn-fauske-{today}.pdf", "dokumenter/handhygiene-1.0.pdf", "dokumenter/isolat-1.0.pdf", "dokumenter/vakt-1.0.pdf",
            "redegjorelser.json",
        ]  # fmt: skip
        assert [one["account"]["procedure"] for one in accounts["routines"]] == ["handhygiene", "isolat", "vakt"]
        with zipfile.ZipFile(io.BytesIO(again.content)) as packed:
            assert packed.namelist() == names

    def test_is_tagged_and_in_norwegian_as_pdf(self, site, today):
        answer = site.signed_in("ansvarlig.fauske").get(f"/tilsyn/pakke.pdf?dag={today}")

        with pikepdf.open(io.BytesIO(answer.content)) as opened:
            assert opened.Root.MarkInfo.Marked
            assert str(opened.Root.Lang) == "nb"
            assert len(opened.pages) == 4

    @pytest.mark.parametrize("address", ["/tilsyn/pakke.exe?dag=2026-11-23", "/tilsyn/pakke.pdf?dag=2019-01-01"])
    def test_that_is_not_is_told_of(self, site, today, address):
        assert site.signed_in("ansvarlig.fauske").get(address).status_code in {400, 404}


def test_what_was_told_later_is_not_told_of_the_day(site, today):
    """
    An account of a day in spring does not say what was done in autumn.
    """
    with site.home.opened() as library:
        before = library.inspection("Fauske", today, reader="leder")
        library.make_known("vakt", "Fauske", how="email", whom="Alle", told_on=today, by="ansvarlig.fauske")
        after = library.inspection("Fauske", today, reader="leder")
        later = library.inspection("Fauske", today + timedelta(days=3), reader="leder")

    def told(found):
        return {one.account.procedure: len(one.told) for one in found.routines}

    assert (told(before), told(after), told(later)) == (
        {"handhygiene": 1, "isolat": 0, "vakt": 0}, {"handhygiene": 1, "isolat": 0, "vakt": 1}, {"handhygiene": 1, "isolat": 0, "vakt": 1},
    )  # fmt: skip
