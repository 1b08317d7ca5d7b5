"""The chain: every link hashes what was decided, follows the one before, and can be checked by anybody."""

import hashlib
import json
import threading

import pytest
from sqlmodel import select

from samrutine.days import norwegian_day
from samrutine.errors import DecisionIdReused
from samrutine.storage import decisions
from samrutine.storage.decisions import (
    GENESIS,
    DecisionId,
    canonical_json,
    link_hash,
    new_decision_id,
    register_folder,
    salted,
)
from samrutine.storage.rows import ChainHeadRow, CounterRow, DecisionRow, DecisionTextRow, OutboxRow
from tests.support.clock import NOW
from tests.support.stories import UNHEARD
from tests.support.texts import a_routine


@pytest.fixture
def lived_in(any_library_with_routine):
    """A library in which something was decided with a reason and with local information."""
    any_library_with_routine.adopt("handhygiene", "Fauske", by="beslutter.fauske", reason="Vi trenger den.")
    any_library_with_routine.decline("handhygiene", "Beiarn", by="beslutter.beiarn", reason="Vi har en annen.")
    return any_library_with_routine


def rows_of(library, table):
    """Give all rows of a table, decisions by number."""
    with library._parts.database.reading() as session:
        rows = session.exec(select(table)).all()
    return sorted(rows, key=lambda row: getattr(row, "number", None) or 0)


class TestTheChain:
    def test_anybody_can_hash_it_again_with_nothing_but_sha256(self, lived_in):
        """
        An auditor must not need our program to check what our program says.
        """
        previous = GENESIS

        for number, row in enumerate(rows_of(lived_in, DecisionRow), 1):
            record = json.loads(row.record)
            assert row.hash == "1:" + hashlib.sha256(row.record.encode()).hexdigest()
            assert (record["number"], record["previous"]) == (number, previous)
            assert row.record == json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            previous = row.hash

        (head,) = rows_of(lived_in, ChainHeadRow)
        assert (head.number, head.hash) == (number, previous)

    def test_holds_no_free_text_and_no_names(self, lived_in):
        """
        A reason can be erased, and a name; a chain that held them could not.
        """
        records = "".join(row.record for row in rows_of(lived_in, DecisionRow))

        assert "Vi trenger den." not in records
        assert "Navnesen" not in records
        assert "redaktor" not in records
        assert "beslutter" not in records

    def test_a_reason_can_be_erased_and_the_chain_holds(self, lived_in):
        """
        The right to be forgotten and the duty to document meet here. That nobody decided to erase it is said too.
        """
        with lived_in._parts.database.writing() as session:
            for row in session.exec(select(DecisionTextRow).where(DecisionTextRow.name == "reason")):
                row.text, row.erased_at = None, NOW
                session.add(row)

        assert {fault.code for fault in lived_in.verify().faults} == {"text-gone"}
        assert lived_in.history("handhygiene")[-1].texts == {}

    def test_a_persons_name_can_be_erased_and_the_chain_holds(self, lived_in):
        """
        The name lies in one row; the decision names an opaque id. That nobody decided to erase it is said too.
        """
        from samrutine.storage.rows import PersonRow

        with lived_in._parts.database.writing() as session:
            for row in session.exec(select(PersonRow)):
                row.name, row.login, row.erased_at = None, None, NOW
                session.add(row)

        assert {fault.code for fault in lived_in.verify().faults} == {"person"}
        assert {event.name for event in lived_in.history("handhygiene")} == {None}

    def test_the_same_reason_twice_does_not_look_the_same(self, lived_in):
        """
        Without salt, whoever guesses a reason could prove the guess.
        """
        kept = rows_of(lived_in, DecisionTextRow)

        assert len({row.salt for row in kept}) == len(kept)
        assert salted("a", "Samme ord") != salted("b", "Samme ord")

    def test_each_decision_leaves_an_outbox_row_and_is_counted(self, lived_in):
        """
        What repeats decisions is told of every one of them; totals are kept, not counted.
        """
        decisions = rows_of(lived_in, DecisionRow)

        assert [row.number for row in rows_of(lived_in, OutboxRow)] == [row.number for row in decisions]
        (total,) = [row.value for row in rows_of(lived_in, CounterRow) if row.name == "decisions"]
        assert total == len(decisions)
        for row in decisions:
            assert row.register_folder == register_folder(row.body, row.decided_at)


