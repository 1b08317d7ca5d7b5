"""What is printed beside the one document: checklist, what changed, pocket card, two languages side by side."""

import io
from dataclasses import replace
from datetime import date

import pikepdf
import pypdfium2
import pytest

from samrutine.adoptions.effective import AdditionKind, LocalAddition
from samrutine.adoptions.paper import Bilingual, Card, Checklist, Done, Redline
from samrutine.errors import CardTooLong
from samrutine.exchange import bilingual, card, checklist, redline
from samrutine.exchange.check_points import groups_of
from samrutine.exchange.tree import plain
from samrutine.procedures.model import Language, VersionNumber
from samrutine.proposals.prose_diff import compare
from tests.exchange.conftest import BODY
from tests.support.pdfs import said_by

POINTS = """\
## Før oppstart

Leder:

- [ ] Avtalen er **signert**[^a]
- [x] Attesten er vist
  - [ ] Dato er notert

IKT:

1. Ikke et punkt
2. Heller ikke

> - [ ] I et sitat

## Tom del

Et avsnitt.

[^a]: Av begge parter.
"""
EMERGENCY = """\
## Lommekort

Er det fare for liv: ring **112**[^1].

### Så

1. Ring vakta på {{vakttelefon}}.

[^1]: Politiet svarer.

## Lang del

"""


def _words(data):
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)).split())


def _tags(data):
    with pikepdf.open(io.BytesIO(data)) as document:
        found = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
        return [(str(one.S)[1:], str(one.get("/Alt", "")), str(one.get("/Lang", ""))) for one in found]


class TestAChecklist:
    def test_has_every_point_of_the_routine_once(self, a_document):
        """A point that is not on the sheet is not done."""
        addition = LocalAddition(AdditionKind.PRACTICAL_NOTE, "tom-del", "- [ ] Nøkkelen er hentet")

        found = groups_of(a_document(POINTS, additions=(addition,)))

        told = [(one.heading, plain(one.introduction), [p.number for p in one.points]) for one in found]
        assert told == [
            ("Før oppstart", "Leder:", [1, 2, 3]),
            ("Før oppstart", "", [4]),
            ("Lokalt tillegg – Prøvevik: praktisk merknad", "", [5]),
        ]

    def test_is_empty_when_it_is_to_be_filled_in_by_hand(self, a_document):
        """A box that was ticked in the text is no point that somebody did."""
        data = checklist.render(Checklist(a_document(POINTS)))

        assert [alternative for tag, alternative, _ in _tags(data) if tag == "Figure"][1:] == ["Ikke utført"] * 4
        words = _words(data)
        for sentence in (
            "Sjekkliste: Tuberkuloseprogram", "Gjelder i Prøvevik kommune.", "Sted eller enhet", "Leder:",
            "Avtalen er signert", "Av begge parter.", "Skriv ikke navn på eller opplysninger om pasienter",
        ):  # fmt: skip
            assert sentence in words

    def test_says_what_is_done_and_when(self, a_document):
        """What is kept in the folder says it without anybody's name."""
        data = checklist.render(Checklist(a_document(POINTS), (Done(1, date(2026, 11, 20)), Done(3))))

        figures = [alternative for tag, alternative, _ in _tags(data) if tag == "Figure"][1:]
        assert figures.count("Utført") == 2
        assert "2 av 4 punkter er utført." in _words(data)
        assert _words(data).count("20.11.2026") == 1

    def test_says_on_which_day_so_much_was_done(self, a_document):
        """«4 av 8 punkter er utført» in the folder: by when?"""
        day = date(2026, 11, 23)
        told = _words(checklist.render(Checklist(a_document(POINTS), (Done(1), Done(3)), day)))

        assert "2 av 4 punkter er utført. Skrevet ut 23. november 2026." in told
        assert "Skrevet ut" not in _words(checklist.render(Checklist(a_document(POINTS), (), day)))

    def test_keeps_few_points_on_one_page(self, a_document):
        """Who signs for five points sees all five."""
        groups = "".join(f"## Del {n}\n\n" + "- [ ] Gjort\n" * 5 + "\n" for n in range(12))

        sheet = pypdfium2.PdfDocument(checklist.render(Checklist(a_document(groups))))

        counts = [page.get_textpage().get_text_range().count("Gjort") for page in sheet]
        assert sum(counts) == 60
        assert all(count % 5 == 0 for count in counts)

    def test_explains_only_what_the_sheet_has(self, a_document):
        """A sentence about underlined words, where there are none, makes people look for them."""
        without = _words(checklist.render(Checklist(a_document(POINTS))))
        point = "- [ ] Ring {{vakttelefon}}\n"
        having = _words(checklist.render(Checklist(a_document(point))))

        assert "Understreket" not in without
        assert "Understreket" in having

    def test_is_a_table_that_can_be_read_aloud(self, a_document):
        """«Punkt: Attesten er vist. Dato: tom»."""
        tags = [tag for tag, _, _ in _tags(checklist.render(Checklist(a_document(POINTS))))]

        assert tags.count("TH") == 4 * 2
        assert tags.count("Table") == 2

    def test_says_of_itself_what_it_is(self, a_document):
        """An archive tells it from the routine."""
        said = said_by(checklist.render(Checklist(a_document(POINTS))))

        assert (said["dc:type"], said["id"]) == ({"Sjekkliste"}, "tuberkuloseprogram")


