"""Thirty documents of every kind at once: what is in them, what is wrong with them, and what is refused with what to do."""

import html.parser
import json

import pytest

from samrutine.exchange.intake_page import render
from samrutine.intake.report import GRAVE
from samrutine.messages import LANGUAGES, say
from tests.support.documents import taxonomy
from tests.support.texts import NATIONAL_ID

pytestmark = pytest.mark.broad

MIXED = 30
TEXT = f"# Stell av sår\n\n## Formål\n\nRing 900 00 000. Pasient {NATIONAL_ID}.\n".encode()


def thirty():
    """Give thirty documents, each of another row of the taxonomy as far as they reach, hostile ones among them."""
    rows = [row for row in taxonomy.rows() if not row.cases[0].slow]
    hostile = [row for row in rows if row.cases[0].make()[1].refused][:8]
    others = [row for row in rows if row not in hostile]
    step = len(others) / (MIXED - 1 - len(hostile))
    chosen = [*hostile, *(others[int(number * step)] for number in range(MIXED - 1 - len(hostile)))]
    return [("persondata.md", TEXT, None), *((row.cases[0].file, *row.cases[0].make()) for row in chosen)]


class Page(html.parser.HTMLParser):
    """What a browser would fetch or run, which tags there are, and whether each table has heads."""

    def __init__(self, data):
        super().__init__()
        self.addresses, self.tags, self.headings = [], [], []
        self.feed(data.decode())

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.addresses += [value for name, value in attributes if name in {"src", "href", "action", "style"}]
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(int(tag[1]))


@pytest.fixture(scope="module")
def taken(tmp_path_factory, sqlite_templates):
    """A library that thirty documents were sent into, and what was said of them."""
    given = thirty()
    home = sqlite_templates.copied_to(tmp_path_factory.mktemp("batch") / "home", "people")
    with home.opened() as library:
        files = [(name, data) for name, data, _ in given]
        answer = library.take_in(files, network="smittevern", municipality="Fauske", by="ansatt.fauske")
        details = [library.incoming_document(one.document.id, reader="leder") for one in answer.files]
        yield given, answer, details


class TestABatch:
    def test_each_is_read_or_refused_with_what_to_do_and_none_stops_another(self, taken):
        """
        A municipality sends a folder; somebody gets one answer for each file.
        """
        given, answer, _ = taken

        assert [one.name for one in answer.files] == [name for name, _, _ in given]
        for one, (name, _, expected) in zip(answer.files, given, strict=True):
            refused = expected.refused if expected is not None else ()
            if one.document.state == "refused":
                assert one.report.refused in refused, name
                assert all(
                    say(f"intake.refused.{one.report.refused}.{part}", language, name=name, detail="")
                    for part in ("fact", "remedy")
                    for language in LANGUAGES
                )
            else:
                assert not refused or expected.either, name
                assert one.document.state == "waiting"
        assert sum(one.document.state == "refused" for one in answer.files) >= 8

    def test_what_may_be_dangerous_comes_first(self, taken):
        """
        Whoever has ten minutes uses them on that.
        """
        _, answer, _ = taken

        grave = [one.report.weight in GRAVE and one.report.refused is None for one in answer.gravest_first]

        assert grave == sorted(grave, reverse=True)
        assert answer.gravest_first[0].report.weight == "danger"

    def test_every_loss_must_be_looked_at_before_it_comes_in(self, taken):
        """
        Nothing with a loss enters without that somebody said that they saw it.
        """
        _, answer, _ = taken

        for one in answer.files:
            grave = [each.key for each in one.report.findings if each.finding.weight in GRAVE]
            assert list(one.report.to_look_at) == grave
            assert (not one.report.readings) or grave

    @pytest.mark.parametrize("language", ["nb", "en"])
    def test_the_page_stands_alone_and_can_be_read_by_all(self, taken, language):
        """
        It is sent to whoever wrote the documents, and opened without our library.
        """
        _, _, details = taken

        data = render(details, language)

        page = Page(data)
        assert all(one.startswith("#") for one in page.addresses)
        assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "link", "object"}
        assert page.tags[0] == ("html", {"lang": language})
        assert page.headings[0] == 1
        assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
        assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")
        named = {attributes.get("id") for _, attributes in page.tags}
        assert {one.removeprefix("#") for one in page.addresses} <= named
        assert render(details, language) == data

    def test_nothing_that_is_held_back_is_on_the_page_or_in_the_report(self, taken):
        """
        A report travels further than the document did.
        """
        _, _, details = taken

        data = render(details).decode()

        assert NATIONAL_ID not in data
        assert "900 00 000" not in data
        (held,) = [one for one in details if one.document.name == "persondata.md"]
        assert NATIONAL_ID not in json.dumps([str(one) for one in held.report.findings])
        assert NATIONAL_ID in held.text
