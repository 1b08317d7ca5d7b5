"""Why a section was found for a word that it does not have, where it is, and what comes first."""

import pytest
from section_builders import a_section

from samrutine.networks.shared_library import Abbreviation, Ambiguity, LanguagePair, OldWord, Vocabulary
from samrutine.networks.shared_library import Meaning as Sense
from samrutine.procedures.model import Digest
from samrutine.search.engine import Engine
from samrutine.search.meanings import Meanings
from samrutine.search.model import TakenAs
from samrutine.search.query import parse

VOCABULARY = Vocabulary(
    synonyms=(("matematikk", "regning"),),
    abbreviations=(Abbreviation("TB", ("tuberkulose",)),),
    pairs=(LanguagePair("etternavn", ("slektsnamn",)),),
    old_words=(OldWord("helsesøster", "helsesykepleier", "", stop=False),),
    ambiguities=(
        Ambiguity(
            "vakt",
            (
                Sense("arbeidstid", "Når du arbeider.", ("turnus",)),
                Sense("lege på vakt", "Den du ringer.", ("legevakt",)),
            ),
        ),
    ),
)
TEXTS = {
    "mobbing": "Alle skal gripe inn mot mobbing på skolen.",
    "tuberkulose": "Mistanke om tuberkulose meldes.",
    "kontroll": "Helsesykepleieren kaller inn til kontroll.",
    "prove": "Prøven i regning leveres. Boka blir igjen.",
    "brev": "Skriv slektsnamn på brevet.",
    "vakt": "Ring brannvesenet først.",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    engine = Engine(tmp_path_factory.mktemp("why"), meanings=lambda: Meanings.of(VOCABULARY))
    engine.rebuild([a_section(procedure, text) for procedure, text in TEXTS.items()], 1)
    return engine


@pytest.mark.parametrize(
    ("typed", "shown", "how"),
    [
        ("mobing", "mobbing", TakenAs.SPELLING),
        ("TB", "tuberkulose", TakenAs.ABBREVIATION),
        ("helsesøster", "helsesykepleieren", TakenAs.OLD_WORD),
        ("matematikk", "regning", TakenAs.SYNONYM),
        ("etternavn", "slektsnamn", TakenAs.OTHER_LANGUAGE),
        ("brann", "brannvesenet", TakenAs.COMPOUND),
        ("tuberk", "tuberkulose", TakenAs.BEGUN),
        ("levering", "leveres", TakenAs.DERIVED),
    ],
)
def test_what_was_taken_for_a_word_is_said_as_it_stands_in_the_text(engine, typed, shown, how):
    """
    «Viser treff for mobbing» tells whoever typed something else that it was meant so, and how.
    """
    (hit, *_) = engine.search(parse(typed)).hits
    (taken,) = hit.why

    assert (taken.typed, taken.shown.lower(), taken.how) == (typed, shown, how)


@pytest.mark.parametrize("typed", ["mobbing", "helsesykepleierne", "skolene", "hjemmetjeneste"])
def test_a_word_that_is_there_is_not_explained(engine, typed):
    """
    Other forms of a word are the word.
    """
    (hit, *_) = engine.search(parse(typed)).hits

    assert hit.why == ()


def test_explains_only_what_is_missing(engine):
    """
    Of two words one may be there.
    """
    (hit, *_) = engine.search(parse("mobing skole")).hits

    assert [one.typed for one in hit.why] == ["mobing"]


def test_a_compound_is_explained_by_the_parts_it_was_found_by(engine):
    """
    The ways told are those that were rated by: a part counts by what it means too, and is no accident of spelling.
    """
    (hit, *_) = engine.search(parse("tuberkulosekontroll")).hits

    assert [(one.shown.lower(), one.how) for one in hit.why] == [("tuberkulose", TakenAs.COMPOUND)]
    by_meaning = next(hit for hit in engine.search(parse("matematikkbok")).hits if hit.procedure_id == "prove")
    assert [(one.shown, one.how) for one in by_meaning.why] == [("regning, boka", TakenAs.COMPOUND)]


class TestTheWordsOfAReason:
    @pytest.fixture
    def reasons(self, tmp_path):
        """Give how to ask why a section was found."""

        def ask(typed, text, vocabulary=VOCABULARY, **given):
            engine = Engine(tmp_path, meanings=lambda: Meanings.of(vocabulary))
            engine.rebuild([a_section("a", text, **given), a_section("b", "Mat serveres klokka to.")], 1)
            (hit, *_) = engine.search(parse(typed)).hits
            return [(one.shown, one.how) for one in hit.why]

        return ask

    RESCUE = Vocabulary(
        synonyms=(),
        abbreviations=(Abbreviation("HLR", ("hjerte-lungeredning",)),),
        pairs=(),
        old_words=(),
        ambiguities=(),
    )

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("Opplæring i hjerte- og lungeredning gis.", "hjerte- og lungeredning"),
            ("Hjerte- og lungeredning læres.", "hjerte- og lungeredning"),
            ("Hjertet er friskt. Det er lenge siden noen trengte lungeredning her.", "hjertet, lungeredning"),
        ],
    )
    def test_of_an_expression_are_as_they_stand_or_have_commas_between(self, reasons, text, shown):
        """
        «Hjerte lungeredning» is no Norwegian, and neither is a sentence's first letter in the midst of one.
        """
        assert reasons("HLR", text, self.RESCUE) == [(shown, TakenAs.ABBREVIATION)]

    def test_keep_the_letters_of_names(self, reasons):
        """
        A name is no word that began a sentence.
        """
        assert reasons("kompilo", "Compilo brukes.") == [("Compilo", TakenAs.SPELLING)]

    @pytest.mark.parametrize(
        ("given", "shown", "how"),
        [
            ({"title": "Tvangsvedtak"}, "tvangsvedtak", TakenAs.TITLE),
            ({"heading": "Om tvangsvedtak"}, "tvangsvedtak", TakenAs.HEADING),
            ({"also_called": ("vedtak", "vilkår for tvangsvedtak")}, "vilkår for tvangsvedtak", TakenAs.NAME),
        ],
    )
    def test_say_where_the_word_stands_when_the_text_has_it_not(self, reasons, given, shown, how):
        """
        A snippet without the word looks like a mistake, and the routine's other names are not shown.
        """
        assert reasons("tvangsvedtak", "Legen avgjør.", **given) == [(shown, how)]
        assert reasons("tvangsvedtak", "Legen avgjør om tvangsvedtak.", **given) == []

    def test_say_of_what_a_misspelt_word_means_that_it_is_not_spelt_like_it(self, tmp_path):
        """
        «Matemattikk: viser treff for regning (lignende stavemåte)» is untrue.
        """
        engine = Engine(tmp_path, meanings=lambda: Meanings.of(VOCABULARY))
        engine.rebuild([a_section("a", "Prøve i matematikk."), a_section("b", "Prøve i regning.")], 1)

        found = {hit.procedure_id: hit.why for hit in engine.search(parse("matemattikk")).hits}

        assert {name: [(one.shown, one.how) for one in why] for name, why in found.items()} == {
            "a": [("matematikk", TakenAs.SPELLING)], "b": [("regning", TakenAs.MEANT)],
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("typed", "text", "said"),
        [
            ("pasienten", "Pasient- og brukerombudet svarer.", []),
            ("e-postliste", "Se sjekklisten.", [("postliste", "sjekklisten")]),
            ("legge", "Vi la den bort.", []),
            ("planlegging", "Først la de en plan.", [("planlegging", "plan, la")]),
        ],
        ids=["the front of another word", "the first half of a word with a hyphen", "an irregular form", "and a part that is one"],
    )  # fmt: skip
    def test_are_true_of_words_in_pieces(self, tmp_path, typed, text, said):
        """
        «Pasienten»: viser treff for «pasient» (sammensatt ord) is nonsense, and no list has an «e» in it.
        """
        engine = Engine(tmp_path)
        engine.rebuild([a_section("a", text), a_section("b", "Mat serveres klokka to.")], 1)
        (hit, *_) = engine.search(parse(typed)).hits

        assert [(one.typed, one.shown) for one in hit.why] == said

    def test_say_of_a_word_that_stands_inside_another_that_it_does(self, reasons):
        """
        «Står i tittelen» is untrue of a title that has only a longer word.
        """
        routine = {"subjects": ("tuberkulose",), "title": "Tuberkulosekontrollprogram"}

        assert reasons("tuberkulose", "Legen avgjør.", **routine) == [("tuberkulosekontrollprogram", TakenAs.COMPOUND)]
        assert reasons("tuberkulose", "Legen avgjør.", **routine, heading="Tuberkulose") == [
            ("tuberkulose", TakenAs.HEADING)
        ]