class TestWritingAnAct:
    def test_an_error_inside_leaves_nothing_at_all(self, any_library):
        """
        A half decision is worse than none.
        """
        decisions = any_library._parts.proposals._decisions
        before = any_library.verify()

        def fail_halfway():
            by = any_library._actor("redaktor")
            with decisions.act(DecisionId("d-1"), "test", {}, by=by, now=NOW) as act:
                act.record("library_opened", body="library", role="editor")
                act.session.flush()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail_halfway()

        assert any_library.verify() == before

    def test_a_second_act_waits_until_the_first_is_decided(self, any_home):
        """
        What a rule is checked against must not change before what follows from it is written.
        """
        entered, numbers = threading.Event(), []

        def second():
            with any_home.opened() as own:
                by = own._actor("redaktor")
                with own._parts.proposals._decisions.act(DecisionId("to"), "test", {}, by=by, now=NOW) as act:
                    entered.set()
                    numbers.append(
                        act.record("person_added", body="library", role="editor", facts={"actor": "b"}).number
                    )

        with any_home.opened() as library:
            by = library._actor("redaktor")
            with library._parts.proposals._decisions.act(DecisionId("en"), "test", {}, by=by, now=NOW) as act:
                thread = threading.Thread(target=second)
                thread.start()
                came_too_early = entered.wait(0.7)
                numbers.append(act.record("person_added", body="library", role="editor", facts={"actor": "a"}).number)
            thread.join()

        assert not came_too_early
        assert numbers == [numbers[0], numbers[0] + 1]

    def test_several_decisions_of_one_act_are_named_after_it(self, any_library):
        """
        An approval and the version that followed from it are one act and two decisions.
        """
        decisions = any_library._parts.proposals._decisions
        actor = any_library._actor("redaktor")

        with decisions.act(DecisionId("d-1"), "test", {}, by=actor, now=NOW) as act:
            one = act.record("person_added", body="library", role="editor", facts={"actor": "a"})
            two = act.record("person_added", body="library", role="editor", facts={"actor": "b"})
        with decisions.act(DecisionId("d-1"), "test", {}, by=actor, now=NOW) as again:
            repeated = again.is_repeat, [decision.id for decision in again.decisions]

        assert (one.id, two.id, two.number) == ("d-1", "d-1:1", one.number + 1)
        assert repeated == (True, ["d-1", "d-1:1"])

    def test_what_was_asked_must_be_the_same(self, any_library):
        """
        The id of one act cannot carry another one in, however small the difference.
        """
        decisions = any_library._parts.proposals._decisions
        actor = any_library._actor("redaktor")
        with decisions.act(DecisionId("d-1"), "test", {"a": 1}, by=actor, now=NOW) as act:
            act.record("person_added", body="library", role="editor", facts={"actor": "a"})

        for verb, request, by in (
            ("other", {"a": 1}, actor),
            ("test", {"a": 2}, actor),
            ("test", {"a": 1}, any_library._actor("leder")),
        ):
            with pytest.raises(DecisionIdReused), decisions.act(DecisionId("d-1"), verb, request, by=by, now=NOW):
                pass  # pragma: no cover  the block is never entered


class TestForms:
    def test_json_has_one_form(self):
        """
        What is hashed must not depend on the order in which somebody wrote the keys.
        """
        assert canonical_json({"b": 1, "a": ["ø", None]}) == '{"a":["ø",null],"b":1}'
        assert canonical_json({"a": ["ø", None], "b": 1}) == canonical_json({"b": 1, "a": ["ø", None]})

    def test_the_hash_says_its_form(self):
        """
        When the form changes one day, old links are still read by the old one.
        """
        assert link_hash("{}") == "1:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"

    def test_ids_are_never_the_same(self):
        """
        Two clients that never met must not name two acts alike.
        """
        assert len({new_decision_id() for _ in range(1000)}) == 1000

    def test_the_day_is_the_day_in_norway(self):
        """
        What is decided at half past eleven in the evening, UTC, is decided tomorrow.
        """
        from datetime import UTC, datetime

        assert norwegian_day(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)).isoformat() == "2026-12-01"
        assert norwegian_day(datetime(2026, 7, 31, 22, 30, tzinfo=UTC)).isoformat() == "2026-08-01"
        assert (
            register_folder("municipality:1841", datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
            == "municipality/1841/2026-12"
        )


class TestSameDecisionsSameCommits:
    def test_two_homes_given_the_same_decisions_have_the_same_branches(self, tmp_path, sqlite_templates, monkeypatch):
        """
        Commits are made of decisions alone, so `verify` can compare without trusting what it compares with.
        """
        # What somebody wrote is salted, so that it cannot be guessed from the chain: the same salt, or never the same link.
        monkeypatch.setattr(decisions.secrets, "token_hex", lambda size: "5a" * size)
        tips = []
        for name in ("en", "to"):
            home = sqlite_templates.copied_to(tmp_path / name, "people")
            with home.opened() as library:
                draft = library.propose(a_routine(), by="skribent", decision_id="p")
                library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder", decision_id="s")
                for who in ("medlem.beiarn", "medlem.gildeskal", "medlem.hamaroy", "leder"):
                    library.approve(draft.proposal, digest=draft.digest, by=who, decision_id=f"a-{who}")
                library.adopt("handhygiene", "Fauske", by="beslutter.fauske", decision_id="u")
                store = library._parts.documents._words._stores["library"]
                tips.append(
                    (store.tip("refs/heads/main"), store.tip("refs/heads/register"), library.verify().chain_head)
                )

        assert tips[0] == tips[1]
        assert None not in tips[0]
