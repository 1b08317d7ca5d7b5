"""
A home that was lived in for years: what was refused, redacted and deleted by the rules leaves nothing to find.

Then damage in the columns that are easiest to forget, all in one copy, beside words that are changed: each is named all the same.
"""

import contextlib
import json
import shutil
import sqlite3
from datetime import timedelta

import pytest

from tests.support.clock import Clock
from tests.support.homes import Home
from tests.support.stories import (
    APPROVERS,
    UNHEARD,
    approve_with_everyone,
    change_with_everyone,
    not_projecting,
)
from tests.support.texts import a_routine

YEARS = timedelta(days=6 * 366)
"""Longer than any rule keeps anything."""


@pytest.fixture(scope="module")
def story(tmp_path_factory, sqlite_templates):
    """The home below, and what was found in it before the years passed."""
    folder = tmp_path_factory.mktemp("aged")
    home = sqlite_templates.copied_to(folder / "home", "routine")
    with home.opened() as library:
        with not_projecting(library):
            _live(library, home.clock)
        library.repair()
        first = next(one for one in library.versions("uheldig") if str(one.version) == "1.0")
        library.redact(first.digest, reason="Personopplysning.", by="redaktor")
        found = _found(library)
        home.clock.forward(days=YEARS.days)
        with not_projecting(library):
            library.retention(by="redaktor", delete=True)
            heard = library.propose(a_routine("hort", title="Hørt"), by="skribent")
            library.open_hearing(heard.proposal, digest=heard.digest, by="redaktor", parties=["municipality:fauske"])
        library.repair()
    return home, found


@pytest.fixture(scope="module")
def aged(story):
    """A home in which something of everything came to its end long ago, and the rules have deleted what they are about."""
    return story[0]


def _live(library, clock):
    stopped = library.propose(a_routine("stoppet", title="Stoppet"), by="skribent", meaning="Noe nytt.")
    library.send(stopped.proposal, digest=stopped.digest, unheard=UNHEARD, by="redaktor")
    library.reject(stopped.proposal, reason="Ikke nå.", by="leder")
    approve_with_everyone(library, a_routine("avfall", title='"Avfall: farlig"'))
    hurried = library.propose(
        a_routine("avfall", title='"Avfall: farlig"', extra="Haster."), by="skribent", changes="avfall",
        significance="major", meaning="Haster.",
    )  # fmt: skip
    library.hurry(hurried.proposal, digest=hurried.digest, reason="Utbrudd.", by="leder")
    library.reject(hurried.proposal, reason="Nei.", by="leder")
    unlucky = library.propose(a_routine("uheldig", title="Uheldig", extra="Spør Navn."), by="skribent")
    library.open_hearing(unlucky.proposal, digest=unlucky.digest, by="redaktor", parties=["municipality:fauske"])
    clock.forward(days=40)
    library.close_hearing(unlucky.proposal, by="redaktor")
    library.send(unlucky.proposal, digest=unlucky.digest, by="redaktor")
    for one in APPROVERS:
        library.approve(unlucky.proposal, digest=unlucky.digest, by=one)
    change_with_everyone(library, a_routine("uheldig", title="Uheldig"), procedure="uheldig")
    late = library.propose(a_routine("sen", title="Sen"), by="skribent")
    library.open_hearing(late.proposal, digest=late.digest, by="redaktor", parties=["municipality:fauske"])
    approve_with_everyone(library, a_routine("nokkelskap", title="Nøkkelskap", access="exempt"))
    library.adopt("handhygiene", "Fauske", by="beslutter.fauske", reason="Vi trenger den.")
    library.add_addition("handhygiene", "fauske", "ansvar", "practical-note", "Spør vaktleder.", by="ansvarlig.fauske")
    library.decline("handhygiene", "Beiarn", reason="Vi har for få folk.", by="beslutter.beiarn")


@contextlib.contextmanager
def _past_our_own_program(home):
    with contextlib.closing(sqlite3.connect(home.path / "samrutine.db")) as connection:
        yield connection
        connection.commit()


def _asked(home, query):
    with _past_our_own_program(home) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def copied(aged, tmp_path):
    """Give a copy of the home, and what was found in it after some statements."""

    def damaged(*statements):
        home = Home(tmp_path / "home", Clock(aged.clock.now))
        shutil.copytree(aged.path, home.path)
        with _past_our_own_program(home) as connection:
            for statement in statements:
                assert connection.execute(statement).rowcount > 0, statement
        return home

    return damaged


def _found(library):
    return {f"{one.code} {one.detail}" for one in library.verify().faults}


class TestSound:
    def test_a_text_that_was_heard_and_then_redacted_leaves_nothing_to_find(self, story):
        """
        The notice stands where the words stood, in the round of hearing too. It was decided.
        """
        _, found = story

        assert found == set()

    def test_years_and_their_rules_leave_nothing_to_find(self, aged):
        """
        A false finding says «hent databasen tilbake fra sikkerhetskopi». Whoever obeys brings back what was erased.
        """
        with aged.opened() as library:
            found = _found(library)

        assert found == set()
        assert _asked(
            aged, "SELECT count(*) FROM hearing WHERE proposal_id IN (SELECT id FROM proposal WHERE state = 'approved')"
        ) == [(0,)]

    def test_what_was_a_version_keeps_what_was_said_with_it(self, aged):
        """
        A hasteversjon that was refused was followed for a time. What it meant, and why it was refused, is never deleted.
        """
        kept = _asked(
            aged,
            "SELECT meaning, length(text) > 0 FROM proposal WHERE procedure_id IN ('avfall', 'stoppet') AND state = 'rejected' ORDER BY procedure_id",
        )

        assert kept == [("Haster.", 1), (None, 0)]


