"""
The branches as consumers: `main` with the words that are faglig godkjent, `register` with the decisions.

Words that are exempt from public access go to `main` of a repository of their own, and never to the one that is shared:
neither in its tree nor in its history. Words that were open before a later version was made exempt leave the shared
tree, and stay in its history: everybody has read them.

Every commit is made from one decision alone, or from a list that was decided as one, so the same decisions always give
the same commits. That is what lets a
run that was killed find its own work, and `verify` compare without trusting what it compares with.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any, ClassVar, Final, NamedTuple

from sqlmodel import Session, col, func, select

from samrutine.errors import StoreDamaged
from samrutine.procedures.attached import suffix_of
from samrutine.procedures.heads import files_in
from samrutine.procedures.text import digest as digest_of
from samrutine.projections.checks.git import full_folders
from samrutine.projections.commits import commit_of
from samrutine.projections.consumer import Brought, Stretch
from samrutine.projections.decided import Decided, decided
from samrutine.projections.history import Compared, Tree, compared
from samrutine.projections.local_files import files_made_exempt, local_files
from samrutine.projections.rewriting import redactions
from samrutine.storage import git_reading
from samrutine.storage.decisions import link_hash
from samrutine.storage.git import MAIN, OBJECT_ID, REGISTER, Commit, GitStore, blob_id
from samrutine.storage.rows import DecisionRow
from samrutine.storage.steps import reach
from samrutine.storage.words import LIBRARY_STORE, RESTRICTED_STORE, Words, whole_in_sql

ENTRIES_PER_FILE: Final = 200
ENTRIES: Final = ".jsonl"
LINE: Final = re.compile(r'\{"hash":"(1:[0-9a-f]{64})","record":(\{.*\})\}')
"""A decision's line of the register, as `_line` writes it: its hash and its record."""
MOST_REMEMBERED: Final = 32
"""How many files of the register a process remembers; each is below a hundred kilobytes."""
COMMITS_AT_ONCE: Final = 500
BYTES_AT_ONCE: Final = 64 * 1024 * 1024
WORDS_AT_ONCE: Final = 100
"""How many decisions' words are asked for together: each question costs more than what it is answered with."""
LIST_KIND: Final = "list_decided"
VERSION_KINDS: Final = ("version_approved", "version_hurried", "version_refused", "procedure_withdrawn")
"""Decisions that put a routine's words in place, or take them away. See `_moved` for the facts that each must have."""

OPEN: Final = "open"
EXEMPT: Final = "exempt"


class Planned(NamedTuple):
    """A commit to make, and the digests whose words it carries, by path."""

    commit: Commit
    words: dict[str, str]


def _batches(plans: Iterable[Planned]) -> Iterator[list[Planned]]:
    """Give commits some at a time: as many as are held in memory, with what they carry."""
    batch: list[Planned] = []
    held = 0
    for plan in plans:
        batch.append(plan)
        held += sum(len(content) for content in plan.commit.changes.values() if content is not None)
        if len(batch) == COMMITS_AT_ONCE or held > BYTES_AT_ONCE:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


