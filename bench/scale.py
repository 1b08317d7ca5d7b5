"""
Time the overview at nine municipalities and at all of Norway's, on SQLite and on PostgreSQL.

    python bench/scale.py                 9 x 300, 9 x 10,000 and 360 x 10,000 (1.75 million adoptions), both databases
    python bench/scale.py small sqlite    only 9 x 300 and 9 x 10,000, only SQLite
    python bench/scale.py smallest sqlite only 9 x 300: to see that it works

The rows are written directly, not by deciding: a million decisions would take hours and would time deciding. They are
what decisions leave: an answer for about half of all pairs, an interval where one is in use, superseded intervals, ten
versions of each procedure with a decision each. PostgreSQL is a private cluster, vacuumed as its daemon would have done; SQLite is as it is.

Each question is also asked of a tenth of the rows that gives an answer as large: a tenth of the procedures for what is
asked across municipalities, a tenth of the municipalities for what is asked across procedures. What is judged is the
median of fifteen runs, which is what people wait; the shortest stands beside it. An employee of the municipality asks as
well as somebody unknown, a window far down the list, and a day that has been. Prints a line of
JSON for each; the answer is 1 when one is too slow, or slower than 1.5 times that of a tenth of the rows.
"""

import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from samrutine.adoptions.overview import Overview
from samrutine.procedures.model import ProcedureId
from samrutine.storage.sql import Database
from tests.support.postgresql import PostgresqlServer, programs

DAY = date(2026, 11, 2)
WINDOW = 50
RUNS = 15
MOST_TIMES_A_TENTH = 1.5
SHARE = 486
"""Of a thousand pairs of municipality and procedure, so many have an answer: 1.75 million of 3.6."""
VERSIONS = 10
DUE_MS = {
    "window of 50 procedures": 50.0,
    "window of 50 by offset, an employee": 50.0,
    "window of 50 on a past day": 50.0,
    "holders of one": 5.0,
    "all in one municipality": 25.0,
    "all in one municipality, an employee": 25.0,
}
IN_ONE = "all in one municipality"
EMPLOYEE = "a-0000000001"
THEN = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
TABLES = {
    "network": ("id", "name", "policy"),
    "municipality": ("number", "name", "slug"),
    "procedure": (
        "id", "title", "kind", "language", "network", "folder", "access", "decision_level", "review_interval_months",
        "next_review", "major", "minor", "digest",
    ),
    "words": ("digest", "content", "git_blob"),
    "version": (
        "procedure_id", "major", "minor", "digest", "text_form", "title", "significance", "proposal_id", "approved_on",
        "approved_by", "decided_number", "access",
    ),
    "adoption": ("municipality", "procedure_id", "state", "major", "minor", "in_force_from", "decided_number"),
    "in_force": (
        "id", "municipality", "procedure_id", "from_on", "until_on", "major", "minor", "digest", "position",
        "adopted_number", "decided_number", "superseded_number",
    ),
    "addition": (
        "id", "municipality", "procedure_id", "section_key", "kind", "digest", "decided_number", "departs",
    ),
    "counter": ("name", "value"),
    "decision": (
        "number", "id", "act_id", "request", "kind", "body", "register_folder", "actor_id", "role", "decided_at",
        "record", "hash",
    ),
    "person": ("id", "created_at"),
    "actor": ("id", "kind", "person_id"),
    "role_grant": ("id", "actor_id", "body", "role", "from_on", "decided_number"),
}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """So many municipalities, so many procedures."""

    municipalities: int
    procedures: int

    def __str__(self) -> str:
        return f"{self.municipalities} x {self.procedures:,}"


SMALL = (Size(9, 300), Size(9, 10_000))
LARGE = Size(360, 10_000)


def procedure(number: int) -> str:
    """The id of a procedure."""
    return f"rutine-{number:05d}"


def municipality(number: int) -> str:
    """The number of a municipality."""
    return f"{1000 + number}"


def digest(number: int, minor: int) -> str:
    """A digest as long as a real one."""
    return f"1:{number * 100 + minor:064x}"


