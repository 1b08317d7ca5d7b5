"""The verbs of a municipality's additions, on both databases, with documents, register and proof."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from samrutine import InvalidRequest, InvalidText, NotAllowed, Refused
from samrutine.adoptions.additions import AdditionsUnanswered, AdditionUnchanged, AnswerTo, Beside, Edit
from samrutine.errors import (
    AdditionNotFound,
    DecisionIdReused,
    DocumentNotFound,
    NotYetInForce,
    ProcedureNotFound,
    SectionNotFound,
)
from samrutine.storage.git import REGISTER
from samrutine.storage.rows import AdditionRow, DecisionRow, NotificationRow, ProposalRow, VersionRow
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import NATIONAL_ID, SECTIONS, a_routine

NOTE = "Nøkkelen til lageret henger i gangen."


def adopted(library, where="fauske", **how):
    """Take the newest `handhygiene` into use."""
    return library.adopt("handhygiene", where, by=f"beslutter.{where}", **how)


def noted(library, section="ansvar", text=NOTE, **how):
    """Make a practical note in Fauske; gives its id."""
    return library.add_addition(
        "handhygiene", "fauske", section, "practical-note", text, by="ansvarlig.fauske", **how
    ).addition


def judged(library, section="framgangsmate", text="Bruk sprit etterpå.", **how):
    """Make a professional addition in Fauske that departs from the shared text; gives its id."""
    how = {"reason": "Vannet er kaldt.", "source": "Veilederen kap. 4", "departs": True, **how}
    return library.add_addition(
        "handhygiene", "fauske", section, "professional-addition", text, by="beslutter.fauske", **how
    ).addition


def changed(library, section="Ansvar", words="Enhetslederen har ansvaret.", **renamed):
    """Let everybody approve another version of one section, perhaps with other headings."""
    sections = {renamed.get(heading, heading): text for heading, text in {**SECTIONS, section: words}.items()}
    return change_with_everyone(library, a_routine(sections=sections)).version


def shown(library, day=None):
    """Give the additions that Fauske's paper of a day has, as (section, words)."""
    document = library.document("handhygiene", "fauske", day=day)
    return [(one.section_key, one.text.strip()) for one in document.additions]


def register_files(library):
    """Give the additions on the register, by path."""
    store = library._parts.store
    tree = store.tree(store.tip(REGISTER))
    blobs = {path: blob for path, blob in tree.items() if "/local/" in path}
    return {path: store.read_many([blob])[blob].decode() for path, blob in blobs.items()}