@dataclass
class _Branch(ABC):
    """What both branches share: walk the stretch, append in batches, compare trees."""

    store: GitStore
    branch: str = field(init=False)
    store_name: str | None = field(default=None, init=False)
    grows: ClassVar[str | None] = None
    """How the names of files end that are only ever appended to."""
    _lies: tuple[str | None, dict[str, bytes]] = field(default=(None, {}), init=False, repr=False)
    """The tip that we put there ourselves, and what lies in some such files of it: git is asked for the others."""

    @abstractmethod
    def planned(self, session: Session, after: int, until: int) -> Iterator[Planned]:
        """Give the commits for decisions after `after` up to `until`, in order."""

    def bring_up_to_date(self, session: Session, stretch: Stretch) -> Brought:
        """Append the commits that are missing and read their words back; begin a new epoch where words were redacted."""
        if (epoch := self._new_epoch(session, stretch)) is not None:
            return epoch
        mark = stretch.mark
        kept: dict[str, str] = {}
        for batch in _batches(self.planned(session, stretch.position, stretch.head)):
            mark = self._append(mark, batch, kept)
        return Brought(mark, kept, self.store_name)

    def _new_epoch(self, session: Session, stretch: Stretch) -> Brought | None:
        """
        Write the branch anew from the first commit that carried words redacted in the stretch; None where none did.

        No commit moves the branch before all of them are written, so that a killed run finds the branch either as it was or
        as it shall be. The old commits are not set aside: they hold what had to go.
        """
        gone = redactions(session, stretch.position, stretch.head)
        digests = {facts["digest"] for facts in gone.values()}
        if not stretch.mark or not digests:
            return None
        last_lines: list[str] = []
        first = None
        for n, plan in enumerate(self.planned(session, 0, stretch.head)):
            last_lines.append(_last_line(plan.commit.message))
            if first is None and digests & set(plan.words.values()):
                first = n
        if first is None:
            return None
        old = self._own_line(last_lines)
        # The n-th plan is the n-th commit. Without a line of ours to begin on, the same decisions give the same commits.
        # Where the branch lags behind, the words may come after all that stands on it.
        kept_until = min(first, len(old))
        base = old[kept_until - 1] if kept_until else None
        ids: list[str] = []
        kept: dict[str, str] = {}
        todo = islice(self.planned(session, 0, stretch.head), kept_until, None)
        for batch in _batches(todo):
            self._require_growth(stretch.mark, batch)
            ids += self.store.write([plan.commit for plan in batch], ids[-1] if ids else base)
            self._read_back(batch, kept)
        stands_for = {before: after for before, after in zip(old[kept_until:], ids, strict=False) if before != after}
        self.store.keep_rewritten(f"{self.name}-{max(gone)}", stands_for)
        reach("redact: history written anew")
        self.store.move(self.branch, ids[-1], frozenset({stretch.mark, *old[-1:]}))
        return Brought(ids[-1], kept, self.store_name)

    def _own_line(self, last_lines: list[str]) -> list[str]:
        """Give the commits of the branch as it stands, in order, when each is a decision's by its hash; empty otherwise."""
        found = self.store.commits(self.branch)
        told = zip(found, last_lines, strict=False)
        ours = len(found) <= len(last_lines) and all(_last_line(message) == line for (_, message), line in told)
        return [commit for commit, _ in found] if ours else []

    def faults(self, session: Session, stretch: Stretch) -> list[tuple[str, str]]:
        """Compare every commit of the branch, and its tree, with what the decisions say; those after the one trusted."""
        tip = self.store.tip(self.branch)
        if tip != stretch.mark:
            return [(f"{self.name}-tip", f"{tip} {stretch.mark}")]
        expected, wrong = self._compared(session, min(stretch.trusted, stretch.position), stretch.position, tip)
        if wrong is None:
            return list(full_folders(expected.files()))
        due, found = expected.files(), self.store.tree(tip) if tip else {}
        different = {path for path in due.keys() | found.keys() if due.get(path) != found.get(path)}
        # Where a path says what is wrong there is no need to say at which commit it began.
        return [(f"{self.name}-tree", path) for path in sorted(different)] or [(f"{self.name}-history", wrong)]

    def _compared(self, session: Session, after: int, until: int, tip: str | None) -> Compared:
        """Hold the commits up to `tip` against those of the decisions."""
        commits: Iterator[Commit] = (plan.commit for plan in self.planned(session, after, until))
        found: Iterator[str] = iter(())
        base, tree, most = None, Tree(), None
        if tip is not None and after:
            held = list(commits)
            most = len(held)
            line = list(git_reading.commits(self.store.folder, tip, backwards=True, most=most + 1))
            base = line[most] if len(line) > most else None
            tree = Tree(self.store.tree(base)) if base else Tree()
            commits = iter(held)
        if tip is not None and most != 0:
            found = git_reading.commits(self.store.folder, tip, most=most)
        with git_reading.reading(self.store.folder) as raw:
            return compared(commits, found, raw, tree, base)

    def rebuild(self, session: Session, stretch: Stretch) -> Brought:
        """
        Put the branch where the decisions say, from nothing if need be.

        What stands on it that no decision made is kept under `refs/samrutine/set-aside`.
        """
        # A mark that is no object id at all is none: git cannot even be asked about it.
        named = stretch.mark if OBJECT_ID.fullmatch(stretch.mark or "") else None
        mark = named if named and self.store.has_commit(named) else None
        start = stretch.position if mark else 0
        if mark and self._compared(session, 0, start, mark).wrong is not None:
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
        """Whether what stands after the mark is what the decisions after it make, as far as it goes."""
        if not self.store.is_ancestor(mark, tip):
            return False
        added = git_reading.commits(self.store.folder, tip)
        plans = self.planned(session, start, head)
        for commit in added:
            if commit == mark:
                break
        tree = Tree(self.store.tree(mark))
        with git_reading.reading(self.store.folder) as raw:
            # A run that was killed may have moved the branch over the first of several batches.
            own = list(added)
            return compared((plan.commit for plan in islice(plans, len(own))), iter(own), raw, tree, mark).wrong is None

    def _append(self, mark: str | None, batch: list[Planned], kept: dict[str, str]) -> str:
        if mark is not None:
            self._require_growth(mark, batch)
        ids = self.store.append(self.branch, mark, [plan.commit for plan in batch], allowed=frozenset({mark}))
        tip, lies = self._lies
        remembered = (lies if tip == mark else {}) | self._grown(batch)
        self._lies = ids[-1], remembered if len(remembered) <= MOST_REMEMBERED else {}
        self._read_back(batch, kept)
        return ids[-1]

    def _require_growth(self, before: str, batch: Sequence[Planned]) -> None:
        """
        Hold commits against what stands at `before`: a file that only grows must begin with the very bytes that lie there.

        Raises:
            StoreDamaged: It would lose or change a line. What SQL says by now is not what was decided.
        """
        newest = self._grown(batch)
        tip, lies = self._lies
        known = {path: content for path, content in lies.items() if path in newest} if tip == before else {}
        asked = git_reading.files(self.store.folder, before, newest.keys() - known.keys())
        for path, there in (known | asked).items():
            # A branch that is written anew grows to what it was, and beyond.
            if not (newest[path].startswith(there) or there.startswith(newest[path])):
                raise StoreDamaged(store="SQL", detail=f"{self.branch} {path}")

    def _grown(self, batch: Sequence[Planned]) -> dict[str, bytes]:
        """Give the files that only grow, as the last of some commits leaves them."""
        found: dict[str, bytes] = {}
        for plan in batch if self.grows is not None else ():
            changed = {path: content for path, content in plan.commit.changes.items() if path.endswith(str(self.grows))}
            found |= {path: content for path, content in changed.items() if content is not None}
        return found

    def _read_back(self, batch: list[Planned], kept: dict[str, str]) -> None:
        """Read the words of commits back from git, and note in `kept` where each digest is."""
        due: dict[str, str] = {}
        wanted: dict[str, str] = {}
        for plan in batch:
            for path, digest in plan.words.items():
                content = plan.commit.changes[path]
                if content is not None:
                    wanted[digest], due[digest] = blob_id(content), digest_of(content)
        if wanted:
            read = self.store.read_many(list(wanted.values()))
            for digest, blob in wanted.items():
                if digest_of(read[blob]) != due[digest]:
                    raise StoreDamaged(store="git", detail=f"blob {blob}")
            kept.update(wanted)
            reach("project: words read back")


