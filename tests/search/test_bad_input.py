"""Whatever is typed: an answer in the normal time, plain text only, and never a fault."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nasty import NASTY
from section_builders import a_section

from samrutine.search.engine import Engine
from samrutine.search.model import Filter, FilterField
from samrutine.search.query import parse
from tests.support.effort import times

TEXTS = {
    "vold": "Ved **vold** og trusler: <b>ring</b> 112. <script>alert(1)</script>",
    "barn": "Meld fra om barn på skole. {{vakt}} & mer.",
    "plan": "Planen gjelder ord1 og ord2, rutine for melding.",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    engine = Engine(tmp_path_factory.mktemp("nasty"))
    engine.rebuild([a_section(procedure, text) for procedure, text in TEXTS.items()], 1)
    return engine


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
class TestWhateverIsTyped:
    def test_is_answered(self, engine, text):
        """
        A worried person who pastes a whole e-mail must not meet a fault.
        """
        result = engine.search(parse(text), limit=5)

        assert result.total >= len(result.hits)
        assert all(hit.procedure_id in TEXTS for hit in result.hits)

    def test_is_shown_as_parts_of_the_text_and_never_as_markup(self, engine, text):
        """
        A page escapes what it is given. What was typed comes into no snippet, so that nobody can put anything there.
        """
        for hit in engine.search(parse(text)).hits:
            shown = "".join(part.text for part in hit.snippet).replace("… ", "").replace(" …", "")
            plain = TEXTS[hit.procedure_id].replace("**", "").replace("{{", "[").replace("}}", "]")
            assert shown in plain
            every = f"{plain} {hit.title} {hit.heading}".lower()
            assert all(word in every for one in hit.why for word in one.shown.lower().split(", "))

    def test_is_answered_in_the_normal_time(self, engine, text):
        """
        Nothing that one person types may make others wait.
        """
        full = parse(" ".join(f"vold{n} trussel{n}" for n in range(12)))
        engine.search(full)

        assert times(lambda: engine.search(parse(text)), lambda: engine.search(full)) < 25


@given(st.text(max_size=120))
@settings(max_examples=60)
def test_any_text_is_answered(engine, text):
    """
    What a list forgets, chance finds.
    """
    assert engine.search(parse(text)).total <= len(TEXTS)


@pytest.mark.parametrize("value", ["", "*", "\x1f", "\ud800", "a" * 10_000, "' OR 1=1"])
@pytest.mark.parametrize("field", list(FilterField))
def test_a_condition_with_any_value_is_answered(engine, field, value):
    """
    A saved search may hold what was once a subject.
    """
    assert engine.search(parse("vold"), filters=(Filter(field, value),)).total == 0


@pytest.mark.parametrize("limit", [-1, 0, 10**9])
def test_any_limit_is_answered(engine, limit):
    """
    A page that counts wrong shows fewer, and no fault.
    """
    assert len(engine.search(parse("vold"), limit=limit).hits) <= 3


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_whatever_is_typed_is_answered_for_a_municipality_too(nasty_library, text):
    """
    The whole way through the library, where conditions are asked of the database.
    """
    answer = nasty_library.search(text, mine="Fauske")

    assert answer.result.total <= 1
    assert all(len(one.value) <= 60 and one.value.isprintable() for one in answer.not_understood)
    assert all(one.isprintable() for one in answer.query.ignored)


@pytest.fixture(scope="module")
def nasty_library(sqlite_templates, tmp_path_factory):
    home = sqlite_templates.copied_to(tmp_path_factory.mktemp("nasty") / "home", "routine")
    with home.opened() as library:
        yield library