class TestMaking:
    def test_stands_in_the_document_at_once_marked_as_the_municipalitys_own(self, any_library_with_routine):
        """
        Whoever reads it must see which words nine municipalities agreed on, and which are ours.
        """
        library = any_library_with_routine
        adopted(library)

        noted(library)
        judged(library)

        paper = library.render(library.document("handhygiene", "fauske"), "md").decode()
        assert shown(library) == [("framgangsmate", "Bruk sprit etterpå."), ("ansvar", NOTE)] or shown(library) == [
            ("ansvar", NOTE), ("framgangsmate", "Bruk sprit etterpå."),
        ]  # fmt: skip
        assert "Lokalt tillegg – Fauske: praktisk merknad" in paper
        assert "faglig tillegg – annerledes enn fellesteksten" in paper
        assert "Vannet er kaldt." in paper
        assert "Veilederen kap. 4" in paper
        assert "Fauske har 2 lokale tillegg til teksten." in paper
        assert library.verify().faults == ()

    def test_changes_the_effective_digest_and_not_the_shared_text(self, library_with_routine):
        """
        What is published and read refers to all that stands on the paper.
        """
        from samrutine.adoptions.effective import effective_digest

        library = library_with_routine
        adopted(library)
        before = library.document("handhygiene", "fauske")

        noted(library)
        after = library.document("handhygiene", "fauske")

        assert effective_digest(before) != effective_digest(after)
        assert before.text == after.text
        assert library.document("handhygiene").additions == ()

    def test_says_the_same_for_a_second_call_and_refuses_another_act_of_that_id(self, any_library_with_routine):
        """
        A click that was sent twice is one click.
        """
        library = any_library_with_routine

        first = noted(library, decision_id="ett")
        again = noted(library, decision_id="ett")

        assert first == again
        assert len(library.additions("handhygiene")) == 1
        with pytest.raises(DecisionIdReused):
            noted(library, text="Noe annet.", decision_id="ett")

    def test_a_second_call_is_the_same_act_when_the_version_it_was_written_for_is_gone(self, any_library_with_routine):
        """
        The first call was answered; what has become of the text since is another matter.
        """
        library = any_library_with_routine
        change_with_everyone(library, a_routine(optional=("vakttelefon",)))
        first = noted(library, text="Ring {{vakttelefon}}.", decision_id="ett")
        library.change_addition(first, "Ring alltid {{vakttelefon}}.", by="ansvarlig.fauske", decision_id="to")
        change_with_everyone(library, a_routine())

        assert noted(library, text="Ring {{vakttelefon}}.", decision_id="ett") == first
        again = library.change_addition(first, "Ring alltid {{vakttelefon}}.", by="ansvarlig.fauske", decision_id="to")
        assert again.addition == first
        with pytest.raises(DecisionIdReused):
            library.change_addition(first, "Ring {{vakttelefon}} nå.", by="ansvarlig.fauske", decision_id="to")

    def test_a_professional_addition_is_decided_by_who_has_the_delegation(self, library_with_routine):
        """
        It changes what applies, and that is decided on the routine's level.
        """
        library = library_with_routine
        grounds = {"reason": "Fordi.", "source": "Veilederen"}

        with pytest.raises(NotAllowed):
            library.add_addition(
                "handhygiene", "fauske", "ansvar", "professional-addition", "Ord.", by="ansvarlig.fauske", **grounds
            )

        judged(library)
        with pytest.raises(NotAllowed):
            library.drop_addition(library.additions("handhygiene")[0].addition, by="ansvarlig.fauske")

    @pytest.mark.parametrize("lacks", ["reason", "source"])
    def test_a_professional_addition_without_grounds_is_refused(self, library_with_routine, lacks):
        """
        In two years somebody asks why.
        """
        with pytest.raises(Refused, match=r"reason|source"):
            judged(library_with_routine, **{lacks: " "})

    @pytest.mark.parametrize(
        "text",
        [f"Ring {NATIONAL_ID}.", "Se [her](javascript:alert).", "<b>fet</b>", "Skriv til kari.nordvik@gmail.com.",
         "Ring {{ukjent-nokkel}}.", "Mobil: 912 34 567."],
        ids=["national id", "script", "html", "private e-mail", "unknown field", "private phone"],
    )  # fmt: skip
    def test_what_must_not_be_kept_is_refused_with_its_line(self, library_with_routine, text):
        """
        The words go to the register, where nothing is erased; and everybody reads them.
        """
        with pytest.raises(InvalidText) as caught:
            noted(library_with_routine, text=f"Første linje.\n\n{text}")

        assert [one.line for one in caught.value.findings] == [3]
        assert library_with_routine.additions("handhygiene") == []

    def test_an_empty_one_an_endless_one_and_an_unknown_kind_are_refused(self, library_with_routine):
        """
        A slip of the hand should not become a decision.
        """
        library = library_with_routine
        for text in ("  ", "x" * 10_001):
            with pytest.raises(InvalidRequest):
                noted(library, text=text)
        for kind in ("local-information", "noe"):
            with pytest.raises(InvalidRequest):
                library.add_addition("handhygiene", "fauske", "ansvar", kind, "Ord.", by="ansvarlig.fauske")

    def test_belongs_to_a_section_that_there_is(self, library_with_routine):
        """
        Else it would hang in the air from its first day.
        """
        with pytest.raises(SectionNotFound):
            noted(library_with_routine, section="finnes-ikke")
        with pytest.raises(ProcedureNotFound):
            library_with_routine.add_addition("nei", "fauske", "", "practical-note", "Ord.", by="ansvarlig.fauske")

    def test_is_told_to_those_who_prepare_and_not_to_whoever_did_it(self, library_with_routine):
        """
        The decider should not be surprised by what stands on the wall.
        """
        library = library_with_routine
        noted(library)

        with library._parts.database.reading() as session:
            told = session.exec(select(NotificationRow.actor_id).where(NotificationRow.what == "addition-made")).all()
        assert library._actor("beslutter.fauske") in told
        assert library._actor("ansvarlig.fauske") not in told


