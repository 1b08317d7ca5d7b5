"""Finding where some letters stand, and which decisions deleted something."""

from datetime import timedelta

import pytest
from sqlmodel import SQLModel

from samrutine.errors import InvalidRequest, NotAllowed
from samrutine.procedures.traces import copies_in
from tests.support.texts import a_routine

NAME = "Oppdiktet Pasientsen"


class TestTraces:
    def test_finds_a_name_wherever_somebody_may_have_written_it(self, any_library_with_routine):
        """
        Whoever cleans up must know every place, and not only the one they were told of.
        """
        library = any_library_with_routine
        library.propose(a_routine("kladd", title="Kladd", extra=f"Spør {NAME}."), by="skribent")
        library.give_feedback("handhygiene", f"Det gjelder {NAME}.", by="ansatt.fauske")
        library.wish(f"Hva gjør vi med {NAME}?", by="ansatt.fauske")
        library.decline("handhygiene", "meloy", reason=f"{NAME} vil ikke.", by="beslutter.meloy")

        found = library.traces(NAME.upper(), by="redaktor")

        assert {one.lies for one in found} == {"draft", "feedback", "wish", "decision-text"}
        assert all(one.digest is None for one in found)

    def test_gives_the_digest_of_what_can_be_redacted(self, library_with_routine):
        """
        What stands in a version is taken away by its digest.
        """
        found = library_with_routine.traces("tørk dem GODT", by="redaktor")

        version = next(one for one in found if one.lies == "version")
        assert (version.what, version.digest) == (
            "handhygiene 1.0", library_with_routine.versions("handhygiene")[0].digest,
        )  # fmt: skip

    def test_is_for_the_editor_and_needs_something_to_look_for(self, library_with_routine):
        """
        It reads every draft there is; and nothing at all stands everywhere.
        """
        with pytest.raises(NotAllowed):
            library_with_routine.traces(NAME, by="leder")
        with pytest.raises(InvalidRequest):
            library_with_routine.traces("  ", by="redaktor")

    def test_finds_what_stands_in_a_decision_for_ever_and_says_so(self, library_with_routine):
        """
        A position that is somebody's name stands in the chain and in git. «Nowhere» would be a lie.
        """
        library = library_with_routine
        made = library.delegate("skribent", "1841", "unit-leader", "Hverdagslig sin stedfortreder", by="redaktor")

        found = {(one.lies, one.what.partition(" ")[0]) for one in library.traces("hverdagslig", by="redaktor")}

        assert found == {("chain", str(made.number)), ("copy", "delegation.position")}

    def test_looks_through_every_column_that_may_hold_letters(self):
        """
        One that is added next year is looked through too, unless somebody says that it holds none of anybody's.
        """
        looked_at = {
            f"{table.name}.{one.name}" for table in SQLModel.metadata.sorted_tables for one in copies_in(table)
        }

        assert looked_at >= {
            "delegation.position", "delegation.reference", "in_force.position", "standing_decision.position", "version.meaning",
            "proposal.meaning", "adoption.own_link", "hearing_party.name", "publication_target.name",
            "publication_target.location", "dead_letter.error", "outbox_position.last_error", "publication.detail",
        }  # fmt: skip
        assert not {one for one in looked_at if one.endswith(("_id", ".id", "digest", ".state"))}


class TestErased:
    def test_lists_what_was_deleted_since(self, any_library_with_routine, clock):
        """
        A backup from before still has it, so whoever restores one must do these again.
        """
        library = any_library_with_routine
        reason = library.decline("handhygiene", "meloy", reason="Skriv.", by="beslutter.meloy").number
        text = library.erase_text(reason, reason="Ba om det.", by="redaktor")
        clock.forward(days=1)
        person = library.erase_person("skribent", reason="Sluttet.", by="redaktor")

        assert [one.kind for one in library.erased(by="redaktor")] == ["text_erased", "person_erased"]
        assert [one.number for one in library.erased(by="redaktor", since=text.number)] == [person.number]
        assert [one.number for one in library.erased(by="redaktor", since=library.today)] == [person.number]
        assert library.erased(by="redaktor", since=library.today + timedelta(days=1)) == []
        with pytest.raises(NotAllowed):
            library.erased(by="leder")