DAMAGE = {
    "procedure handhygiene": "UPDATE procedure SET folder = 'fremmed' WHERE id = 'handhygiene'",
    "procedure avfall": "UPDATE procedure SET sort_title = 'aaa', translation_of = 'handhygiene' WHERE id = 'avfall'",
    "procedure nokkelskap": "UPDATE procedure SET access_basis = 'offl. § 13' WHERE id = 'nokkelskap'",
    "procedure uheldig": "UPDATE procedure SET next_review = '2040-01-01' WHERE id = 'uheldig'",
    "settled municipality 1836": "UPDATE municipality SET name = 'Annen' WHERE number = '1836'",
    "section avfall 1.0": "UPDATE section SET heading = 'Gi dobbel dose' WHERE procedure_id = 'avfall' AND minor = 0 AND major = 1",
    "section uheldig 1.1": "UPDATE section SET heading = 'Annet' WHERE procedure_id = 'uheldig' AND minor = 1",
    "words-changed": "UPDATE words SET content = x'00' WHERE digest IN (SELECT digest FROM addition)",
    "text-gone": "UPDATE decision_text SET text = NULL, erased_at = (SELECT max(erased_at) FROM decision_text) WHERE text = 'Vi har for få folk.'",
    "words-place": "UPDATE words SET store = 'annet' WHERE digest = (SELECT digest FROM library_file WHERE path = 'sources.toml')",
    "hearing sen": "DELETE FROM hearing WHERE proposal_id = (SELECT id FROM proposal WHERE procedure_id = 'sen')",
    "hearing hort": "UPDATE hearing SET deadline = '2026-01-01' WHERE proposal_id = (SELECT id FROM proposal WHERE procedure_id = 'hort')",
    "delegation 1836": "UPDATE delegation SET reference = 'Fullmakt' WHERE municipality = '1836'",
    "delegation 1838": "UPDATE delegation SET id = 'd-annen' WHERE municipality = '1838'",
    "role": "UPDATE role_grant SET id = 'r-annen' WHERE role = 'leader'",
    "addition": "UPDATE addition SET source = 'Ingen kilde'",
    "answer 1875 handhygiene": "UPDATE adoption SET next_review = '2030-01-01' WHERE municipality = '1875' AND procedure_id = 'handhygiene'",
}  # fmt: skip
"""By what is found: what plants it. No two about the same row, and all of them in one copy."""

FOLLOWS = ("unreadable register",)
"""What is found beside: the words of the addition are repeated there, and are not right."""

HEALED = ("procedure", "settled", "section", "words-place")


class TestDamage:
    def test_each_is_named_though_words_are_changed_too(self, copied):
        """
        Words that are lost stay lost. What switches a check off for one text must not switch it off for all.
        """
        home = copied(*DAMAGE.values())
        of = dict(_asked(home, "SELECT procedure_id, id FROM proposal WHERE procedure_id IN ('sen', 'hort')"))
        expected = {of_proposal(one, of) for one in DAMAGE}

        with home.opened() as library:
            found = _found(library)
            library.repair()
            left = _found(library)

        assert {one for one in expected if not _is_among(one, found)} == set()
        assert {one for one in found if not any(_is_among(due, {one}) for due in (*expected, *FOLLOWS))} == set()
        assert {one for one in left if one.startswith(HEALED)} == set()

    def test_a_folder_that_was_changed_never_becomes_a_decision(self, copied):
        """
        What a decision says stands for ever: said from a row that somebody changed, main would have the routine twice.
        """
        home = copied("UPDATE procedure SET folder = 'fremmed', access = 'internal' WHERE id = 'handhygiene'")

        with home.opened() as library:
            moved = a_routine(subject="legemidler")
            change_with_everyone(library, moved)

            assert _found(library) == set()
        (record,) = _asked(
            home, "SELECT record FROM decision WHERE kind = 'version_approved' ORDER BY number DESC LIMIT 1"
        )[0]
        facts = json.loads(record)["facts"]
        assert (facts["previous_folder"], facts["previous_access"]) == ("smittevern", "open")

    def test_what_an_earlier_run_took_of_a_refused_version_is_no_damage(self, copied):
        """
        Runs of before took the words of what had been a version too. They were decided, and nobody can put them back.
        """
        home = copied(
            "UPDATE proposal SET text = x'', meaning = NULL WHERE procedure_id = 'avfall' AND state = 'rejected'"
        )

        with home.opened() as library:
            assert _found(library) == set()


def of_proposal(name, proposals):
    """Put the proposal's id where a routine is named, since a round of hearing goes by it."""
    code, _, procedure = name.partition(" ")
    return f"{code} {proposals[procedure]} 1" if code == "hearing" else name


def _is_among(due, found):
    code, _, detail = due.partition(" ")
    return any(one.startswith(f"{code} ") and detail in one for one in found)
