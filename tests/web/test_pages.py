"""The pages as people use them: find, read, see what changed, check a paper, choose language and place."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from samrutine.messages import catalogue
from samrutine.web.phrases import LANGUAGES
from samrutine.web.static_files import FOLDER, address_of, static_files
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine
from tests.web.conftest import HERE, post

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture
def in_use(site):
    """The pages, where Fauske uses 1.0 of the routine and 1.1 is approved."""
    with site.home.opened() as library:
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        change_with_everyone(library, a_routine(extra="Og besøkende."))
    return site


def words(html):
    """Give what a person reads of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0]).split())


class TestFinding:
    def test_a_word_finds_the_section_and_says_what_applies_where_one_works(self, in_use):
        """
        The nurse types one word, misspelt, and is one click from the answer.
        """
        html = in_use.signed_in("ansatt.fauske").get("/sok", params={"q": "vask hendenne"}).text

        assert "Gjelder i Fauske" in html
        assert re.search(r'href="/rutine/handhygiene[^"]*#framgangsmate"', html)
        assert "<mark>" in html

    def test_a_script_gets_the_part_that_changes(self, in_use):
        browser = in_use.signed_in("ansatt.fauske")

        part = browser.get("/sok", params={"q": "hender"}, headers={"HX-Request": "true"}).text

        assert "<html" not in part
        assert "Håndhygiene" in part

    def test_only_what_applies_here_when_one_asks(self, in_use):
        browser = in_use.signed_in("ansatt.fauske")
        post(browser, "/valg", {"kommune": "rodoy"})

        assert "ikke i bruk der" in browser.get("/sok", params={"q": "hender", "her": "ja"}).text
        assert "Ikke i bruk i Rødøy" in browser.get("/sok", params={"q": "hender"}).text

    def test_what_is_exempt_is_found_by_those_alone_who_may_read_it(self, site):
        with site.home.opened() as library:
            approve_with_everyone(library, a_routine("isolat", title="Isolat", access="exempt"))

        seen = {who: site.signed_in(who).get("/sok", params={"q": "isolat"}).text for who in ("leder", "ansatt.fauske")}

        assert ["/rutine/isolat" in seen[who] for who in ("leder", "ansatt.fauske")] == [True, False]
        assert site.signed_in("ansatt.fauske").get("/rutine/isolat").status_code == 404
        assert site.signed_in("ansatt.fauske").get("/rutine/isolat/fil.pdf").status_code == 404
        asked = [site.anybody.get(f"/v/{one}/1.0") for one in ("isolat", "finnes-ikke")]
        assert [(one.status_code, one.headers["location"].partition("?")[0]) for one in asked] == [
            (303, "/logg-inn")
        ] * 2


class TestReading:
    def test_what_applies_where_one_works_is_shown_and_not_the_newest(self, in_use):
        """
        1.1 is approved, and applies nowhere: whoever works in Fauske reads 1.0.
        """
        read = words(in_use.signed_in("ansatt.fauske").get("/rutine/handhygiene").text)

        assert "Gjelder i Fauske kommune." in read
        assert "Og besøkende." not in read

    def test_where_it_is_not_in_use_that_stands_first(self, in_use):
        browser = in_use.signed_in("ansatt.fauske")
        post(browser, "/valg", {"kommune": "rodoy"})

        read = words(browser.get("/rutine/handhygiene").text)

        assert "Rutinen er ikke i bruk i Rødøy." in read
        assert "Og besøkende." in read

    def test_each_version_and_what_changed_can_be_read(self, in_use):
        browser = in_use.signed_in("ansatt.fauske")

        versions = browser.get("/rutine/handhygiene/versjoner").text
        changed = browser.get("/rutine/handhygiene/endret?fra=1.0&til=1.1").text
        newest = browser.get("/rutine/handhygiene?versjon=1.1").text

        assert 'href="/rutine/handhygiene/endret?fra=1.0&amp;til=1.1"' in versions
        assert "<ins" in changed
        assert "Og besøkende." in words(newest)
        assert browser.get("/rutine/handhygiene/endret?fra=x").status_code == 400
        assert browser.get("/rutine/handhygiene?versjon=9.9").status_code == 404

    @pytest.mark.parametrize(
        ("suffix", "start"), [("pdf", b"%PDF"), ("docx", b"PK"), ("html", b"<!doctype"), ("md", b"")]
    )
    def test_is_given_as_a_file(self, in_use, suffix, start):
        answer = in_use.signed_in("ansatt.fauske").get(f"/rutine/handhygiene/fil.{suffix}")

        assert answer.content.startswith(start)
        assert answer.headers["content-disposition"] == f'attachment; filename="handhygiene-1.0-fauske.{suffix}"'

    def test_a_form_of_file_that_is_not_made_is_refused(self, in_use):
        assert in_use.signed_in("ansatt.fauske").get("/rutine/handhygiene/fil.exe").status_code == 400


