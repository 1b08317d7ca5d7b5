"""Whose name a record may not hold: looked for as the verbs do, and not where a number is only a number."""

import json

import pytest

from samrutine.projections.checks.people import Names


class _Known:
    """Stands for a database with three people, of whom two sign in with a number."""

    def exec(self, _query):
        return self

    def all(self):
        return [("1841", "Navn Navnesen", None), ("54", "Annen Annesen", "a@b.example"), ("kari.n", "Kari", None)]


def a_record(**facts):
    return json.dumps({"number": 54, "body": "municipality:1841", "facts": facts})


@pytest.mark.parametrize(
    "facts",
    [{"municipality": "1841", "places": 54}, {"case": "54/1841"}, {"position": "Kommunalsjef 541"}, {"position": None}],
)
def test_a_number_is_nobody(facts):
    """
    Who signs in as 1841 would make every decision of Fauske a fault for ever, with no remedy.
    """
    assert not Names(_Known()).stands_in(a_record(**facts))


@pytest.mark.parametrize(
    "facts",
    [
        {"position": "Kommunalsjef 54"},
        {"position": "Annen Annesen"},
        {"case": "kari.n"},
        {"municipality": "a@b.example"},
    ],
)
def test_somebody_is_named_wherever_they_stand(facts):
    """
    The register is for ever, and others have copies.
    """
    assert Names(_Known()).stands_in(a_record(**facts))
