"""Erasing what was written with a decision, while the decision and its proof stand."""

import pytest
from sqlmodel import SQLModel, col, select

from samrutine.errors import NotAllowed, Refused, TargetNotFound
from samrutine.networks.text_erasure import NoSuchDecision, NoTextToErase, OtherTextsToErase, PublishedThere
from samrutine.storage.rows import AdoptionRow, DecisionTextRow, DelegationRow, ProposalRow, VersionRow
from tests.support.stories import APPROVERS, approve_with_everyone, change_with_everyone, not_projecting
from tests.support.texts import a_routine

LINK = "https://kvalitet.provevik.example/rutiner/egen-4711"
WHY = "Begrunnelsen hadde en personopplysning."


def use_own(library):
    """Let Meløy answer that it follows a routine of its own, with a reason; gives the decision's number."""
    return library.use_own_routine(
        "handhygiene", "meloy", link=LINK, reason="Fru Oppdiktet ba om det.", by="beslutter.meloy"
    ).number


MARK = "Oppdiktet"


def everything_said(library):
    """Say something with each sort of act; gives what each was marked with."""
    library.decline("handhygiene", "rodoy", reason=f"{MARK} avslag", by="beslutter.rodoy")
    library.use_own_routine(
        "handhygiene", "meloy", link=f"{LINK}?{MARK} lenke", reason=f"{MARK} egen", by="beslutter.meloy"
    )
    library.delegate("skribent", "1841", "unit-leader", "enhetsleder", reference=f"{MARK} sak", by="redaktor")
    library.review("handhygiene", version="1.0", outcome="to-change", note=f"{MARK} funn", by="leder")
    changed = a_routine(extra="Ny.")
    draft = library.propose(changed, changes="handhygiene", meaning=f"{MARK} betydning", by="redaktor")
    parties = ["municipality:1841", f"outside:{MARK} part"]
    library.open_hearing(draft.proposal, digest=draft.digest, parties=parties, by="leder")
    library.hurry(draft.proposal, digest=draft.digest, reason=f"{MARK} hast", by="leder")
    for one in APPROVERS:
        library.approve(draft.proposal, digest=draft.digest, by=one)
    other = library.propose(a_routine("ny", title="Ny"), by="skribent", meaning=f"{MARK} mening")
    library.send(other.proposal, digest=other.digest, unheard=f"{MARK} uhørt", by="leder")
    library.reject(other.proposal, reason=f"{MARK} stopp", by="leder")
    gone = library.propose_withdrawal("handhygiene", reason=f"{MARK} grunn", by="skribent")
    library.withdraw(gone.proposal, reason=f"{MARK} trekk", by="skribent")
    library.add_addition(
        "handhygiene", "Fauske", "formal", "professional-addition", "Bruk krem.", reason=f"{MARK} behov",
        source=f"{MARK} kilde", by="beslutter.fauske",
    )  # fmt: skip
    return (
        *("avslag", "lenke", "egen", "sak", "funn", "betydning", "part", "hast", "mening", "uhørt", "stopp", "grunn"),
        *("trekk", "behov", "kilde"),
    )


def everywhere(library):
    """Give all that stands in any table, as one text."""
    with library._parts.database.reading() as session:
        rows = [
            row for table in SQLModel.metadata.sorted_tables for row in session.connection().execute(table.select())
        ]
    return "\n".join(
        one.decode(errors="replace") if isinstance(one, bytes) else str(one) for row in rows for one in row
    )


