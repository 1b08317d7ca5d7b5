"""
The two branches as consumers: `main` with the words that are faglig godkjent, `register` with the decisions.

Every commit is made from one decision alone, or from a list that was decided as one, so the same decisions always give
the same commits. That is what lets a
run that was killed find its own work, and `verify` compare without trusting what it compares with.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlmodel import Session, col, func, select

from samrutine.errors import StoreDamaged
from samrutine.messages import say
from samrutine.procedures.text import digest as digest_of
from samrutine.projections.consumer import Brought, Stretch
from samrutine.projections.local_files import local_files
from samrutine.storage.git import MAIN, REGISTER, Commit, GitStore, blob_id
from samrutine.storage.rows import DecisionRow
from samrutine.storage.steps import reach
from samrutine.storage.words import Words

ENTRIES_PER_FILE: Final = 200
COMMITS_AT_ONCE: Final = 500
LIST_KIND: Final = "list_decided"
WORDS_KINDS: Final = (
    "version_approved", "version_hurried", "version_refused", "procedure_withdrawn", "library_settled",
)  # fmt: skip


class Planned(NamedTuple):
    """A commit to make, and the digests whose words it carries, by path."""

    commit: Commit
    words: dict[str, str]


@dataclass
class _Branch:
    """What both branches share: walk the stretch, append in batches, compare trees."""

    store: GitStore
    branch: str = field(init=False)

    def planned(self, session: Session, after: int, until: int) -> Iterator[Planned]:
        """Give the commits for decisions after `after` up to `until`, in order."""
        raise NotImplementedError  # pragma: no cover  each branch has its own

    def bring_up_to_date(self, session: Session, stretch: Stretch) -> Brought:
        """Append the commits that are missing and read their words back."""
        mark = stretch.mark
        kept: dict[str, str] = {}
        batch: list[Planned] = []
        for plan in self.planned(session, stretch.position, stretch.head):
            batch.append(plan)
            if len(batch) == COMMITS_AT_ONCE:
                mark = self._append(mark, batch, kept)
                batch = []
        if batch:
            mark = self._append(mark, batch, kept)
        return Brought(mark, kept)

    def faults(self, session: Session, stretch: Stretch) -> list[tuple[str, str]]:
        """Compare the branch's tip and tree with what the decisions say."""
        tip = self.store.tip(self.branch)
        if tip != stretch.mark:
            return [(f"{self.name}-tip", f"{tip} {stretch.mark}")]
        expected = self._tree(session, stretch.position)
        found = self.store.tree(tip) if tip else {}
        different = {path for path in expected.keys() | found.keys() if expected.get(path) != found.get(path)}
        return [(f"{self.name}-tree", path) for path in sorted(different)]

    def rebuild(self, session: Session, stretch: Stretch) -> Brought:
        """
        Put the branch where the decisions say, from nothing if need be.

        What stands on it that no decision made is kept under `refs/samrutine/set-aside`.
        """
        mark = stretch.mark if stretch.mark and self.store.has_commit(stretch.mark) else None
        start = stretch.position if mark else 0
        if mark and self._tree(session, start) != self.store.tree(mark):
            mark, start = None, 0
        tip = self.store.tip(self.branch)
        if tip != mark and not (mark and tip and self._is_own_work(session, mark, start, stretch.head, tip)):
            self.store.set_aside(self.branch, mark)
        return self.bring_up_to_date(session, Stretch(start, stretch.head, mark))

    @property
    def name(self) -> str:
        """The consumer's name: the branch's."""
        return self.branch.rpartition("/")[2]

    def _is_own_work(self, session: Session, mark: str, start: int, head: int, tip: str) -> bool:
        if not self.store.is_ancestor(mark, tip):
            return False
        own = len(list(self.planned(session, start, head)))
        added = [commit for commit, _ in self.store.commits(self.branch)]
        return added.index(tip) - added.index(mark) <= own and self.store.tree(tip) == self._tree(session, head)

    def _append(self, mark: str | None, batch: list[Planned], kept: dict[str, str]) -> str:
        ids = self.store.append(self.branch, mark, [plan.commit for plan in batch], allowed=frozenset({mark}))
        wanted: dict[str, str] = {}
        for plan in batch:
            for path, digest in plan.words.items():
                content = plan.commit.changes[path]
                if content is not None:
                    wanted[digest] = blob_id(content)
        if wanted:
            read = self.store.read_many(list(wanted.values()))
            for digest, blob in wanted.items():
                if digest_of(read[blob]) != digest:
                    raise StoreDamaged(store="git", detail=f"blob {blob}")
            kept.update(wanted)
            reach("project: words read back")
        return ids[-1]

    def _tree(self, session: Session, until: int) -> dict[str, str]:
        tree: dict[str, str] = {}
        for plan in self.planned(session, 0, until):
            for path, content in plan.commit.changes.items():
                if content is None:
                    tree.pop(path, None)
                else:
                    tree[path] = blob_id(content)
        return tree


