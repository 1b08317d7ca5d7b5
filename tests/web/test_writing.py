"""Writing a change: what the checks say meanwhile, and that nothing that was written is lost."""

import re

import pytest

from samrutine.messages import catalogue
from samrutine.web.phrases import LANGUAGES
from tests.support.stories import approve_with_everyone
from tests.support.texts import NATIONAL_ID, a_routine
from tests.web.conftest import PHRASE, listening_to, post, sign_in
from tests.web.test_browser import DRAFT
from tests.web.test_offline import Running

PAGE = "/rutine/handhygiene/foresla"
CHECK = f"{PAGE}/kontroll"
KEPT = "Object.keys(localStorage).filter(one => one.startsWith('samrutine-draft/')).length"


def field(browser):
    """Give what stands in the form of a page."""
    html = browser.get(PAGE).text
    text = re.search(r'name="tekst"[^>]*>\n(.*?)</textarea>', html, re.DOTALL)
    return {"versjon": "1.0", "tittel": "Håndhygiene", "endring": "minor", "betyr": "", "tekst": text[1]}


class TestTheChecks:
    def test_are_those_of_saving_by_the_lines_of_the_field_and_nothing_is_kept(self, site):
        """
        Whoever writes sees no front matter, so line 1 is the first that stands in the field.
        """
        browser = site.signed_in("ansatt.fauske")
        given = field(browser)
        lines = [*given["tekst"].splitlines(), "", f"Se [planen](plan.pdf). {NATIONAL_ID}"]

        answer = post(browser, CHECK, {**given, "tekst": "\r\n".join(lines)}, **{"HX-Request": "true"})

        said = re.findall(r'data-line="(\d+)"', answer.text)
        assert set(said) == {str(len(lines))}
        assert len(said) == 2
        assert "<html" not in answer.text
        assert NATIONAL_ID not in answer.text.partition("<details")[0]
        with site.home.opened() as library:
            assert {one.state for one in library.proposals(reader="redaktor")} == {"approved"}

    def test_come_as_a_page_with_all_that_was_written_where_there_are_no_scripts(self, site):
        browser = site.signed_in("ansatt.fauske")
        given = {**field(browser), "betyr": "Tørk hendene.", "endring": "major", "tittel": "Rene hender"}
        given["tekst"] += "\n## Mer\n\n**Tørk** dem.\n"

        html = post(browser, CHECK, given).text

        assert "Kontrollen har ingen merknader." in html
        assert "<strong>Tørk</strong> dem." in html
        assert "**Tørk** dem.\n</textarea>" in html
        assert "Tørk hendene.</textarea>" in html
        assert 'value="Rene hender"' in html
        assert re.search(r'value="major" checked', html)

    def test_show_the_text_as_it_is_read_where_one_works(self, site):
        with site.home.opened() as library:
            approve_with_everyone(library, a_routine("vakt", required=("vakttelefon",)))
            library.set_local_information("vakt", "Fauske", {"vakttelefon": "75 00 00 00"}, by="ansvarlig.fauske")
            library.adopt("vakt", "Fauske", by="beslutter.fauske")
        browser = site.signed_in("ansatt.fauske")
        given = {"versjon": "1.0", "tekst": "## Nytt\n\nRing {{vakttelefon}} nå."}

        html = post(browser, "/rutine/vakt/foresla/kontroll", given, **{"HX-Request": "true"}).text

        assert "75 00 00 00" in html
        assert "Slik blir teksten i Fauske" in html

    @pytest.mark.parametrize(
        "text", ["", "[^1]: Ingen viser hit.", "> " * 60 + "dypt", "x\x07y", "{{a}} {{", "# " * 900]
    )
    def test_break_at_no_text(self, site, text):
        browser = site.signed_in("ansatt.fauske")

        for address in (CHECK, PAGE):
            answer = post(browser, address, {"versjon": "1.0", "tittel": "\x07", "tekst": text})

            assert answer.status_code < 500

    def test_what_cannot_be_kept_comes_back_with_what_to_mend(self, site):
        browser = site.signed_in("ansatt.fauske")
        given = field(browser)

        answer = post(browser, PAGE, {**given, "tekst": f"{given['tekst']}\nRing {NATIONAL_ID}."})

        assert answer.status_code == 422
        assert "Teksten kan ikke lagres slik den er." in answer.text
        assert re.search(r'data-line="\d+"', answer.text)
        assert f"Ring {NATIONAL_ID}." in answer.text

    def test_of_a_draft_are_those_of_a_change_also_where_nothing_was_approved(self, site):
        with site.home.opened() as library:
            made = library.propose(a_routine("vakt", title="Vaktskifte", required=("telefon",)), by="skribent")
        browser = site.signed_in("skribent")
        given = {
            "versjon": made.digest,
            "tittel": "Vaktskifte",
            "tekst": "## Formål\n\nRing {{telefon}}. Se [x](y.pdf).",
        }

        html = post(browser, f"/forslag/{made.proposal}/endre/kontroll", given, **{"HX-Request": "true"}).text

        assert 'data-line="3"' in html
        assert "Slik blir teksten" in html

    def test_of_a_routine_that_one_may_not_read_nobody_is_told(self, site):
        with site.home.opened() as library:
            approve_with_everyone(library, a_routine("isolat", title="Isolat", access="exempt"))
        browser = site.signed_in("ansatt.fauske")

        answer = post(browser, "/rutine/isolat/foresla/kontroll", {"versjon": "1.0", "tekst": "x"})

        assert answer.status_code == 404


