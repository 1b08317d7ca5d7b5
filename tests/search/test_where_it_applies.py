"""`kommune:` and `gjelder:` in the words of a search, on both databases."""

from datetime import date, timedelta

import pytest

from samrutine.errors import MunicipalityNotFound
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import SECTIONS, a_routine


def found(library, words, **given):
    return [hit.procedure_id for hit in library.search(words, **given).result.hits]


@pytest.fixture
def adopted(any_library_with_routine):
    """`handhygiene` is in use in Fauske, and nowhere else."""
    any_library_with_routine.adopt("handhygiene", "1841", by="beslutter.fauske")
    return any_library_with_routine


APPLIES = {
    "hendene kommune:Fauske": True,
    "hendene kommune:1841": True,
    "hendene kommune:beiarn": False,
    "hendene kommune:beiarn kommune:fauske": True,
    "hendene -kommune:fauske": False,
    "hendene -kommune:beiarn": True,
    "hendene gjelder:ja": True,
    "hendene gjelder:nei": False,
    "hendene gjelder:fauske": True,
    "hendene gjelder:1.1.2020": False,
    "hendene gjelder:nei kommune:beiarn": True,
    "kommune:fauske": True,
}


def test_narrow_the_search_to_what_applies(adopted):
    """
    The question of a nurse who works in two municipalities, typed where she types the rest.
    """
    due = {words: ["handhygiene"] if is_found else [] for words, is_found in APPLIES.items()}

    assert {words: found(adopted, words) for words in due} == due


def test_say_what_answers_as_well_and_is_not_in_use_there(library_with_routine):
    """
    A nurse who sees only other hits believes that nobody has written the routine that her own municipality does not use.

    What answers less well is no news; without a municipality all is shown anyhow.
    """
    library = library_with_routine
    for procedure, title, purpose in (
        ("alarm", "Alarm", "Alarm som ansatte bærer."), ("vakt", "Vaktliste", "Hvem som bærer alarm om natten.")
    ):  # fmt: skip
        text = a_routine(procedure, title=title, sections={**SECTIONS, "Formål": purpose})
        approve_with_everyone(library, text)
    library.adopt("vakt", "1841", by="beslutter.fauske")
    library.adopt("alarm", "1839", by="beslutter.beiarn")

    def unused(words, **where):
        return [hit.title for hit in library.search(words, **where).not_in_use]

    assert unused("alarm", municipality="Fauske") == ["Alarm"]
    assert unused("alarm kommune:fauske") == ["Alarm"]
    assert unused("alarm", municipality="Fauske", limit=1) == ["Alarm"]
    assert unused("alarm -kommune:beiarn", municipality="Fauske") == []
    for words, where in (
        ("alarm", "Beiarn"), ("vaktliste alarm", "Fauske"), ("alarm gjelder:nei", "Fauske"), ("kommune:fauske", "Fauske"),
        ("alarm", None),
    ):  # fmt: skip
        assert unused(words, municipality=where) == [], (words, where)


def test_narrow_what_a_municipality_is_searched_for_further(adopted):
    """
    The page of a municipality has the box too, and there «gjelder:nei» is what one has not taken into use.
    """
    assert found(adopted, "hendene kommune:beiarn", municipality="Fauske") == []
    assert found(adopted, "hendene gjelder:nei", municipality="Fauske") == []
    assert found(adopted, "hendene gjelder:nei", municipality="Beiarn") == ["handhygiene"]
    assert found(adopted, "hendene gjelder:ja", municipality="Fauske") == ["handhygiene"]


