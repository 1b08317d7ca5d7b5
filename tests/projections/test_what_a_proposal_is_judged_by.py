"""What a proposal is judged by, and who may read it, stands in columns. Each is held against the decisions."""
# ruff: noqa: S608  the statements are our own, and made to do damage

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import select

from samrutine.projections.replay_proposal_rows import proposal_differences, says_plainly
from samrutine.projections.replay_proposals import ProposalDue
from samrutine.projections.scope import ALL
from samrutine.storage.rows import ProposalRow
from tests.support.clock import NOW
from tests.support.stories import change_with_everyone, propose_and_send
from tests.support.texts import a_routine

IN_VAIN = "(SELECT id FROM proposal WHERE state = 'withdrawn')"
DONE = "(SELECT max(id) FROM proposal WHERE state = 'approved')"
OPEN = "(SELECT id FROM proposal WHERE state = 'approval')"
TOLD = "(SELECT id FROM proposal WHERE procedure_id = 'fortrolig')"
OWN = "(SELECT id FROM proposal WHERE procedure_id = 'eget')"
CHANGES = [
    f"UPDATE proposal SET policy = replace(policy, '\"approvals\": 4', '\"approvals\": 1') WHERE id = {OPEN}",
    f"UPDATE proposal SET policy = NULL WHERE id = {OPEN}",
    f"UPDATE proposal SET policy = '{{' WHERE id = {OPEN}",
    f"UPDATE proposal SET author_municipality = '1875' WHERE id = {OPEN}",
    f"UPDATE proposal SET base_digest = '1:0' WHERE id = {OPEN}",
    f"UPDATE proposal SET significance = 'minor' WHERE id = {OPEN}",
    f"UPDATE proposal SET hidden_from_author = 1 WHERE id = {OPEN}",
    f"UPDATE proposal SET hidden_from_author = 0 WHERE id = {TOLD}",
    f"UPDATE proposal SET hidden_from_author = 1 WHERE id = {OWN}",
    f"UPDATE proposal SET text = x'' WHERE id = {IN_VAIN}",
    f"UPDATE proposal SET title = 'Annen' WHERE id = {DONE}",
    f"UPDATE proposal SET co_networks = 'omsorg' WHERE id = {DONE}",
    f"UPDATE proposal SET access = 'exempt' WHERE id = {DONE}",
    f"UPDATE proposal SET state = 'tull' WHERE id = {DONE}",
]


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory, sqlite_templates):
    """A home with a proposal that became a version, one that was given up, and one that is up for approval."""
    home = sqlite_templates.copied_to(tmp_path_factory.mktemp("judged") / "home", "routine")
    with home.opened() as library:
        change_with_everyone(library, a_routine(extra="Nytt."))
        given_up = library.propose(
            a_routine(extra="Annet."), changes="handhygiene", significance="minor", by="skribent"
        )
        library.withdraw(given_up.proposal, reason="Trekkes.", by="skribent")
        _exempt_drafts(library)
        sent = propose_and_send(
            library, a_routine(extra="Mer."), changes="handhygiene", significance="major", meaning="Mer."
        )
        assert library.verify().faults == ()
        yield library, sent


def _exempt_drafts(library):
    """Leave a draft that another made exempt, and one that its author made exempt and another has revised since."""
    told = library.propose(a_routine("fortrolig"), by="skribent")
    exempt = a_routine("fortrolig", access="exempt", extra="Nøkkelen.")
    library.revise(told.proposal, exempt, read_digest=told.digest, by="leder")
    own = library.propose(a_routine("eget"), by="skribent")
    mine = a_routine("eget", access="exempt", extra="Koden.")
    by_author = library.revise(own.proposal, mine, read_digest=own.digest, by="skribent")
    helped = a_routine("eget", access="exempt", extra="Koden!")
    library.revise(own.proposal, helped, read_digest=by_author.digest, by="leder")