class TestChangingADraft:
    def test_keeps_the_draft_as_it_was_changed(self, site):
        """
        Whoever saved too early goes on where they were.
        """
        with site.home.opened() as library:
            made = library.propose(a_routine("vakt", title="Vaktskifte"), by="skribent", meaning="Si fra.")
        browser = site.signed_in("skribent")
        address = f"/forslag/{made.proposal}/endre"
        html = browser.get(address).text
        given = {
            "versjon": made.digest,
            "tittel": "Vaktskiftet",
            "betyr": "Si fra til neste.",
            "tekst": "## Formål\n\nSi fra.",
        }

        answer = post(browser, address, given)

        assert f'href="{address}"' in browser.get(f"/forslag/{made.proposal}").text
        assert f'name="versjon" value="{made.digest}"' in html
        assert "Si fra.</textarea>" in html
        assert answer.headers["location"].startswith(f"/forslag/{made.proposal}?lagret=web-")
        with site.home.opened() as library:
            one, text = library.get_proposal(made.proposal, reader="skribent")
        assert (one.title, one.meaning) == ("Vaktskiftet", "Si fra til neste.")
        assert text.endswith("## Formål\n\nSi fra.\n".encode())

    def test_writes_over_nothing_that_one_has_not_read_and_gives_the_words_back(self, site):
        with site.home.opened() as library:
            made = library.propose(a_routine("vakt", title="Vaktskifte"), by="skribent")
            library.revise(made.proposal, a_routine("vakt", title="Nytt"), read_digest=made.digest, by="leder")
        browser = site.signed_in("skribent")

        answer = post(browser, f"/forslag/{made.proposal}/endre", {"versjon": made.digest, "tekst": "Mitt."})

        assert answer.status_code == 422
        assert "Mitt.\n</textarea>" in answer.text
        with site.home.opened() as library:
            assert library.get_proposal(made.proposal, reader="skribent")[0].title == "Nytt"

    def test_is_for_those_who_wrote_it_or_lead_its_network(self, site):
        with site.home.opened() as library:
            made = library.propose(a_routine("vakt", title="Vaktskifte"), by="skribent")

        nobody = site.signed_in("ansatt.fauske").get(f"/forslag/{made.proposal}/endre")
        member = site.signed_in("medlem.beiarn")
        refused = post(member, f"/forslag/{made.proposal}/endre", {"versjon": made.digest, "tekst": "Mitt."})

        assert nobody.status_code == 404
        assert refused.status_code in {403, 422}
        assert f"/forslag/{made.proposal}/endre" not in member.get(f"/forslag/{made.proposal}").text


