"""The shipped library together with the checks of a text: dead law is found, and templates lack nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from samrutine.networks.library_files import read_library
from samrutine.networks.shared_library import SharedLibrary
from samrutine.procedures.checks import Known, findings
from samrutine.procedures.model import Kind
from samrutine.procedures.repealed import cited, named, rests_on
from samrutine.procedures.text import read

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipped() -> SharedLibrary:
    """Read the shipped files once."""
    folder = ROOT / "library"
    return read_library(
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    )


class TestDeadLaw:
    @pytest.mark.parametrize(
        "sentence",
        [
            "Skolen følger opplæringsloven § 9 A-4.",
            "Se opplæringsloven kapittel 9 A om skolemiljøet.",
            "Vold og trusler: forskrift om utførelse av arbeid kap. 23 A.",
            "Deling etter hpl § 45.",
        ],
    )
    def test_a_text_that_leans_on_dead_law_is_found(self, shipped: SharedLibrary, sentence: str) -> None:
        """
        Old routines are full of such sentences, and the reader would look the rule up in vain.
        """
        warned = [each for each in named(shipped.repealed, shipped.laws) if any(cited(sentence, each))]

        assert warned

    def test_what_replaces_a_repealed_provision_is_not_warned_about(self, shipped: SharedLibrary) -> None:
        """
        Somebody who follows the advice must not be warned again.
        """
        dead = named(shipped.repealed, shipped.laws)

        for each in shipped.repealed:
            again = [other for other in dead if any(cited(f"Se {each.replaced_by}.", other))]

            assert again == [], each

    def test_no_starter_routine_leans_on_dead_law(self, shipped: SharedLibrary) -> None:
        """
        The routines that come with the program set the example.
        """
        leaning = set()
        for path in sorted((ROOT / "procedures").rglob("*.md")):
            text = read(path.read_bytes(), path.name)
            for each in named(shipped.repealed, shipped.laws):
                if any(cited(text.body, each)) or any(rests_on(basis, each) for basis in text.front.legal_basis):
                    leaning.add((path.name, each.section))

        assert leaning == set()


class TestTemplatesAndStarters:
    @pytest.mark.parametrize("kind", list(Kind))
    def test_a_template_has_every_part_that_its_kind_must_have(self, shipped: SharedLibrary, kind: Kind) -> None:
        """
        A writer who fills in the template should not be told afterwards that a part is missing.
        """
        path = ROOT / "procedures/ledelse/sjekkliste-nyansatt.md"
        starter = read(path.read_bytes(), path.name)
        text = replace(
            starter, front=replace(starter.front, kind=kind, local_information=()), body=shipped.templates[kind]
        )

        assert findings(text, None, Known()) == ()

    def test_the_checks_find_nothing_in_the_starter_routines(self, shipped: SharedLibrary) -> None:
        """
        The routines that come with the program set the example.
        """
        known = Known(
            networks=frozenset(each.id for each in shipped.networks),
            subjects=frozenset(each.id for each in shipped.subjects),
            repealed=shipped.repealed,
            laws=shipped.laws,
        )

        found = []
        for path in sorted((ROOT / "procedures").rglob("*.md")):
            data = path.read_bytes()
            found += [(path.name, each.text()) for each in findings(read(data, path.name), data, known)]

        assert found == []
