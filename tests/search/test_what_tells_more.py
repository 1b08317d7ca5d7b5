"""Which of two sections comes first: what tells more of what was asked for, by the rules of the language and of sections."""

from pathlib import Path

import pytest
from section_builders import a_section

from samrutine.search.document import SHARED_HEADINGS
from samrutine.search.engine import Engine
from samrutine.search.norwegian import fold
from samrutine.search.query import parse

TEMPLATES = Path(__file__).parents[2] / "library" / "templates"
OTHERS = tuple(a_section(f"annet-{number}", "Mat serveres klokka to.") for number in range(20))


@pytest.fixture
def first(tmp_path):
    """Give how to ask for the routines that answer, of some sections among others."""

    def ask(typed, *sections):
        engine = Engine(tmp_path)
        engine.rebuild([*sections, *OTHERS], 1)
        return [hit.procedure_id for hit in engine.search(parse(typed)).hits]

    return ask


class TestAHeading:
    def test_that_all_routines_have_tells_less_than_a_title(self, first):
        """
        Every routine says under «Avvik» what to report of it; how to report stands in one.
        """
        text = "Meld avvik samme vakt, i systemet for det. " + "Skriv det du så, hva du gjorde, og hva som trengs. " * 8
        common = a_section("stottesamtale", text, heading="Avvik")
        asked_for = a_section("melding", text, heading="Formål", title="Skrive avviksmelding")

        assert first("melde avvik", common, asked_for) == ["melding", "stottesamtale"]

    def test_of_its_own_tells_more_than_a_word_of_a_text(self, first):
        """
        Whoever gave a section its heading said what it is about.
        """
        about = a_section("vikar", "Ring lederen.", heading="Når noen melder seg syk")
        beside = a_section("brev", "Den som er syk, kan be om brev.", heading="Hvem som kan be")

        assert first("syk", beside, about) == ["vikar", "brev"]

    def test_is_shared_when_the_templates_give_it_to_all(self):
        """
        A heading that is added to every template tells nothing either.
        """
        headings = [
            {fold(line[3:]) for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("## ")}
            for path in TEMPLATES.glob("*.md")
        ]

        assert headings
        assert set.intersection(*headings) <= SHARED_HEADINGS


class TestACompound:
    def test_inside_another_comes_before_its_parts_in_two_words(self, first):
        """
        «Legemiddelhåndtering» is about medicine, and a doctor and an aid are not.
        """
        scattered = a_section("hjelp", "Legeundersøkelse først. Rusmiddel sist.", heading="Hjelp")
        inside = a_section("kurs", "Kurs i brann, løft, legemiddelhåndtering og noe annet som tar lang tid å lese om.")

        assert first("legemiddel", scattered, inside)[0] == "kurs"

    def test_in_a_larger_one_lends_its_parts_for_little(self, first):
        """
        «Helsesykepleier» has «syk» in it, and is ill no more than anybody.
        """
        ill = a_section(
            "vikar", "Lederen finner en sykevikar, " + "og sier fra til dem som venter på besøk den dagen, " * 8
        )
        nurse = a_section("vaksine", "Helsesykepleier vaksinerer.")

        assert first("syk", nurse, ill) == ["vikar", "vaksine"]
        assert first("sykepleier", nurse, ill)[0] == "vaksine"

    @pytest.mark.parametrize(
        "text", ["Barneverns- og helsenemnda avgjør.", "Saken går til barneverns\u2011 og helsenemnda."]
    )
    def test_that_another_word_ends_is_not_its_front(self, first, text):
        """
        «Barneverns- og helsenemnda» is two boards, and no child protection.
        """
        board = a_section("tvang", text)
        service = a_section("melding", "Kontakt barnevernet når et barn trenger hjelp, og si fra til lederen etterpå.")

        assert first("barnevernet", board, service) == ["melding", "tvang"]


class TestAWordOfNynorsk:
    def test_tells_no_more_than_the_word_that_all_use(self, first):
        """
        In a library in bokmål it is rare, and what it means is not.
        """
        calls = [a_section(f"ring-{number}", "Ring lederen.") for number in range(12)]
        about = a_section("skole", "Eleven er borte fra skolen.", title="Fravær i skolen")
        rare = a_section("sjekk", "Alle er ringt. Noen ringjer.", heading="Sjekkliste")

        assert first("kven skal eg ringje når eleven ikkje kjem på skulen", *calls, rare, about)[0] == "skole"