def test_each_language_says_everything():
    texts = {language: catalogue(language, "editor") for language in LANGUAGES}

    for language in LANGUAGES:
        assert texts[language].keys() == texts["nb"].keys()
        for key, text in texts[language].items():
            assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", texts["nb"][key])), (language, key)


@pytest.fixture(scope="module")
def running(tmp_path_factory, sqlite_templates):
    """A library with one routine that is open, one that is exempt, and a draft."""
    home = sqlite_templates.copied_to(tmp_path_factory.mktemp("writing") / "home", "routine")
    with home.opened() as library:
        approve_with_everyone(library, a_routine("isolat", title="Isolat", access="exempt"))
        library.propose(a_routine("vakt", title="Vaktskifte"), by="beslutter.fauske", decision_id="utkast")
        for login in ("beslutter.fauske", "ansatt.fauske"):
            library.set_password(login, PHRASE, by="redaktor")
    made = Running(home)
    yield made
    made.stop()


@pytest.fixture
def page(chromium, running):
    """A page in which the decider of Fauske is signed in."""
    context = chromium.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
    context.add_init_script("localStorage.setItem('samrutine-editor', 'plain')")
    opened = context.new_page()
    sign_in(opened, running.address, "beslutter.fauske")
    yield opened
    context.close()


def write(page, words):
    """Write words at the end of the field, and wait until they are kept."""
    page.evaluate("document.querySelector('[data-kept]').hidden = true")
    text = page.input_value("#felt-tekst")
    page.fill("#felt-tekst", f"{text}\n{words}\n")
    page.wait_for_selector("[data-kept]:not([hidden])")