class TestErasing:
    def test_takes_the_words_away_wherever_they_stand_and_leaves_the_decision(self, any_library_with_routine):
        """
        We promised that a reason may be erased later; somebody must be able to do it.
        """
        library = any_library_with_routine
        number = use_own(library)

        answer = library.erase_text(number, reason=WHY, by="redaktor", decision_id="sletting")
        again = library.erase_text(number, reason=WHY, by="redaktor", decision_id="sletting")

        assert (answer.of, answer.names, again) == (number, ("link", "reason"), answer)
        with library._parts.database.reading() as session:
            rows = session.exec(select(DecisionTextRow).where(DecisionTextRow.number == number)).all()
            assert [(row.text, row.erased_at is not None) for row in rows] == [(None, True), (None, True)]
            links = session.exec(select(AdoptionRow.own_link).where(AdoptionRow.decided_number == number)).all()
            assert links == [None]
        assert library.history("handhygiene")[-1].texts == {}
        assert library.verify().faults == ()

    def test_takes_only_the_text_that_is_named(self, library_with_routine):
        """
        The address of the own routine is no secret because the reason was.
        """
        library = library_with_routine
        number = use_own(library)

        library.erase_text(number, "reason", reason=WHY, by="redaktor")

        assert library.history("handhygiene")[-1].texts == {"link": LINK}
        assert library.verify().faults == ()

    def test_takes_the_copies_with_it(self, any_library_with_routine):
        """
        Words that stand in a second place are not gone.
        """
        library = any_library_with_routine
        delegated = library.delegate(
            "skribent", "1841", "unit-leader", "enhetsleder", reference="Sak om Oppdiktet", by="redaktor"
        )
        approve_with_everyone(
            library, a_routine(extra="Ny."), changes="handhygiene", significance="major", by="redaktor",
            meaning="En.\nTo.\nTre.",
        )  # fmt: skip
        with library._parts.database.reading() as session:
            told = session.exec(select(DecisionTextRow).where(DecisionTextRow.text == "En.\nTo.\nTre.")).all()

        for number in (delegated.number, *(one.number for one in told)):
            library.erase_text(number, reason=WHY, by="redaktor")

        assert [one.meaning for one in library.versions("handhygiene")][-1] is None
        with library._parts.database.reading() as session:
            assert (
                session.exec(
                    select(DelegationRow.reference).where(DelegationRow.decided_number == delegated.number)
                ).one()
                is None
            )
        assert library.verify().faults == ()

    def test_takes_the_name_of_a_party_outside_with_it(self, any_library):
        """
        Whom to hear was typed in by hand, and may be a person.
        """
        library = any_library
        draft = library.propose(a_routine(), by="skribent")
        parties = ["municipality:1841", "outside:Fru Oppdiktet"]
        opened = library.open_hearing(draft.proposal, digest=draft.digest, parties=parties, by="leder")

        library.erase_text(opened.number, reason=WHY, by="redaktor")

        names = [one.name for one in library.hearing(draft.proposal, reader="leder").parties]
        assert names == ["Fauske", "–"]
        assert library.verify().faults == ()

    def test_takes_them_wherever_any_table_repeats_them(self, any_library_with_routine):
        """
        Found by looking through every column there is, so that one added next year is looked through too.
        """
        library = any_library_with_routine
        with not_projecting(library):
            given = everything_said(library)
        stood = everywhere(library)
        assert not [one for one in given if f"{MARK} {one}" not in stood]

        with library._parts.database.reading() as session:
            rows = session.exec(select(DecisionTextRow).where(col(DecisionTextRow.text).contains(MARK))).all()
        for number in sorted({row.number for row in rows}):
            library.erase_text(number, reason=WHY, by="redaktor")

        assert len(rows) >= len(given)
        assert MARK not in everywhere(library)
        assert library.verify().faults == ()

    def test_what_stands_again_is_named_with_all_that_repeats_it(self, library_with_routine):
        """
        Somebody puts an older database back, or writes in it: the hash of what was erased holds all the same.
        """
        library = library_with_routine
        change_with_everyone(library, a_routine(extra="Ny."), significance="major", meaning=f"{MARK} betydning")
        declined = library.decline("handhygiene", "rodoy", reason=f"{MARK} avslag", by="beslutter.rodoy").number
        with library._parts.database.reading() as session:
            meant = session.exec(select(DecisionTextRow.number).where(DecisionTextRow.name == "meaning")).one()
        library.erase_text(meant, reason=WHY, by="redaktor")
        library.erase_text(declined, reason=WHY, by="redaktor")
        assert library.verify().faults == ()
        with library._parts.database.writing() as session:
            session.get_one(DecisionTextRow, (declined, "reason")).text = f"{MARK} avslag"
            version = session.get_one(VersionRow, ("handhygiene", 2, 0))
            proposal = session.get_one(ProposalRow, version.proposal_id)
            version.meaning = proposal.meaning = f"{MARK} betydning"

        found = {(one.code, one.detail) for one in library.verify().faults}

        assert found == {
            ("writing-not-erased", f"{declined} reason"),
            ("version", "handhygiene 2.0"),
            ("proposal", f"{proposal.id} handhygiene"),
        }

    def test_is_refused_where_nothing_is_left(self, library_with_routine):
        """
        Whoever mistook the number must not believe that it was done.
        """
        number = use_own(library_with_routine)
        library_with_routine.erase_text(number, reason=WHY, by="redaktor")

        other = library_with_routine.decline("handhygiene", "rodoy", reason="Nei.", by="beslutter.rodoy").number

        for of, name, why in (
            (number, None, NoTextToErase(number)), (number, "case", NoTextToErase(number)),
            (other, "case", OtherTextsToErase(other, ("reason",))), (10**6, None, NoSuchDecision(10**6)),
        ):  # fmt: skip
            with pytest.raises(Refused) as refused:
                library_with_routine.erase_text(of, name, reason=WHY, by="redaktor")

            assert refused.value.reasons == (why,)

    def test_takes_away_where_was_published_when_nothing_lies_there(self, library_with_routine, tmp_path):
        """
        A folder may be called after a patient. While it is published there, or a copy may lie there, the address is needed.
        """
        library, place = library_with_routine, tmp_path / MARK
        place.mkdir()
        number = library.set_target("Fauske", f"{MARK} mappe", "folder", place, by="ansvarlig.fauske").number
        with pytest.raises(Refused) as while_it_stands:
            library.erase_text(number, reason=WHY, by="redaktor")
        ended = library.end_target("Fauske", f"{MARK} mappe", by="ansvarlig.fauske").number
        with pytest.raises(Refused) as before_it_is_emptied:
            library.erase_text(number, reason=WHY, by="redaktor")
        library.publish("Fauske", by="ansvarlig.fauske")

        library.erase_text(number, reason=WHY, by="redaktor")
        library.erase_text(ended, reason=WHY, by="redaktor")

        assert while_it_stands.value.reasons == before_it_is_emptied.value.reasons == (PublishedThere(number),)
        assert MARK not in everywhere(library)
        assert library.verify().faults == ()
        with pytest.raises(TargetNotFound):
            library.publish("Fauske", by="ansvarlig.fauske")

    def test_is_the_editors(self, library_with_routine):
        """
        A municipality does not take away what another one reads to understand its answer.
        """
        number = use_own(library_with_routine)

        with pytest.raises(NotAllowed):
            library_with_routine.erase_text(number, reason=WHY, by="beslutter.meloy")
