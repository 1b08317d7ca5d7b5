"""Many answers at once: one signed list, a decision for each row, all of them or none."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from samrutine.adoptions.additions import AdditionsUnanswered, Edit
from samrutine.adoptions.answers import ListRow, TwiceInList
from samrutine.adoptions.model import AdoptionState
from samrutine.errors import DecisionIdReused, InvalidRequest, ListRefused, NotAllowed, Refused, VersionNotFound
from samrutine.storage.rows import DecisionRow, NotificationRow, WaitingRow
from tests.support.git import git
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import NATIONAL_ID, SECTIONS, a_routine
from tests.test_leaks import statements

DAY = timedelta(days=1)
OWN = "https://kvalitet.provevik.example/handvask"
BY = "beslutter.fauske"


def with_more(library, *names, **how):
    """Have the network approve some more routines."""
    for name in names:
        approve_with_everyone(library, a_routine(name, title=name.capitalize(), **how))
    return library


def everything(library):
    """A list with each of the answers."""
    with_more(library, "utsatt", "nei", "uaktuell", "egen", "slutt")
    library.adopt("slutt", "Fauske", by=BY)
    return [
        ListRow("handhygiene", "in-use", version="1.0"),
        ListRow("utsatt", "deferred", until=library.today + 30 * DAY, reason="Vent på opplæring."),
        ListRow("nei", "declined", reason="Vi har ikke slik tjeneste."),
        ListRow("uaktuell", "not-relevant", reason="Vi har ikke sykehjem."),
        ListRow("egen", "own-routine", link=OWN),
        ListRow("slutt", "ended", reason="Slått sammen."),
    ]


def number_of_decisions(library):
    return library.verify().decisions


class TestDeciding:
    def test_every_row_is_a_decision_of_its_own(self, any_library_with_routine):
        """
        In two years somebody asks about one routine, not about the list it stood in.
        """
        library = any_library_with_routine
        rows = everything(library)

        made = library.decide_list("Fauske", rows, by=BY)

        assert [(one.procedure, one.state.value) for one in made.answers] == [
            (row.procedure, row.answer) for row in rows
        ]
        assert [one.number for one in made.answers] == list(range(made.number + 1, made.number + 7))
        assert made.projected
        assert library.history("nei")[-1].texts == {"reason": "Vi har ikke slik tjeneste."}
        assert library.history("egen")[-1].texts == {"link": OWN}
        cells = library.matrix().cells
        assert cells["utsatt", "1841"].state is AdoptionState.DEFERRED
        assert cells["slutt", "1841"].planned.version is None
        tomorrow = library.in_force(library.today + DAY)
        assert [(one.procedure, str(one.version)) for one in tomorrow] == [("handhygiene", "1.0")]
        assert library.verify().is_clean

    def test_decides_as_each_row_would_be_alone(self, any_library_with_routine):
        """
        A list saves clicks. It changes no rule, and no fact that is kept.
        """
        library = any_library_with_routine
        rows = everything(library)

        library.decide_list("Fauske", rows, by=BY)
        library.adopt("handhygiene", "Beiarn", by="beslutter.beiarn")
        library.decline("nei", "Beiarn", reason="Nei.", by="beslutter.beiarn")

        for procedure in ("handhygiene", "nei"):
            ours, theirs = ({**event.facts} for event in library.history(procedure)[-2:])
            for one in (ours, theirs):
                del one["municipality"], one["delegation"]
            assert ours == theirs

    def test_is_one_commit_in_the_register_with_the_facts_of_all(self, home_with_routine):
        """
        Who reads with `git log` sees that it was signed once, and what.
        """
        with home_with_routine.opened() as library:
            rows = everything(library)
            before = git(home_with_routine, "rev-list", "--count", "register")
            made = library.decide_list("Fauske", rows, by=BY)

            message = git(home_with_routine, "log", "-1", "--format=%B", "register").splitlines()
            assert int(git(home_with_routine, "rev-list", "--count", "register")) == int(before) + 1
            assert [line for line in message if line.startswith("Number: ")] == [
                f"Number: {number}" for number in range(made.number, made.number + 7)
            ]
            assert "Procedure: egen" in message
            assert "Vi har ikke" not in "\n".join(message)
            assert library.verify().is_clean

    def test_a_list_that_fills_a_file_of_the_register_goes_on_in_the_next(self, home_with_routine, monkeypatch):
        """
        A file has two hundred entries at most, and a list may have two thousand.
        """
        monkeypatch.setattr("samrutine.projections.branches.ENTRIES_PER_FILE", 3)
        with home_with_routine.opened() as library:
            library.repair()
            library.decide_list("Fauske", everything(library), by=BY)

            files = git(home_with_routine, "ls-tree", "-r", "--name-only", "register").splitlines()
            lines = [
                git(home_with_routine, "show", f"register:{path}").splitlines()
                for path in files
                if path.startswith("municipality/1841/")
            ]
            assert all(len(one) == 3 for one in lines[:-1])
            assert len(lines) >= 3
            assert "register-tree" not in {fault.code for fault in library.verify().faults}

    def test_closes_what_waited_and_asks_again_what_was_put_off(self, any_library_with_routine, clock):
        """
        The inbox holds what is left to do, and nothing else.
        """
        library = any_library_with_routine
        library.decide_list("Fauske", everything(library), by=BY)

        with library._parts.database.reading() as session:
            left = session.exec(
                select(WaitingRow).where(
                    WaitingRow.body == "municipality:1841", col(WaitingRow.closed_number).is_(None)
                )
            ).all()
            told = session.exec(select(NotificationRow).where(NotificationRow.what == "list-answered")).all()

        assert [(one.subject, one.what, one.shown_from) for one in left] == [
            ("procedure:utsatt", "consider-version", clock.today + 30 * DAY)
        ]
        assert len(told) >= 1

    def test_what_is_put_off_waits_by_its_own_row_and_takes_few_questions(self, any_library_with_routine):
        """
        The inbox leads to the decision about that routine, and a list of hundreds is one act.
        """
        library = with_more(any_library_with_routine, "to", "tre", "fire")
        put_off = {"until": library.today + 30 * DAY, "reason": "Vent på opplæring."}
        asked = []

        for names in (["handhygiene"], ["to", "tre", "fire"]):
            with statements(library) as sent:
                made = library.decide_list("Fauske", [ListRow(one, "deferred", **put_off) for one in names], by=BY)
            asked.append(sum("waiting" in one for one in sent))

        with library._parts.database.reading() as session:
            waits = select(WaitingRow.subject, WaitingRow.opened_number).where(
                WaitingRow.body == "municipality:1841", col(WaitingRow.shown_from).is_not(None)
            )
            opened = dict(session.exec(waits).all())
        assert {f"procedure:{one.procedure}": one.number for one in made.answers}.items() <= opened.items()
        # Three at once take no more than one, but for what closes each that waited before.
        assert asked[1] <= asked[0] + 2
        assert library.verify().is_clean

    def test_the_same_id_again_is_the_same_list(self, any_library_with_routine):
        """
        A signature sent twice is one signature.
        """
        library = any_library_with_routine
        rows = everything(library)
        first = library.decide_list("Fauske", rows, by=BY, decision_id="liste-1")
        before = number_of_decisions(library)

        assert library.decide_list("Fauske", rows, by=BY, decision_id="liste-1") == first
        assert number_of_decisions(library) == before
        other = [*rows[:2], ListRow("nei", "declined", reason="En annen grunn."), *rows[3:]]
        with pytest.raises(DecisionIdReused):
            library.decide_list("Fauske", other, by=BY, decision_id="liste-1")
        with pytest.raises(DecisionIdReused):
            library.decide_list("Fauske", rows[:2], by=BY, decision_id="liste-1")

    def test_what_is_in_use_already_moves_to_the_newer_version(self, any_library_with_routine, clock):
        """
        The yearly list is mostly routines that changed.
        """
        library = with_more(any_library_with_routine, "annen")
        library.decide_list("Fauske", [ListRow(one, "in-use") for one in ("handhygiene", "annen")], by=BY)
        clock.forward(days=2)
        change_with_everyone(library, a_routine(extra="Nytt."))

        library.decide_list("Fauske", [ListRow("handhygiene", "in-use")], by=BY)

        assert {str(one.version) for one in library.in_force(procedure="handhygiene")} == {"1.1"}
        assert {str(one.version) for one in library.in_force(clock.today - DAY, procedure="handhygiene")} == {"1.0"}
        assert library.verify().is_clean


class TestRefusing:
    def test_one_row_that_may_not_be_decided_stops_the_list_and_all_such_are_named(self, any_library_with_routine):
        """
        Half a list is a list that nobody signed; and whoever mends it wants all the faults at once.
        """
        library = with_more(any_library_with_routine, "grunnlos", "krever")
        approve_with_everyone(library, a_routine("vakt", title="Vakt", required=("vakttelefon",)))
        approve_with_everyone(library, a_routine("plan", title="Plan", level="political"))
        before = number_of_decisions(library)
        rows = [
            ListRow("handhygiene", "in-use"),
            ListRow("vakt", "in-use"),
            ListRow("plan", "in-use"),
            ListRow("grunnlos", "declined", reason=" "),
            ListRow("finnes-ikke", "in-use"),
            ListRow("krever", "in-use", version="7.0"),
            ListRow("handhygiene", "declined", reason="Nei."),
            ListRow("krever", "ended", reason="Slutt."),
        ]

        with pytest.raises(ListRefused) as caught:
            library.decide_list("Fauske", rows, by=BY)

        named = [(one.row, type(one.error).__name__) for one in caught.value.rows]
        assert named == [
            (2, "Refused"), (3, "NotAllowed"), (4, "Refused"), (5, "ProcedureNotFound"), (6, "VersionNotFound"),
            (7, "Refused"), (8, "Refused"),
        ]  # fmt: skip
        assert TwiceInList("handhygiene") in caught.value.reasons
        said = caught.value.text("nb")
        assert "Linje 2, vakt: Lokale opplysninger mangler for Fauske" in said
        assert "7 av 8" in said
        assert number_of_decisions(library) == before
        assert library.in_force() == []
        assert library.verify().is_clean

    @pytest.mark.parametrize("who", ["ansvarlig.fauske", "beslutter.beiarn", "redaktor"])
    def test_is_signed_by_the_municipalitys_own_decider(self, library_with_routine, who):
        """
        The responsible person prepares the list; the decider signs it.
        """
        with pytest.raises(NotAllowed) as caught:
            library_with_routine.decide_list("Fauske", [ListRow("handhygiene", "in-use")], by=who)

        assert not isinstance(caught.value, ListRefused)
        assert "Fauske" in caught.value.text("nb")

    @pytest.mark.parametrize("rows", [[], [ListRow("handhygiene", "in-use")] * 2001], ids=["none", "too many"])
    def test_has_some_rows_and_not_too_many(self, library_with_routine, rows):
        """
        A list that nobody can have read is a mistake.
        """
        with pytest.raises(InvalidRequest):
            library_with_routine.decide_list("Fauske", rows, by=BY)

    def test_no_reason_of_any_row_may_hold_a_persons_number(self, library_with_routine):
        """
        The last row is looked at as the first is.
        """
        library = with_more(library_with_routine, "annen")
        rows = [ListRow("handhygiene", "in-use"), ListRow("annen", "declined", reason=f"Gjelder {NATIONAL_ID}.")]

        with pytest.raises(Exception, match="reason 2"):
            library.decide_list("Fauske", rows, by=BY)

        assert library.in_force() == []

    def test_no_words_of_an_addition_in_any_row_may_hold_a_persons_number(self, library_with_routine):
        """
        What is edited in a list is kept as other words are, and is looked at with the reasons, before anything is decided.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", by=BY)
        by = "ansvarlig.fauske"
        note = library.add_addition("handhygiene", "Fauske", "ansvar", "practical-note", "I skapet.", by=by).addition
        change_with_everyone(library, a_routine(extra="Mer."))
        row = ListRow("handhygiene", "in-use", additions=((note, Edit(f"Spør {NATIONAL_ID}.")),))

        with pytest.raises(Refused, match=f"{note} 1"):
            library.decide_list("Fauske", [row], by=BY)

        assert [str(one.version) for one in library.in_force()] == ["1.0"]

    @pytest.mark.parametrize("answer", ["to-consider", "planned"])
    def test_what_is_no_answer_is_refused_by_name(self, library_with_routine, answer):
        """
        Things come to be planned; nobody answers that they are.
        """
        with pytest.raises(ListRefused) as caught:
            library_with_routine.decide_list("Fauske", [ListRow("handhygiene", answer)], by=BY)

        assert [type(one).__name__ for one in caught.value.reasons] == ["NotAnAnswer"]


