"""
Homes for tests: real SQLite or PostgreSQL, real git, real index; made once and copied for each test.

There are nine municipalities, as shipped. Who is there, by sign-in name:

    redaktor                editor of the library
    leder                   leader of the network `smittevern`; works in Fauske
    medlem.<slug>           member of `smittevern`; works in Beiarn, Gildeskål, Hamarøy or Saltdal
    skribent                employee in Meløy, without any network
    ansatt.fauske           employee in Fauske
    ansvarlig.fauske        responsible in Fauske
    beslutter.<slug>        decider with delegation as head of service, in every municipality
    radmann.fauske          decider in Fauske on the political level
"""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from samrutine import Library
from samrutine.actors import Role, municipality_body, network_body
from samrutine.networks.service import People
from samrutine.procedures.model import DecisionLevel
from samrutine.storage.decisions import DecisionId, Decisions
from tests.support.clock import NOW, Clock
from tests.support.stories import approve_with_everyone
from tests.support.texts import a_routine

MUNICIPALITIES = {
    "rodoy": "1836", "meloy": "1837", "gildeskal": "1838", "beiarn": "1839", "saltdal": "1840", "fauske": "1841",
    "sorfold": "1845", "steigen": "1848", "hamaroy": "1875",
}  # fmt: skip
MEMBERS = ("beiarn", "gildeskal", "hamaroy", "saltdal")
OPENED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
"""The instant at which the libraries of all tests were opened and their people came in."""

LOGINS = [
    "leder", "skribent", "ansatt.fauske", "ansvarlig.fauske", "radmann.fauske",
    *(f"medlem.{slug}" for slug in MEMBERS), *(f"beslutter.{slug}" for slug in MUNICIPALITIES),
]  # fmt: skip


@dataclass
class Home:
    """A home in a folder of the test's own. `opened()` gives its library; as many as the test likes."""

    path: Path
    clock: Clock
    database_url: str | None = None

    def opened(self) -> Library:
        """Open the library. Whoever asked closes it."""
        return Library.open(self.path, clock=self.clock)

    @property
    def url(self) -> str:
        """Where its database is."""
        return self.database_url or f"sqlite:///{self.path / 'samrutine.db'}"


def name_of(login: str) -> str:
    """Give the name by which a person of the tests goes: one that stands nowhere else."""
    return f"Navn Navnesen {login.title()}"


def make_home(path: Path, *, database_url: str | None = None) -> None:
    """Make a home and let everybody of this module's list in."""
    clock = Clock(OPENED)
    library = Library.init(
        path, editor_login="redaktor", editor_name=name_of("redaktor"), database_url=database_url, clock=clock
    )
    try:
        _let_people_in(library)
        assert library.repair().is_clean
    finally:
        library.close()


def _let_people_in(library: Library) -> None:
    """Decide without projecting after each act, which takes most of the time; the repair above then does it at once."""
    database = library._parts.database
    people = People(database, Decisions(database, lambda: False))
    editor = library._actor("redaktor")
    acts = (DecisionId(f"people-{n}") for n in range(1000))

    for login in LOGINS:
        people.add_person(login, name_of(login), email=None, by=editor, now=OPENED, decision_id=next(acts))

    def grant(login: str, role: Role, body: str) -> None:
        people.grant(login, role, body, from_on=None, until_on=None, by=editor, now=OPENED, decision_id=next(acts))

    def delegate(login: str, slug: str, level: DecisionLevel, position: str) -> None:
        people.delegate(
            login, MUNICIPALITIES[slug], level, position, from_on=None, until_on=None, reference="delegasjonsreglementet § 4",
            by=editor, now=OPENED, decision_id=next(acts),
        )  # fmt: skip

    network = network_body("smittevern")
    for slug in MEMBERS:
        grant(f"medlem.{slug}", Role.EMPLOYEE, municipality_body(MUNICIPALITIES[slug]))
        grant(f"medlem.{slug}", Role.MEMBER, network)
    for login, slug in (("leder", "fauske"), ("ansatt.fauske", "fauske"), ("skribent", "meloy")):
        grant(login, Role.EMPLOYEE, municipality_body(MUNICIPALITIES[slug]))
    grant("leder", Role.LEADER, network)
    grant("ansvarlig.fauske", Role.RESPONSIBLE, municipality_body("1841"))
    for slug in MUNICIPALITIES:
        delegate(f"beslutter.{slug}", slug, DecisionLevel.HEAD_OF_SERVICE, "kommunalsjef helse og omsorg")
    delegate("radmann.fauske", "fauske", DecisionLevel.POLITICAL, "kommunedirektør")


MADE_HOMES: Final = "SAMRUTINE_MADE_HOMES"
"""Names the folder of homes on SQLite that are made already, for tests that run in a process of their own."""


class Templates:
    """
    Homes made once and copied: `people`, and `routine`, which has `handhygiene` 1.0 faglig godkjent too.

    Args:
        folder: Where the templates lie.
        server: A `PostgresqlServer` for homes whose database is there; None for SQLite.
    """

    def __init__(self, folder: Path, server=None) -> None:
        self._folder = folder
        self._server = server

    def all_made(self) -> Path:
        """Make what is not made yet; gives where they lie."""
        return self._template("routine").parent

    def copied_to(self, path: Path, stage: str = "people") -> Home:
        """Give a copy of a template as a home of the test's own, on the morning of `NOW`."""
        template = self._template(stage)
        shutil.copytree(template, path)
        url = None
        if self._server is not None:
            url = self._server.copy_of(f"template_{stage}")
            _write_settings(path, url)
        return Home(path, Clock(NOW), url)

    def _template(self, stage: str) -> Path:
        path = self._folder / stage
        if path.exists():
            return path
        url = self._server.new(f"template_{stage}") if self._server is not None else None
        if stage == "people":
            make_home(path, database_url=url)
            return path
        shutil.copytree(self._template("people"), path)
        if url is not None:
            self._server.drop(f"template_{stage}")
            url = self._server.copy_of("template_people", name=f"template_{stage}")
            _write_settings(path, url)
        with Library.open(path, clock=Clock(OPENED)) as library:
            approve_with_everyone(library, a_routine())
        return path


def _write_settings(path: Path, url: str) -> None:
    (path / "samrutine.toml").write_text(f'database_url = "{url}"\n', encoding="utf-8")
