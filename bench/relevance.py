"""
How good the answers of search are, by judged queries, through the product's own pipeline.

    python bench/relevance.py --collection DIR --queries FILE.jsonl [--peers] [--per-query] [--json]
    python bench/relevance.py              our own sets in bench/queries, beside the peers

DIR is any folder of Markdown. A line of FILE is `{"query": "...", "kind": "...", "relevant": {"path/in/DIR.md": 2}}`, with
0 to 3 or more for how well a file answers; nothing relevant means that there is no answer. Each file becomes what the
product keeps of a procedure, all of them an index, and each query is asked as somebody types it.

nDCG@10 has the gain 2^grade - 1 and the discount log2(rank + 1), against the best order of all that was judged. MRR is of
the first that is relevant at all, among ten; success@3 says whether it is among three; recall@10 how much of the relevant is
among ten. A query that has no answer is not in these means; it is told apart how many of them got one.

With `--peers` what else could have been taken is asked the same in the same run; see `search_peers`. Each may hold sections or
whole files and be asked in its several ways, and its best stands. What is not on this machine is named.

The answer is 2 when folder or queries cannot be used, and a sentence says why. On our own sets it is 1 when something is
missed that `docs/explanation/performance.md` promises.
"""

import argparse
import json
import math
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.search_files import File, files_in, product_engine
from bench.search_peers import PEERS, Document, Missing, Peer, sections_of, whole
from samrutine.search.query import parse

TOP = 10
HERE = Path(__file__).resolve().parent
OWN = HERE / "queries"
"""Our own sets, named for their texts, which `search_texts` writes: `starter.jsonl`, `debian.jsonl`."""
SHIPPED = HERE.parent / "procedures"
BEHIND_AT_MOST = 0.03
"""How far we may be behind the best peer, in any kind of our own set."""

NEVER_EMPTY = ("typo", "ascii", "compound")
"""The kinds in which every query of ours must find something."""

Ask = Callable[[str], Iterable[str]]


class BadInput(Exception):
    """The folder or the queries cannot be used; says why and where."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A query with what is relevant to it, by path: grades of 1 and more. None of them means that there is no answer."""

    query: str
    kind: str
    relevant: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one query gave: the first ten paths, and what they are worth."""

    judged: Judged
    found: tuple[str, ...]

    @property
    def ndcg(self) -> float:
        """Give nDCG@10: 1 for the best order there is."""
        ideal = sorted(self.judged.relevant.values(), reverse=True)[:TOP]
        return _dcg(self.judged.relevant.get(path, 0) for path in self.found) / _dcg(ideal)

    @property
    def first(self) -> int | None:
        """Give the rank of the first that is relevant; None when there is none."""
        return next((rank for rank, path in enumerate(self.found, 1) if path in self.judged.relevant), None)

    @property
    def recall(self) -> float:
        """Give how much of the relevant was found."""
        return sum(path in self.judged.relevant for path in self.found) / len(self.judged.relevant)


def _dcg(grades: Iterable[float]) -> float:
    return math.fsum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def means(outcomes: Sequence[Outcome]) -> dict[str, float | int | None]:
    """Sum up: the means are of the queries that have an answer, None when there is none of them."""
    answered = [one for one in outcomes if one.judged.relevant]
    without = [one for one in outcomes if not one.judged.relevant]

    def mean(values: Iterable[float]) -> float | None:
        return round(math.fsum(values) / len(answered), 4) if answered else None

    return {
        "ndcg@10": mean(one.ndcg for one in answered),
        "mrr": mean(1 / one.first if one.first else 0.0 for one in answered),
        "success@3": mean(float(one.first is not None and one.first <= 3) for one in answered),
        "recall@10": mean(one.recall for one in answered),
        "queries": len(outcomes),
        "without_hit": sum(not one.found for one in answered),
        "without_relevant": sum(one.first is None for one in answered),
        "no_answer_queries": len(without),
        "no_answer_answered": sum(bool(one.found) for one in without),
    }


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Sum up overall and per kind."""
    kinds = dict.fromkeys(one.judged.kind for one in outcomes)
    return {
        "overall": means(outcomes),
        "kinds": {kind: means([one for one in outcomes if one.judged.kind == kind]) for kind in kinds},
    }


def asked(queries: Sequence[Judged], ask: Ask) -> list[Outcome]:
    """Ask every query; of what is found, the first ten paths, each once."""
    return [Outcome(judged, _first_ten(ask(judged.query))) for judged in queries]


