"""Whether a hit only mentions what was asked for: where the library has nothing on a subject, something else stands first."""

import pytest
from section_builders import a_section

from samrutine.networks.shared_library import Vocabulary
from samrutine.search.engine import Engine
from samrutine.search.meanings import Meanings
from samrutine.search.query import parse

VOCABULARY = Vocabulary(synonyms=(("fall", "ramle"),), abbreviations=(), pairs=(), old_words=(), ambiguities=())


@pytest.fixture
def in_passing(tmp_path):
    """Give how to ask whether the first hit only mentions it."""

    def ask(typed, text="I så fall avtaler rektor hvordan dere møtes.", **given):
        engine = Engine(tmp_path, meanings=lambda: Meanings.of(VOCABULARY))
        engine.rebuild([a_section("a", text, **given), a_section("b", "Mat serveres klokka to.")], 1)
        (hit, *_) = engine.search(parse(typed)).hits
        return hit.in_passing

    return ask


@pytest.mark.parametrize("typed", ["fall", "falle", "fall møte"])
def test_a_common_word_in_the_text_alone_is_only_mentioned(in_passing, typed):
    """
    «I så fall» is no routine about falls, and stands first all the same where there is none.
    """
    assert in_passing(typed)


@pytest.mark.parametrize(
    "given",
    [
        {"title": "Fall i hjemmet"}, {"heading": "Etter et fall"}, {"also_called": ("fall og brudd",)},
        {"title": "Fallforebygging"}, {"subjects": ("fall",)}, {"title": "Ramle"},
    ],
    ids=["title", "heading", "other name", "inside a compound", "subject", "what means the same"],
)  # fmt: skip
def test_a_routine_that_is_called_so_is_about_it(in_passing, given):
    """
    The sentence must not stand above the right answer.
    """
    assert not in_passing("fall", **given)


def test_a_rare_word_is_what_was_meant_wherever_it_stands(in_passing):
    """
    «Politiattest» in a list of what a new colleague brings is the answer.
    """
    assert not in_passing("politiattest", "Vis politiattest i så fall.")
    assert not in_passing("politiattest fall", "Vis politiattest i så fall.")


def test_a_phrase_is_asked_for_as_it_stands(in_passing):
    """
    Quotation marks say just what to look for.
    """
    assert not in_passing('"så fall"')


def test_nothing_asked_for_is_not_mentioned(in_passing):
    """
    A list of everything answers no question.
    """
    assert not in_passing("")