def test_each_column_is_held(lived_in):
    """
    With one number less in a policy, one leader alone makes a version, and everything else is as it should be.
    """
    library, _ = lived_in
    found = {}
    for change in CHANGES:
        with library._parts.database.reading() as session:
            assert session.connection().execute(text(change)).rowcount > 0, change
            found[change] = list(proposal_differences(session, ALL))
            session.rollback()

    assert [change for change, faults in found.items() if len(faults) != 1] == []


def test_a_version_that_fewer_agreed_to_than_the_round_asked_for_is_named(lived_in):
    """
    The verbs went by the changed number; the decision that opened the round says another.
    """
    library, sent = lived_in
    with library._parts.database.writing() as session:
        row = session.exec(select(ProposalRow).where(ProposalRow.id == sent.id)).one()
        row.policy = json.dumps({**json.loads(row.policy), "rule": "n-persons", "approvals": 1, "municipalities": 0})
        session.add(row)

    made = library.approve(sent.id, digest=sent.digest, by="leder")

    assert str(made.version) == "2.0"
    assert {(one.code, one.detail) for one in library.verify().faults} == {
        ("not-agreed", "handhygiene 2.0"),
        ("proposal", f"{sent.id} handhygiene"),
    }


@pytest.mark.parametrize(
    ("above", "co_networks", "plain"),
    [
        ("---\ntitle: A\nkind: procedure", "", True),
        ("---\ntitle: B\nkind: procedure", "", False),
        ("---\ntitle: A\nco_networks: [omsorg]", "", False),
        ("---\ntitle: A\nkind: procedure", "omsorg", False),
    ],
)
def test_only_what_is_plain_is_not_read(above, co_networks, plain):
    """
    Reading YAML takes 20 ms, and there are tens of thousands of proposals; in doubt it is read.
    """
    assert says_plainly(f"{above}\n---\n\nTekst.\nco_networks: x\n".encode(), "A", co_networks) is plain


class TestWhoMayReadTheirOwnDraft:
    """What `hidden_from_author` must be follows from the decisions; `put_text` says it to the row, step by step."""

    STEPS = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=6)

    @given(head=st.booleans(), first=st.booleans(), steps=STEPS)
    def test_is_told_by_the_decisions_as_the_verbs_did_it(self, head, first, steps):
        """
        Who wrote, whether the text was exempt before, and whether the routine was: that is all it takes.
        """
        hidden, was, due = first and head, first, _due(others=head)

        for merges, by_another, head_now, becomes in steps:
            came = head_now if merges else (by_another and not was)
            kind, facts = ("proposal_refreshed", {"base": "1.0"}) if merges else ("proposal_revised", {})
            due.follow(
                kind, "a-1" if by_another else "a-0", {"digest": "1:1", "was_exempt": was, **facts},
                head_is_exempt=head_now,
            )  # fmt: skip
            hidden, was = becomes and (came or hidden), becomes

        assert not was or due.others is hidden

    @given(head=st.booleans(), first=st.booleans(), steps=STEPS)
    def test_of_an_earlier_build_nothing_false_is_said(self, head, first, steps):
        """
        Its decisions do not say which texts on the way were exempt: then it is told where the answer is the same either way.
        """
        hidden, was, due = first and head, first, _due(others=head)

        for merges, by_another, head_now, becomes in steps:
            came = head_now if merges else (by_another and not was)
            kind, facts = ("proposal_refreshed", {"base": "1.0"}) if merges else ("proposal_revised", {})
            due.follow(kind, "a-1" if by_another else "a-0", {"digest": "1:1", **facts}, head_is_exempt=head_now)
            hidden, was = becomes and (came or hidden), becomes

        assert not was or due.others in {None, hidden}


def _due(*, others):
    """Give a proposal by actor a-0, as it was opened."""
    return ProposalDue("r", "n", "change", "a-0", 1, NOW, None, None, None, "1:0", 1, None, others)