@dataclass
class _WordsBranch(_Branch):
    """`procedures/<subject>/<id>.md` as faglig godkjent, for the routines of some access classes."""

    @abstractmethod
    def holds(self, access: str) -> bool:
        """Whether words of this class belong here."""

    def planned(self, session: Session, after: int, until: int) -> Iterator[Planned]:
        """
        One commit for each version that was agreed to, hurried or refused, each withdrawal, and each settling.

        A decision about words that do not belong here leaves nothing.
        """
        kinds = (*VERSION_KINDS, *self.other_kinds)
        rows = decided(session, after, until, kinds)
        while some := list(islice(rows, WORDS_AT_ONCE)):
            moved = [
                self._paths(row.kind, facts) if row.kind in VERSION_KINDS else self._others(facts)
                for row, facts in some
            ]
            # Files may be large, and are asked for one by one.
            known = whole_in_sql(
                session,
                {digest for paths in moved for path, digest in paths.items() if digest is not None and _is_text(path)},
            )
            for one, paths in zip(some, moved, strict=True):
                words = {path: digest for path, digest in paths.items() if digest is not None}
                changes: dict[str, bytes | None] = dict.fromkeys(paths)
                for path, digest in words.items():
                    # What is not whole, or a notice, is asked for when its turn comes: the commits before it can be made.
                    changes[path] = known[digest] if digest in known else Words.from_sql(session, digest)
                if changes:
                    yield Planned(commit_of([one], changes), words)

    other_kinds: ClassVar[tuple[str, ...]] = ()

    def _others(self, facts: Mapping[str, Any]) -> dict[str, str | None]:  # noqa: ARG002  a branch with `other_kinds` reads them
        return {}

    def _paths(self, kind: str, facts: Mapping[str, Any]) -> dict[str, str | None]:
        """Give the paths that a decision fills, with digests, and those it empties, with None."""
        leaves, arrives = _moved(kind, facts)
        paths: dict[str, str | None] = {}
        if leaves is not None and self.holds(leaves.access):
            paths |= dict.fromkeys(leaves.contents())
        if arrives is not None and self.holds(arrives.access):
            paths |= arrives.contents()
        return paths