def test_meanings_keep_what_they_are_when_they_are_kept(engine):
    """
    They lie in a file beside the index, and a search reads them from there.
    """
    meanings = Meanings.of(VOCABULARY)

    kept = Meanings.unpacked(meanings.packed())

    assert kept.packed() == meanings.packed()
    assert {one.how for one in kept.of_word(("tb",))} == {TakenAs.ABBREVIATION}
    assert kept.several(parse("vakt")) == meanings.several(parse("vakt")) != ()


@pytest.mark.parametrize(
    ("typed", "asked"),
    [("vakt", ["vakt"]), ("Vaktene i ferien", ["Vaktene"]), ("vakt turnus", []), ("legevakt", []), ("mobbing", [])],
)
def test_a_word_that_means_two_things_is_asked_about(typed, asked):
    """
    Unless another word of the query tells which, or it is another word.
    """
    several = Meanings.of(VOCABULARY).several(parse(typed))

    assert [one.typed for one in several] == asked
    assert {sense.label for one in several for sense in one.senses} <= {"arbeidstid", "lege på vakt"}


def test_a_hit_leads_to_its_section(engine):
    """
    Whoever clicks wants the paragraph, and not the top of ten pages.
    """
    (hit, *_) = engine.search(parse("mobbing")).hits

    assert hit.link == "mobbing/1.0#framgangsmåte"