def test_find_what_applies_here_too_in_the_version_that_applies_here(library_with_routine):
    """
    Beiarn has taken the new version into use and Fauske has not: the routine is in use in both, and here in the old one.
    """
    library = library_with_routine
    library.adopt("handhygiene", "1841", by="beslutter.fauske")
    change_with_everyone(library, a_routine(extra="Nytt avsnitt."), by="medlem.saltdal")
    library.adopt("handhygiene", "1839", by="beslutter.beiarn")

    def versions(words, **given):
        return [str(hit.version) for hit in library.search(words, **given).result.hits]

    newest = versions("hendene kommune:fauske kommune:beiarn")
    assert newest == versions("hendene kommune:beiarn") != ["1.0"]
    for words in ("kommune:beiarn", "kommune:fauske kommune:beiarn"):
        assert versions(f"hendene {words}", municipality="Fauske") == ["1.0"]
    assert versions("hendene kommune:fauske kommune:beiarn", mine="Fauske") == ["1.0"]
    assert versions("hendene gjelder:ja", mine="Fauske") == ["1.0"]
    assert versions("hendene kommune:beiarn", mine="Fauske") == newest


def test_name_the_municipality_in_the_answer(adopted):
    """
    The page says where what it shows applies, however that was asked.
    """
    assert adopted.search("kommune:fauske").municipality == "Fauske"
    ended = adopted.search("gjelder:nei", municipality="Beiarn")
    assert (ended.municipality, ended.applies) == ("Beiarn", False)
    asked = adopted.search("gjelder:nei kommune:beiarn")
    assert (asked.municipality, asked.applies) == ("Beiarn", False)
    assert adopted.search("kommune:fauske").day is None
    assert adopted.search("kommune:fauske gjelder:1.1.2020").day == date(2020, 1, 1)


def test_follow_the_day(adopted):
    """
    What applies from tomorrow does not apply today.
    """
    adopted.adopt("handhygiene", "1839", from_on=adopted.today + timedelta(days=5), by="beslutter.beiarn")
    later = (adopted.today + timedelta(days=6)).isoformat()

    assert found(adopted, "hendene kommune:beiarn") == []
    assert found(adopted, f"hendene kommune:beiarn gjelder:{later}") == ["handhygiene"]


STRANGE = {
    "hendene kommune:fuske": ("kommune", "Fauske"),
    "hendene tema:smitvern": ("tema", "Smittevern"),
    "hendene type:sjekliste": ("type", "sjekkliste"),
    "hendene nettverk:smitvern": ("nettverk", "Fagnettverk for smittevern"),
    "hendene gjelder:kanskje": ("gjelder", None),
}


def test_a_value_that_is_unknown_is_said_and_narrows_nothing(adopted):
    """
    Anything typed is a valid query, and a slip of the hand must not look like a missing routine.
    """
    told = {}
    for words, (_, nearest) in STRANGE.items():
        answer = adopted.search(words)
        (strange,) = answer.not_understood
        told[words] = (strange.name, strange.nearest[0] if nearest else None)
        assert answer.result.total == 1, words

    assert told == STRANGE


def test_the_choice_of_a_page_is_still_refused_when_it_is_unknown(adopted):
    """
    A program that asks for a municipality that is not there has a fault, and is told.
    """
    with pytest.raises(MunicipalityNotFound):
        adopted.search("hendene", municipality="Oslo")


def test_completion_knows_the_library(adopted):
    """
    Subjects, networks and municipalities are those that are settled.
    """
    assert [one.text for one in adopted.complete("hendene kommune:fau")] == ["Fauske"]
    assert "Smittevern" in [one.text for one in adopted.complete("tema:smitte")]


class TestMine:
    def test_comes_first_and_is_said_to_apply(self, adopted):
        """
        «Gjelder hos meg» must not hide what is not yet in use.
        """
        in_use, elsewhere = (adopted.search("hendene", mine=where) for where in ("Fauske", "Beiarn"))

        assert in_use.mine == "Fauske"
        assert in_use.in_force_in_mine == {hit.version_digest for hit in in_use.result.hits}
        assert elsewhere.result.total == 1
        assert elsewhere.in_force_in_mine == frozenset()

    def test_is_found_in_the_version_that_applies_there(self, adopted):
        """
        The network's newest words bind nobody in Fauske until Fauske says so.
        """
        change_with_everyone(adopted, a_routine(extra="Nytt avsnitt."), by="medlem.saltdal")

        ours, newest = (adopted.search("hendene", mine=where).result.hits[0] for where in ("Fauske", "Beiarn"))

        assert str(ours.version) == "1.0"
        assert newest.version > ours.version
