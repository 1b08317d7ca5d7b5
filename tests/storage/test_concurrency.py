"""Several processes decide at once: nothing is lost, nothing is decided twice, nobody is told that a file is locked."""

import time

from sqlmodel import select

from samrutine.storage.rows import ApprovalRow, DecisionRow
from tests.storage.deciding import at_once
from tests.support.homes import MUNICIPALITIES
from tests.support.stories import APPROVERS, approve_with_everyone, not_projecting, propose_and_send
from tests.support.texts import a_routine


def numbers_of(library):
    """Give the numbers of all decisions, in order."""
    with library._parts.database.reading() as session:
        return session.exec(select(DecisionRow.number).order_by(DecisionRow.number)).all()


class TestFourAtOnce:
    def test_forty_adoptions_from_four_processes_are_all_kept(self, any_home_with_routine):
        """
        Nine municipalities decide in the same week, some in the same second. A lost decision is a broken promise.
        """
        home = any_home_with_routine
        with home.opened() as library:
            with not_projecting(library):
                for n in range(4):
                    approve_with_everyone(library, a_routine(f"rutine-{n}", title=f"Rutine {n}"))
            library.repair()
            before = len(numbers_of(library))
        slugs = sorted(MUNICIPALITIES)[:8]

        said = at_once(home, *[("adopt", *slugs[n::4]) for n in range(4)])

        with home.opened() as library:
            library.repair()
            numbers = numbers_of(library)
            in_force = library.in_force()
            verified = library.verify()
        acknowledged = sorted(number for one in said for number in one["ok"])
        assert acknowledged == list(range(before + 1, before + 41))
        assert numbers == list(range(1, before + 41))
        assert len(in_force) == 40
        assert verified.is_clean, verified.faults

    def test_two_last_approvers_in_two_processes_make_one_version(self, any_home):
        """
        Both click at ten past two. There is one version 1.0, and one branch.
        """
        home = any_home
        with home.opened() as library:
            proposal = propose_and_send(library, a_routine())
            with not_projecting(library):
                for who in APPROVERS[1:]:
                    library.approve(proposal.id, digest=proposal.digest, by=who)
            assert library.procedures() == []

        said = at_once(home, ("approve", proposal.id, "medlem.beiarn"), ("approve", proposal.id, "medlem.saltdal"))

        with home.opened() as library:
            versions = [str(one.version) for one in library.versions("handhygiene")]
            assert library.repair().is_clean
            with library._parts.database.reading() as session:
                approvals = len(session.exec(select(ApprovalRow)).all())
        outcomes = sorted(one.get("ok") or one["reasons"][0] for one in said)
        assert versions == ["1.0"]
        assert outcomes == ["1.0", "StepNotNow"]
        assert approvals == 4

    def test_one_decision_id_from_two_processes_is_one_decision(self, any_home_with_routine):
        """
        A gateway that sends a request again must not decide again.
        """
        said = at_once(any_home_with_routine, *[("same", "fauske", str(n)) for n in range(2)])

        with any_home_with_routine.opened() as library:
            assert library.repair().is_clean
            adopted = [one for one in library.history("handhygiene") if one.kind == "adopted"]
        assert len({one["ok"] for one in said}) == 1
        assert len(adopted) == 1


def clean_and_in_order(home):
    """Repair, and see that the chain has every number once and that nothing is otherwise than decided."""
    with home.opened() as library:
        verified = library.repair()
        numbers = numbers_of(library)
    assert verified.is_clean, verified.faults
    assert numbers == list(range(1, len(numbers) + 1))