class TestWhatChanged:
    @pytest.fixture
    def changed(self, a_document):
        """A version in which a deadline, a negation, a cell and the responsible role are others."""
        old = a_document(header={"municipality": None})
        body = (
            BODY.replace("innen 14 dager", "innen 7 dager")
            .replace("overtar.", "overtar ikke.")
            .replace("| 30 ", "| 60 ")
        )
        text = replace(old.text, front=replace(old.text.front, responsible_role="lege"), body=body)
        new = replace(old, text=text, header=replace(old.header, version=VersionNumber(3, 0)))
        return Redline(new, VersionNumber(2, 1), compare(old.text, text))

    def test_is_told_in_words_too(self, changed):
        """A line under a word is silent, and red is grey on the office printer."""
        words = _words(redline.render(changed))

        for sentence in (
            "Hva er endret: Tuberkuloseprogram", "Fra versjon 2.1 til versjon 3.0.", "[tatt ut: 14 dager slutt]",
            "[nytt: 7 dager slutt]", "[tatt ut: 30 slutt]", "[nytt: 60 slutt]", "Se nøye på: nektelse", "avsnitt uten endring",
            "[tatt ut: kommuneoverlege slutt]", "[nytt: lege slutt]",
        ):  # fmt: skip
            assert sentence in words

    def test_is_told_only_where_something_changed(self, changed):
        """A page full of marks is read by nobody."""
        words = _words(redline.render(changed))

        assert words.count("[nytt:") == sum(
            piece.kind.value == "added"
            for part in changed.diff.changes
            for piece in (*part.pieces, *(one for row in part.rows for cell in row.cells for one in cell.pieces))
        ) + 1  # fmt: skip
        assert "á ŋ å" not in words

    def test_may_be_nothing(self, changed):
        """Two versions that a reader cannot tell apart."""
        same = replace(changed, diff=compare(changed.document.text, changed.document.text))

        assert "Ingen endringer." in _words(redline.render(same))


