"""Search finds what the municipality itself has added and filled in, for those who may read it, and nobody else's."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from samrutine.adoptions.local_search import _likeliest, _Written
from samrutine.adoptions.local_texts import LocalText, _labels
from samrutine.procedures.hiding import HiddenTexts
from samrutine.procedures.text import canonical, read, unformatted
from samrutine.search.loose_texts import AskedOfTexts
from samrutine.search.meanings import Meanings
from samrutine.search.query import parse
from samrutine.search.worth import Worth
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import SECTIONS, a_routine

MOVED = {"Slik gjør vi" if heading == "Framgangsmåte" else heading: text for heading, text in SECTIONS.items()}
STARTER = Path(__file__).parents[2] / "procedures"
IN_WORDS = (b"type: service-phone", b"type: text")


def with_key_cabinet(library):
    library.adopt("handhygiene", "1841", by="beslutter.fauske")
    library.add_addition(
        "handhygiene", "1841", "framgangsmate", "practical-note", "Spriten står i **nøkkelskapet** på vaktrommet.",
        by="ansvarlig.fauske",
    )  # fmt: skip
    return library


@pytest.fixture
def fauske(any_library_with_routine):
    """`handhygiene` is in use in Fauske with an addition about a key cabinet."""
    return with_key_cabinet(any_library_with_routine)


def local(library, words, **where):
    return [(hit.procedure_id, hit.matched_words) for hit in library.search(words, **where).local]


@pytest.mark.parametrize("words", ["nøkkelskap", "nøkkelskapet", "skap", "vaktrom"])
@pytest.mark.parametrize("where", ["municipality", "mine"])
def test_an_addition_is_found_where_it_applies(fauske, words, where):
    """
    The nurse asks where the key is, and only her own municipality has said so.
    """
    answer = fauske.search(words, **{where: "Fauske"})

    assert [hit.procedure_id for hit in answer.local] == ["handhygiene"]
    assert "nøkkelskapet" in "".join(part.text for part in answer.local[0].snippet)
    assert answer.local[0].kind == "practical-note"


def test_an_addition_is_nobody_elses(fauske):
    """
    What Fauske does with its keys is no rule in Beiarn, nor in the shared library.
    """
    assert local(fauske, "nøkkelskap", municipality="Beiarn") == []
    assert local(fauske, "nøkkelskap") == []
    assert fauske.search("nøkkelskap").result.total == 0


def test_an_addition_that_was_dropped_is_found_no_more(fauske):
    """
    Words that were taken away are in no index, since they never were in one.
    """
    (one,) = fauske.additions("handhygiene")
    fauske.drop_addition(one.addition, by="ansvarlig.fauske", reason="Flyttet.")

    assert local(fauske, "nøkkelskap", municipality="Fauske") == []


def test_a_word_that_is_left_out_leaves_an_addition_out(fauske):
    """
    A minus means the same here.
    """
    assert local(fauske, "nøkkelskap -vaktrommet", municipality="Fauske") == []


class TestAsTheSharedTexts:
    @pytest.fixture
    def fauske(self, library_with_routine):
        """As above, on one database: nothing here asks SQL anything new."""
        return with_key_cabinet(library_with_routine)

    def test_phrases_stand_in_one_piece(self, fauske):
        """
        Quotation marks mean these words beside each other, also in what we have written ourselves; so does a minus before them.
        """
        for words in ('"nøkkelskapet på vaktrommet"', '"Står i nøkkelskapet" spriten'):
            (hit,) = fauske.search(words, municipality="Fauske").local
            assert hit.matched_words[0] == words.split('"')[1]
            assert hit.score > 0
        for words in (
            '"vaktrommet nøkkelskapet"', '"nøkkelskapet brannslange"', 'spriten "på taket"', 'spriten -"på vaktrommet"'
        ):  # fmt: skip
            assert local(fauske, words, municipality="Fauske") == [], words
        assert local(fauske, 'spriten -"vaktrommet på"', municipality="Fauske") != []

    def test_a_phrase_of_small_words_is_one_too(self, fauske):
        """Small words are in no index, and these texts are in none; where they stand they are found and marked."""
        fauske.add_addition(
            "handhygiene", "1841", "framgangsmate", "practical-note", "Ring når du er inne.", by="ansvarlig.fauske"
        )

        (hit,) = fauske.search('"når du er"', municipality="Fauske").local

        assert [part.text for part in hit.snippet if part.hit] == ["når", "du", "er"]
        assert local(fauske, '"er du når"', municipality="Fauske") == []

    def test_slips_and_half_words_are_understood(self, fauske):
        """
        Whoever has gloves on misspells our own words too.

        But some hundred texts lack most words there are, so a known word is no slip for one that they have, nor is a number.
        """
        for words in ("nøklskapet", "nøkkelskapt", "nøkkelsk", "vaktromet"):
            (hit,) = fauske.search(words, mine="Fauske").local
            assert hit.matched_words == (words,)
            assert any(part.hit for part in hit.snippet)
            assert hit.score > 0
        for words in ("sprint", "vaktromet7"):
            assert local(fauske, words, municipality="Fauske") == [], words

    def test_conditions_narrow_them(self, fauske):
        """
        Who asks for what is not in use, or was in use then, is not shown what is in use now.
        """
        here, ours, theirs = {"municipality": "Fauske"}, {"mine": "Fauske"}, {"mine": "Beiarn"}

        def found(condition, where):
            return bool(local(fauske, f"nøkkelskap {condition}", **where))

        shown = [
            ("gjelder:ja", here), ("-kommune:beiarn", ours), ("kommune:beiarn kommune:fauske", ours),
            ("kommune:fauske", theirs), ("kommune:fauske", {}), ("gjelder:fauske", {}),
        ]  # fmt: skip
        hidden = [
            ("gjelder:nei", here), ("gjelder:1.1.2020", here), ("gjelder:nei", ours), ("-kommune:fauske", ours),
            ("kommune:beiarn", ours), ("kommune:fauske gjelder:1.1.2020", {}), ("kommune:fauske kommune:beiarn", {}),
        ]  # fmt: skip
        assert [one for one in shown if not found(*one)] == []
        assert [one for one in hidden if found(*one)] == []

    def test_a_condition_that_is_not_used_takes_nothing_away_and_one_that_is_keeps_what_it_leaves(self, fauske):
        """
        «Er ikke brukt» must be true of the local number too; and a routine that passes a condition passes with all that is its.
        """
        asked = ["tema:finnesikke", "tema:smittevern", "type:rutine", "tema:finnesikke type:rutine"]
        gone = ["type:plan", "-tema:smittevern", "tema:omsorg"]

        assert [one for one in asked if not local(fauske, f"nøkkelskap {one}", municipality="Fauske")] == []
        assert [one for one in gone if local(fauske, f"nøkkelskap {one}", municipality="Fauske")] == []


def test_the_text_that_is_about_the_word_is_among_those_looked_at():
    """
    Which ten of many are looked at closer must not follow from the alphabet.
    """
    texts = [LocalText(f"a{n:02}", "Les også om legevakt et sted.", heading="Annet") for n in range(11)]
    texts.append(LocalText("z", "Legevakt: ring legevakt.", heading="Legevakt"))
    written = [_Written.of(one) for one in texts]
    query = parse("legevakt")
    asked = AskedOfTexts.of(query, Meanings(), (one.keys for one in written))
    worths = [Worth("legevakt", 1.0, 1.0, {"legevakt": 1.0}, {}, {})]

    chosen = _likeliest(written, asked, worths)

    assert next(iter(chosen)) == "z"
    assert len(chosen) == 10


def test_local_information_is_found_by_its_name(any_library):
    """
    «Vakttelefon» is asked for more than any routine.
    """
    approve_with_everyone(
        any_library, a_routine("smitte", title="Smitte", required=["vakttelefon"], extra="Ring {{vakttelefon}}.")
    )
    any_library.set_local_information("smitte", "1841", {"vakttelefon": "75 60 00 00"}, by="ansvarlig.fauske")
    any_library.adopt("smitte", "1841", by="beslutter.fauske")

    (hit,) = any_library.search("vakttelefon", municipality="Fauske").local

    assert hit.kind == "local-information"
    assert "75 60 00 00" in "".join(part.text for part in hit.snippet)


@pytest.fixture
def with_phone(library):
    """A routine in use in Fauske, with a field whose key says less than what people read."""
    text = a_routine("smitte", title="Smitte", required=["vakttelefon"], extra="Ring {{vakttelefon}}.")
    text = text.replace(b"label: Vakttelefon", b"label: Nummeret til beredskapslegen").replace(*IN_WORDS)
    approve_with_everyone(library, text)
    library.set_local_information(
        "smitte", "1841", {"vakttelefon": "75 60 00 00, **hele** helga"}, by="ansvarlig.fauske"
    )
    library.adopt("smitte", "1841", by="beslutter.fauske")
    return library


@pytest.mark.parametrize("words", ["beredskapslege", "75 60 00 00", '"hele helga"', "helgen"])
def test_local_information_is_found_by_what_people_read(with_phone, words):
    """
    Nobody but whoever wrote the template knows the key. The label and what was filled in are what stands on the paper.
    """
    (hit,) = with_phone.search(words, municipality="Fauske").local

    assert "".join(part.text for part in hit.snippet) == "Nummeret til beredskapslegen: 75 60 00 00, hele helga"
    assert str(hit.version) == "1.0"


def told_plainly_and_by_document(library, words, routine="handhygiene"):
    """Give what answers in Fauske as the columns have it, and as the document does."""
    asked = {"day": library.today, "today": library.today, "routines": {routine}}
    beside_another_guarded = HiddenTexts(frozenset(), frozenset(), versions=frozenset({(routine, 9, 0)}))
    return tuple(
        library._parts.local_search.find(parse(words), "Fauske", hidden=hidden, **asked)
        for hidden in (HiddenTexts(frozenset(), frozenset()), beside_another_guarded)
    )


def test_what_was_filled_in_is_told_alike_with_and_without_a_document(with_phone):
    """
    Putting a document together takes half a second, so what needs none is told without; it must be the same.
    """
    for words in ("beredskapslege", "smitte telefon", "helga -beredskapslegen", "vakttelefon"):
        plainly, by_document = told_plainly_and_by_document(with_phone, words, "smitte")
        assert plainly == by_document, words


class TestAnAdditionIsToldAlikeWithAndWithoutADocument:
    """It is as with what is filled in: the document takes half a second to put together."""

    @pytest.fixture
    def with_three(self, library_with_routine):
        """Fauske has added something to two sections, in another order than they stand, and to the whole text."""
        library = with_key_cabinet(library_with_routine)
        library.add_addition(
            "handhygiene", "1841", "formal", "professional-addition", "Vaktrommet også, sier *fagdagen*.",
            by="beslutter.fauske", reason="Smitte i fjor.", source="Fagdagen 2025",
        )  # fmt: skip
        library.add_addition(
            "handhygiene", "1841", "", "practical-note", "Vaktrommet har spritdispenser.", by="ansvarlig.fauske"
        )
        return library

    def test_where_it_stands(self, with_three):
        for words in ("vaktrom", "spritdispenser fagdag", '"sier fagdagen" formål', "framgangsmåte nøkkelskap"):
            plainly, by_document = told_plainly_and_by_document(with_three, words)
            assert plainly == by_document != (), words
        assert {one.section_key for one in told_plainly_and_by_document(with_three, "vaktrom")[0]} == {
            "framgangsmate", "formal", "",
        }  # fmt: skip

    def test_after_its_section_got_another_heading(self, with_three):
        change_with_everyone(with_three, a_routine(sections=MOVED))
        plainly, by_document = told_plainly_and_by_document(with_three, "nøkkelskap")
        assert plainly == by_document
        assert [one.section_key for one in plainly] == ["framgangsmate"]

        with_three.adopt("handhygiene", "1841", by="beslutter.fauske")

        plainly, by_document = told_plainly_and_by_document(with_three, "nøkkelskap")
        assert plainly == by_document
        assert [one.section_key for one in plainly] == ["slik-gjor-vi"]

    def test_after_a_version_that_was_decided_on_before_it_was_written(self, with_three, clock):
        """
        Nobody has looked at the two together: its section is followed from the version that it was written beside.
        """
        change_with_everyone(with_three, a_routine(sections=MOVED))
        day = with_three.today + timedelta(days=7)
        with_three.adopt("handhygiene", "1841", from_on=day, by="beslutter.fauske")
        with_three.add_addition(
            "handhygiene", "1841", "framgangsmate", "practical-note", "Spritflasker i kjelleren.", by="ansvarlig.fauske"
        )
        clock.forward(days=8)

        plainly, by_document = told_plainly_and_by_document(with_three, "kjelleren")

        assert plainly == by_document
        assert [(one.section_key, str(one.version)) for one in plainly] == [("slik-gjor-vi", "1.1")]


class TestASharedTextThatIsFilledIn:
    """The number is what the nurse searches for, and the snippet is where she looks first."""

    def snippets(self, library, words, **where):
        return ["".join(part.text for part in hit.snippet) for hit in library.search(words, **where).result.hits]

    def test_is_shown_as_it_applies_where_one_works(self, with_phone):
        for where in ("municipality", "mine"):
            (shown,) = self.snippets(with_phone, "smitte", **{where: "Fauske"})
            assert shown.count("Ring 75 60 00 00, hele helga.") == 2
            assert "[" not in shown

    def test_keeps_the_name_that_was_asked_for(self, with_phone):
        (hit,) = with_phone.search("beredskapslegen", municipality="Fauske").result.hits

        assert "[Nummeret til beredskapslegen: 75 60 00 00, hele helga]" in "".join(part.text for part in hit.snippet)
        assert [part.text for part in hit.snippet if part.hit] == 2 * ["beredskapslegen"]

    def test_is_nobody_elses_and_of_no_other_day(self, with_phone):
        yesterday = (with_phone.today - timedelta(days=1)).isoformat()
        for words, where in (
            ("smitte", {}), ("smitte", {"mine": "Beiarn"}), (f"smitte gjelder:{yesterday}", {"mine": "Fauske"})
        ):  # fmt: skip
            assert all("75 60" not in shown for shown in self.snippets(with_phone, words, **where))
        assert "[Nummeret til beredskapslegen]" in self.snippets(with_phone, "smitte")[0]

    def test_is_not_shown_before_it_is_in_use(self, library):
        text = a_routine("smitte", title="Smitte", required=["kode"], extra="{{kode}}").replace(*IN_WORDS)
        approve_with_everyone(library, text)
        library.set_local_information("smitte", "1841", {"kode": "nittini"}, by="ansvarlig.fauske")

        assert "nittini" not in self.snippets(library, "smitte", mine="Fauske")[0]

    def test_stays_hidden_where_it_was_written_beside_an_exempt_text(self, library):
        told = {"title": "Skapet", "required": ["kode"], "extra": "{{kode}}"}
        approve_with_everyone(library, a_routine("skap", **told, access="exempt").replace(*IN_WORDS))
        library.set_local_information("skap", "1841", {"kode": "nittini"}, by="ansvarlig.fauske")
        library.adopt("skap", "1841", by="beslutter.fauske")
        change_with_everyone(
            library, a_routine("skap", **told).replace(*IN_WORDS), procedure="skap", by="medlem.saltdal"
        )

        for where in ("municipality", "mine"):
            assert all("nittini" not in one for one in self.snippets(library, "skapet", **{where: "Fauske"}))


def test_a_document_is_put_together_only_for_an_addition(with_phone, monkeypatch):
    """
    Most of what a municipality has written is telephone numbers, and somebody waits.
    """
    monkeypatch.setattr(with_phone._parts.local_search, "_documents", lambda: pytest.fail("asked for documents"))

    assert local(with_phone, "beredskapslege", municipality="Fauske") != []
    assert local(with_phone, "hengelås", municipality="Fauske") == []


def test_what_is_written_to_a_routine_that_is_not_in_use_yet_is_not_found(library):
    """
    A municipality writes first, and takes into use then. Whoever searches meanwhile gets the shared answers, and no error.
    """
    text = a_routine("smitte", title="Smitte", required=["kode"], extra="{{kode}}").replace(*IN_WORDS)
    approve_with_everyone(library, text)
    library.set_local_information("smitte", "1841", {"kode": "nittini"}, by="ansvarlig.fauske")
    library.add_addition("smitte", "1841", "", "practical-note", "Nittini bak døra.", by="ansvarlig.fauske")

    answer = library.search("nittini smitte", mine="Fauske")

    assert (answer.local, answer.result.total) == ((), 1)


def test_what_was_filled_in_beside_an_exempt_text_stays_hidden_beside_an_open_one(library):
    """
    The number was written for those who may read it, and becomes open only when Fauske takes the open text into use.
    """
    told = {"title": "Skapet", "required": ["kode"], "extra": "{{kode}}"}
    approve_with_everyone(library, a_routine("skap", **told, access="exempt").replace(*IN_WORDS))
    library.set_local_information("skap", "1841", {"kode": "nittini"}, by="ansvarlig.fauske")
    library.adopt("skap", "1841", by="beslutter.fauske")
    change_with_everyone(library, a_routine("skap", **told).replace(*IN_WORDS), procedure="skap", by="medlem.saltdal")

    for where in ("municipality", "mine"):
        assert local(library, "nittini", **{where: "Fauske"}) == []
        assert local(library, "nittini", **{where: "Fauske"}, reader="beslutter.fauske") != []


def test_an_addition_to_what_one_may_not_read_is_not_found(any_library):
    """
    What is exempt is to others as if it were not there, and so is what was added to it.
    """
    library = any_library
    approve_with_everyone(library, a_routine("skap", title="Skapet", access="exempt"))
    library.adopt("skap", "1841", by="beslutter.fauske")
    library.add_addition(
        "skap", "1841", "framgangsmate", "practical-note", "Koden henger i nittini.", by="ansvarlig.fauske"
    )

    assert local(library, "nittini", municipality="Fauske") == []
    assert local(library, "nittini", municipality="Fauske", reader="ansatt.fauske") == []
    assert local(library, "nittini", municipality="Fauske", reader="beslutter.fauske") != []


class TestBesideSharedSections:
    @pytest.fixture
    def with_shared(self, library_with_routine):
        """Fauske has said where its heart starter hangs; a shared routine mentions such things in passing."""
        library = library_with_routine
        approve_with_everyone(
            library,
            a_routine("utstyr", title="Utstyr", extra="Hjertestarter, båre og mye annet kontrolleres hvert år av leverandøren."),
        )  # fmt: skip
        for routine in ("handhygiene", "utstyr"):
            library.adopt(routine, "1841", by="beslutter.fauske")
        library.add_addition(
            "handhygiene", "1841", "framgangsmate", "practical-note", "Hjertestarter: ved resepsjonen.",
            by="ansvarlig.fauske",
        )  # fmt: skip
        return library

    def test_an_addition_that_answers_better_comes_first(self, with_shared):
        """
        Where our own heart starter hangs is the answer; that all of them are looked at each year is not.
        """
        answer = with_shared.search("hjertestarter resepsjonen", mine="Fauske")

        assert [one.procedure_id for one in answer.in_order] == ["handhygiene", "utstyr"]
        assert answer.in_order[0].score > answer.in_order[1].score > 0

    def test_an_addition_with_one_word_of_many_comes_after(self, with_shared):
        """
        A word in passing is no answer, whoever said it.
        """
        answer = with_shared.search("utstyr hjertestarter båre kontrolleres leverandøren", mine="Fauske")

        assert [one.procedure_id for one in answer.in_order] == ["utstyr", "handhygiene"]


class TestLabels:
    """Front matter is looked through by a pattern here, since to read it takes 20 ms; it must say what reading says."""

    def test_are_those_of_every_routine_that_is_shipped(self):
        """
        They are what people search for, and where what was filled in is put.
        """
        checked = 0
        for path in STARTER.rglob("*.md"):
            text = canonical(path.read_bytes(), path.stem)
            told = {one.key: one.label for one in read(text, path.stem).front.local_information}
            assert _labels(text) == told, path.name
            checked += len(told)

        assert checked > 20

    @pytest.mark.parametrize(
        "label",
        [
            "Telefon: vakt", "p'å natt", "X # internt", '"Sitat" er', "'x'", "- strek", "ja", "123", "null", "~", "{x}", "[y]",
            "100 %", "@hjem", "navn?", "bak\\strek", "langt " * 30,
        ],
    )  # fmt: skip
    def test_are_what_somebody_wrote_whatever_signs_it_has(self, label):
        """
        A label that is cut at a sign puts no number into the lines under a hit.
        """
        given = read(a_routine("smitte", required=["kode"]), "smitte")
        fields = tuple(replace(one, label=label.strip()) for one in given.front.local_information)
        text = canonical(unformatted(replace(given, front=replace(given.front, local_information=fields))), "smitte")

        assert _labels(text) == {"kode": label.strip()}
