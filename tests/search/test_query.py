"""What may be typed into the search box, and what it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.search.model import Applying, ApplyingFilter, Filter, FilterField
from samrutine.search.query import MOST_FILTERS, MOST_PHRASES, MOST_WORDS, parse
from tests.support.effort import times


def typed(words):
    return [word.typed for word in words]


class TestWords:
    def test_words_are_looked_for_by_what_they_are_forms_of(self):
        """People type what they would say."""
        query = parse("sykepleierne på vakt")

        assert typed(query.words) == ["sykepleierne", "vakt"]
        assert query.words[0].keys == ("sykepleier",)

    def test_a_question_is_understood_by_its_words(self):
        """«Hva gjør jeg ved vold?» is how a worried person asks."""
        query = parse("Hva gjør jeg ved vold?")

        assert typed(query.words) == ["vold"]
        assert query.ignored == ("hva", "gjør", "jeg", "ved")

    def test_a_word_said_twice_counts_once(self):
        """Saying it louder does not make it a better answer."""
        assert typed(parse("pasient Pasient pasienten").words) == ["pasient"]

    def test_nothing_typed_asks_for_nothing_and_leaves_nothing_out(self):
        """An empty box shows what there is; a box of small words does not."""
        assert not parse("   ").asks_for_words
        assert parse("   ").ignored == ()
        assert parse("hva er").ignored == ("hva", "er")


class TestPhrases:
    @pytest.mark.parametrize(
        "text", ['"mistanke om tuberkulose"', "«mistanke om tuberkulose»", "“mistanke om tuberkulose”"]
    )
    def test_quotation_marks_keep_words_together(self, text):
        """Norwegian quotation marks are not those of the keyboard."""
        (phrase,) = parse(text).phrases

        assert phrase.folded == ("mistanke", "om", "tuberkulose")
        assert typed(phrase.words) == ["mistanke", "tuberkulose"]

    def test_one_word_in_quotation_marks_is_that_word(self):
        """There is nothing to keep together."""
        query = parse('"tuberkulose"')

        assert query.phrases == ()
        assert typed(query.words) == ["tuberkulose"]

    def test_a_quotation_mark_left_open_reaches_to_the_end(self):
        """Half of what is typed on a phone is half typed."""
        (phrase,) = parse('"ring legevakt').phrases

        assert phrase.typed == "ring legevakt"


class TestLeavingOut:
    def test_a_minus_leaves_a_word_out(self):
        """«vold -barn» is about grown-ups."""
        query = parse("vold -barn")

        assert typed(query.words) == ["vold"]
        assert typed(query.excluded_words) == ["barn"]

    def test_a_minus_leaves_a_phrase_out(self):
        """The same, of words that belong together."""
        query = parse('bolig -"kommunal bolig"')

        assert [phrase.typed for phrase in query.excluded_phrases] == ["kommunal bolig"]

    @pytest.mark.parametrize("text", ["covid-19", "TB - program", "vold -", "-"])
    def test_a_hyphen_inside_or_alone_leaves_nothing_out(self, text):
        """A hyphen is mostly only a hyphen."""
        assert parse(text).excluded_words == ()


class TestFilters:
    @pytest.mark.parametrize(
        ("text", "field", "value"),
        [
            ("tema:smittevern", FilterField.SUBJECT, "smittevern"),
            ("Emne:Smittevern", FilterField.SUBJECT, "smittevern"),
            ('tema:"Psykisk helse"', FilterField.SUBJECT, "psykiskhelse"),
            ("nettverk:helsestasjon", FilterField.NETWORK, "helsestasjon"),
            ("type:sjekkliste", FilterField.KIND, "checklist"),
            ("type:checklist", FilterField.KIND, "checklist"),
            ("type:rollebeskrivelse", FilterField.KIND, "role-description"),
            ("språk:nynorsk", FilterField.LANGUAGE, "nn"),
            ("sprak:nb", FilterField.LANGUAGE, "nb"),
            ("målgruppe:helsesykepleier", FilterField.AUDIENCE, "helsesykepleier"),
        ],
    )
    def test_a_name_and_a_colon_narrow_the_search(self, text, field, value):
        """Each in bokmål, nynorsk or English, and with the words people see on the page."""
        query = parse(text)

        assert query.filters == (Filter(field, value),)
        assert not query.asks_for_words

    def test_a_minus_turns_a_filter_around(self):
        """«-type:plan» is everything but plans."""
        assert parse("-type:plan").filters == (Filter(FilterField.KIND, "plan", excluded=True),)

    @pytest.mark.parametrize(
        ("text", "field", "value"),
        [
            ("kommune:Fauske", Applying.MUNICIPALITY, "Fauske"),
            ("gjelder:ja", Applying.APPLIES, "ja"),
            ("gjeld:1.3.2026", Applying.APPLIES, "1.3.2026"),
            ('municipality:"Nordre Fjord"', Applying.MUNICIPALITY, "Nordre Fjord"),
        ],
    )
    def test_where_and_when_it_applies_is_kept_as_typed(self, text, field, value):
        """The index knows nothing of use, and what the words mean is asked of the library."""
        query = parse(text)

        assert query.applying == (ApplyingFilter(field, value),)
        assert query.filters == ()
        assert not query.asks_for_words

    @pytest.mark.parametrize(
        ("typed_name", "meant"), [("temma", "tema"), ("komune", "kommune"), ("nettverkk", "nettverk")]
    )
    def test_a_name_with_a_slip_is_a_word_and_is_said(self, typed_name, meant):
        """«temma:smittevern» looks like a condition, and would narrow nothing without a word."""
        query = parse(f"{typed_name}:smittevern")

        assert [(one.name, one.nearest) for one in query.not_understood] == [(typed_name, (meant,))]
        assert "smittevern" in typed(query.words)

    @pytest.mark.parametrize("text", ["kl 12:30", "ring:legevakt", "obs: farlig", "https://provevik.example"])
    def test_a_word_with_a_colon_is_no_slip(self, text):
        """A hint at every colon is a hint that nobody reads."""
        assert parse(text).not_understood == ()

    @pytest.mark.parametrize(
        ("text", "words"),
        [("kl 12:30", ["kl", "12", "30"]), ("ring:legevakt", ["ring", "legevakt"]), ("tema:", ["tema"])],
    )
    def test_a_colon_after_anything_else_is_only_a_colon(self, text, words):
        """A name we do not know must not make the search fail or find nothing."""
        query = parse(text)

        assert typed(query.words) == words
        assert query.filters == ()


HOSTILE = {
    "whoosh syntax": "title:(a OR b) AND NOT c* d? e~2 f^9 [a TO z] {x} /re/ \\",
    "only quotes": '"' * 10_000,
    "only minuses": "-" * 10_000,
    "only colons": "tema:" * 2_000,
    "one long word": "å" * 10_000,
    "one long compound": "tuberkulose" * 900,
    "many words": " ".join(f"ord{n}" for n in range(2_000)),
    "many phrases": '"a1 b2" ' * 1_250,
    "many filters": " ".join(f"tema:t{n}" for n in range(1_000)),
    "brackets": "(" * 10_000,
    "stars": "*" * 10_000,
    "nul and controls": "\x00\x01\x1e\x1f\u202e" * 2_000,
    "lone surrogates": "\ud800" * 10_000,
    "marks": "a" + "\u0301" * 9_999,
    "emoji": "👩‍⚕️" * 2_000,
}


class TestWhateverIsTyped:
    @pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
    def test_is_a_query_of_bounded_size(self, text):
        """The search box is open to everybody, and each word costs a walk through the index."""
        query = parse(text)

        assert len(query.words) + len(query.excluded_words) <= 2 * MOST_WORDS
        assert len(query.phrases) + len(query.excluded_phrases) <= 2 * MOST_PHRASES
        assert len(query.filters) <= MOST_FILTERS
        assert len(query.ignored) <= MOST_WORDS

    @pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
    def test_takes_time_in_proportion_to_its_length_and_no_more(self, text):
        """
        No text may keep the server busy; a pattern that tries again from each place would need minutes.
        """
        long = text * 20

        assert times(lambda: parse(long), lambda: parse("ord " * (len(long) // 4))) < 50

    @given(st.text(max_size=300))
    def test_is_never_refused(self, text):
        """There is no wrong search."""
        query = parse(text)

        assert all(word.keys for word in (*query.words, *query.excluded_words))

    def test_says_when_more_was_typed_than_is_looked_for(self):
        """Somebody who pastes a whole letter should know that only its beginning counted."""
        assert parse("vold " * 1_000).shortened
        assert parse(" ".join(f"ord{n}" for n in range(100))).shortened
        assert not parse("vold og trusler").shortened