def rows(size: Size, table: str) -> Iterator[tuple[object, ...]]:
    """Give the rows of a table."""
    makers: dict[str, Callable[[Size], Iterator[tuple[object, ...]]]] = {
        "network": lambda _: iter([("smittevern", "Smittevern", "{}")]),
        "municipality": lambda size: (
            (municipality(m), f"Kommune {m:03d}", f"kommune-{m:03d}") for m in range(size.municipalities)
        ),
        "procedure": procedures,
        "words": lambda size: (
            (digest(p, minor), b"x" * 200, "0" * 40) for p in range(size.procedures) for minor in range(VERSIONS)
        ),
        "version": versions,
        "adoption": adoptions,
        "in_force": intervals,
        "addition": additions,
        "counter": lambda size: iter(
            [
                ("procedures", size.procedures),
                ("versions", size.procedures * VERSIONS),
                ("adoptions", len(list(pairs(size)))),
            ]
        ),
        "decision": decisions,
        "person": lambda _: iter([("p-1", THEN)]),
        "actor": lambda _: iter([(EMPLOYEE, "person", "p-1")]),
        "role_grant": lambda size: iter(
            [
                (
                    "g-1",
                    EMPLOYEE,
                    f"municipality:{municipality(size.municipalities // 2)}",
                    "employee",
                    date(2026, 1, 1),
                    1,
                )
            ]
        ),
    }
    return makers[table](size)


def procedures(size: Size) -> Iterator[tuple[object, ...]]:
    """One in a hundred is exempt."""
    for p in range(size.procedures):
        yield (
            procedure(p), f"Rutine {p:05d} om hygiene og smitte", "routine", "nb", "smittevern", "smittevern",
            "exempt" if p % 100 == 7 else "open", "head-of-service", 24, DAY, 1, VERSIONS - 1, digest(p, VERSIONS - 1),
        )  # fmt: skip


def versions(size: Size) -> Iterator[tuple[object, ...]]:
    """Ten of each."""
    for p in range(size.procedures):
        for minor in range(VERSIONS):
            yield (
                procedure(p), 1, minor, digest(p, minor), 1, f"Rutine {p:05d} om hygiene og smitte", "minor",
                f"f-{p}", DAY, "smittevern", p * VERSIONS + minor + 1, "exempt" if p % 100 == 7 else "open",
            )  # fmt: skip


def decisions(size: Size) -> Iterator[tuple[object, ...]]:
    """One for each version, evenly over sixteen days: on the past day that is asked about, a fifth were still to come."""
    count = size.procedures * VERSIONS
    for n in range(1, count + 1):
        yield (
            n, f"d-{n}", f"d-{n}", "0" * 64, "adopted", "library", "library", EMPLOYEE, "employee",
            THEN + n * timedelta(days=16) / count, "{}", f"1:{n:064x}",
        )  # fmt: skip


def pairs(size: Size) -> Iterator[tuple[int, int, int]]:
    """Give each procedure and municipality that has an answer, and a number to choose by."""
    for p in range(size.procedures):
        for m in range(size.municipalities):
            chance = (p * 7919 + m * 104_729) % 1000
            if chance < SHARE:
                yield p, m, (p * 31 + m * 17) % 100


def adoptions(size: Size) -> Iterator[tuple[object, ...]]:
    """Nine in ten are in use, of one version or another; some begin later."""
    for number, (p, m, chance) in enumerate(pairs(size)):
        state = "in-use" if chance < 90 else "declined" if chance < 95 else "deferred"
        yield municipality(m), procedure(p), state, 1, chance % VERSIONS, DAY - timedelta(days=chance), number


def intervals(size: Size) -> Iterator[tuple[object, ...]]:
    """One for each in use, a superseded one for each fifth, one to come for each twentieth."""
    row = 0
    for number, (p, m, chance) in enumerate(pairs(size)):
        if chance >= 90:
            continue
        minor = chance % VERSIONS
        begins = DAY + timedelta(days=30) if chance < 5 else DAY - timedelta(days=chance)
        kept = (minor, digest(p, minor), "kommunalsjef helse og omsorg", number, number)
        row += 1
        yield (row, municipality(m), procedure(p), begins, None, 1, *kept, None)
        if chance % 5 == 0:
            row += 1
            yield (row, municipality(m), procedure(p), begins - timedelta(days=400), None, 1, *kept, number)


def additions(size: Size) -> Iterator[tuple[object, ...]]:
    """One for each tenth answer."""
    for number, (p, m, chance) in enumerate(pairs(size)):
        if chance % 10 == 0:
            words = digest(p, 0)
            yield (f"t-{number}.1", municipality(m), procedure(p), "ansvar", "practical-note", words, number, False)


def filled_sqlite(folder: Path, size: Size) -> Database:
    """Make a database file with these rows."""
    path = folder / f"{size.municipalities}x{size.procedures}.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous=OFF")
    for table, columns in TABLES.items():
        marks = ", ".join("?" * len(columns))
        texts = ([stored(value) for value in row] for row in rows(size, table))
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", texts)  # noqa: S608  names of our own
    connection.commit()
    connection.close()
    return database