def _is_text(path: str) -> bool:
    return path.endswith((".md", ".toml"))


@dataclass
class MainBranch(_WordsBranch):
    """`main`: `procedures/<subject>/<id>.md` that is open or internal, and `library/` as settled."""

    other_kinds: ClassVar[tuple[str, ...]] = ("library_settled",)

    def __post_init__(self) -> None:
        """Name the branch."""
        self.branch, self.store_name = MAIN, LIBRARY_STORE

    def holds(self, access: str) -> bool:
        """All but what is exempt."""
        return access != EXEMPT

    def _others(self, facts: Mapping[str, Any]) -> dict[str, str | None]:
        return {f"library/{path}": digest for path, digest in facts["files"].items()}


@dataclass
class RestrictedBranch(_WordsBranch):
    """`main` of the restricted repository: `procedures/<subject>/<id>.md` that is exempt from public access."""

    def __post_init__(self) -> None:
        """Name the branch."""
        self.branch, self.store_name = MAIN, RESTRICTED_STORE

    @property
    def name(self) -> str:
        """The consumer's name: the repository's, since its branch has the name of another's."""
        return RESTRICTED_STORE

    def holds(self, access: str) -> bool:
        """What is exempt, and nothing else."""
        return access == EXEMPT


class _Place(NamedTuple):
    """
    Where words lie, their class, and which they are; the digest of words that go away is not asked for.

    `files` are the files that belong to them, digest and media type, which lie in a folder of the text's own name.
    """

    path: str
    access: str
    digest: str | None = None
    files: Sequence[tuple[str, str]] = ()

    def contents(self) -> dict[str, str | None]:
        """Give the paths of the text and of its files, with their digests."""
        folder = self.path.removesuffix(".md")
        return {self.path: self.digest} | {file_path(folder, *one): one[0] for one in self.files}


def file_path(folder: str, digest: str, media_type: str) -> str:
    """
    Say where a file that belongs to a text lies: by its digest, since what people call it must never become a path.

    Whoever has the branch finds it by the list above the text, and proves it by `sha256sum`.
    """
    return f"{folder}/{digest.partition(':')[2]}.{suffix_of(media_type)}"


def _moved(kind: str, facts: Mapping[str, Any]) -> tuple[_Place | None, _Place | None]:
    """
    Give the place that a routine's words leave, and the one where words lie afterwards; None where there is none.

    Decisions made before words could be exempt say nothing of the class: all were open or internal.
    """

    def place(which: str, digest: str | None = None) -> _Place | None:
        folder, access = facts[f"{which}folder"], facts.get(f"{which}access")
        path = f"procedures/{folder}/{facts['procedure']}.md"
        return _Place(path, access or OPEN, digest, files_in(facts, f"{which}files")) if folder else None

    match kind:
        case "version_refused":
            return place(""), place("stands_", facts["stands_digest"])
        case "procedure_withdrawn":
            return place(""), None
        case _:
            return place("previous_"), place("", facts["digest"])


