"""Documents in a browser: sent in, looked at where it is held back, mended, and made into a proposal or sent away."""

import html

import pytest

from samrutine.web.pages import incoming
from tests.intake.test_incoming import CLEAN, PHONE, SENT, TEXT, sent_in
from tests.support.documents import paper
from tests.support.texts import NATIONAL_ID
from tests.web.conftest import HERE
from tests.web.test_deciding import fields_of
from tests.web.test_pages import words

MEMBER = "medlem.beiarn"
STRUCK = "<html><body><h1>Rutine</h1><p>Gi 5 mg.</p><p><s>Gi 10 mg.</s></p></body></html>"


@pytest.fixture
def waits(site):
    """A document of Fauske with a phone and a number of a person in it; gives its address."""
    with site.home.opened() as library:
        return f"/dokumenter/{sent_in(library).document.id}"


def token(browser, page="/dokumenter"):
    """Give what belongs to the session."""
    return fields_of(browser.get(page).text)["_token"]


def upload(browser, *files, **given):
    """Send files in, as a person does who looks at the page first."""
    fields = {"_token": token(browser), "nettverk": "smittevern", "kommune": "1841", **given}
    return browser.post("/dokumenter", data=fields, files=[("filer", one) for one in files], headers={"Origin": HERE})


def send(browser, page, verb, **given):
    """Fill in a form of a document's page as it is now, and send it."""
    fields = {**fields_of(browser.get(page).text), **given}
    return browser.post(f"{page}/{verb}", data=fields, headers={"Origin": HERE})


def document(site, page):
    """Give a document as it stands."""
    with site.home.opened() as library:
        return library.incoming_document(page.rpartition("/")[2], reader=MEMBER)


class TestPages:
    """A PDF is a draft to be held against the pictures of its pages."""

    @pytest.fixture
    def scanned(self, site):
        """A PDF of two pages with a number of a person on the second; gives its address."""
        with site.home.opened() as library:
            data = paper.pdf(
                paper.page("Rutine for fall", "Se etter skader."), paper.page(f"Pasient {NATIONAL_ID}", "Ring 113.")
            )
            (one,) = library.take_in([("fall.pdf", data)], **SENT).files
            return f"/dokumenter/{one.document.id}"

    def test_are_shown_to_whoever_sees_the_document_and_are_pictures(self, site, scanned):
        browser = site.signed_in(MEMBER)

        shown = browser.get(scanned).text
        pages = [browser.get(f"{scanned}/side/{number}") for number in (1, 2)]

        assert [f'src="{scanned}/side/{number}"' in shown for number in (1, 2, 3)] == [True, True, False]
        assert [(one.headers["content-type"], one.content[:4]) for one in pages] == [("image/png", b"\x89PNG")] * 2
        assert pages[0].content != pages[1].content

    @pytest.mark.parametrize("number", ["0", "3", "99999", "en"])
    def test_that_are_not_there_are_told_of(self, site, scanned, number):
        assert site.signed_in(MEMBER).get(f"{scanned}/side/{number}").status_code in {400, 404}

    def test_are_shown_to_nobody_who_may_not_see_the_document(self, site, scanned):
        assert site.signed_in("beslutter.beiarn").get(f"{scanned}/side/1").status_code == 404

    @pytest.mark.parametrize("how", ["masked", "edited away"])
    def test_are_shown_no_more_when_something_was_taken_out_of_the_text(self, site, scanned, how):
        """
        The number is gone from the text, and would stand on the picture.
        """
        with site.home.opened() as library:
            document = scanned.rpartition("/")[2]
            if how == "masked":
                library.mask_incoming(document, ["k1"], by=MEMBER)
            else:
                library.edit_incoming(document, "Se etter skader.\n", by=MEMBER)
        browser = site.signed_in(MEMBER)

        assert "/side/" not in browser.get(scanned).text
        assert browser.get(f"{scanned}/side/1").status_code == 404

    def test_are_not_shown_when_the_edge_of_a_page_names_somebody(self, site):
        """
        A footer is no part of the text, and the picture has it.
        """
        pages = [
            paper.page(f"Side om {word}", "Se etter skader.", f"Gjelder {NATIONAL_ID}")
            for word in ("fall", "sår", "feber")
        ]
        with site.home.opened() as library:
            (one,) = library.take_in([("fall.pdf", paper.pdf(*pages))], **SENT).files
            report = library.incoming_document(one.document.id, reader=MEMBER).report

        assert [each.finding.code for each in report.findings if NATIONAL_ID in each.finding.detail] == []
        assert report.drawn_pages == 0