def stored(value: object) -> object:
    """Write a value as SQLAlchemy does in SQLite."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def filled_postgresql(server: PostgresqlServer, size: Size) -> Database:
    """Make a database in the cluster with these rows."""
    import psycopg

    url = server.new(f"scale_{size.municipalities}_{size.procedures}")
    database = Database(url)
    database.migrate()
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        for table, columns in TABLES.items():
            with connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows(size, table):
                    copy.write_row(row)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")  # else the first questions share the disk with the rows that are written out
    return database


def questions(size: Size) -> dict[str, Callable[[Overview], object]]:
    """What is asked, of the middle of what there is."""
    middle = size.procedures // 2
    window = tuple(ProcedureId(procedure(n)) for n in range(middle, middle + WINDOW))
    where = municipality(size.municipalities // 2)
    return {
        "window of 50 procedures": lambda overview: overview.matrix(DAY, procedures=window).cells,
        "window of 50 by offset, an employee": lambda overview: (
            overview.matrix(DAY, offset=middle, limit=WINDOW, reader=EMPLOYEE).cells
        ),
        "window of 50 on a past day": lambda overview: (
            overview.matrix(DAY - timedelta(days=20), procedures=window, today=DAY).cells
        ),
        "holders of one": lambda overview: overview.holders(window[0], DAY),
        IN_ONE: lambda overview: overview.in_force(DAY, municipality=where),
        f"{IN_ONE}, an employee": lambda overview: overview.in_force(DAY, municipality=where, reader=EMPLOYEE),
    }


def tenth(size: Size, question: str) -> Size:
    """A tenth of the rows, that gives an answer as large."""
    if question.startswith(IN_ONE):
        return Size(max(1, size.municipalities // 10), size.procedures)
    return Size(size.municipalities, size.procedures // 10)


def milliseconds(database: Database, asked: Callable[[Overview], object]) -> tuple[float, float, int]:
    """Give the shortest and the median of some runs, and how many rows the answer has."""
    overview = Overview(database)
    count = len(asked(overview))  # type: ignore[arg-type]
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        asked(overview)
        times.append(time.perf_counter() - began)
    return min(times) * 1000, statistics.median(times) * 1000, count


def measured(kind: str, make: Callable[[Size], Database], sizes: Sequence[Size]) -> list[dict[str, object]]:
    """Ask everything of every size, and of a tenth of the largest."""
    answers: list[dict[str, object]] = []
    wanted = dict.fromkeys([*sizes, *(tenth(sizes[-1], question) for question in DUE_MS)])
    databases = {size: make(size) for size in wanted}
    for size in sizes:
        for question, due in DUE_MS.items():
            shortest, took, count = milliseconds(databases[size], questions(size)[question])
            answer = {
                "bench": f"{question}, {size}, {kind}", "rows": count, "median_s": round(took / 1000, 5), "shortest_s": round(shortest / 1000, 5),
                "due_s": due / 1000, "ok": took <= due,
            }  # fmt: skip
            if size == sizes[-1]:
                fewer = tenth(size, question)
                _, small, _ = milliseconds(databases[fewer], questions(fewer)[question])
                times = took / small
                answer |= {"of_a_tenth": round(times, 2), "tenth": str(fewer)}
                # Below a millisecond a ratio measures the clock.
                answer["ok"] = answer["ok"] and (times <= MOST_TIMES_A_TENTH or took - small < 1)
            print(json.dumps(answer), flush=True)
            answers.append(answer)
    for database in databases.values():
        database.close()
    return answers


@contextmanager
def cluster() -> Iterator[PostgresqlServer | None]:
    """Give a private PostgreSQL, or None where its programs are missing."""
    found = programs()
    if found is None:
        print("PostgreSQL is not here; only SQLite is measured.", file=sys.stderr)
        yield None
        return
    server = PostgresqlServer(found)
    try:
        yield server
    finally:
        server.stop()


def main(arguments: list[str]) -> int:
    """Measure, print, and say whether all is as fast as is due."""
    sizes = SMALL[:1] if "smallest" in arguments else SMALL if "small" in arguments else (*SMALL, LARGE)
    answers: list[dict[str, object]] = []
    if "postgresql" not in arguments:
        with tempfile.TemporaryDirectory() as folder:
            answers += measured("SQLite", lambda size: filled_sqlite(Path(folder), size), sizes)
    if "sqlite" not in arguments:
        with cluster() as server:
            if server is not None:
                answers += measured("PostgreSQL", lambda size: filled_postgresql(server, size), sizes)
    return 0 if all(answer["ok"] for answer in answers) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
