"""What tests of recovery share: a folder for backups, a home to come, and a backup that is made once."""

from datetime import timedelta

import pytest

from tests.support.clock import NOW, Clock


@pytest.fixture
def folder(tmp_path):
    """Where backups go."""
    return tmp_path / "kopi"


@pytest.fixture
def new_home(tmp_path):
    """A home that does not exist yet."""
    return tmp_path / "ny"


@pytest.fixture
def new_url(request, database_kind):
    """An empty database for the new home; None for SQLite."""
    return request.getfixturevalue("postgresql_server").new() if database_kind == "postgresql" else None


@pytest.fixture
def clock_of_another():
    """Another library's: its first decision is another, too."""
    return Clock(NOW + timedelta(days=1))


@pytest.fixture(scope="session")
def one_backup(tmp_path_factory, sqlite_templates):
    """A backup of a library with a routine that Fauske uses: 53 decisions. Made once, never changed."""
    place = tmp_path_factory.mktemp("backup")
    with sqlite_templates.copied_to(place / "home", "routine").opened() as library:
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        library.backup(place / "kopi")
    return place / "kopi"