class TestSending:
    def test_many_at_once_are_told_of_one_by_one(self, site):
        """
        Whoever sends a folder sees at once which of the files were not taken in, and why.
        """
        browser = site.signed_in("ansatt.fauske")

        before = words(browser.get("/dokumenter").text)
        made = upload(browser, ("smittevask.md", TEXT.encode()), ("tomt.docx", b""))

        told = words(made.text)
        assert made.status_code == 200
        assert "Høyst 50 MB hver og 60 MB til sammen." in before
        assert "Smittevask på rom smittevask.md · tatt inn, og venter · 2 steder holdes tilbake" in told
        assert "Filen tomt.docx er tom. Finn originalen, og send den." in told
        assert PHONE not in told

    def test_a_name_of_a_file_is_text_and_no_more(self, site):
        """
        A name comes from anybody's machine: no markup, no folders, nothing that turns the writing round.
        """
        browser = site.signed_in("ansatt.fauske")

        made = upload(browser, ("C:\\hemmelig\\<img src=x onerror=alert(1)>\u202etxt.md", CLEAN.encode()))

        assert made.status_code == 200
        assert "<img" not in made.text
        assert "hemmelig" not in made.text
        assert "\u202e" not in made.text

    def test_too_much_is_refused_in_words_and_nothing_is_taken_in(self, site, monkeypatch):
        monkeypatch.setattr(incoming, "MOST_TOGETHER", 0)
        browser = site.signed_in("ansatt.fauske")

        made = upload(browser, ("smittevask.md", TEXT.encode()))
        none = upload(browser)

        assert (made.status_code, none.status_code) == (413, 422)
        assert "Ingen av dem er tatt inn." in words(made.text)
        assert "Velg minst én fil" in words(none.text)
        with site.home.opened() as library:
            assert library.incoming(reader=MEMBER) == []

    def test_files_may_be_larger_than_other_forms(self, site):
        """
        A routine with pictures is some megabytes.
        """
        large = b"<h1>Vask</h1><p>Vask hendene.</p>" + b"\n" * 1_600_000

        made = upload(site.signed_in("ansatt.fauske"), ("stor.html", large), ("smittevask.md", CLEAN.encode()))

        assert made.status_code == 200

    def test_nobody_sends_for_another_municipality(self, site):
        made = upload(site.signed_in("ansatt.fauske"), ("smittevask.md", TEXT.encode()), kommune="1839")

        assert made.status_code in {403, 422}
        with site.home.opened() as library:
            assert library.incoming(reader=MEMBER) == []


class TestWhatIsHeldBack:
    def test_is_shown_where_it_stands_to_whoever_may_see_it_and_to_nobody_else(self, site, waits):
        page = site.signed_in(MEMBER).get(waits)
        other = site.signed_in("skribent").get(waits)

        assert f'<mark id="star-k1">{PHONE}</mark>' in page.text
        assert '<mark id="star-k2">' in page.text
        assert NATIONAL_ID in page.text
        assert (other.status_code, NATIONAL_ID in other.text) == (404, False)

    def test_is_taken_out_or_let_through_with_a_reason(self, site):
        """
        «Kvinne på 84 år» may be an example in a course. A private number is in no routine, whoever says so.
        """
        example = CLEAN.replace("Meld avvik.", f"Eksempel: en kvinne på 84 år. Ring {PHONE}.")
        with site.home.opened() as library:
            page = f"/dokumenter/{sent_in(library, example).document.id}"
        browser = site.signed_in(MEMBER)

        without = send(browser, page, "slipp", holdt="k1")
        never = send(browser, page, "slipp", holdt="k2", grunn="Trengs.")
        through = send(browser, page, "slipp", holdt="k1", grunn="Et oppdiktet eksempel.")
        masked = send(browser, page, "fjern", holdt="k2")

        assert [one.status_code for one in (without, never, through, masked)] == [422, 422, 303, 303]
        assert 'value="Trengs."' in never.text
        now = document(site, page)
        assert {one.key: one.state for one in now.report.held} == {"k1": "let-through", "k2": "masked"}
        assert ("84 år" in now.text, PHONE in now.text) == (True, False)

    def test_is_let_through_only_by_those_who_write_in_the_network(self, site, waits):
        browser = site.signed_in("ansatt.fauske")

        page = words(browser.get(waits).text)
        made = send(browser, waits, "slipp", holdt="k1", grunn="Vaktas eget nummer.")

        assert "avgjør hva det blir." in page
        assert "Slipp de valgte gjennom" not in page
        assert made.status_code == 422
        assert {one.state for one in document(site, waits).report.held} == {"open"}


