"""
A library of the release before, with its rows, brought up to this one.

`releases/schema_<number>.jsonl` holds every row that a library of that release wrote, a line each: `[table, row]`. It was
written by that release's own code and is never changed. What only repeats decisions is left out: git, index, positions.
"""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Date, DateTime, LargeBinary, MetaData, insert
from sqlmodel import select

import samrutine.storage
from samrutine import Library
from samrutine.storage.git import GitStore
from samrutine.storage.rows import DecisionRow, ProposalRow, WaitingRow
from samrutine.storage.sql import SCHEMA, Database
from tests.support.clock import NOW, Clock

RELEASES = sorted(Path(__file__).with_name("releases").glob("schema_*.jsonl"))
MIGRATIONS = Path(samrutine.storage.__file__).with_name("migrations")
LATER = datetime(2026, 12, 7, 9, tzinfo=NOW.tzinfo)


def at_release(database, number):
    """Make the tables as the release of that number had them."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.execution_options(samrutine_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, number)


def as_kept(column, value):
    """Give a value from JSON as the column's own type."""
    if value is None:
        return None
    match column.type:
        case DateTime():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
        case LargeBinary():
            return value.encode()
        case _:
            return value


def put_in(database, path):
    """Put in the rows of a release, in the order in which tables lean on each other."""
    known = MetaData()
    known.reflect(database.engine)
    with database.engine.execution_options(samrutine_writes=True).begin() as connection:
        for name in ("chain_head", "actor"):  # the first migration wrote one of each
            connection.execute(known.tables[name].delete())
        for line in path.read_text(encoding="utf-8").splitlines():
            name, row = json.loads(line)
            table = known.tables[name]
            values = {key: as_kept(table.columns[key], value) for key, value in row.items()}
            connection.execute(insert(table).values(**values))


@pytest.fixture(params=RELEASES, ids=lambda path: path.stem)
def release(request):
    """A release before this one: its rows."""
    return request.param


@pytest.fixture
def old_home(request, database_kind, tmp_path, release):
    """A home whose database is the old release's."""
    home = tmp_path / "home"
    home.mkdir()
    url = f"sqlite:///{home / 'samrutine.db'}"
    settings = ""
    if database_kind == "postgresql":
        url = request.getfixturevalue("postgresql_server").new()
        settings = f'database_url = "{url}"\n'
    (home / "samrutine.toml").write_text(settings, encoding="utf-8")
    database = Database(url)
    at_release(database, release.stem.partition("_")[2])
    put_in(database, release)
    database.close()
    GitStore(home / "library.git").create()
    return home


@pytest.fixture
def upgraded(old_home):
    """The same library in this release."""
    Library.upgrade(old_home)
    with Library.open(old_home, clock=Clock(LATER)) as library:
        library.repair()
        yield library


class TestUpgrading:
    def test_keeps_every_decision_and_the_chain(self, upgraded, release):
        """
        What the municipalities decided in the old release is what they decided.
        """
        before = [row for name, row in map(json.loads, release.read_text().splitlines()) if name == "decision"]

        with upgraded._parts.database.reading() as session:
            after = session.exec(select(DecisionRow).order_by(DecisionRow.number)).all()
        verified = upgraded.verify()

        assert [(row.number, row.hash, row.record) for row in after[: len(before)]] == [
            (row["number"], row["hash"], row["record"]) for row in before
        ]
        assert verified.is_clean, [fault.text() for fault in verified.faults]

    def test_says_from_what_to_what(self, old_home, release):
        """
        Whoever upgrades sees that something was done, and that a second time there is nothing to do.
        """
        first = Library.upgrade(old_home)
        again = Library.upgrade(old_home)

        assert (first.before, first.after) == (release.stem.partition("_")[2], SCHEMA)
        assert not again.changed

    def test_fills_in_what_can_be_known_of_the_rows_that_were_there(self, upgraded):
        """
        An inbox that forgot what waited before the upgrade would let deadlines pass in silence.
        """
        with upgraded._parts.database.reading() as session:
            waiting = session.exec(select(WaitingRow)).all()
            access = dict(session.exec(select(ProposalRow.procedure_id, ProposalRow.access)).all())

        assert {(row.what, row.verb) for row in waiting} == {
            ("consider-version", "prepare"),
            ("approve-proposal", "approve"),
        }
        assert access == {"handhygiene": "open", "legevakt": "open", "avfall": "open", "alarm": "exempt"}

    def test_what_was_in_force_is_in_force(self, upgraded):
        """
        No nurse's routine changes because a program did.
        """
        applies = [(one.municipality, one.procedure, str(one.version)) for one in upgraded.in_force()]

        assert applies == [("1841", "handhygiene", "1.1"), ("1841", "legevakt", "1.0")]
        assert dict(upgraded.document("legevakt", "Fauske").local_values) == {"vakttelefon": "75 00 00 01"}

    def test_a_round_that_was_open_goes_on_to_its_end(self, upgraded):
        """
        A vote given before the upgrade counts after it.
        """
        (waits,) = [one for one in upgraded.waiting("network:smittevern") if one.proposal]
        proposal, _ = upgraded.get_proposal(waits.proposal, reader="redaktor")

        answers = [
            upgraded.approve(proposal.id, digest=proposal.digest, by=one)
            for one in ("medlem.gildeskal", "medlem.hamaroy", "leder")
        ]

        assert str(answers[-1].version) == "1.0"
        assert upgraded.verify().is_clean