class TestChangingAndDropping:
    def test_history_stays_and_the_paper_of_a_past_day_shows_the_old_words(self, any_library_with_routine, clock):
        """
        An inspector asks for the paper as it was on the day it happened.
        """
        library = any_library_with_routine
        adopted(library)
        note = noted(library)
        first = library.today
        clock.forward(days=2)
        library.change_addition(note, "Nøkkelen er hos vakta.", by="ansvarlig.fauske")
        second = library.today
        clock.forward(days=2)

        library.drop_addition(note, by="ansvarlig.fauske", reason="Låsen er byttet.")

        assert shown(library, first) == [("ansvar", NOTE)]
        assert shown(library, second) == [("ansvar", "Nøkkelen er hos vakta.")]
        assert shown(library) == []
        assert library.verify().faults == ()
        with pytest.raises(AdditionNotFound):
            library.drop_addition(note, by="ansvarlig.fauske")

    def test_keeps_reason_and_source_through_changes(self, library_with_routine):
        """
        A better sentence needs no new reason.
        """
        library = library_with_routine
        made = judged(library)

        library.change_addition(made, "Bruk alltid sprit etterpå.", by="beslutter.fauske", source="Veilederen kap. 5")

        one = library.additions("handhygiene")[0]
        assert (one.reason, one.source, one.departs) == ("Vannet er kaldt.", "Veilederen kap. 5", True)

    def test_the_same_words_again_are_refused(self, library_with_routine):
        """
        A change that changes nothing would fill the register and tell everybody.
        """
        library = library_with_routine
        note = noted(library)

        with pytest.raises(Refused) as caught:
            library.change_addition(note, f"{NOTE}\n", by="ansvarlig.fauske")

        assert caught.value.reasons == (AdditionUnchanged(note),)