class TestMending:
    def test_a_text_is_mended_in_a_plain_field_and_looked_through_anew(self, site, waits):
        browser = site.signed_in("ansatt.fauske")
        text = document(site, waits).text.replace(PHONE, "vakttelefonen")

        made = send(browser, waits, "tekst", tittel="Vask av rom", tekst=text.replace("\n", "\r\n"))

        assert made.status_code == 303
        now = document(site, waits)
        assert (now.document.title, now.text) == ("Vask av rom", text)
        assert {one.key: one.state for one in now.report.held} == {"k1": "gone", "k2": "open"}

    def test_nobody_overwrites_words_they_have_not_read_and_what_was_written_stands_there(self, site, waits):
        browser = site.signed_in("ansatt.fauske")

        made = send(
            browser, waits, "tekst", tittel="Vask", tekst="## Formål\n\nMitt <arbeid>.\n", kontrollsum="1:" + "0" * 64
        )

        assert made.status_code in {409, 422}
        assert "Mitt <arbeid>." in html.unescape(made.text)
        assert document(site, waits).document.title == "Smittevask på rom"


class TestDeciding:
    def test_a_document_becomes_a_new_routine(self, site, waits):
        browser = site.signed_in(MEMBER)
        early = send(browser, waits, "godta", rolle="avdelingsleder")
        send(browser, waits, "fjern", holdt=["k1", "k2"])

        made = send(
            browser,
            waits,
            "godta",
            rolle="avdelingsleder",
            tema="smittevern, renhold",
            tilgang="internal",
            type="routine",
        )

        assert early.status_code == 422
        assert 'value="avdelingsleder"' in early.text
        assert made.status_code == 303, words(made.text)
        assert made.headers["location"].startswith("/forslag/f-")
        assert "Se forslaget det ble" in words(browser.get(waits).text)

    def test_a_document_becomes_a_change_of_a_routine(self, site):
        with site.home.opened() as library:
            page = f"/dokumenter/{sent_in(library, CLEAN).document.id}"
        browser = site.signed_in(MEMBER)

        shown = words(browser.get(page).text)
        made = send(browser, page, "godta", endrer="handhygiene", betyr="Vask flatene også.")

        assert "En endring av Håndhygiene" in shown
        assert made.status_code == 303, words(made.text)
        with site.home.opened() as library:
            found = library.look_at_proposal(made.headers["location"].rpartition("/")[2], reader=MEMBER).proposal
        assert found.procedure_id == "handhygiene"

    def test_a_document_is_sent_away_with_a_reason_that_the_sender_sees(self, site, waits):
        browser = site.signed_in(MEMBER)

        without = send(browser, waits, "avvis", grunn=" ")
        made = send(browser, waits, "avvis", grunn="Vi har en bedre.")

        assert (without.status_code, made.status_code) == (422, 303)
        assert "Vi har en bedre." in words(site.signed_in("ansatt.fauske").get(waits).text)

    def test_findings_are_ticked_in_the_text_that_was_read(self, site):
        """
        Struck words that were perhaps a dose: somebody must have looked before it can be a routine.
        """
        with site.home.opened() as library:
            made = sent_in(library, STRUCK, name="vask.html")
        page, browser = f"/dokumenter/{made.document.id}", site.signed_in(MEMBER)
        keys = list(made.report.to_look_at)
        assert keys

        old = send(browser, page, "sett", punkt=keys, kontrollsum="1:" + "0" * 64)
        new = send(browser, page, "sett", punkt=keys)

        assert old.status_code in {409, 422}
        assert new.status_code == 303
        assert document(site, page).report.to_look_at == ()
