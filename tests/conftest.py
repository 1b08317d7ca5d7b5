"""
What all tests share: homes to decide in, on both databases.

    library                  SQLite, nine municipalities and the people of `tests.support.homes`, no texts
    library_with_routine     the same, and `handhygiene` 1.0 is faglig godkjent
    home, home_with_routine  the homes of these, to open as often as the test likes
    any_library, any_home …  the same four, once with SQLite and once with PostgreSQL
    clock                    the clock of the test's home; `clock.forward(days=1)`
"""

import gc
import os
import sys
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that every test can say `from tests.support …`

from samrutine.exchange import typeset
from samrutine.identity import passwords
from samrutine.storage import steps
from tests.support.homes import MADE_HOMES, Templates
from tests.support.pdfs import require_sound
from tests.support.postgresql import HOW_TO_GET_IT, PostgresqlServer, programs
from tests.support.put_together import share_meanings, share_statements
from tests.support.services import not_here

share_statements()
share_meanings()

# A slow machine is no finding, and a test that fails must fail again.
settings.register_profile("samrutine", deadline=None, derandomize=True, max_examples=100)
settings.load_profile("samrutine")


TOGETHER = {
    *("tests/docs/test_examples.py", "tests/scenarios/test_demo.py", "tests/recovery/test_from_register.py"),
    *(
        "tests/projections/test_planted_damage.py",
        "tests/projections/test_healing.py",
        "tests/proving/test_checkpoints.py",
    ),
    *("tests/storage/test_power_cut.py", "tests/projections/test_verify.py", "tests/procedures/test_redaction.py"),
}
"""Modules whose tests share what takes long to make; each is run by one process."""


class _ByWhatIsShared(LoadScopeScheduling):
    """
    Gives tests to processes: a module of `TOGETHER` whole, and these first; of all others one test at a time.

    Where the order is to stay as it was collected, as in a proof, each test is given by itself: what takes minutes shares nothing.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return module if module in TOGETHER and self.config.option.loadscopereorder else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Used where tests are run in several processes. The marks of xdist itself are lost on the pytest that is locked."""
    return _ByWhatIsShared(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """One process more than there are processors: for a fifth of the time a test waits for a disk, a browser or a database."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(items):
    """Begin what takes minutes first, the longest before all: else one processor waits for the other in the end."""
    items.sort(key=lambda item: -max((mark.kwargs.get("minutes", 0) for mark in item.iter_markers("slow")), default=0))


def pytest_collection_finish():
    """Let the collector of garbage leave alone what thousands of tests are: it took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


_MADE = os.environ.get(MADE_HOMES)


@pytest.fixture(autouse=True, scope="session")
def _every_pdf_is_sound():
    """Whichever test makes a PDF: an archive and a screen reader must take it."""
    made = typeset.with_metadata

    def checked(data, said):
        written = made(data, said)
        require_sound(written)
        return written

    typeset.with_metadata = checked
    yield
    typeset.with_metadata = made


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_kept_cheaply():
    """
    A password that is hashed as it should be takes a tenth of a second of every processor, some hundred times here.

    Hashed so in the tests of how it is kept: `tests/identity/test_passwords.py`.
    """
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    as_it_should_be, passwords._hasher = passwords._hasher, lambda: cheap
    yield as_it_should_be
    passwords._hasher = as_it_should_be


@pytest.fixture
def passwords_kept_as_they_should_be(_passwords_are_kept_cheaply, monkeypatch):
    """What keeps passwords where nobody saves time."""
    monkeypatch.setattr(passwords, "_hasher", _passwords_are_kept_cheaply)
    passwords._nobodys.cache_clear()
    yield _passwords_are_kept_cheaply()
    passwords._nobodys.cache_clear()


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch):
    """The developer's own settings and git must not reach a test; nor a watcher that another test set."""
    for name in list(os.environ):
        if name.startswith(("SAMRUTINE_", "GIT_")) and name != "SAMRUTINE_NO_SKIP":
            monkeypatch.delenv(name)
    yield
    steps.watch(None)


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory):
    """Homes on SQLite, made once."""
    return Templates(Path(_MADE) if _MADE else tmp_path_factory.mktemp("templates-sqlite"))


@pytest.fixture(scope="session")
def postgresql_server():
    """A private PostgreSQL for this session; skips where the programs are missing."""
    found = programs()
    if found is None:
        not_here("PostgreSQL", HOW_TO_GET_IT)
    server = PostgresqlServer(found)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgresql_templates(tmp_path_factory, postgresql_server):
    """Homes on PostgreSQL, made once."""
    return Templates(tmp_path_factory.mktemp("templates-postgresql"), postgresql_server)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request):
    """Both databases, one after the other."""
    return request.param


@pytest.fixture
def any_templates(request, database_kind):
    """Homes on the database of the day."""
    return request.getfixturevalue(f"{database_kind}_templates")


@pytest.fixture
def home(tmp_path, sqlite_templates):
    """A home with people and no texts."""
    return sqlite_templates.copied_to(tmp_path / "home", "people")


@pytest.fixture
def home_with_routine(tmp_path, sqlite_templates):
    """A home where `handhygiene` 1.0 is faglig godkjent."""
    return sqlite_templates.copied_to(tmp_path / "home", "routine")


@pytest.fixture
def any_home(tmp_path, any_templates):
    """A home with people and no texts, on both databases."""
    return any_templates.copied_to(tmp_path / "home", "people")


@pytest.fixture
def any_home_with_routine(tmp_path, any_templates):
    """A home where `handhygiene` 1.0 is faglig godkjent, on both databases."""
    return any_templates.copied_to(tmp_path / "home", "routine")


@pytest.fixture
def library(home):
    """The library of `home`, open."""
    with home.opened() as opened:
        yield opened


@pytest.fixture
def library_with_routine(home_with_routine):
    """The library of `home_with_routine`, open."""
    with home_with_routine.opened() as opened:
        yield opened


@pytest.fixture
def any_library(any_home):
    """The library of `any_home`, open."""
    with any_home.opened() as opened:
        yield opened


@pytest.fixture
def any_library_with_routine(any_home_with_routine):
    """The library of `any_home_with_routine`, open."""
    with any_home_with_routine.opened() as opened:
        yield opened


@pytest.fixture
def clock(request):
    """The clock of the test's own home."""
    for name in ("home", "home_with_routine", "any_home", "any_home_with_routine"):
        if name in request.fixturenames:
            return request.getfixturevalue(name).clock
    raise LookupError("the test has no home")
