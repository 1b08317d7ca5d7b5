"""A municipality's additions: the pure rules."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.adoptions.additions import (
    AdditionsUnanswered,
    AnswerTo,
    Beside,
    DepartureIsProfessional,
    Edit,
    GroundsMissing,
    Held,
    SectionAt,
    VersionSections,
    addition_of,
    anchored_at,
    answers_given,
    as_facts,
    change_when_adopted,
    change_when_ended,
    fields_changed,
    kept_in_vain,
    named,
    named_with_fields,
    next_row,
    placed_in,
    reasons_against_adding,
    standing_before,
    unanswered,
)
from samrutine.adoptions.effective import AdditionKind
from samrutine.errors import InvalidRequest
from samrutine.procedures.model import LocalInformation, LocalInformationType, VersionNumber
from tests.support.builders import PROVEVIK, TODAY, a_digest

NOTE, PROFESSIONAL = AdditionKind.PRACTICAL_NOTE, AdditionKind.PROFESSIONAL_ADDITION
ONE, TWO, THREE = VersionNumber(1, 0), VersionNumber(2, 0), VersionNumber(3, 0)
LATER = TODAY + timedelta(days=30)


def an_addition(key="ansvar", *, kind=NOTE, at="ansvar 1", **changed):
    """Give an addition that was last looked at beside a section that said `at`; None says it asks for nothing."""
    return replace(
        Held(
            "t-aaaaaaaaaa.1", PROVEVIK, "handhygiene", key, kind, a_digest("tillegg"), False, at and a_digest(at), None,
            None, 5,
        ),
        **changed,
    )  # fmt: skip


def a_version(*sections):
    """Give a version by its sections: (key, words) or (key, words, earlier key)."""
    made = [(key, words, *(earlier or (key,))) for key, words, *earlier in sections]
    return VersionSections(
        a_digest(repr(sections)),
        tuple(SectionAt(key, key.capitalize(), a_digest(words), earlier) for key, words, earlier in made),
    )


def becomes(history, version, held, *, first=TODAY, answers=None, edited=None):
    """Give what an adoption makes of additions."""
    return change_when_adopted(
        held, history, version, first=first, today=TODAY, answers=answers or {}, edited=edited or {},
        taken=[one.row for one in held],
    )  # fmt: skip


class TestFollowingASection:
    def test_a_section_that_says_the_same_asks_nothing(self):
        """
        A correction elsewhere in the text is no business of this addition.
        """
        history = {ONE: a_version(("ansvar", "ansvar 1")), TWO: a_version(("ansvar", "ansvar 1"), ("nytt", "n", None))}

        assert placed_in(an_addition(), history, TWO).beside is Beside.SAME

    def test_a_section_that_says_something_else_is_flagged(self):
        """
        What was added to the old words may be wrong, or dangerous, beside the new.
        """
        history = {ONE: a_version(("ansvar", "ansvar 1")), TWO: a_version(("ansvar", "ansvar 2"))}

        assert placed_in(an_addition(), history, TWO).beside is Beside.CHANGED

    def test_a_section_that_is_gone_is_flagged_and_keeps_its_old_name(self):
        """
        The addition is printed at the end then, and somebody must say where it belongs.
        """
        history = {ONE: a_version(("ansvar", "ansvar 1")), TWO: a_version(("omfang", "o"))}

        placed = placed_in(an_addition(), history, TWO)

        assert (placed.key, placed.heading, placed.beside) == ("ansvar", "Ansvar", Beside.GONE)

    def test_a_section_with_another_heading_is_followed_through_several_versions(self):
        """
        Nobody should lose an addition because an editor found a better heading, twice.
        """
        history = {
            ONE: a_version(("ansvar", "ansvar 1")),
            TWO: a_version(("roller", "ansvar 1", "ansvar")),
            THREE: a_version(("roller-og-ansvar", "ansvar 1", "roller")),
        }

        placed = placed_in(an_addition(), history, THREE)

        assert (placed.key, placed.beside) == ("roller-og-ansvar", Beside.SAME)

    def test_a_section_is_followed_back_when_an_older_version_is_read(self):
        """
        A municipality may take an earlier version into use again, and read its paper from then.
        """
        history = {ONE: a_version(("ansvar", "ansvar 1")), TWO: a_version(("roller", "ansvar 2", "ansvar"))}

        placed = placed_in(an_addition("roller", at="ansvar 2"), history, ONE)

        assert (placed.key, placed.beside) == ("ansvar", Beside.CHANGED)

    def test_a_key_that_another_section_has_taken_is_not_the_section(self):
        """
        The heading «Ansvar» may stand over other words in the next version; the addition belongs to its own.
        """
        history = {
            ONE: a_version(("ansvar", "ansvar 1")),
            TWO: a_version(("roller", "ansvar 1", "ansvar"), ("ansvar", "noe annet", None)),
        }

        assert placed_in(an_addition(), history, TWO).key == "roller"

    def test_a_note_to_the_whole_text_asks_nothing_and_a_professional_addition_asks_about_every_change(self):
        """
        The key hangs where it hangs. A professional addition to all of it may be wrong beside any new sentence.
        """
        history = {ONE: a_version(("ansvar", "a")), TWO: a_version(("ansvar", "b"))}
        note = an_addition("", at=None)
        professional = an_addition("", kind=PROFESSIONAL, at=None, section_digest=history[ONE].digest)

        assert anchored_at(NOTE, "", history[ONE]) is None
        assert anchored_at(PROFESSIONAL, "", history[ONE]) == history[ONE].digest
        assert placed_in(note, history, TWO).beside is Beside.SAME
        assert placed_in(professional, history, ONE).beside is Beside.SAME
        assert placed_in(professional, history, TWO).beside is Beside.CHANGED

    def test_one_that_was_kept_without_its_section_is_not_asked_about_for_ever(self):
        """
        The municipality has answered once that it stays though its section is gone.
        """
        history = {ONE: a_version(("ansvar", "ansvar 1")), TWO: a_version(("omfang", "o"))}
        kept = becomes(history, TWO, [an_addition()], answers={"t-aaaaaaaaaa": AnswerTo.KEEP}).began[0]

        assert placed_in(kept, {**history, THREE: a_version(("omfang", "p"))}, THREE).beside is Beside.SAME


class TestWhatAnAdoptionAsks:
    HISTORY = {ONE: a_version(("ansvar", "ansvar 1")), TWO: a_version(("ansvar", "ansvar 2"))}  # noqa: RUF012

    def placed(self, *held, version=TWO, fields_gone=()):
        """Give additions with where they stand in a version."""
        return [(one, placed_in(one, self.HISTORY, version, fields_gone)) for one in held]

    def test_names_each_that_has_no_answer(self):
        """
        The officer must see which, and where, without looking for them.
        """
        other = an_addition(row="t-bbbbbbbbbb.3")

        left = unanswered(self.placed(an_addition(), other), {"t-aaaaaaaaaa": AnswerTo.DROP})

        assert named(left) == "t-bbbbbbbbbb («Ansvar»)"
        assert (
            "t-bbbbbbbbbb («Ansvar»)"
            in (AdditionsUnanswered("handhygiene", "2.0", "Prøvevik", named(left), ("t-bbbbbbbbbb",)).places["named"])
        )

    @pytest.mark.parametrize("answer", [AnswerTo.KEEP, AnswerTo.DROP, Edit("Nye ord.")], ids=["keep", "drop", "edit"])
    def test_each_of_the_three_answers_is_enough(self, answer):
        """
        Keep, drop, or edit: there is no fourth, and none is worth more than another.
        """
        assert unanswered(self.placed(an_addition()), {"t-aaaaaaaaaa": answer}) == []

    @pytest.mark.parametrize("version", [ONE, TWO], ids=["the section says the same", "the section changed"])
    def test_one_that_shows_information_the_version_does_not_have_is_asked_about(self, version):
        """
        «Ring {{vakttelefon}}» would be printed as a hole, where yesterday there was a number.
        """
        placed = self.placed(an_addition(), version=version, fields_gone=("vakttelefon",))

        assert [one.row for one, _ in unanswered(placed, {})] == ["t-aaaaaaaaaa.1"]
        assert (placed[0][1].beside is Beside.FIELD_GONE) == (version == ONE)

    @pytest.mark.parametrize(
        ("answer", "in_vain"), [(AnswerTo.KEEP, True), (AnswerTo.DROP, False), (Edit("Ring 113."), False)]
    )
    def test_to_keep_what_would_show_nothing_is_no_answer(self, answer, in_vain):
        """
        Whoever keeps it thinks of the number, and not of the hole.
        """
        placed, answers = self.placed(an_addition(), fields_gone=("vakttelefon",)), {"t-aaaaaaaaaa": answer}

        assert bool(kept_in_vain(placed, answers)) == in_vain
        assert kept_in_vain(self.placed(an_addition()), answers) == []
        assert named_with_fields(placed) == "t-aaaaaaaaaa ({{vakttelefon}})"

    def test_kept_is_looked_at_beside_the_new_words_from_now_on(self):
        """
        Else the same question would come with every version.
        """
        change = becomes(self.HISTORY, TWO, [an_addition()], answers={"t-aaaaaaaaaa": AnswerTo.KEEP})

        assert [one.row for one in change.ended] == ["t-aaaaaaaaaa.1"]
        assert [(one.row, one.section_digest, one.replaces) for one in change.began] == [
            ("t-aaaaaaaaaa.2", a_digest("ansvar 2"), "t-aaaaaaaaaa.1")
        ]

    def test_dropped_is_ended_and_edited_has_the_new_words(self):
        """
        What is answered is what becomes of it.
        """
        dropped = becomes(self.HISTORY, TWO, [an_addition()], answers={"t-aaaaaaaaaa": AnswerTo.DROP})
        edited = becomes(
            self.HISTORY, TWO, [an_addition()], answers={"t-aaaaaaaaaa": Edit("Ny.")},
            edited={"t-aaaaaaaaaa": a_digest("ny")},
        )  # fmt: skip

        assert (len(dropped.ended), dropped.began) == (1, ())
        assert [one.digest for one in edited.began] == [a_digest("ny")]

    def test_nothing_becomes_of_one_that_nothing_touches(self):
        """
        The register should not fill with changes that change nothing.
        """
        history = {ONE: a_version(("ansvar", "ansvar 1")), TWO: a_version(("ansvar", "ansvar 1"), ("nytt", "n", None))}

        assert becomes(history, TWO, [an_addition()]).is_empty

    def test_the_old_words_stand_until_the_day_when_a_version_to_come_applies(self):
        """
        A decision in November about January must not take a warning off the wall in December.
        """
        change = becomes(
            self.HISTORY, TWO, [an_addition()], first=LATER, answers={"t-aaaaaaaaaa": Edit("Ny.")},
            edited={"t-aaaaaaaaaa": a_digest("ny")},
        )  # fmt: skip

        assert [(one.digest, one.from_on, one.until_on) for one in change.began] == [
            (a_digest("tillegg"), None, LATER), (a_digest("ny"), LATER, None),
        ]  # fmt: skip

    def test_what_was_planned_falls_away_with_the_use_it_belonged_to(self):
        """
        The version of January was called off; so was the dropping of the addition in January.
        """
        planned = becomes(self.HISTORY, TWO, [an_addition()], first=LATER, answers={"t-aaaaaaaaaa": AnswerTo.DROP})

        again = becomes(self.HISTORY, ONE, planned.began, first=TODAY)

        assert [(one.from_on, one.until_on, one.digest) for one in again.began] == [(None, None, a_digest("tillegg"))]

    @pytest.mark.parametrize("answer", ["drop", "edit"])
    @pytest.mark.parametrize("days_before", [0, 10])
    def test_what_was_planned_falls_away_when_the_use_ends_before_it(self, answer, days_before):
        """
        There is no version of January any more, so nothing is dropped because of it either.
        """
        said = AnswerTo.DROP if answer == "drop" else Edit("Ny.")
        planned = becomes(
            self.HISTORY, TWO, [an_addition()], first=LATER, answers={"t-aaaaaaaaaa": said},
            edited={"t-aaaaaaaaaa": a_digest("ny")},
        )  # fmt: skip

        ended = change_when_ended(
            planned.began, LATER - timedelta(days=days_before), [one.row for one in planned.began]
        )

        assert set(ended.ended) == set(planned.began)
        assert [(one.from_on, one.until_on, one.digest) for one in ended.began] == [(None, None, a_digest("tillegg"))]

    def test_what_came_before_the_end_of_the_use_stands(self):
        """
        The addition was dropped in January, and the use ends in February: January's paper was right.
        """
        planned = becomes(self.HISTORY, TWO, [an_addition()], first=LATER, answers={"t-aaaaaaaaaa": AnswerTo.DROP})

        ended = change_when_ended(planned.began, LATER + timedelta(days=1), [one.row for one in planned.began])

        assert ended.is_empty

    def test_one_that_begins_later_is_not_asked_about_today(self):
        """
        Only what stands when the version begins can be wrong beside it.
        """
        later = an_addition(from_on=LATER)

        assert standing_before([later], TODAY, TODAY) == []
        assert standing_before([later], LATER + timedelta(days=1), TODAY) == [later]

    def test_a_word_that_is_no_answer_is_refused(self):
        """
        «edit» alone says no words.
        """
        assert answers_given({"a": "keep", "b": Edit("x")}) == {"a": AnswerTo.KEEP, "b": Edit("x")}
        with pytest.raises(InvalidRequest):
            answers_given({"a": "edit"})

    @given(
        st.lists(st.sampled_from(["keep", "drop", "edit"]), min_size=1, max_size=5),
        st.integers(-40, 40),
        st.integers(-60, 60),
    )
    def test_on_every_day_an_addition_stands_once_or_not_at_all(self, answers, ahead, looked_at):
        """
        Whatever is answered, one after the other: no paper has the same addition twice, and none that was dropped.
        """
        held, day, dropped = [an_addition()], TODAY + timedelta(days=looked_at), []
        taken = [one.row for one in held]
        for n, answer in enumerate(answers):
            first = TODAY + timedelta(days=ahead + n)
            given_now = {"t-aaaaaaaaaa": Edit("Ny.") if answer == "edit" else AnswerTo(answer)}
            if not standing_before(held, first, TODAY):
                break
            change = change_when_adopted(
                held, self.HISTORY, TWO, first=first, today=TODAY, answers=given_now,
                edited={"t-aaaaaaaaaa": a_digest("ny")}, taken=taken,
            )  # fmt: skip
            held = [one for one in held if one not in change.ended] + list(change.began)
            taken += [one.row for one in change.began]
            dropped = [max(first, TODAY)] if answer == "drop" else []

        standing = [one for one in held if one.holds_on(day)]

        assert len(taken) == len(set(taken))
        assert len(standing) <= 1
        assert not (dropped and day >= dropped[0] and standing)


class TestMakingOne:
    def test_a_professional_addition_says_why_and_what_it_rests_on(self):
        """
        It changes what is done to people.
        """
        reasons = reasons_against_adding("handhygiene", PROFESSIONAL, reason=" ", source=None, departs=True)

        assert reasons == [GroundsMissing("reason"), GroundsMissing("source")]
        assert reasons_against_adding("x", PROFESSIONAL, reason="Lang vei", source="Veilederen", departs=True) == []

    def test_a_practical_note_needs_no_grounds_and_does_not_depart(self):
        """
        Where the key hangs is nobody's professional judgement; doing something else than the text says is.
        """
        assert reasons_against_adding("x", NOTE, reason=None, source=None, departs=False) == []
        assert reasons_against_adding("x", NOTE, reason=None, source=None, departs=True) == [
            DepartureIsProfessional("x")
        ]

    def test_rows_are_counted_past_nine(self):
        """
        The tenth change of an addition is no reason to overwrite the second.
        """
        taken = [f"t-a.{n}" for n in range(1, 11)]

        assert next_row("t-a", taken) == "t-a.11"
        assert next_row("t-b", taken) == "t-b.1"
        assert addition_of("t-a.11") == "t-a"

    def test_the_facts_hold_digests_and_no_words(self):
        """
        Facts are hashed and kept for ever.
        """
        facts = as_facts(becomes({}, ONE, [an_addition(until_on=LATER)]), exempt=False)

        assert facts["ended"] == ["t-aaaaaaaaaa.1"]
        assert set(facts["began"][0]) == {
            "id", "section", "kind", "digest", "departs", "section_digest", "replaces", "from", "until",
        }  # fmt: skip


class TestWhatIsAskedToFillIn:
    def test_says_what_is_new_needed_now_gone_and_missing(self):
        """
        «Hva betyr endringen for meg?» is first of all which boxes stand empty.
        """
        phone = LocalInformation("vakt", "Vakttelefon", LocalInformationType.SERVICE_PHONE, required=False)
        door = LocalInformation("dor", "Dør", LocalInformationType.TEXT)
        contact = LocalInformation("kontakt", "Kontakt", LocalInformationType.FUNCTION, required=True)
        must = replace(phone, required=True)

        found = fields_changed([phone, door], [must, contact], {"vakt": "75 00 00 00"})

        assert (found.new, found.now_required, found.gone, found.missing) == ((contact,), (must,), (door,), (contact,))


def test_a_day_before_the_first_is_never_before_today():
    """
    A version taken into use with effect backwards is asked about what stands now: the past stays as it was.
    """
    ended = an_addition(until_on=TODAY)

    assert standing_before([ended], date(2026, 1, 1), TODAY) == []
