"""
What a commit says: a sentence in bokmål for whoever reads the log, then the facts of its decisions as trailers.

All of it follows from the decisions. A later release may say the sentence in other words, and what stands in git stays as
it was written: so every sentence that a release ever wrote is known here, and no other is taken for ours.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from samrutine.messages import say, shown
from samrutine.projections.decided import Decided, Link
from samrutine.storage.git import Commit

TRAILERS: Final = (
    ("procedure", "Procedure"),
    ("proposal", "Proposal"),
    ("municipality", "Municipality"),
    ("addition", "Addition"),
    ("version", "Version"),
    ("digest", "Digest"),
    ("from", "From"),
    ("until", "Until"),
    ("position", "Position"),
    ("level", "Level"),
    ("case", "Case"),
)

EARLIER: Final[Mapping[str, tuple[str, ...]]] = {}
"""
By kind, the sentences of earlier releases that are said in other words now, with their places.

Whoever changes a sentence of the catalogue `register` that a release has written puts the old one here.
"""


def commit_of(group: Sequence[Decided], changes: Mapping[str, bytes | None]) -> Commit:
    """Make the commit of decisions that were made together: the sentence of the first, the facts of all."""
    first, *_ = group
    places = places_of(first.row.body, first.facts)
    sentence = say(f"register.{first.row.kind}", "nb", **places)
    facts = "\n".join(_trailers(row, facts) for row, facts in group)
    other = EARLIER.get(first.row.kind, ())
    filled = {name: shown(value, "nb") for name, value in places.items()} if other else {}
    earlier = tuple(one.format_map(filled) for one in other)
    return Commit(changes, f"{sentence}\n\n{facts}", group[-1].row.decided_at, earlier)


def places_of(body: str, facts: Mapping[str, Any]) -> dict[str, object]:
    """Give what the sentence of a decision has places for: its body, and what of its facts a commit tells; "" for none."""
    known = known_of(facts)
    first = date.fromisoformat(known["from"]) if known.get("from") else ""
    return {"body": body, "from_day": first, **{key: known.get(key, "") for key, _ in TRAILERS}}


def _trailers(row: Link, facts: Mapping[str, Any]) -> str:
    """Write the facts of a decision, a line each. Never a name, never free text."""
    known = known_of(facts)
    lines = [f"Decision: {row.id}", f"Number: {row.number}", f"Kind: {row.kind}", f"Body: {row.body}"]
    lines += [f"{trailer}: {known[key]}" for key, trailer in TRAILERS if key in known]
    return "\n".join([*lines, f"Hash: {row.hash}"])


def known_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """Give what of a decision's facts a commit tells, by key. Never a name, never free text."""
    # One line each: a line break in a position would else make a trailer of its own, and it would look like ours.
    return {key: " ".join(str(facts[key]).split()) for key, _ in TRAILERS if facts.get(key)}
