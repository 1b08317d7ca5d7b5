"""The two editors, in a real browser: what nobody touched comes back sign by sign, and a change is that change alone."""

import gzip
import re
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path

import pytest

from samrutine.procedures.canonical import canonical_body
from samrutine.procedures.markdown import markdown
from samrutine.procedures.text import read
from samrutine.web.static_files import static_files
from tests.web.conftest import PHRASE, listening_to, post
from tests.web.test_browser import complaints
from tests.web.test_offline import Running
from tests.web.test_writing import PAGE, sign_in

TOP = Path(__file__).parents[2]
MOST_PACKED = 450_000

BODY = """\
## Formål

Hindre smitte. Se [håndhygiene](rutine:handhygiene), **alltid**, og ring {{vakttelefon}}.[^1]

## Framgangsmåte

1. Vask hendene i _30 sekunder_.
2. Tørk dem godt.
   - også mellom fingrene

| Når | Hva |
| --- | --- |
| Før stell | Sprit |
| Etter stell | Vask \\* og sprit |

## Sjekkliste

- [ ] Såpe er fylt
- [x] Sprit er fylt

[^1]: Gjelder hele døgnet.
"""


def bodies():
    """Give forty bodies in the stored form: the routines that come with samrutine, and each of their halves and thirds."""
    whole = [read(one.read_bytes(), one.stem).body for one in sorted((TOP / "procedures").glob("*/*.md"))]
    found = [canonical_body(BODY, 1)[0], *whole]
    for parts in (2, 3, 4):
        for body in whole:
            sections = re.split(r"(?m)^(?=## )", body)
            some = "".join(sections[-max(1, len(sections) // parts) :])
            stored, faults = canonical_body(some, 1)
            if not faults and stored and stored not in found:
                found.append(stored)
    return found[:40]


@pytest.fixture(scope="module")
def running(tmp_path_factory, sqlite_templates):
    """A library with one routine."""
    home = sqlite_templates.copied_to(tmp_path_factory.mktemp("editor") / "home", "routine")
    with home.opened() as library:
        library.set_password("ansatt.fauske", PHRASE, by="redaktor")
    made = Running(home)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def signed_in(chromium, running):
    """What a browser holds in which somebody is signed in."""
    context = chromium.new_context()
    page = context.new_page()
    sign_in(page, running.address, "ansatt.fauske")
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture(scope="module")
def shown(chromium, running, signed_in):
    """The page where a change is written, with formatting: for those who put a text of their own in it."""
    with opened(chromium, running, signed_in) as made:
        yield made


@pytest.fixture
def page(chromium, running, signed_in):
    """The page where a change is written, with formatting and the text of the routine."""
    with opened(chromium, running, signed_in) as made:
        yield made


@contextmanager
def opened(chromium, running, signed_in):
    """Open the page where a change is written; nothing may be complained of."""
    context = chromium.new_context(locale="nb-NO", storage_state=signed_in)
    made = context.new_page()
    with listening_to(made) as said:
        made.goto(running.address + PAGE)
        made.wait_for_selector("[data-ready]")
        yield made
    context.close()
    assert said == []


def put(page, body):
    """Put a text in the page as if it were the routine's."""
    page.evaluate(
        """async (body) => {
            const form = document.querySelector('form[data-writing]');
            form.elements.tekst.value = body;
            document.querySelector('[data-field]').replaceChildren();
            form.dispatchEvent(new CustomEvent('taken'));
        }""",
        body,
    )
    page.wait_for_selector("[data-field] .written:not([hidden])")
    page.wait_for_selector("#felt-tekst", state="hidden")


def sent(page):
    """Give what would be sent now."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    return page.input_value("#felt-tekst")


def changes(before, after):
    """Give the lines that are other than before, in the stored form of both."""
    stored, faults = canonical_body(after, 1)
    assert faults == ()
    diff = list(unified_diff(before.splitlines(), stored.splitlines(), n=0, lineterm=""))
    return [line for line in diff[2:] if not line.startswith("@@")]


def press(page, name):
    """Press a button of the toolbar."""
    page.click(f"[data-do={name}]")


def put_cursor(page, words, *, at_end=True):
    """Put the cursor at the words of one block."""
    page.evaluate(
        """([words, atEnd]) => {
            const walker = document.createTreeWalker(document.querySelector('.written'), NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const found = node.data.indexOf(words);
                if (found < 0) continue;
                document.querySelector('.written').focus();
                getSelection().collapse(node, found + (atEnd ? words.length : 0));
                return;
            }
            throw new Error('not there: ' + words);
        }""",
        [words, at_end],
    )
    settle(page)


def settle(page):
    """Let the editor see where the cursor was put: a browser tells of it before it draws."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.mark.service("chromium")
class TestWithFormatting:
    def test_forty_texts_that_nobody_touched_come_back_sign_by_sign(self, shown):
        """
        Whoever opens a routine to mend a word must not be shown to have written all of it anew.
        """
        texts, back = bodies(), []
        for body in texts:
            put(shown, body)
            back.append(sent(shown))

        assert len(texts) == 40
        assert [n for n, (one, other) in enumerate(zip(texts, back, strict=True)) if one != other] == []

    def test_a_word_that_is_typed_is_the_one_line_that_changes(self, shown):
        texts = bodies()[:13]
        wrong = []
        for body in texts:
            put(shown, body)
            words = shown.evaluate(
                "[...document.querySelectorAll('.written p')].map(one => one.textContent).find(one => one.length > 12)"
            )
            put_cursor(shown, words[:8])
            shown.keyboard.type("QX")
            found = changes(body, sent(shown))
            if sorted(line[0] for line in found) != ["+", "-"] or "QX" not in found[-1]:
                wrong.append(found)

        assert wrong == []

    def test_a_new_row_a_ticked_box_and_a_step_are_each_a_line(self, shown):
        body = canonical_body(BODY, 1)[0]

        put(shown, body)
        put_cursor(shown, "Etter stell")
        press(shown, "row")
        row = changes(body, sent(shown))
        put(shown, body)
        shown.check(".written li.task:first-child input")
        ticked = changes(body, sent(shown))
        put(shown, body)
        put_cursor(shown, "Tørk dem godt.")
        shown.keyboard.press("Enter")
        shown.keyboard.type("Kast papiret.")
        step = changes(body, sent(shown))

        assert row == ["+|  |  |"]
        assert ticked == ["-- [ ] Såpe er fylt", "+- [x] Såpe er fylt"]
        assert step == ["+3. Kast papiret."]

    @pytest.mark.parametrize(
        ("words", "buttons", "typed", "line"),
        [
            ("alltid", ["heading"], "", "+## Hindre smitte. Se [håndhygiene](rutine:handhygiene), **alltid**, og ring {{vakttelefon}}.[^1]"),
            ("Vask hendene i", ["strong"], " lenge", "+1. Vask hendene i **lenge** *30 sekunder*."),
            ("Såpe er fylt", ["checks"], "", "+- Såpe er fylt"),
            ("Tørk dem godt.", ["checks"], "", "+2. [ ] Tørk dem godt."),
            ("Før stell", ["no-row"], "", "-| Før stell | Sprit |"),
            ("Før stell", ["column"], "", "+| Før stell |  | Sprit |"),
            ("Tørk dem godt.", ["note"], "Se bilde.", "+[^2]: Se bilde."),
        ],
        ids=["heading", "bold", "no box", "box", "no row", "column", "footnote"],
    )  # fmt: skip
    def test_the_buttons_do_what_they_say(self, shown, words, buttons, typed, line):
        body = canonical_body(BODY, 1)[0]
        put(shown, body)
        put_cursor(shown, words)
        for name in buttons:
            press(shown, name)
        shown.keyboard.type(typed)

        assert line in changes(body, sent(shown))

    def test_makes_lists_tables_and_links_from_nothing(self, shown):
        put(shown, "")
        shown.click(".written")
        shown.keyboard.type("En")
        press(shown, "bullets")
        shown.keyboard.press("Enter")
        shown.keyboard.type("To")
        shown.keyboard.press("Enter")
        shown.keyboard.press("Enter")
        press(shown, "table")
        for words in ("Når", "Hva", "Nå", "Ring"):
            shown.keyboard.type(words)
            shown.keyboard.press("Tab")
        shown.keyboard.press("ArrowDown")
        put_cursor(shown, "Ring")
        shown.keyboard.press("Shift+Home")
        settle(shown)
        press(shown, "link")
        shown.fill("#felt-lenke", "tel:113")
        shown.keyboard.press("Enter")
        settle(shown)

        made, faults = canonical_body(sent(shown), 1)

        assert faults == ()
        assert made == "- En\n- To\n\n| Når | Hva |\n| --- | --- |\n| Nå | [Ring](tel:113) |\n".replace("---", "--")

    @pytest.mark.parametrize(
        ("words", "keys", "kept"),
        [
            ("Såpe er fylt", ["Enter"], "- [ ] Såpe er fylt\n-\n- [x] Sprit er fylt\n"),
            ("Såpe er fylt", ["Enter", "Såpe til"], "- [ ] Såpe er fylt\n- [ ] Såpe til\n- [x] Sprit er fylt\n"),
            ("Hin", ["_a_", "~~b~~"], "Hin_a\\_\\~~b\\~~dre smitte."),
            ("Hindre", [" <br> & https://a.no"], "Hindre <br> & https://a.no smitte."),
        ],
        ids=["an empty item", "an item", "signs within a word", "what looks like HTML"],
    )  # fmt: skip
    def test_what_is_typed_is_read_as_it_was_typed(self, shown, words, keys, kept):
        """
        Signs that mean something in Markdown are words to whoever sees none of it.
        """
        put(shown, canonical_body(BODY, 1)[0])
        put_cursor(shown, words)
        for one in keys:
            shown.keyboard.press(one) if one == "Enter" else shown.keyboard.type(one)
        made = sent(shown)
        read_as = shown.inner_text(".written")
        put(shown, made)

        assert canonical_body(made, 1)[1] == ()
        assert shown.inner_text(".written") == read_as
        assert shown.is_hidden("[data-not-written]")
        assert kept in canonical_body(made, 1)[0]

    def test_a_table_that_is_pasted_into_a_step_stays_a_table(self, shown):
        """
        In a list without air between its items the rows were read as words of the step above.
        """
        put(shown, canonical_body(BODY, 1)[0])
        put_cursor(shown, "Tørk dem godt.")
        shown.evaluate(
            """() => {
                const data = new DataTransfer();
                data.setData('text/html', '<ul><li>en</li></ul><table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>');
                const paste = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
                document.querySelector('.written').dispatchEvent(paste);
            }"""
        )
        made, faults = canonical_body(sent(shown), 1)

        assert faults == ()
        assert "| 1 | 2 |\n" in made.replace("   ", "")
        assert [one.type for one in markdown().parse(made)].count("table_open") == 2

    def test_is_undone_to_the_very_signs_there_were(self, shown):
        body = canonical_body(BODY, 1)[0]
        put(shown, body)
        put_cursor(shown, "Hindre smitte.")
        shown.keyboard.type(" Og mer.")
        typed = sent(shown)
        while shown.is_enabled("[data-do=undo]"):
            press(shown, "undo")

        assert typed != body
        assert sent(shown) == body

    def test_a_text_that_would_lose_something_is_written_with_its_signs_and_one_is_told(self, page):
        """
        A link that is defined elsewhere in the text has no place among what the formatting can hold.
        """
        body = "Se [planen][plan].\n\n[plan]: rutine:handhygiene\n"
        page.evaluate("body => { const form = document.querySelector('form[data-writing]'); form.elements.tekst.value = body; form.dispatchEvent(new CustomEvent('taken')); }", body)  # fmt: skip
        page.wait_for_selector("[data-not-safe]:not([hidden])")
        page.wait_for_selector(".cm-line")

        assert page.get_attribute("[data-mode=source]", "aria-pressed") == "true"
        assert sent(page) == body

    def test_a_change_becomes_a_draft_with_that_change_alone(self, page, running):
        put_cursor(page, "Gjelder alle ansatte")
        page.keyboard.type(" og vikarer")
        page.click("form[data-writing] button[type=submit]:not([formaction])")
        page.wait_for_url("**/forslag/*")

        shown = page.inner_text("article")
        assert re.findall(r"og vikarer", shown) == ["og vikarer"]
        assert page.locator("article ins").count() == 1
        assert page.locator("article del").count() == 0

    def test_the_checks_lead_to_the_place(self, page):
        put_cursor(page, "Meld avvik i kvalitetssystemet.")
        page.keyboard.press("Enter")
        page.keyboard.type("Se {{telefon}}.")
        page.click("#kontroll a[data-line]")
        page.keyboard.press("End")
        page.keyboard.type(" Her.")

        assert "Se {{telefon}}. Her." in sent(page)


@pytest.mark.service("chromium")
class TestWithSigns:
    def test_shows_what_is_there_goes_on_with_lists_and_leads_to_the_line(self, page):
        body = canonical_body(BODY, 1)[0]
        put(page, body)
        page.click("[data-mode=source]")
        page.wait_for_selector(".cm-line")
        untouched = sent(page)
        page.evaluate("document.querySelector('form[data-writing]').dispatchEvent(new CustomEvent('go', { detail: 8, cancelable: true }))")  # fmt: skip
        page.keyboard.press("End")
        page.keyboard.press("Enter")
        page.keyboard.type("Kast papiret.")

        assert untouched == body
        assert "2. Tørk dem godt.\n3. Kast papiret.\n" in sent(page)

    def test_what_is_written_one_way_is_there_the_other_way(self, page):
        page.click("[data-mode=source]")
        page.wait_for_selector(".cm-line")
        page.keyboard.press("Control+End")
        page.keyboard.type("\n**Fort**, til alle.")
        page.click("[data-mode=visual]")
        page.wait_for_selector(".written strong")
        page.click("[data-mode=source]")
        page.click("[data-mode=visual]")
        page.click("[data-mode=plain]")
        page.wait_for_load_state("networkidle")

        assert page.input_value("#felt-tekst").endswith("**Fort**, til alle.")
        assert page.is_visible("#felt-tekst")


@pytest.mark.service("chromium")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (320, "light")])
def test_shuts_nobody_out(chromium, running, signed_in, width, scheme):
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="nb-NO", storage_state=signed_in
    )
    page, found = context.new_page(), {}
    with listening_to(page) as said:
        page.goto(running.address + PAGE)
        page.wait_for_selector("[data-ready]")
        put(page, canonical_body(BODY, 1)[0])
        put_cursor(page, "Etter stell")
        page.click("form[data-writing] button[formaction]")
        page.wait_for_selector("[data-preview][open]")
        found["visual"] = complaints(context, page)
        page.click("[data-do=link]")
        found["link"] = complaints(context, page)
        page.keyboard.press("Escape")
        page.click("[data-mode=source]")
        page.wait_for_selector(".cm-line")
        found["source"] = complaints(context, page)
    context.close()

    assert found == {"visual": [], "link": [], "source": []}
    assert said == []