class TestANewVersion:
    def test_is_refused_until_each_addition_it_touches_is_answered(self, any_library_with_routine):
        """
        Nobody should read an addition beside words that it was not written for.
        """
        library = any_library_with_routine
        adopted(library)
        note, other = noted(library), judged(library)
        changed(library)

        with pytest.raises(Refused) as caught:
            adopted(library)

        assert [type(one) for one in caught.value.reasons] == [AdditionsUnanswered]
        assert caught.value.reasons[0].additions == (note,)
        assert f"{note} («Ansvar»)" in str(caught.value)
        assert other not in str(caught.value)
        asked = library.additions_to_answer("handhygiene", "fauske")
        assert [(one.addition, one.must_answer) for one in asked] == [(note, True), (other, False)]

    @pytest.mark.parametrize(
        ("answer", "left"),
        [("keep", [NOTE]), ("drop", []), (Edit("Spør enhetslederen."), ["Spør enhetslederen."])],
        ids=["keep", "drop", "edit"],
    )
    def test_three_answers(self, any_library_with_routine, answer, left):
        """
        Keep, drop, or edit; and the answer stands in the decision.
        """
        library = any_library_with_routine
        adopted(library)
        note = noted(library)
        version = changed(library)

        answered = adopted(library, additions={note: answer}, decision_id="svar")
        again = adopted(library, additions={note: answer}, decision_id="svar")

        assert (answered.number, answered.version) == (again.number, version)
        assert [words for _, words in shown(library)] == left
        assert list(register_files(library).values()) == [f"{words}\n" for words in left]
        assert library.verify().faults == ()
        with library._parts.database.reading() as session:
            assert '"answers"' in session.get_one(DecisionRow, answered.number).record

    def test_a_kept_one_is_not_asked_about_again_before_its_section_changes_again(self, library_with_routine):
        """
        A question that comes each time is answered without being read.
        """
        library = library_with_routine
        adopted(library)
        note = noted(library)
        changed(library)
        adopted(library, additions={note: "keep"})

        sections = {**SECTIONS, "Ansvar": "Enhetslederen har ansvaret.", "Formål": "Hindre smitte."}
        change_with_everyone(library, a_routine(sections=sections))

        assert not any(one.must_answer for one in library.additions_to_answer("handhygiene", "fauske"))
        assert adopted(library).number

    def test_follows_its_section_to_another_heading_without_a_question(self, library_with_routine):
        """
        «Ansvar» became «Hvem har ansvaret», with the same words below.
        """
        library = library_with_routine
        adopted(library)
        noted(library)
        changed(library, words=SECTIONS["Ansvar"], Ansvar="Hvem har ansvaret")

        adopted(library)

        assert shown(library) == [("hvem-har-ansvaret", NOTE)]
        assert library.verify().faults == ()

    def test_from_a_day_to_come_the_old_words_stand_until_then(self, any_library_with_routine, clock):
        """
        Decided in November for January: December's paper has the note.
        """
        library = any_library_with_routine
        adopted(library)
        note = noted(library)
        changed(library)
        start = library.today + timedelta(days=30)

        adopted(library, from_on=start, additions={note: "drop"})

        assert shown(library, start - timedelta(days=1)) == [("ansvar", NOTE)]
        assert shown(library, start) == []
        assert library.verify().faults == ()
        clock.forward(days=31)
        assert shown(library) == []

    def test_what_was_planned_with_a_use_that_never_comes_falls_away(self, any_library_with_routine):
        """
        January's version was called off in December, and with it that the note be dropped in January.
        """
        library = any_library_with_routine
        adopted(library)
        note = noted(library)
        changed(library)
        start = library.today + timedelta(days=30)
        adopted(library, from_on=start, additions={note: "drop"})

        library.decline("handhygiene", "fauske", reason="Vi venter.", by="beslutter.fauske")

        assert [(one.addition, one.until_on) for one in library.additions("handhygiene", "fauske")] == [(note, None)]
        assert library.verify().faults == ()

    def test_an_answer_about_somebody_elses_addition_is_refused(self, library_with_routine):
        """
        A wrong id must not look like an answer.
        """
        library = library_with_routine
        note = noted(library)

        with pytest.raises(AdditionNotFound):
            adopted(library, "beiarn", additions={note: "keep"})

    def test_says_what_it_means_for_us(self, library_with_routine):
        """
        «Hva betyr endringen for meg?»: this note, and this box to fill in.
        """
        library = library_with_routine
        adopted(library)
        note = noted(library)
        sections = {**SECTIONS, "Ansvar": "Enhetslederen har ansvaret."}
        change_with_everyone(library, a_routine(sections=sections, required=("vakt",)))

        effect = library.effect_on_local("handhygiene", "fauske")

        assert effect.touches_us
        assert [one.addition for one in effect.additions if one.must_answer] == [note]
        assert [one.key for one in effect.fields.missing] == ["vakt"]
        assert not library.effect_on_local("handhygiene", "beiarn").additions


class TestSideBySide:
    def test_everybody_sees_everybodys_by_section_with_where_it_is_behind(self, library_with_routine):
        """
        A good addition in one municipality is what the next one was about to write.
        """
        library = library_with_routine
        adopted(library)
        noted(library)
        library.add_addition(
            "handhygiene", "beiarn", "formal", "practical-note", "Gjelder også båten.", by="beslutter.beiarn"
        )
        changed(library)

        both = library.additions("handhygiene")

        assert [(one.municipality.name, one.heading, one.beside) for one in both] == [
            ("Beiarn", "Formål", Beside.SAME), ("Fauske", "Ansvar", Beside.CHANGED),
        ]  # fmt: skip
        assert [one.applies_in is None for one in both] == [True, False]
        assert [one.municipality.name for one in library.additions("handhygiene", "beiarn")] == ["Beiarn"]

    def test_local_information_has_its_history(self, any_library, clock):
        """
        Which number stood on the wall that night?
        """
        library = any_library
        approve_with_everyone(library, a_routine(required=("vakt",)))
        for value in ("75 00 00 00", "75 00 00 01", ""):
            library.set_local_information("handhygiene", "fauske", {"vakt": value}, by="ansvarlig.fauske")
            clock.forward(days=1)

        history = library.local_information_history("handhygiene", "fauske")

        assert [(one.label, one.value) for one in history] == [
            ("Vakt", None), ("Vakt", "75 00 00 01"), ("Vakt", "75 00 00 00"),
        ]  # fmt: skip
        assert [one.until is None for one in history] == [True, False, False]
        assert history[1].set_at == history[2].until


