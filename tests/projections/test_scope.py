"""What is checked of some routines at a time must not read what is said of all the others, each time."""

import pytest
from sqlmodel import col, select

from samrutine.projections.scope import Scope, with_settings
from samrutine.storage.rows import DecisionRow


@pytest.mark.parametrize("scope", [Scope(frozenset({"a", "b"})), Scope(frozenset())], ids=["routines", "about none"])
def test_decisions_of_a_scope_are_found_by_an_index(library, scope):
    """
    A library of ten thousand routines is checked in fifty parts: to read the whole chain for each took half of the night.
    """
    asked = select(DecisionRow.record).where(with_settings(scope)).order_by(col(DecisionRow.number))

    with library._parts.database.reading() as session:
        engine = session.connection().engine
        text = str(asked.compile(engine, compile_kwargs={"literal_binds": True}))
        plan = [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]

    assert plan
    assert not [step for step in plan if step.startswith("SCAN decision")]