class TestLooking:
    def test_says_for_each_row_what_would_happen_and_decides_nothing(self, any_library_with_routine, clock):
        """
        Whoever signs a hundred rows has seen what each does.
        """
        library = any_library_with_routine
        rows = everything(library)
        before = number_of_decisions(library)

        looks = library.look_at_list("Fauske", [*rows, ListRow("finnes-ikke", "in-use")], by=BY)

        assert [one.row for one in looks] == list(range(1, 8))
        assert (str(looks[0].version), looks[0].from_on, looks[0].title) == ("1.0", clock.today, "Håndhygiene")
        assert str(looks[5].ends) == "1.0"
        assert [one.refusal is None for one in looks] == [True] * 6 + [False]
        assert number_of_decisions(library) == before

    def test_what_is_seen_is_what_is_then_decided(self, library_with_routine):
        """
        A preview that promises other than the act is worse than none.
        """
        rows = everything(library_with_routine)
        looks = library_with_routine.look_at_list("Fauske", rows, by=BY)

        made = library_with_routine.decide_list("Fauske", rows, by=BY)

        for seen, answer in zip(looks, made.answers, strict=True):
            assert (seen.procedure, seen.answer, seen.version) == (answer.procedure, answer.state, answer.version)
            assert (seen.from_on, seen.cancelled) == (answer.from_on, answer.cancelled)

    def test_the_one_who_prepares_sees_it_without_being_the_one_who_may_sign(self, library_with_routine):
        """
        The list is made ready by one and signed by another.
        """
        (look,) = library_with_routine.look_at_list("Fauske", [ListRow("handhygiene", "in-use")], by="ansvarlig.fauske")

        assert look.refusal is None

    def test_whoever_prepares_it_is_told_what_the_decider_will_be_told(self, any_library_with_routine):
        """
        A list that looked fine, and was refused when it came to be signed, is a day lost.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "fauske", by=BY)
        library.add_addition("handhygiene", "fauske", "ansvar", "practical-note", "Her.", by="ansvarlig.fauske")
        changed = a_routine(sections={**SECTIONS, "Ansvar": "Enhetslederen har ansvaret."})
        change_with_everyone(with_more(library, "nei"), changed)
        rows = [
            ListRow("handhygiene", "in-use"), ListRow("nei", "declined", reason=f"Spør {NATIONAL_ID}"),
        ]  # fmt: skip

        for who in ("ansvarlig.fauske", BY):
            first, second = library.look_at_list("Fauske", rows, by=who)

            assert [type(one) for one in first.refusal.reasons] == [AdditionsUnanswered]
            assert isinstance(second.refusal, Refused)
        with pytest.raises(ListRefused):
            library.decide_list("Fauske", rows[:1], by=BY)

    def test_a_row_is_refused_with_the_error_it_would_meet(self, library_with_routine):
        """
        The remedy stands beside the row.
        """
        rows = [ListRow("handhygiene", "in-use", version="7.0"), ListRow("handhygiene", "in-use")]

        first, second = library_with_routine.look_at_list("Fauske", rows, by=BY)

        assert isinstance(first.refusal, VersionNotFound)
        assert second.refusal.reasons == (TwiceInList("handhygiene"),)


def test_a_row_changed_behind_the_decisions_back_is_found(any_library_with_routine):
    """
    A list is believed row by row, like every other decision.
    """
    library = any_library_with_routine
    library.decide_list("Fauske", everything(library), by=BY)
    with library._parts.database.writing() as session:
        row = session.exec(select(DecisionRow).where(DecisionRow.kind == "declined")).one()
        assert row.role == "decider"
        adoption = session.connection().exec_driver_sql(
            "UPDATE adoption SET deferred_until = '2027-01-01' WHERE procedure_id = 'utsatt' AND municipality = '1841'"
        )
        assert adoption.rowcount == 1

    assert [fault.code for fault in library.verify().faults] == ["answer"]