class TestFourInOtherWays:
    def test_four_who_answer_a_hearing_are_all_heard(self, any_home):
        """
        The last evening before the deadline everybody answers.
        """
        home = any_home
        who = {"fauske": "ansatt.fauske", **{slug: f"medlem.{slug}" for slug in ("beiarn", "gildeskal", "hamaroy")}}
        with home.opened() as library:
            draft = library.propose(a_routine(), by="skribent")
            parties = [f"municipality:{slug}" for slug in who]
            library.open_hearing(draft.proposal, digest=draft.digest, parties=parties, by="leder")

        said = at_once(home, *[("answer", draft.proposal, one, slug) for slug, one in who.items()])

        with home.opened() as library:
            view = library.hearing(draft.proposal, reader="leder")
        assert len({one["ok"] for one in said}) == 4
        assert [one.answer for one in view.parties] == ["remarks"] * 4
        clean_and_in_order(home)

    def test_what_is_agreed_to_hurried_or_changed_is_the_text_that_was_read(self, any_home):
        """
        One agrees, one changes a word, one cannot wait. Whoever comes too late is told, and no version has unread words.
        """
        home = any_home
        with home.opened() as library:
            sent = propose_and_send(library, a_routine())

        said = at_once(
            home,
            ("agree", sent.id, sent.digest, "medlem.beiarn"),
            ("agree", sent.id, sent.digest, "medlem.hamaroy"),
            ("revise", sent.id, sent.digest, "leder"),
            ("hurry", sent.id, sent.digest, "redaktor"),
        )

        with home.opened() as library:
            now, _ = library.get_proposal(sent.id, reader="redaktor")
            versions = library.versions("handhygiene") if "ok" in said[3] else []
        acknowledged = [one["ok"] for one in said if "ok" in one]
        assert len(set(acknowledged)) == len(acknowledged)
        assert {"ok" in said[2], "ok" in said[3]} == {True, False}, said
        assert [one.digest for one in versions] == ([sent.digest] if "ok" in said[3] else [])
        assert all(one.digest == sent.digest for one in now.approvals)
        assert len(now.valid_approvals) == (len(now.approvals) if "ok" in said[3] else 0)
        clean_and_in_order(home)

    def test_a_list_and_single_answers_leave_one_version_in_force(self, any_home_with_routine):
        """
        Two who may both decide do so: one after the other, and each of them sees what was there.
        """
        home = any_home_with_routine

        said = at_once(
            home,
            ("decide_list", "fauske", "a"),
            ("adopt", "fauske"),
            ("decide_list", "beiarn", "b"),
            ("adopt", "beiarn"),
        )

        with home.opened() as library:
            in_force = library.in_force(procedure="handhygiene")
        numbers = [number for one in said for number in one.get("ok", ())]
        assert len(set(numbers)) == len(numbers)
        assert sorted(one.municipality for one in in_force) == [MUNICIPALITIES["beiarn"], MUNICIPALITIES["fauske"]]
        clean_and_in_order(home)

    def test_of_two_who_change_the_same_settings_one_is_told(self, any_home):
        """
        Whoever saves last must not wipe out what the other wrote.
        """
        home = any_home
        with home.opened() as library:
            read = next(one.digest for one in library.settings() if one.path == "networks.toml")

        said = at_once(home, ("settle", read, "leder"), ("settle", read, "redaktor"))

        with home.opened() as library:
            content = next(one.content for one in library.settings() if one.path == "networks.toml")
        assert sorted("ok" in one for one in said) == [False, True], said
        assert [f"planene til {who}".encode() in content for who in ("leder", "redaktor")] == [
            "ok" in one for one in said
        ]
        clean_and_in_order(home)


def test_a_reader_never_waits_for_a_writer(any_home_with_routine):
    """
    Whoever searches for what to do now must not wait for somebody who decides.
    """
    home = any_home_with_routine
    with home.opened() as writer, home.opened() as reader, writer._parts.database.writing() as session:
        session.add(
            ApprovalRow(
                decided_number=1,
                proposal_id=reader.proposals(reader="redaktor")[0].id,
                actor_id="system",
                role="x",
                digest="d",
            )
        )
        session.flush()
        began = time.monotonic()

        found = reader.matrix()

        assert time.monotonic() - began < 1
        assert len(found.cells) == 9
        session.rollback()