@dataclass
class RegisterBranch(_Branch):
    """
    `register`: every decision, in `<body>/<year-month>/<part>.jsonl`, at most 200 to a file, only ever appended.

    A line is `{"hash":"1:…","record":{…}}` with the record's bytes just as they were hashed. No names: the record
    holds none. The same facts stand as trailers in the commit message, for those who read with `git log`. Beside it lie
    the words of municipalities' additions, see `local_files`.

    It says of an exempt routine what it says of any: its id, its subject and the digest of its words, since whoever
    checks the chain needs each link. So an id must give nothing away; titles and words are not here.
    """

    grows = ENTRIES

    def __post_init__(self) -> None:
        """Name the branch."""
        self.branch = REGISTER

    def planned(self, session: Session, after: int, until: int) -> Iterator[Planned]:
        """One commit for each decision, but for a list of answers, which is one commit with all of its decisions."""
        parts: dict[str, _Part] = {}
        for group in _together(decided(session, after, until)):
            changes: dict[str, bytes | None] = {}
            words: dict[str, str] = {}
            for row, facts in group:
                gone = files_made_exempt(session, row, facts) if row.kind in VERSION_KINDS else {}
                changes.update(gone)
                for path, digest in local_files(row.body, facts).items():
                    changes[path] = Words.from_sql(session, digest) if digest else None
                    words |= {path: digest} if digest else {}
                folder = row.register_folder
                if folder not in parts:
                    # Of all decisions there are, none before a folder's first went there.
                    parts[folder] = _last_part(session, folder, row.number) if after else _Part(folder, 1)
                if parts[folder].lines == ENTRIES_PER_FILE:
                    changes[parts[folder].path] = parts[folder].content
                    parts[folder] = _Part(folder, parts[folder].number + 1)
                parts[folder].add(row.hash, row.record)
            for folder in dict.fromkeys(row.register_folder for row, _ in group):
                changes[parts[folder].path] = parts[folder].content
            yield Planned(commit_of(group, changes), words)


@dataclass
class _Part:
    """One file of a folder of the register, as it grows. Its bytes are kept: written anew for each line they took longest."""

    folder: str
    number: int
    lines: int = 0
    content: bytes = b""

    @property
    def path(self) -> str:
        """Where it lies."""
        return f"{self.folder}/{self.number:03d}{ENTRIES}"

    def add(self, link: str, record: str) -> None:
        """Append a decision's line."""
        self.lines, self.content = self.lines + 1, self.content + _line(link, record).encode()


def _last_line(message: str) -> str:
    """Give the line of a commit's message that has the hash of its last decision."""
    return message.rpartition("\n")[2]


def _together(rows: Iterable[Decided]) -> Iterator[list[Decided]]:
    """
    Give the decisions that go into one commit: a list of answers with all its rows, every other decision alone.

    A commit for each of five hundred rows would write the register's file five hundred times over.
    """
    for _, group in groupby(rows, lambda one: one.row.act_id):
        of_act = list(group)
        yield from [of_act] if of_act[0].row.kind == LIST_KIND else [[one] for one in of_act]


def _line(link: str, record: str) -> str:
    """Write a decision's line of the register."""
    return f'{{"hash":"{link}","record":{record}}}\n'


def _last_part(session: Session, folder: str, before: int) -> _Part:
    """
    Give the file that a folder's next decision goes to, with the lines that it has.

    Raises:
        StoreDamaged: One of them was changed since it was decided.
    """
    earlier = session.exec(
        select(func.count())
        .select_from(DecisionRow)
        .where(DecisionRow.register_folder == folder, DecisionRow.number < before)
    ).one()
    full = (earlier - 1) // ENTRIES_PER_FILE if earlier else 0
    rows = session.exec(
        select(DecisionRow.number, DecisionRow.hash, DecisionRow.record)
        .where(DecisionRow.register_folder == folder, DecisionRow.number < before)
        .order_by(col(DecisionRow.number))
        .offset(full * ENTRIES_PER_FILE)
    )
    part = _Part(folder, full + 1)
    for number, link, record in rows:
        if link_hash(record) != link:
            raise StoreDamaged(store="SQL", detail=f"decision {number}")
        part.add(link, record)
    return part