@pytest.mark.service("chromium")
def test_is_left_by_the_keyboard_and_its_buttons_are_one_stop(page):
    """
    Whoever uses no mouse must come past the field, and past fourteen buttons, by one key each.
    """
    page.focus("[data-mode=plain]")
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.dataset.do")
    page.keyboard.press("ArrowRight")
    second = page.evaluate("document.activeElement.dataset.do")
    page.keyboard.press("Tab")
    inside = page.evaluate("document.activeElement.classList.contains('written')")
    page.keyboard.press("Tab")

    assert first != second
    assert inside
    assert page.evaluate("document.activeElement.matches('button[formaction]')")


def test_is_small_enough_and_fetched_only_where_one_writes(site):
    """
    450 kB for the page where one writes, with both ways of writing; nothing of it on any other page.
    """
    browser = site.signed_in("leder")
    html = browser.get(PAGE).text
    named = set(re.findall(r'="/s/[0-9a-f]+/([^"]+)"', html))

    assert {"vendor/editor/source.js", "vendor/editor/visual.js", "editor.js", "visual.js"} <= named
    assert (
        len(gzip.compress(html.encode()))
        + sum(len(static_files()[one].packed or static_files()[one].data) for one in named)
        < MOST_PACKED
    )
    assert "editor" not in "".join(re.findall(r'="/s/[^"]+"', browser.get("/").text))


class TestReadingAlike:
    def test_other_signs_for_the_same_are_alike_and_lost_words_are_not(self, site):
        browser = site.signed_in("ansatt.fauske")

        def alike(one, other):
            given = {"tekst": one, "gjengitt": other}
            return post(browser, "/likt", given).json()["likt"]

        assert alike("* a\n* b\n", "- a\n- b")
        assert alike("Se [x][y].\n\n[y]: rutine:z\n", "Se [x](rutine:z).")
        assert not alike("Høyst 2 mg.[^1]\n\n[^1]: Aldri mer.\n", "Høyst 2 mg.")
        assert not alike("- [ ] a\n", "- [x] a\n")
        assert not alike("a", "a\n\nb")