def _first_ten(paths: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for path in paths:
        found.setdefault(path)
        if len(found) == TOP:
            break
    return tuple(found)


def collection(folder: Path) -> list[File]:
    """
    Read the folder.

    Raises:
        BadInput: There is no such folder, or no Markdown in it.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder}: there is no such folder.")
    files = list(files_in(folder))
    if not files:
        raise BadInput(f"{folder}: no Markdown files are in this folder.")
    return files


def queries_of(path: Path, known: Iterable[str]) -> list[Judged]:
    """
    Read the queries; empty lines are nothing.

    Raises:
        BadInput: The file is not there, or a line is not what it should be, or judges a file that is not in the folder.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        raise BadInput(f"{path}: there is no such file of queries.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: the queries cannot be read: {error}.") from None
    names = {unicodedata.normalize("NFC", name): name for name in known}
    found = [_judged(line, f"{path}, line {number}", names) for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise BadInput(f"{path}: there is no query in this file.")
    return found


def _judged(line: str, where: str, names: Mapping[str, str]) -> Judged:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadInput(f"{where}: this is not JSON: {error}.") from None
    if not isinstance(row, dict) or not isinstance(row.get("query"), str) or not isinstance(row.get("relevant"), dict):
        raise BadInput(f'{where}: a line must be {{"query": "…", "kind": "…", "relevant": {{"path": grade}}}}.')
    relevant: dict[str, float] = {}
    for path, grade in row["relevant"].items():
        if isinstance(grade, bool) or not isinstance(grade, (int, float)) or not 0 <= grade <= 20:
            raise BadInput(f"{where}: the grade of {path!r} must be a number from 0 to 20, and is {grade!r}.")
        name = names.get(unicodedata.normalize("NFC", path.removeprefix("./").replace("\\", "/")))
        if name is None:
            raise BadInput(f"{where}: {path!r} is not a Markdown file in the folder.")
        if grade > 0:
            relevant[name] = grade
    return Judged(row["query"], str(row.get("kind", "unknown")), relevant)


def product(files: Sequence[File], folder: Path) -> Ask:
    """Make the product's index of the files; gives how it is asked: what somebody types, to the paths of its hits."""
    engine = product_engine(folder)
    engine.rebuild((entry for file in files for entry in file.entries), position=0)
    paths = {file.procedure_id: file.path for file in files}
    allowed = frozenset(file.entries[0].version_digest for file in files)

    def ask(query: str) -> Iterator[str]:
        for hit in engine.search(parse(query), allowed=allowed, limit=TOP).hits:
            yield paths[hit.procedure_id]

    return ask


@dataclass
class Compared:
    """What the peers gave; of each its best, with how it was asked. `missing` says of the others how to get them."""

    peers: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


def compared(files: Sequence[File], queries: Sequence[Judged], peers: Iterable[Peer] = PEERS) -> Compared:
    """Ask every peer every query, in all its ways."""
    result = Compared()
    forms: dict[str, list[Document]] = {
        "sections": [document for file in files for document in sections_of(file)],
        "whole files": [document for file in files for document in whole(file)],
    }
    for peer in peers:
        tried = []
        try:
            for unit, documents in forms.items():
                with tempfile.TemporaryDirectory(prefix="samrutine-bench-") as place:
                    index = peer.make(Path(place), documents)
                    try:
                        for way in index.ways:
                            outcomes = asked(queries, lambda query, index=index, way=way: index.ask(query, way))  # type: ignore[misc]
                            tried.append({**summary(outcomes), "way": f"{unit}, {way}"})
                    finally:
                        index.close()
        except Missing as missing:
            result.missing[peer.name] = str(missing)
            continue
        result.peers[peer.name] = max(tried, key=lambda one: one["overall"]["ndcg@10"] or 0.0)
    return result


def measured(folder: Path, queries_file: Path, *, peers: bool, per_query: bool) -> dict[str, Any]:
    """
    Measure one collection; gives what `--json` prints.

    Raises:
        BadInput: As `collection` and `queries_of`.
    """
    files = collection(folder)
    queries = queries_of(queries_file, (file.path for file in files))
    with tempfile.TemporaryDirectory(prefix="samrutine-bench-") as place:
        outcomes = asked(queries, product(files, Path(place)))
    result: dict[str, Any] = {
        **summary(outcomes), "collection": {"files": len(files), "sections": sum(len(file.entries) for file in files)},
    }  # fmt: skip
    if peers:
        beside = compared(files, queries)
        result["peers"] = beside.peers
        result["missing_peers"] = beside.missing
        result |= lead(result)
    if per_query:
        result["per_query"] = [_told(one) for one in outcomes]
    result["machine"] = machine()
    return result


def lead(result: Mapping[str, Any]) -> dict[str, Any]:
    """Say how far before the best peer we are, overall and in each kind, where there is a peer and an answer."""
    peers = result["peers"]
    if not peers or result["overall"]["ndcg@10"] is None:
        return {}
    best = max(peers, key=lambda name: peers[name]["overall"]["ndcg@10"])
    before = {}
    for kind, ours in result["kinds"].items():
        if ours["ndcg@10"] is not None:
            theirs, name = max((peers[name]["kinds"][kind]["ndcg@10"], name) for name in peers)
            before[kind] = {"lead": round(ours["ndcg@10"] - theirs, 4), "peer": name}
    return {
        "best_peer": best,
        "lead": round(result["overall"]["ndcg@10"] - peers[best]["overall"]["ndcg@10"], 4),
        "lead_per_kind": before,
    }


def _told(one: Outcome) -> dict[str, Any]:
    judged = one.judged
    return {
        "query": judged.query, "kind": judged.kind, "ndcg@10": round(one.ndcg, 4) if judged.relevant else None,
        "first_relevant": one.first, "found": list(one.found), "relevant": dict(judged.relevant),
    }  # fmt: skip


def machine() -> dict[str, Any]:
    """Say on what it was measured."""
    return {
        "python": platform.python_version(), "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1),
        "sqlite": sqlite3.sqlite_version, "system": platform.system(),
    }  # fmt: skip


COLUMNS = ("ndcg@10", "mrr", "success@3", "recall@10", "queries", "without_hit", "no_answer_answered")
HEAD = "| | nDCG@10 | MRR | success@3 | recall@10 | queries | without a hit | answers to none |\n|---|---|---|---|---|---|---|---|"


def table(result: Mapping[str, Any]) -> Iterator[str]:
    """Give the lines that a person reads."""
    yield HEAD
    yield _row("all", result["overall"])
    for kind, row in result["kinds"].items():
        yield _row(kind, row)
    for name, peer in result.get("peers", {}).items():
        yield _row(f"{name} ({peer['way']})", peer["overall"])
    for name, how in result.get("missing_peers", {}).items():
        yield f"{name} is not on this machine: {how}."
    if "lead" in result:
        yield f"\nBefore the best peer, {result['best_peer']}, by {result['lead']:+.3f} nDCG@10; by kind:"
        yield ", ".join(f"{kind} {one['lead']:+.3f} ({one['peer']})" for kind, one in result["lead_per_kind"].items())
    for one in result.get("per_query", ()):
        value = "–" if one["ndcg@10"] is None else f"{one['ndcg@10']:.2f}"
        yield f"{value} {one['kind']}: {one['query']!r}: first relevant {one['first_relevant']}, found {', '.join(one['found'][:3])}"


def _row(name: str, row: Mapping[str, Any]) -> str:
    cells = ["–" if row[column] is None else str(row[column]) for column in COLUMNS]
    return f"| {name} | {' | '.join(cells)} |"


def own_texts(name: str, place: Path) -> Path | None:
    """Give the folder of texts that a set of ours asks about; None where they cannot be had."""
    if name == "starter":
        return SHIPPED
    outcome = subprocess.run([sys.executable, HERE / "search_texts.py", name, place], stdout=sys.stderr, check=False)
    return place if outcome.returncode == 0 else None


def own_sets() -> int:
    """Measure our own sets beside the peers, a line of JSON for each; 1 when one falls short, or none is there."""
    kept = []
    for queries in sorted(OWN.glob("*.jsonl")):
        with tempfile.TemporaryDirectory(prefix="samrutine-bench-") as place:
            folder = own_texts(queries.stem, Path(place))
            if folder is None:
                print(f"{queries.stem}: its texts cannot be had here, so it was not measured.")
                continue
            result = measured(folder, queries, peers=True, per_query=False)
        print("\n".join((f"{queries.stem}:", *table(result))))
        behind = max((-one["lead"] for one in result.get("lead_per_kind", {}).values()), default=0.0)
        empty = sum(result["kinds"].get(kind, {}).get("without_hit", 0) for kind in NEVER_EMPTY)
        kept.append(behind <= BEHIND_AT_MOST and empty == 0)
        line = {
            "bench": f"relevance, {queries.stem}: behind a peer in a kind", "behind": round(behind, 4),
            "due": BEHIND_AT_MOST, "never_empty_but_empty": empty, "ok": kept[-1], **result,
        }  # fmt: skip
        print(json.dumps(line, ensure_ascii=False))
    if not kept:
        print(f"No set was measured: there are no queries in {OWN.name}, or no texts for them.")
    return 0 if kept and all(kept) else 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for, print it, and give the exit code."""
    reader = argparse.ArgumentParser(prog="relevance.py", description="How good the answers of search are.")
    reader.add_argument("--collection", type=Path, metavar="DIR", help="a folder of Markdown")
    reader.add_argument("--queries", type=Path, metavar="FILE", help="judged queries, a line of JSON each")
    reader.add_argument("--peers", action="store_true", help="ask other engines too, in the same run")
    reader.add_argument("--per-query", action="store_true", help="show what each query gave")
    reader.add_argument("--json", action="store_true", help="print JSON and nothing else")
    given = reader.parse_args(arguments)
    if given.collection is None and given.queries is None:
        return own_sets()
    if given.collection is None or given.queries is None:
        print("Give both --collection DIR and --queries FILE, or neither for our own sets.", file=sys.stderr)
        return 2
    try:
        result = measured(given.collection, given.queries, peers=given.peers, per_query=given.per_query)
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(result, ensure_ascii=False) if given.json else "\n".join(table(result)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