@dataclass
class MainBranch(_Branch):
    """`main`: `procedures/<subject>/<id>.md` as faglig godkjent, and `library/` as settled."""

    def __post_init__(self) -> None:
        """Name the branch."""
        self.branch = MAIN

    def planned(self, session: Session, after: int, until: int) -> Iterator[Planned]:
        """One commit for each version that was agreed to, hurried or refused, each withdrawal, and each settling."""
        rows = session.exec(
            select(DecisionRow)
            .where(DecisionRow.number > after, DecisionRow.number <= until, col(DecisionRow.kind).in_(WORDS_KINDS))
            .order_by(col(DecisionRow.number))
        ).all()
        for row in rows:
            facts = json.loads(row.record)["facts"]
            digests: dict[str, str] = {}
            changes: dict[str, bytes | None] = {}
            if row.kind == "library_settled":
                digests = {f"library/{path}": digest for path, digest in facts["files"].items()}
            else:
                leaves, folder, digest = _moved(row.kind, facts)
                if leaves not in {None, folder}:
                    changes[f"procedures/{leaves}/{facts['procedure']}.md"] = None
                if folder is not None:
                    digests[f"procedures/{folder}/{facts['procedure']}.md"] = digest
            for path, digest in digests.items():
                changes[path] = Words.from_sql(session, digest)
            yield Planned(Commit(changes, _message(row, facts), row.decided_at), digests)


def _moved(kind: str, facts: dict[str, Any]) -> tuple[str | None, str | None, str]:
    """Give the folder that a routine leaves, the one where it lies afterwards, if any, and the digest of its words there."""
    if kind == "version_refused":
        return facts["folder"], facts["stands_folder"], facts["stands_digest"]
    if kind == "procedure_withdrawn":
        return facts["folder"], None, ""
    return facts["previous_folder"], facts["folder"], facts["digest"]


@dataclass
class RegisterBranch(_Branch):
    """
    `register`: every decision, in `<body>/<year-month>/<part>.jsonl`, at most 200 to a file, only ever appended.

    A line is `{"hash":"1:…","record":{…}}` with the record's bytes just as they were hashed. No names: the record
    holds none. The same facts stand as trailers in the commit message, for those who read with `git log`. Beside it lie
    the words of municipalities' additions, see `local_files`.
    """

    def __post_init__(self) -> None:
        """Name the branch."""
        self.branch = REGISTER

    def planned(self, session: Session, after: int, until: int) -> Iterator[Planned]:
        """One commit for each decision, but for a list of answers, which is one commit with all of its decisions."""
        rows = session.exec(
            select(DecisionRow)
            .where(DecisionRow.number > after, DecisionRow.number <= until)
            .order_by(col(DecisionRow.number))
        ).all()
        parts: dict[str, tuple[int, list[str]]] = {}
        for group in _together(rows):
            changes: dict[str, bytes | None] = {}
            words: dict[str, str] = {}
            for row in group:
                for path, digest in local_files(row.body, json.loads(row.record)["facts"]).items():
                    changes[path] = Words.from_sql(session, digest) if digest else None
                    words |= {path: digest} if digest else {}
                folder = row.register_folder
                if folder not in parts:
                    parts[folder] = _last_part(session, folder, row.number)
                number, lines = parts[folder]
                if len(lines) == ENTRIES_PER_FILE:
                    changes[f"{folder}/{number:03d}.jsonl"] = "".join(lines).encode()
                    number, lines = number + 1, []
                lines.append(f'{{"hash":"{row.hash}","record":{row.record}}}\n')
                parts[folder] = (number, lines)
            for folder in dict.fromkeys(row.register_folder for row in group):
                number, lines = parts[folder]
                changes[f"{folder}/{number:03d}.jsonl"] = "".join(lines).encode()
            yield Planned(Commit(changes, _message_of(group), group[-1].decided_at), words)


def _together(rows: Iterable[DecisionRow]) -> Iterator[list[DecisionRow]]:
    """
    Give the decisions that go into one commit: a list of answers with all its rows, every other decision alone.

    A commit for each of five hundred rows would write the register's file five hundred times over.
    """
    for _, group in groupby(rows, lambda row: row.act_id):
        of_act = list(group)
        yield from [of_act] if of_act[0].kind == LIST_KIND else [[row] for row in of_act]


def _last_part(session: Session, folder: str, before: int) -> tuple[int, list[str]]:
    """Give the number and the lines of the file that a folder's next decision goes to."""
    earlier = session.exec(
        select(func.count())
        .select_from(DecisionRow)
        .where(DecisionRow.register_folder == folder, DecisionRow.number < before)
    ).one()
    full = (earlier - 1) // ENTRIES_PER_FILE if earlier else 0
    rows = session.exec(
        select(DecisionRow.hash, DecisionRow.record)
        .where(DecisionRow.register_folder == folder, DecisionRow.number < before)
        .order_by(col(DecisionRow.number))
        .offset(full * ENTRIES_PER_FILE)
    )
    return full + 1, [f'{{"hash":"{link}","record":{record}}}\n' for link, record in rows]


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


def _message_of(group: Sequence[DecisionRow]) -> str:
    """Write one commit message for decisions that were made together: the sentence of the first, the facts of all."""
    first, *others = (_message(row, json.loads(row.record)["facts"]) for row in group)
    return "\n".join([first, *(one.partition("\n\n")[2] for one in others)])


def _message(row: DecisionRow, facts: dict[str, Any]) -> str:
    """Write a commit message: what happened in bokmål, then the facts as trailers. Never a name, never free text."""
    # One line each: a line break in a position would else make a trailer of its own, and it would look like ours.
    known = {key: " ".join(str(facts[key]).split()) for key, _ in TRAILERS if facts.get(key)}
    first = date.fromisoformat(known["from"]) if known.get("from") else ""
    places = {"body": row.body, "from_day": first, **{key: known.get(key, "") for key, _ in TRAILERS}}
    lines = [say(f"register.{row.kind}", "nb", **places), "", f"Decision: {row.id}", f"Number: {row.number}"]
    lines += [f"Kind: {row.kind}", f"Body: {row.body}"]
    lines += [f"{trailer}: {known[key]}" for key, trailer in TRAILERS if key in known]
    lines.append(f"Hash: {row.hash}")
    return "\n".join(lines)