class TestThePaperOnTheWall:
    """The square on a paper is tried by whoever stands before it, signed in or not."""

    @pytest.mark.parametrize(
        ("address", "said"),
        [
            ("/v/handhygiene/1.0?kommune=fauske", "Versjon 1.0 gjelder i Fauske."),
            ("/v/handhygiene/1.1?kommune=fauske", "Versjon 1.1 gjelder ikke i Fauske. Nå gjelder 1.0."),
            ("/v/handhygiene/1.0?kommune=rodoy", "Rutinen gjelder ikke i Rødøy. Kast utskriften"),
            ("/v/handhygiene/1.0", "Versjon 1.0 er erstattet av 1.1."),
            ("/v/handhygiene/1.1", "Versjon 1.1 er den nyeste faglig godkjente."),
        ],
    )
    def test_says_at_once_whether_it_applies(self, in_use, address, said):
        answer = in_use.anybody.get(address)

        assert answer.status_code == 200
        assert said in words(answer.text)

    def test_of_what_is_internal_only_those_who_are_signed_in_are_told(self, site):
        with site.home.opened() as library:
            approve_with_everyone(library, a_routine("intern", title="Intern", access="internal"))

        assert site.anybody.get("/v/intern/1.0").headers["location"].startswith("/logg-inn?neste=")
        assert site.signed_in("ansatt.fauske").get("/v/intern/1.0").status_code == 200

    @pytest.mark.parametrize(
        "address", ["/v/finnes-ikke/1.0", "/v/handhygiene/9.9", "/v/handhygiene/1.0?kommune=finnes-ikke"]
    )
    def test_knows_no_others(self, site, address):
        assert site.signed_in("ansatt.fauske").get(address).status_code == 404


class TestTheFirstPage:
    def test_shows_what_waits_and_what_is_new(self, in_use):
        browser = in_use.signed_in("beslutter.fauske")

        before = words(browser.get("/").text)
        post(browser, "/lest")
        after = words(browser.get("/").text)

        assert "ta stilling til · Fauske" in before
        assert "Ikke noe nytt." in after
        assert "Ikke noe nytt." not in before


class TestChoosing:
    def test_the_language_is_kept(self, site):
        browser = site.signed_in("leder")

        assert '<html lang="nb"' in browser.get("/").text
        post(browser, "/valg", {"sprak": "nn", "tilbake": "/rutiner"})
        page = browser.get("/rutiner").text

        assert '<html lang="nn"' in page
        assert "Rutinar" in words(page)

    @pytest.mark.parametrize(
        ("asked", "given"), [("nn-NO,nb;q=0.5", "nn"), ("no", "nb"), ("en-GB", "en"), ("de, fr", "nb"), ("", "nb")]
    )
    def test_the_browsers_own_language_is_the_first(self, site, asked, given):
        html = site.anybody.get("/logg-inn", headers={"Accept-Language": asked}).text

        assert f'<html lang="{given}"' in html

    def test_one_works_where_one_says_and_else_where_one_has_a_role(self, site):
        browser = site.signed_in("ansatt.fauske")

        assert "i Fauske" in words(browser.get("/").text)
        post(browser, "/valg", {"kommune": "hamaroy"})
        assert "i Hamarøy" in words(browser.get("/").text)
        post(browser, "/valg", {"kommune": ""})
        assert "i Fauske" in words(browser.get("/").text)
        assert browser.post("/valg", data={"kommune": "oslo"}, headers={"Origin": HERE}).status_code == 403

    def test_each_language_says_everything(self):
        """
        A page half in another language looks broken, and is.
        """
        texts = {language: catalogue(language, "web") for language in LANGUAGES}

        for language in LANGUAGES:
            assert texts[language].keys() == texts["nb"].keys()
            for key, text in texts[language].items():
                assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", texts["nb"][key])), (
                    language,
                    key,
                )
        assert sum(texts["nn"][key] != texts["nb"][key] for key in texts["nb"]) > len(texts["nb"]) / 2


class TestWhatABrowserFetches:
    def test_is_kept_for_a_year_under_an_address_that_changes_with_it(self, site):
        answer = site.anybody.get(address_of("app.css"), headers={"Accept-Encoding": "gzip"})

        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.text == (FOLDER / "app.css").read_text()
        assert site.anybody.get("/s/0000000000000000/app.css").status_code == 404
        assert site.anybody.get(f"/s/{static_files()['app.css'].digest}/..%2fapp.py").status_code == 404

    def test_is_small_enough_for_one_bar_of_coverage(self, site):
        """
        150 kB for the first page, with all that it fetches.
        """
        html = site.signed_in("leder").get("/").text
        named = re.findall(r'(?:href|src)="/s/[0-9a-f]+/([^"]+)"', html)

        sent = len(html.encode()) + sum(len(static_files()[name].packed or static_files()[name].data) for name in named)
        assert len(named) >= 5
        assert sent < 150_000

    def test_what_is_others_is_as_it_was_published(self):
        """
        A library that somebody mended by hand cannot be followed up.
        """
        checked = subprocess.run(
            [sys.executable, TOP / "tools" / "vendor.py", "--check"], capture_output=True, text=True, check=False
        )

        assert (checked.returncode, checked.stderr) == (0, "")
        for folder in (FOLDER / "vendor", TOP / "tests" / "web" / "vendor"):
            assert list(folder.rglob("LICENSE"))