class TestLifting:
    def test_becomes_a_proposal_and_the_note_stays_until_its_municipality_decides(self, any_library_with_routine):
        """
        *Løft til felles*: the network judges it, and Fauske's own words stand until Fauske takes the version into use.
        """
        library = any_library_with_routine
        adopted(library)
        note = noted(library)

        proposed = library.lift(note, by="ansvarlig.fauske")

        with library._parts.database.reading() as session:
            data = session.get_one(ProposalRow, proposed.proposal).text.decode()
        assert SECTIONS["Ansvar"] + f"\n\n{NOTE}\n\n## Framgangsmåte" in data
        assert shown(library) == [("ansvar", NOTE)]
        assert library.lift(note, by="ansvarlig.fauske").unchanged

    def test_a_second_call_is_the_same_act_whatever_has_come_since(self, any_library_with_routine):
        """
        The answer to a click that was lost on the way must not depend on who changed the note meanwhile.
        """
        library, how = any_library_with_routine, {"by": "ansvarlig.fauske", "decision_id": "loft"}
        adopted(library)
        note, other = noted(library), judged(library)
        first = library.lift(note, **how)
        before = library.verify().decisions
        library.withdraw(first.proposal, reason="Feil.", by="ansvarlig.fauske")
        change_with_everyone(library, a_routine(extra="Nytt."))
        library.drop_addition(note, reason="Feil.", by="ansvarlig.fauske")
        between = library.verify().decisions

        again = library.lift(note, **how)

        assert (again.proposal, again.digest, again.number) == (first.proposal, first.digest, first.number)
        assert again == first
        assert before < between == library.verify().decisions
        for another in ({"addition": other}, {"meaning": "Noe annet."}, {"significance": "major"}):
            with pytest.raises(DecisionIdReused):
                library.lift(**{"addition": note, **how, **another})

    def test_when_the_version_that_came_of_it_is_adopted_dropping_it_is_offered(self, library_with_routine):
        """
        The words are common now, and would else stand twice.
        """
        from tests.support.stories import APPROVERS

        library = library_with_routine
        adopted(library)
        note, other = noted(library), judged(library)
        proposed = library.lift(note, by="ansatt.fauske")
        library.send(proposed.proposal, digest=proposed.digest, by="redaktor")
        for one in APPROVERS:
            library.approve(proposed.proposal, digest=proposed.digest, by=one)

        asked = {one.addition: one for one in library.additions_to_answer("handhygiene", "fauske")}
        assert (asked[note].must_answer, asked[note].offered) == (True, AnswerTo.DROP)
        assert (asked[other].must_answer, asked[other].offered) == (False, None)


