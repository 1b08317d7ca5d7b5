"""The HTML page: stands alone, safe, and usable with a screen reader, on a phone, in the dark."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samrutine.adoptions.effective import DocumentStatus
from samrutine.exchange import html
from samrutine.procedures.model import Language

CONTRAST_FOR_TEXT = 4.5
VOID = {"meta", "input", "br", "hr", "path", "link"}


class Read(HTMLParser):
    """Start tags with their attributes, the words, and whether every tag was closed in order."""

    def __init__(self, data):
        super().__init__()
        self.tags, self.words, self.open, self.faults = [], [], [], []
        self.feed(data.decode())
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


class TestThePage:
    def test_is_well_formed_and_stands_alone(self, a_document):
        """It is mailed, put on a stick, opened without a network."""
        read = Read(html.render(a_document()))

        assert read.faults == []
        assert read.open == []
        assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _ in read.tags}
        assert not [
            name for _, attributes in read.tags for name in attributes if name == "style" or name.startswith("on")
        ]

    def test_allows_itself_nothing_but_its_own_style(self, a_document):
        """Should markup slip through one day, the browser still refuses to run it."""
        data = html.render(a_document()).decode()

        style = re.search(r"<style>(.*?)</style>", data, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"default-src 'none'; style-src 'sha256-{digest}'" in data

    def test_has_one_main_heading_and_no_skipped_level(self, a_document):
        """Screen reader users move by headings."""
        levels = [int(tag[1]) for tag, _ in Read(html.render(a_document())).tags if re.fullmatch(r"h[1-6]", tag)]

        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))

    def test_every_id_is_its_own_and_every_inner_link_leads_somewhere(self, a_document):
        """A link to nowhere looks like a broken document."""
        read = Read(html.render(a_document()))

        ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert {a["href"][1:] for a in read.all("a") if a["href"].startswith("#")} <= set(ids)
        assert {"ansvar", "ansvar/nar-leder-er-borte"} <= set(ids)

    def test_boxes_are_named_by_their_words(self, a_document):
        """«Checkbox, not checked» tells a blind nurse nothing."""
        read = Read(html.render(a_document()))

        boxes = read.all("input")
        assert [("checked" in box) for box in boxes] == [False, True]
        assert [box["id"] for box in boxes] == [label["for"] for label in read.all("label")]
        assert "Personen er informert" in read.words

    def test_alignment_is_a_class(self, a_document):
        """A strict content policy blocks style attributes, and then numbers would not line up."""
        cells = Read(html.render(a_document())).all("th")

        assert [cell.get("class") for cell in cells] == [None, "center", "right"]
        assert all(cell["scope"] == "col" for cell in cells)

    def test_a_form_has_room_to_write_in(self, a_document):
        """Many print from the browser; a column as narrow as «Dato» holds no signature."""
        form = a_document("| Hvem | Underskrift | Dato |\n|-|-|-:|\n| Forelder |  |  |")

        read = Read(html.render(form))

        assert read.all("table")[0]["class"] == "by-hand"
        assert [cell.get("class") for cell in read.all("td")] == [None, "by-hand-5", "right by-hand-3"]

    def test_a_table_of_facts_has_no_room_to_write_in(self, a_document):
        """Tall rows would only make it longer."""
        assert all("class" not in table for table in Read(html.render(a_document())).all("table"))

    def test_a_service_phone_can_be_called(self, a_document):
        """Most read it on a phone."""
        calls = [a for a in Read(html.render(a_document())).all("a") if a["href"].startswith("tel:")]

        assert calls == [{"class": "local", "href": "tel:75000000", "title": "Telefon til vakta"}]

    def test_notes_lead_there_and_back(self, a_document):
        """One must find the place again."""
        links = [a["href"] for a in Read(html.render(a_document())).all("a")]

        assert "#_note-1" in links
        assert "#_note-1-mark" in links

    def test_a_text_in_another_language_is_marked_as_such(self, a_document):
        """A screen reader changes its voice for Sámi."""
        read = Read(html.render(a_document(front={"language": Language.SMJ})))

        assert read.all("html")[0]["lang"] == "nb"
        assert read.all("h1")[0]["lang"] == "smj"

    def test_is_the_same_bytes_each_time(self, a_document):
        """Publishing compares bytes."""
        assert html.render(a_document()) == html.render(a_document())

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
    @given(st.text(alphabet=st.sampled_from("<>&\"'`/ =ascriptonload!-x\n{}[]()")))
    def test_no_text_becomes_markup(self, a_document, text):
        """Whatever stands in a title, a label, a value or a body, the page has the same tags."""
        quiet = Read(html.render(a_document("Ord.", front={"title": "x"}, local_values=())))
        given = {"title": text, "responsible_role": text, "audience": (text, text)}

        read = Read(html.render(a_document("Ord.", front=given, header={"decided_by_position": text}, local_values=())))

        assert [tag for tag, _ in read.tags] == [tag for tag, _ in quiet.tags]
        assert read.faults == []

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
    @given(st.text(alphabet=st.sampled_from("<>&\"'`/ =ascriptonload!-x\n{}[]()#*_|:")))
    def test_no_body_runs_or_breaks_the_page(self, a_document, body):
        """A hostile text may look odd, and that is all it may do."""
        read = Read(html.render(a_document(body)))

        assert read.faults == []
        assert "script" not in {tag for tag, _ in read.tags}
        assert not [name for _, attributes in read.tags for name in attributes if name.startswith("on")]


def luminance(colour):
    """Relative luminance. Source: WCAG 2.1, definition of relative luminance."""
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Contrast ratio. Source: WCAG 2.1, definition of contrast ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colours(dark):
    """The style sheet's named colours, light or dark, for each status."""
    css = html._style()[0]
    light, night = css.split("@media(prefers-color-scheme:dark)", 1)
    night = night.split("*{box-sizing")[0]
    base = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]+)", light.split(".draft{")[0]))
    part = night if dark else light
    if dark:
        base |= dict(re.findall(r"--([a-z-]+):(#[0-9a-f]+)", night.split(".draft{")[0]))
    for status in DocumentStatus:
        tones = re.search(rf"\.{status.value}\{{--tone:(#[0-9a-f]+);--tone-ground:(#[0-9a-f]+)\}}", part)
        yield base | {"tone": tones[1], "tone-ground": tones[2]}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "ground"), ("quiet", "ground"), ("link", "ground"), ("heading", "ground"), ("ink", "soft"),
        ("ink", "local"), ("link", "local"), ("missing-ink", "missing"), ("framed-ink", "framed"), ("ink", "framed"),
        ("demo-ink", "demo"), ("tone", "tone-ground"), ("ink", "tone-ground"), ("quiet", "tone-ground"),
        ("link", "tone-ground"), ("link", "framed"), ("link", "soft"),
    ],
)  # fmt: skip
def test_words_stand_out_from_their_ground(dark, ink, ground):
    """WCAG 2.1 AA asks for 4.5 : 1, and the law asks for WCAG; a tired reader at night asks for no less."""
    for named in colours(dark):
        assert contrast(named[ink], named[ground]) >= CONTRAST_FOR_TEXT