@pytest.mark.parametrize(
    ("typed", "lacking"),
    [
        ("alarm batteri", {"both": (), "alarm": ("batteri",)}),
        ("alarm hygiene batteri døra", {"both": (), "alarm": ()}),
        ("alarm batteriene", {"both": (), "alarm": ("batteriene",)}),
        ("alarm gardasil", {"both": ("gardasil",), "alarm": ("gardasil",), "third": ("gardasil",)}),
        ("alarm", {"both": (), "alarm": (), "third": ()}),
    ],
)
def test_a_hit_tells_that_it_lacks_what_tells_most(tmp_path, typed, lacking):
    """
    It answers half the question. Of a long one, a word more or less says little.
    """
    engine = Engine(tmp_path)
    engine.rebuild(
        [
            a_section("both", "Alarm med batteri og hygiene."), a_section("alarm", "Alarm ved døra. Hygiene."),
            a_section("third", "En alarm til."), a_section("other", "Mat serveres klokka to."),
        ],
        1,
    )  # fmt: skip

    found = {hit.procedure_id: hit.lacking for hit in engine.search(parse(typed)).hits}

    assert {name: found[name] for name in lacking} == lacking


class TestWhatComesFirst:
    def test_is_what_answers_well_and_is_wanted_first(self, tmp_path):
        """
        Her own municipality's routine is the one that binds her.
        """
        engine = Engine(tmp_path)
        engine.rebuild([a_section("best", "Vold. Vold."), a_section("ours", "Vold på en lang dag med mye annet.")], 1)

        plain = engine.search(parse("vold")).hits
        ours = engine.search(parse("vold"), first={Digest("1:ours-1.0")}).hits

        assert [hit.procedure_id for hit in plain] == ["best", "ours"]
        assert [hit.procedure_id for hit in ours] == ["ours", "best"]

    def test_is_not_what_is_beside_the_point(self, tmp_path):
        """
        One word of four, in a routine about something else, helps nobody.
        """
        engine = Engine(tmp_path)
        engine.rebuild(
            [
                a_section("best", "Tuberkulose meldes til kommuneoverlegen straks.", title="Tuberkulose"),
                a_section("ours", "Nøkler meldes savnet.", title="Nøkler"),
            ],
            1,
        )

        found = engine.search(parse("tuberkulose meldes kommuneoverlegen straks"), first={Digest("1:ours-1.0")}).hits

        assert found[0].procedure_id == "best"


def test_what_only_means_a_part_of_a_compound_is_not_found(tmp_path):
    """
    Whoever asks for a «trygghetsalarm» must not be shown seven routines that say «sikkerhet», as if there were one about it.
    """
    words = Vocabulary((("trygghet", "sikkerhet"),), (), (), (), ())
    texts = {"vold": "Sørg for sikkerhet først.", "brev": "Skriv navnet på brevet.", "brann": "Ring brannvesenet."}
    engine = Engine(tmp_path, meanings=lambda: Meanings.of(words))

    def found(**more):
        engine.rebuild([a_section(name, text) for name, text in {**texts, **more}.items()], 1)
        return [hit.procedure_id for hit in engine.search(parse("trygghetsalarm")).hits]

    assert found() == []
    assert found(alarm="Prøv alarmen og sikkerheten hver uke.") == ["alarm"]
    assert found(rom="Gi trygghet.") == ["rom"]