class TestProof:
    def test_the_words_lie_on_the_register_and_go_when_they_are_dropped(self, any_library_with_routine):
        """
        Whoever leaves us takes the additions along, as Markdown.
        """
        library = any_library_with_routine
        note = noted(library)
        path = f"municipality/1841/local/handhygiene/{note}.md"

        assert register_files(library) == {path: f"{NOTE}\n"}
        library.drop_addition(note, by="ansvarlig.fauske")

        assert register_files(library) == {}
        assert library.verify().faults == ()

    def test_the_register_can_be_built_again_with_them(self, library_with_routine):
        """
        The branch repeats the decisions, so it can be made from them.
        """
        library = library_with_routine
        noted(library)
        before = register_files(library)
        store = library._parts.store
        tip = store.tip(REGISTER)
        store.set_aside(REGISTER, None)

        library.repair()

        assert register_files(library) == before
        assert store.tip(REGISTER) == tip

    @pytest.mark.parametrize(
        ("column", "value"),
        [("departs", True), ("section_key", "formal"), ("superseded_number", 1), ("kind", "professional-addition")],
    )
    def test_a_row_changed_behind_the_decisions_back_is_found(self, any_library_with_routine, column, value):
        """
        What is shown follows from what was decided, or `verify` says so.
        """
        library = any_library_with_routine
        note = noted(library)
        assert library.verify().is_clean

        with library._parts.database.writing() as session:
            row = session.exec(select(AdditionRow).where(col(AdditionRow.id).startswith(note))).one()
            setattr(row, column, value)
            session.add(row)

        assert "addition" in {fault.code for fault in library.verify().faults}

    def test_no_words_and_no_grounds_stand_in_the_chain(self, library_with_routine):
        """
        A reason may be erased; the chain is for ever.
        """
        library = library_with_routine
        judged(library)

        with library._parts.database.reading() as session:
            records = "".join(session.exec(select(DecisionRow.record)))

        assert "Vannet" not in records
        assert "sprit" not in records
        assert "Veilederen kap. 4" not in records


class TestAnExemptRoutine:
    @pytest.fixture
    def exempt(self, library):
        """An addition by Fauske to a routine that is exempt from public access; gives its id."""
        approve_with_everyone(library, a_routine("alarm", title="Alarm", access="exempt"))
        return library.add_addition(
            "alarm", "fauske", "ansvar", "practical-note", "Bak skapet.", by="ansvarlig.fauske"
        ).addition

    def test_has_no_words_of_additions_on_the_register(self, library, exempt):
        """
        All members read the register; where the alarm hangs is for fewer.
        """
        assert register_files(library) == {}
        assert library.verify().faults == ()
        assert [one.addition for one in library.additions("alarm", reader="redaktor")] == [exempt]

    def test_is_not_there_for_who_may_not_read_it(self, library, exempt):
        """
        Nor do its additions tell that it is.
        """
        for asked in (
            lambda: library.additions("alarm", reader="ansatt.fauske"),
            lambda: library.effect_on_local("alarm", "fauske", reader="ansatt.fauske"),
            lambda: library.local_information_history("alarm", "fauske", reader="ansatt.fauske"),
            lambda: library.account("alarm", "fauske", library.today, reader="ansatt.fauske"),
        ):
            with pytest.raises(ProcedureNotFound):
                asked()
        with pytest.raises(AdditionNotFound):
            library.lift(exempt, by="ansatt.fauske")


OPENED = {"changes": "handhygiene", "significance": "major", "by": "redaktor", "meaning": "En.\nTo.\nTre."}


def is_made(library, access, extra):
    """Let everybody approve another version of `handhygiene`, of that class."""
    return approve_with_everyone(library, a_routine(access=access, extra=f" {extra}."), **OPENED).version