class TestAPocketCard:
    def test_is_one_page_of_a6_with_all_of_the_section(self, a_document):
        """It is cut out and laminated."""
        data = card.render(Card(a_document(EMERGENCY + "Et avsnitt.\n"), "lommekort"))

        document = pypdfium2.PdfDocument(data)
        assert len(document) == 1
        assert [round(one * 25.4 / 72) for one in document.get_page_size(0)] == [105, 148]
        words = _words(data)
        for sentence in (
            "ring 112",
            "Politiet svarer.",
            "Så",
            "75 00 00 00",
            "Gjelder i Prøvevik kommune.",
            "versjon 2.1",
        ):
            assert sentence in words
        assert "Et avsnitt." not in words
        assert [alternative[:7] for tag, alternative, _ in _tags(data) if tag == "Figure"] == ["QR-kode"]

    @pytest.mark.parametrize(("lines", "fits"), [(4, True), (5, True), (60, False)])
    def test_that_does_not_fit_is_refused_with_how_much(self, a_document, lines, fits):
        """Never smaller letters: it is read in a hurry, in bad light."""
        long = Card(a_document(EMERGENCY + "Et avsnitt som tar en linje.\n\n" * lines), "lang-del")

        if fits:
            assert len(pypdfium2.PdfDocument(card.render(long))) == 1
            return
        with pytest.raises(CardTooLong) as caught:
            card.render(long)
        assert caught.value.places["section"] == "Lang del"
        assert caught.value.places["millimetres"] > 100
        assert "mm (" in caught.value.text("nb")

    def test_that_is_too_long_with_those_under_it_names_each(self, a_document):
        """Whoever asked for the step by step did not know that the doses go along, and may want them alone."""
        body = EMERGENCY + "Et avsnitt som tar en linje.\n\n" * 60 + "### Doser\n\n5 mg.\n"

        with pytest.raises(CardTooLong) as caught:
            card.render(Card(a_document(body), "lang-del"))

        assert "har med delene under seg: lang-del/doser." in caught.value.text("nb")
        assert "alene med --section" in caught.value.text("nb")

    def test_at_the_edge_is_either_one_page_or_refused(self, a_document):
        """One line more than fits must never be a second page that nobody laminates."""
        ends = set()
        for lines in range(14, 22):
            try:
                data = card.render(Card(a_document(EMERGENCY + "Et avsnitt som tar en linje.\n\n" * lines), "lang-del"))
            except CardTooLong as refused:
                ends.add("refused")
                assert refused.places["millimetres"] >= 1
            else:
                ends.add(len(pypdfium2.PdfDocument(data)))
        assert ends == {1, "refused"}


class TestTwoLanguages:
    def test_stand_section_by_section_each_in_its_own(self, a_document):
        """A screen reader that reads Lule Sámi with Norwegian sounds says nothing to anybody."""
        other = a_document(
            "## Ulmme\n\nDåjmadibme[^1].\n\n[^1]: Diehto á ŋ.\n\n## Ásadus\n\nVásstediddje.\n",
            header={"procedure_id": "tub-smj", "title": "Tuberkulosaprográmma"},
            front={"id": "tub-smj", "title": "Tuberkulosaprográmma", "language": Language.SMJ},
        )  # fmt: skip

        data = bilingual.render(Bilingual(a_document(), other))

        words = _words(data)
        for sentence in (
            "Tuberkuloseprogram",
            "Tuberkulosaprográmma",
            "Ulmme",
            "Dåjmadibme",
            "Diehto á ŋ.",
            "Vásstediddje.",
        ):
            assert sentence in words
        assert words.index("Ulmme") < words.index("Kommuneoverlege Har") < words.index("Framgangsmåte")
        assert "smj" in {language for _, _, language in _tags(data)}
        assert [one.split("/")[0] for one in said_by(data)["routines"].split()] == ["tuberkuloseprogram", "tub-smj"]
        assert pypdfium2.PdfDocument(data).get_page_size(0)[0] > pypdfium2.PdfDocument(data).get_page_size(0)[1]

    def test_of_unlike_length_lose_nothing(self, a_document):
        """A translation that is a section behind still has all its words."""
        short = a_document("Uten overskrift.\n", header={"procedure_id": "kort"}, front={"id": "kort"})

        words = _words(bilingual.render(Bilingual(short, a_document())))

        assert "Uten overskrift." in words
        assert "Meld avvik i kvalitetssystemet." in words
