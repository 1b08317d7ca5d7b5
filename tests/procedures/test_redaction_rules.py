"""The rules of taking words away for good, and the notice that stands in their place."""

from datetime import date

import pytest

from samrutine.procedures.redaction_rules import (
    AdditionStands,
    FileStands,
    Lies,
    OpenProposalRests,
    Place,
    Standing,
    StillInForce,
    StillNewest,
    file_notice,
    notice,
    reasons_against_redacting,
    renamed_keys,
)
from samrutine.procedures.text import canonical, read
from tests.support.texts import a_routine

ON = date(2026, 11, 22)


class TestWhatMustBeDoneFirst:
    @pytest.mark.parametrize(
        ("now", "reason"),
        [
            (Standing(heads=["a"]), StillNewest("a")),
            (Standing(in_force=[("a", "Prøvevik")]), StillInForce("a", "Prøvevik")),
            (Standing(additions=["t-1.1"]), AdditionStands("t-1.1")),
            (Standing(files=["subjects.toml"]), FileStands("subjects.toml")),
            (Standing(proposals=["f-1"]), OpenProposalRests("f-1")),
        ],
    )
    def test_nobody_may_meet_a_notice_where_a_routine_should_be(self, now, reason):
        """
        Redaction is no way of changing a routine: whoever looks it up must find one.
        """
        assert reasons_against_redacting(now) == [reason]

    def test_what_nobody_reads_as_a_routine_may_go(self):
        """
        An old version that a newer one replaced everywhere.
        """
        assert reasons_against_redacting(Standing()) == []


class TestTheNotice:
    def test_says_when_and_by_which_decision_and_nothing_of_what_was_written(self):
        """
        A title, a role, a source or a label may be what had to go.
        """
        front = read(a_routine(title="Fru Oppdiktet", required=("vakttelefon",)), "").front

        written = notice(44, ON, front)

        assert b"22.11.2026" in written
        assert b"44" in written
        for gone in ("Oppdiktet", "avdelingsleder", "Prøvevik", "vakttelefon", "smittevernloven"):
            assert gone.encode() not in written

    @pytest.mark.parametrize("access", ["open", "internal", "exempt"])
    def test_of_a_version_is_read_as_a_text_of_the_same_class(self, access):
        """
        Every reader of versions must be able to read it, and nobody gets to see more for it.
        """
        front = read(a_routine(access=access), "").front

        written = notice(44, ON, front)

        kept = read(written, "").front
        assert canonical(written, "") == written
        assert (kept.id, kept.access, kept.network, kept.decision_level) == (
            front.id, front.access, front.network, front.decision_level,
        )  # fmt: skip

    def test_of_a_library_file_is_a_comment(self):
        """
        A settled file is TOML, and must still be read as that.
        """
        import tomllib

        assert tomllib.loads(file_notice(44, ON).decode()) == {}


def test_keys_made_of_headings_go_but_those_that_a_decision_names():
    """
    A heading may be a name, and its key is made of it; one that an addition is tied to stands in the chain for ever.
    """
    assert renamed_keys(["formal", "ansvar"], frozenset({"ansvar"})) == {"formal": "tatt-bort-1", "ansvar": "ansvar"}


def test_a_person_must_look_at_what_cannot_be_reached():
    """
    Whoever redacts must not believe that others' copies went too.
    """
    assert [one.is_cleared for one in (Place(Lies.VERSION, "a"), Place(Lies.BACKUPS, "–"))] == [True, False]
