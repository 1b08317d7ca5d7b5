"""Every table that is kept for ever is held against the decisions by `verify`, or says here why it is not."""

import pytest

from samrutine.storage.rows import Row
from tests.projections.test_verify import CASES

HELD = {
    "decision": {"chain-number", "chain-hash", "chain-link", "chain-columns", "chain-time"},
    "decision_text": {"text-changed", "text-gone"},
    "chain_head": {"chain-head"},
    "words": {"words-changed", "words-gone", "words-place"},
    "version": {"versions", "version", "access"},
    "procedure": {"procedure-head", "procedure", "access", "withdrawn", "owner", "review"},
    "approval": {"approval"},
    "proposal_origin": {"origin"},
    "review": {"review"},
    "adoption": {"answer"},
    "in_force": {"in-force-overlap", "in-force-undecided", "in-force-missing"},
    "local_value": {"local-information"},
    "addition": {"addition"},
    "standing_decision": {"standing"},
    "made_known": {"made-known"},
    "inventory": {"inventory"},
    "role_grant": {"role"},
    "delegation": {"delegation"},
    "library_file": {"settings"},
    "library": {"library"},
    "actor": {"actor"},
    "attachment": {"attachment"},
    "publication_target": {"target"},
    "publication": {"publication"},
    "effective_document": {"effective-document"},
    # Not kept for ever, and held all the same: people act on what stands there.
    "proposal": {"proposal"},
    "section": {"section"},
    "municipality": {"settled"},
    "network": {"settled"},
    "person": {"person"},
    "hearing": {"hearing"},
    "waiting": {"waiting"},
    "notification": {"notification"},
    "counter": {"total"},
    "table_retention": {"retention"},
    "outbox": {"outbox-missing", "outbox"},
    "outbox_position": {"behind", "ahead", "position"},
}

NOT_HELD: dict[str, str] = {}
"""By table, why not. A table that is added must stand here or above."""


@pytest.mark.parametrize(
    "table", [table.name for table in Row.metadata.sorted_tables if table.info["retention"] == "permanent"]
)
def test_a_permanent_table_is_held_or_says_why_not(table):
    """
    A table that nobody thought of is where somebody changes the record and is not found.
    """
    assert (table in HELD) != (table in NOT_HELD)


def test_every_fault_named_here_is_provoked_and_every_table_is_there():
    """
    The list is read by whoever must trust it.
    """
    assert set.union(*HELD.values()) <= set(CASES)
    assert HELD.keys() | NOT_HELD.keys() <= {table.name for table in Row.metadata.sorted_tables}
