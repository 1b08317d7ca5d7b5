"""What the library holds about one person: all of it, and for nobody but them and the editor."""

import json

import pytest
from sqlmodel import SQLModel

from samrutine.errors import NotAllowed
from samrutine.networks.own_data import NOT_GIVEN, PLACES
from samrutine.storage.sql import Database  # noqa: F401  with it every table is known
from tests.support.homes import name_of
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import SECTIONS, a_routine

KEPT_OTHERWISE = {
    "actor.person_id",  # the person's own row is given as "person"
    "version.approved_by",  # a network
    "procedure.replaced_by",  # a routine
    "proposal.replaced_by",
}


def columns_about_people():
    """Give every column that may hold an actor or a person: by its name, or by what it refers to."""
    for table in SQLModel.metadata.tables.values():
        for column in table.columns:
            refers = {key.column.table.name for key in column.foreign_keys} & {"actor", "person"}
            named = any(part in column.name for part in ("actor", "person")) or column.name.endswith("_by")
            if refers or named:
                yield f"{table.name}.{column.name}"


class TestOwnData:
    def test_everything_somebody_did_is_there_under_its_name(self, any_library):
        """
        A nurse asks what you know about me, and gets all of it in one file.
        """
        library = any_library
        approve_with_everyone(library, a_routine())
        library.delegate(
            "leder", "1841", "unit-leader", "enhetsleder", reference="delegasjonsreglementet § 4", by="redaktor"
        )

        found = library.own_data("leder", by="leder")

        assert found["person"]["name"] == name_of("leder")
        assert [one["kind"] for one in found["decisions"]] == ["approval_given"]
        assert {one["role"] for one in found["roles"]} == {"employee", "leader", "decider"}
        assert [one["reference"] for one in found["delegations"]] == ["delegasjonsreglementet § 4"]
        assert len(found["approvals"]) == 1
        assert json.loads(json.dumps(found)) == found

    def test_a_draft_is_given_in_its_own_words(self, any_library):
        """
        What somebody wrote is theirs, whether or not it became anything.
        """
        library = any_library
        library.propose(a_routine(), by="skribent")

        (draft,) = library.own_data("skribent", by="redaktor")["proposals"]

        assert draft["title"] in draft["text"]

    def test_an_own_reason_goes_with_the_decision(self, any_library_with_routine):
        """
        The reason somebody wrote is personal data of theirs too.
        """
        library = any_library_with_routine
        library.decline("handhygiene", "fauske", reason="Har egen.", by="beslutter.fauske")

        (made,) = library.own_data("beslutter.fauske", by="beslutter.fauske")["decisions"]

        assert made["texts"] == {"reason": "Har egen."}

    def test_exempt_words_of_others_in_an_own_draft_are_not_given(self, any_library_with_routine):
        """
        Having written the rest does not open them; that the draft is there, and since when, is the author's to know.
        """
        library = any_library_with_routine
        draft = library.propose(
            a_routine(extra="Bruk krem."), changes="handhygiene", meaning="Mer.", by="ansatt.fauske"
        )
        secret = {**SECTIONS, "Avvik": "Nøkkelen ligger i nittini."}
        change_with_everyone(library, a_routine(access="exempt", sections=secret), by="medlem.saltdal")
        made = library.refresh(draft.proposal, read_digest=draft.digest, by="leder")

        found = library.own_data("ansatt.fauske", by="redaktor")

        assert found["proposals"][0]["id"] == draft.proposal
        said = json.dumps(found, ensure_ascii=False)
        assert not [one for one in ("nittini", "Håndhygiene", made.digest) if one in said]

    @pytest.mark.parametrize("by", ["ansatt.fauske", "ansvarlig.fauske", "leder"])
    def test_of_another_is_for_the_editor_alone(self, library, by):
        """
        A superior may not see what an employee said is wrong.
        """
        with pytest.raises(NotAllowed):
            library.own_data("skribent", by=by)

    def test_nothing_of_anybody_else_is_there(self, any_library_with_routine):
        """
        One person's right is no window on the others.
        """
        library = any_library_with_routine

        found = json.dumps(library.own_data("medlem.beiarn", by="medlem.beiarn"))

        others = [one for one in library.people() if one.login != "medlem.beiarn"]
        assert not [one.login for one in others if one.name in found]

    def test_every_column_that_may_hold_somebody_is_covered(self):
        """
        A table added next year must not hold what nobody is told of.
        """
        assert set(columns_about_people()) == {*PLACES.values(), *KEPT_OTHERWISE}

    def test_what_lets_another_answer_in_somebodys_name_is_left_out(self):
        """
        A file of one's own data is mailed and printed.
        """
        assert "secret_hash" in NOT_GIVEN