@pytest.mark.service("chromium")
class TestWhatWasWritten:
    def test_is_there_when_one_comes_back_and_is_told_of_by_the_hour(self, page, running):
        page.goto(running.address + PAGE)
        write(page, "Tørk hendene.")
        page.goto(f"{running.address}/")
        on_the_first_page = page.inner_text("[data-drafts]")
        page.click("[data-drafts] [data-open]")
        told = page.inner_text("[data-drafts]")
        newest = page.input_value("#felt-tekst")
        page.click("[data-take]")

        assert re.search(r"Håndhygiene, fra \d\d:\d\d", on_the_first_page)
        assert re.search(r"Du har et utkast fra \d\d:\d\d\.", told)
        assert "Tørk hendene." not in newest
        assert page.input_value("#felt-tekst").endswith("Tørk hendene.\n")
        assert page.is_hidden("[data-drafts]")

    def test_is_thrown_away_when_it_was_saved_and_not_before(self, page, running):
        """
        A form that was sent is not a form that was taken.
        """
        page.goto(running.address + PAGE)
        write(page, f"Ring {NATIONAL_ID}.")
        page.click("form[data-writing] button[type=submit]:not([formaction])")
        page.wait_for_selector(".ds-alert[data-color=danger]")
        refused = page.evaluate(KEPT)
        asked = page.is_visible("[data-drafts]")
        page.fill("#felt-tekst", page.input_value("#felt-tekst").replace(NATIONAL_ID, "noen"))
        page.click("form[data-writing] button[type=submit]:not([formaction])")
        page.wait_for_url("**/forslag/*")

        assert (refused, asked) == (1, False)
        assert "Utkastet er lagret." in page.inner_text("main")
        assert page.evaluate(KEPT) == 0

    def test_of_two_tabs_both_are_kept(self, page, running):
        other = page.context.new_page()
        for tab in (page, other):
            tab.goto(running.address + PAGE)
        write(page, "Fra den ene.")
        write(other, "Fra den andre.")
        page.goto(running.address + PAGE)

        assert page.locator("[data-drafts] [data-take]").count() == 2
        page.locator("[data-drafts] [data-take]").last.click()
        assert "Fra den ene." in page.input_value("#felt-tekst")

    def test_survives_the_end_of_the_session_and_is_saved_after_signing_in_elsewhere(self, page, running):
        """
        Whoever is called away for an hour must not come back to a lost afternoon.
        """
        page.goto(running.address + PAGE)
        with running.home.opened() as library:
            library.end_sessions([one.key for one in library.sessions(by="beslutter.fauske")], by="beslutter.fauske")
        page.fill("#felt-tekst", page.input_value("#felt-tekst") + "\nEtter pausen.\n")
        page.wait_for_selector("[data-signed-out]:not([hidden])")
        other = page.context.new_page()
        sign_in(other, running.address, "beslutter.fauske")
        page.bring_to_front()
        page.fill("[name=betyr]", "Tørk.")
        page.wait_for_selector("[data-signed-out]", state="hidden")
        page.click("form[data-writing] button[type=submit]:not([formaction])")
        page.wait_for_url("**/forslag/*")

        assert "Etter pausen." in page.inner_text("main")

    def test_is_not_saved_in_the_name_of_the_next_who_signs_in(self, page, running):
        page.goto(running.address + PAGE)
        page.context.clear_cookies()
        other = page.context.new_page()
        sign_in(other, running.address, "ansatt.fauske")
        page.fill("#felt-tekst", page.input_value("#felt-tekst") + "\nMitt.\n")
        page.wait_for_selector("[data-somebody-else]:not([hidden])")
        other.goto(running.address + PAGE)

        assert other.is_hidden("[data-drafts]")
        assert page.evaluate(KEPT) == 1

    def test_goes_when_one_signs_out_and_one_is_told_first(self, page, running):
        page.goto(running.address + PAGE)
        write(page, "Bare her.")
        page.goto(f"{running.address}/meg")
        told = page.inner_text("[data-drafts]")
        page.click("form[action='/logg-ut'] button")
        page.wait_for_url("**/logg-inn")

        assert "De slettes når du logger ut." in told
        assert "Håndhygiene" in told
        assert page.evaluate(KEPT) == 0

    def test_does_not_stay_on_the_device_when_the_routine_is_exempt(self, page, running):
        page.goto(f"{running.address}/rutine/isolat/foresla")
        write(page, "Hemmelig.")
        left = page.evaluate("JSON.stringify(localStorage)")
        page.reload()

        assert "Hemmelig" not in left
        assert page.is_visible("[data-take]")

    def test_of_a_draft_is_found_again_too_and_leads_to_that_draft(self, page, running):
        page.goto(f"{running.address}/forslag/{DRAFT}/endre")
        write(page, "Si fra.")
        page.goto(f"{running.address}/")
        page.click("[data-drafts] [data-open]")
        page.click("[data-take]")
        page.click("form[data-writing] button[type=submit]:not([formaction])")
        page.wait_for_url("**/forslag/*")

        assert page.url.startswith(f"{running.address}/forslag/{DRAFT}?")
        assert "Si fra." in page.inner_text("main")
        assert page.evaluate(KEPT) == 0

    def test_can_be_thrown_away(self, page, running):
        page.goto(running.address + PAGE)
        write(page, "Nei.")
        page.reload()
        page.click("[data-drop]")

        assert page.is_hidden("[data-drafts]")
        assert page.evaluate(KEPT) == 0


@pytest.mark.service("chromium")
class TestWhileOneWrites:
    def test_the_checks_follow_and_lead_to_the_line(self, page, running):
        with listening_to(page) as said:
            page.goto(running.address + PAGE)
            page.fill("#felt-tekst", "## Formål\n\nSe [planen](plan.pdf).\n")
            page.click("#kontroll [data-line='3']")
            chosen = page.evaluate(
                "(one => one.value.slice(one.selectionStart, one.selectionEnd))(document.activeElement)"
            )

        assert chosen == "Se [planen](plan.pdf)."
        assert "Framgangsmåten mangler." in page.inner_text("#kontroll")
        assert said == []