class TestWhatBelongsToAnExemptText:
    def test_is_not_on_the_register_where_the_newest_version_is_exempt_and_an_open_one_is_in_force(
        self, any_library_with_routine
    ):
        """
        The note about the safe is for those who read the new text, though the old still applies.
        """
        library = any_library_with_routine
        adopted(library)
        is_made(library, "exempt", "A")

        made = noted(library, text="Koden henger bak døra.")
        library.change_addition(made, "Koden henger bak skapet.", by="ansvarlig.fauske")

        assert register_files(library) == {}
        assert library.verify().faults == ()

    def test_is_not_on_the_register_until_the_open_version_that_it_goes_on_with_begins(
        self, library_with_routine, clock
    ):
        """
        Until then it stands beside the exempt one, and nobody writes it out afterwards.
        """
        library = library_with_routine
        is_made(library, "exempt", "A")
        adopted(library)
        made = noted(library, text="Koden henger bak døra.")
        clock.forward(days=1)
        is_made(library, "open", "B")

        adopted(library, from_on=library.today + timedelta(days=3), additions={made: Edit("Spør vakta.")})

        assert register_files(library) == {}
        assert library.additions("handhygiene", reader="ansatt.fauske") == []
        assert library.verify().faults == ()

    def test_goes_off_the_registers_tree_when_the_routine_becomes_exempt(self, any_library_with_routine):
        """
        What was open lies in the history; what applies now is for fewer.
        """
        library = any_library_with_routine
        adopted(library)
        noted(library)
        assert len(register_files(library)) == 1

        is_made(library, "exempt", "A")

        assert register_files(library) == {}
        assert library.verify().faults == ()

    def test_a_decision_that_let_it_out_is_found(self, library_with_routine):
        """
        Else nobody learns that words of an exempt text lie where all members read.
        """
        library = library_with_routine
        adopted(library)
        noted(library)
        with library._parts.database.writing() as session:
            for row in session.exec(select(VersionRow)):
                row.access = "exempt"
                session.add(row)

        assert [one.detail for one in library.verify().faults if one.code == "access"] == ["handhygiene"]

    def test_stays_with_those_who_may_read_it_when_the_routine_is_opened(self, any_library):
        """
        What was filled in, added and decided beside the exempt text was not written for everybody.
        """
        library = any_library
        secret = a_routine(access="exempt", extra=" A.", optional=["hemmeligtelefon"])
        approve_with_everyone(library, secret)
        library.set_local_information(
            "handhygiene", "fauske", {"hemmeligtelefon": "75 60 00 01"}, by="ansvarlig.fauske"
        )
        adopted(library)
        made = noted(library, text="Koden henger bak døra.")
        is_made(library, "open", "B")

        def seen(reader):
            return repr(
                [
                    library.document("handhygiene", "fauske", version="2.0", reader=reader),
                    library.local_information("handhygiene", "fauske", reader=reader),
                    library.local_information_history("handhygiene", "fauske", reader=reader),
                    library.additions("handhygiene", reader=reader),
                    library.additions_to_answer("handhygiene", "fauske", reader=reader),
                    library.effect_on_local("handhygiene", "fauske", reader=reader),
                    library.history("handhygiene", reader=reader),
                ]
            )

        for words in ("75 60 00 01", "bak døra", made, "hemmeligtelefon"):
            assert words not in seen("ansatt.fauske")
            assert words in seen("ansvarlig.fauske")

        adopted(library)

        assert "bak døra" in seen("ansatt.fauske")

    def test_is_not_lifted_by_who_may_not_read_it(self, any_library_with_routine):
        """
        A proposal shows the words; the id of an addition is no key to them.
        """
        library = any_library_with_routine
        is_made(library, "exempt", "A")
        made = noted(library, text="Koden henger bak døra.")
        is_made(library, "open", "B")

        with pytest.raises(AdditionNotFound) as hidden:
            library.lift(made, by="skribent")
        with pytest.raises(AdditionNotFound) as missing:
            library.lift("t-0000000000", by="skribent")

        assert str(hidden.value) == str(missing.value).replace("t-0000000000", made)
        assert library.lift(made, by="ansvarlig.fauske").proposal

    def test_is_in_no_instant_and_no_day_that_others_are_told_of(self, any_library_with_routine, clock):
        """
        That something was decided on Tuesday beside the exempt text is a part of what is exempt.
        """
        library = any_library_with_routine
        adopted(library)
        before = library.document("handhygiene", "fauske").header.made_at
        clock.forward(days=1)
        is_made(library, "exempt", "A")
        noted(library, text="Koden henger bak døra.")
        library.adopt("handhygiene", "saltdal", from_on=library.today + timedelta(days=40), by="beslutter.saltdal")
        clock.forward(days=1)
        is_made(library, "open", "B")

        assert library.document("handhygiene", "fauske", reader="ansatt.fauske").header.made_at == before
        assert library.document("handhygiene", "fauske", reader="ansvarlig.fauske").header.made_at > before
        with pytest.raises(DocumentNotFound) as told:
            library.document("handhygiene", "saltdal", reader="skribent")
        assert type(told.value) is DocumentNotFound
        with pytest.raises(NotYetInForce):
            library.document("handhygiene", "saltdal", reader="beslutter.saltdal")
