"""The library that comes with the program, as it lies in `library/`."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from samrutine.networks.library_files import read_library
from samrutine.networks.shared_library import PartyKind, SharedLibrary
from samrutine.procedures.canonical import canonical_body
from samrutine.procedures.model import Kind
from samrutine.procedures.text import read
from samrutine.proposals.policy import PolicyRule
from samrutine.search.norwegian import keys, terms

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipped() -> SharedLibrary:
    """Read the shipped files once."""
    folder = ROOT / "library"
    return read_library(
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    )


class TestMembersAndNetworks:
    def test_has_the_nine_municipalities_with_their_numbers(self, shipped: SharedLibrary) -> None:
        """
        The number is what registers and archives know a municipality by.
        """
        numbers = {each.slug: each.number for each in shipped.municipalities}

        assert numbers == {
            "rodoy": "1836",
            "meloy": "1837",
            "gildeskal": "1838",
            "beiarn": "1839",
            "saltdal": "1840",
            "fauske": "1841",
            "sorfold": "1845",
            "steigen": "1848",
            "hamaroy": "1875",
        }

    def test_finds_a_municipality_by_its_number_and_nobody_by_another(self, shipped: SharedLibrary) -> None:
        """
        A leading zero or a name is not a number, and must not find a neighbour.
        """
        fauske = shipped.find_municipality("1841")

        assert fauske is not None
        assert fauske.name == "Fauske"
        assert [shipped.find_municipality(other) for other in ("0301", "Fauske", "", "9999")] == [None] * 4

    def test_names_two_municipalities_in_lule_sami(self, shipped: SharedLibrary) -> None:
        """
        Those two names are official; inventing names for the others would be wrong.
        """
        sami = {each.name: each.sami_name for each in shipped.municipalities if each.sami_name}

        assert sami == {"Fauske": "Fuossko", "Hamarøy": "Hábmer"}

    def test_has_the_nine_networks_each_with_a_name_and_a_purpose(self, shipped: SharedLibrary) -> None:
        """
        A member must see at once which network is theirs.
        """
        assert {each.id for each in shipped.networks} == {
            "helsestasjon",
            "psykisk-helse-rus",
            "koordinerende-enhet",
            "smittevern",
            "oppvekst",
            "omsorg",
            "saksbehandling",
            "kriseteam",
            "ledelse",
        }
        assert all(each.name.startswith("Fagnettverk for ") for each in shipped.networks)
        assert all(each.purpose.endswith(".") and each.purpose.count(". ") == 0 for each in shipped.networks)

    def test_the_default_policy_is_the_leader_and_three_other_municipalities(self, shipped: SharedLibrary) -> None:
        """
        What the nine agreed on: a text that four have judged, after three weeks in which all could speak.
        """
        felles = shipped.find_policy("felles")

        assert felles is not None
        assert felles.rule is PolicyRule.N_MUNICIPALITIES
        assert (felles.leader_must_agree, felles.municipalities, felles.approvals) == (True, 3, 4)
        assert felles.hearing_weeks == 3
        assert {each.policy for each in shipped.networks} == {"felles"}

    def test_there_is_a_policy_of_every_rule(self, shipped: SharedLibrary) -> None:
        """
        A network that wants another rule chooses one instead of asking a programmer.
        """
        assert {each.rule for each in shipped.policies} == set(PolicyRule)


class TestSubjectsAndParties:
    def test_every_starter_routine_leans_on_what_the_library_has(self, shipped: SharedLibrary) -> None:
        """
        A routine of an unknown network could never be approved, and one in an unknown subject never be browsed to.
        """
        paths = sorted((ROOT / "procedures").rglob("*.md"))
        assert len(paths) >= 12

        for path in paths:
            front = read(path.read_bytes(), path.name).front
            for network in (front.network, *front.co_networks):
                assert shipped.find_network(network), f"{path.name}: {network}"
            for subject in front.subjects:
                assert shipped.find_subject(subject), f"{path.name}: {subject}"
            assert path.parent.name == front.subjects[0], path.name

    def test_every_law_that_a_starter_routine_cites_is_in_the_library(self, shipped: SharedLibrary) -> None:
        """
        When a law changes, the library is where somebody looks for what rests on it.
        """
        missing = set()
        for path in sorted((ROOT / "procedures").rglob("*.md")):
            for basis in read(path.read_bytes(), path.name).front.legal_basis:
                if shipped.find_law(basis.law) is None:
                    missing.add((path.name, basis.law, basis.name))

        assert missing == set()

    def test_every_hearing_begins_with_the_municipalities(self, shipped: SharedLibrary) -> None:
        """
        They are the ones who will have to follow the routine.
        """
        for subject in shipped.subjects:
            suggested = shipped.parties_for((subject.id,))

            assert suggested[0].kind is PartyKind.MUNICIPALITY, subject.id
            assert len(suggested) >= 4, subject.id

    def test_two_subjects_suggest_a_party_once(self, shipped: SharedLibrary) -> None:
        """
        Nobody wants the same letter twice.
        """
        suggested = shipped.parties_for(("skole", "oppvekst", "finnes-ikke"))

        assert max(Counter(each.id for each in suggested).values()) == 1
        assert {"ppt", "ungdomsrad", "politi"} <= {each.id for each in suggested}

    def test_every_party_is_suggested_for_something(self, shipped: SharedLibrary) -> None:
        """
        A party that no subject names is one that somebody forgot.
        """
        used = {party for template in shipped.party_templates for party in template.parties}

        assert {each.id for each in shipped.parties} == used

    def test_work_environment_is_heard_by_safety_representatives_and_unions(self, shipped: SharedLibrary) -> None:
        """
        The Working Environment Act gives them a say.
        """
        kinds = {each.kind for each in shipped.parties_for(("arbeidsmiljo",))}

        assert {PartyKind.SAFETY, PartyKind.UNION} <= kinds


class TestVocabulary:
    def test_keeps_the_capitals_of_abbreviations(self, shipped: SharedLibrary) -> None:
        """
        "tb" in a text looks like a slip; ØHD begins with a letter that careless code loses.
        """
        short = {each.short: each.meanings for each in shipped.vocabulary.abbreviations}

        assert short["TB"] == ("tuberkulose",)
        assert short["ØHD"][0] == "øyeblikkelig hjelp døgn"
        for wanted in ("HLR", "IP", "BUP", "PPT", "NAV", "EPDS", "ROS", "HMS", "BHT", "AMK", "DPS", "Ukom"):
            assert wanted in short

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("helsesøster", "helsesykepleier"),
            ("Fylkesmannen", "Statsforvalteren"),
            ("omsorgslønn", "omsorgsstønad"),
            ("fylkesnemnda", "barneverns- og helsenemnda"),
            ("rådmann", "kommunedirektør"),
            ("opplæringsloven § 9 A", "opplæringslova kap. 12"),
            ("psykisk utviklingshemmet", "person med utviklingshemming"),
            ("samtykkekompetanse", "beslutningskompetanse"),
            ("debreafing", "debrifing"),
        ],
    )
    def test_knows_what_old_words_have_become(self, shipped: SharedLibrary, old: str, new: str) -> None:
        """
        People search for the word they learnt; the text should say the one that holds.
        """
        words = {each.old: each.new for each in shipped.vocabulary.old_words}

        assert words[old] == new

    def test_asks_which_alarm_was_meant(self, shipped: SharedLibrary) -> None:
        """
        The alarm an employee carries and the one the police give to a threatened person must never be mixed up.
        """
        alarm = next(each for each in shipped.vocabulary.ambiguities if each.word == "voldsalarm")

        assert [each.label for each in alarm.meanings] == ["personalalarm", "mobil voldsalarm fra politiet"]

    def test_no_synonym_joins_the_meanings_of_an_ambiguous_word(self, shipped: SharedLibrary) -> None:
        """
        A synonym would undo the question by finding both.
        """
        groups = [{word.lower() for word in group} for group in shipped.vocabulary.synonyms]

        for ambiguity in shipped.vocabulary.ambiguities:
            labels = [each.label.lower() for each in ambiguity.meanings]
            for group in groups:
                assert len(group.intersection(labels)) < 2, ambiguity.word

    def test_bokmal_and_nynorsk_of_a_pair_differ(self, shipped: SharedLibrary) -> None:
        """
        A pair of equal words is a row that says nothing.
        """
        pairs = {each.nb: each.nn for each in shipped.vocabulary.pairs}

        assert pairs["sykepleier"] == ("sjukepleiar",)
        assert pairs["taushetsplikt"] == ("teieplikt",)
        assert [nb for nb, nn in pairs.items() if nb in nn] == []

    @pytest.mark.parametrize(
        ("everyday", "professional"),
        [
            ("vondt i magen", "magesmerter"),
            ("medisin", "legemiddel"),
            ("liggesår", "trykksår"),
            ("blodfortynnende", "antikoagulasjon"),
            ("holde tett", "taushetsplikt"),
            ("strømmen er borte", "strømbrudd"),
            ("ta sitt eget liv", "selvmord"),
            ("skulking", "bekymringsfullt skolefravær"),
            ("innlogging", "passord"),
            ("fnatt", "skabb"),
        ],
    )
    def test_joins_the_everyday_word_and_the_professional_one(
        self, shipped: SharedLibrary, everyday: str, professional: str
    ) -> None:
        """
        People search in the words they speak, and the routines are written in those of the law.
        """
        assert any({everyday, professional} <= set(row) for row in shipped.vocabulary.synonyms)

    @pytest.mark.parametrize(
        ("one", "other"),
        [("brann", "evakuering"), ("kateter", "inkontinens"), ("verge", "vergehaver"), ("rengjøring", "desinfeksjon")],
    )
    def test_keeps_apart_what_is_only_related(self, shipped: SharedLibrary, one: str, other: str) -> None:
        """
        A wrong synonym puts the wrong routine first, which is worse than a missing one.
        """
        assert not any({one, other} <= set(row) for row in shipped.vocabulary.synonyms)

    def test_no_two_rows_hold_forms_of_the_same_word(self, shipped: SharedLibrary) -> None:
        """
        "do" and "dø" are one word to a search without Norwegian letters, which would make one row of two.
        """
        rows: dict[str, set[str]] = {}
        for row in shipped.vocabulary.synonyms:
            for word in row:
                if word.isalpha():
                    for key in keys(word):
                        rows.setdefault(key, set()).add(row[0])

        assert {key: first for key, first in rows.items() if len(first) > 1} == {}

    def test_no_two_rows_differ_by_stop_words_only(self, shipped: SharedLibrary) -> None:
        """
        "ikke gjenoppliving" without its "ikke" is the opposite of what was meant.
        """
        rows: dict[tuple[str, ...], set[str]] = {}
        for row in shipped.vocabulary.synonyms:
            for word in row:
                kept = tuple(term.keys[0] for term in terms(word) if term.keys)
                rows.setdefault(kept, set()).add(row[0])

        assert {kept: first for kept, first in rows.items() if len(first) > 1} == {}

    def test_every_synonym_has_a_word_to_search_for(self, shipped: SharedLibrary) -> None:
        """
        Of stop words alone nothing would be left.
        """
        every = [word for row in shipped.vocabulary.synonyms for word in row]

        assert [word for word in every if not any(term.keys for term in terms(word))] == []

    def test_is_large_enough_to_find_by(self, shipped: SharedLibrary) -> None:
        """
        Too small a list is one that nobody notices.
        """
        words = shipped.vocabulary

        assert len(words.synonyms) >= 900
        assert len(words.abbreviations) >= 300
        assert len(words.pairs) >= 600
        assert len(words.old_words) >= 150


class TestSources:
    def test_knows_the_citations_that_died_in_2024_to_2026(self, shipped: SharedLibrary) -> None:
        """
        These are the ones that old routines are full of.
        """
        dead = {(each.law, each.section): each.since for each in shipped.repealed}

        assert dead["LOV-1998-07-17-61", "§ 9 A"] == date(2024, 8, 1)
        assert dead["FOR-2011-12-06-1357", "kap. 23 A"] == date(2026, 1, 1)
        assert dead["LOV-2011-06-24-30", "§ 5-10"] == date(2026, 7, 1)

    def test_no_two_laws_share_an_abbreviation(self, shipped: SharedLibrary) -> None:
        """
        "hpl § 21" must mean one provision.
        """
        short = [each.abbreviation for each in shipped.laws if each.abbreviation]

        assert len(short) == len(set(short))

    def test_says_that_the_new_administration_act_does_not_apply_yet(self, shipped: SharedLibrary) -> None:
        """
        It is passed and easily cited too early.
        """
        law = shipped.find_law("LOV-2025-06-20-81")

        assert law is not None
        assert law.in_force_from is None
        assert "1967" in law.note


class TestTemplates:
    @pytest.mark.parametrize("kind", list(Kind))
    def test_every_kind_has_the_parts_that_every_text_has(self, shipped: SharedLibrary, kind: Kind) -> None:
        """
        A writer who fills in the template should not be told afterwards that a part is missing.
        """
        headings = re.findall(r"^## (.+)$", shipped.templates[kind], re.MULTILINE)

        assert headings[:3] == ["Formål", "Omfang", "Ansvar"]
        assert "Avvik" in headings
        assert len(headings) == len(set(headings))

    @pytest.mark.parametrize("kind", list(Kind))
    def test_every_part_has_one_line_of_guidance_in_italics(self, shipped: SharedLibrary, kind: Kind) -> None:
        """
        The line says what to write there, and looks like something to replace.
        """
        for part in re.split(r"^## ", shipped.templates[kind], flags=re.MULTILINE)[1:]:
            guidance = part.split("\n\n")[1].strip()

            assert re.fullmatch(r"\*[^*\n]+\.\*", guidance), part

    @pytest.mark.parametrize("kind", list(Kind))
    def test_a_template_is_in_the_stored_form_already(self, shipped: SharedLibrary, kind: Kind) -> None:
        """
        The first save of a new draft should change only what the writer wrote.
        """
        body = shipped.templates[kind]

        assert canonical_body(body, 1) == (body, ())

    def test_a_checklist_can_be_ticked(self, shipped: SharedLibrary) -> None:
        """
        The template shows how the points are written.
        """
        assert shipped.templates[Kind.CHECKLIST].count("\n- [ ] ") >= 2


class TestTheExplanations:
    def test_are_in_the_language_of_those_who_change_the_files(self) -> None:
        """
        The error says that the explanation stands at the top of the file, so whoever reads the error must be able to read it.
        """
        english = re.compile(r"\b(?:the|of|and|is|are|what|which|who|whom|from|that|never|it)\b", re.IGNORECASE)
        found = {}
        for path in sorted((ROOT / "library").rglob("*.toml")):
            lines = path.read_text(encoding="utf-8").splitlines()
            comments = [line for line in lines if line.lstrip().startswith("#")]
            assert lines[0].startswith("# "), path.name
            found |= {(path.name, line): english.findall(line) for line in comments if english.search(line)}

        assert found == {}
