"""
Damage planted in every table: a row changed, one deleted, one invented. Each is named, by the code that says what to do.

The list is complete by construction: a table of the record, or one that repeats it, without its three cases fails.
"""
# ruff: noqa: S608  the statements are our own, and made to do damage

import contextlib
import shutil
import sqlite3
from datetime import timedelta

import pytest

from samrutine.projections import scope
from samrutine.projections.faults import KINDS
from samrutine.projections.scope import ALL, ROUTINES_AT_ONCE, parts
from samrutine.projections.verify import verify
from samrutine.proposals.hearing import Remark, RemarkOutcome
from samrutine.storage.rows import Row
from tests.support import files
from tests.support.clock import NOW, Clock
from tests.support.homes import Home
from tests.support.stories import approve_with_everyone, change_with_everyone, not_projecting
from tests.support.texts import a_routine

CHANGED, DELETED, INVENTED = "changed", "deleted", "invented"


@pytest.fixture(scope="module")
def everything(tmp_path_factory, sqlite_templates):
    """A home where there is a row in every table that decisions leave rows in."""
    folder = tmp_path_factory.mktemp("planted")
    place = folder / "publisert"
    place.mkdir()
    home = sqlite_templates.copied_to(folder / "home", "routine")
    with home.opened() as library:
        library._parts.renderers = dict.fromkeys(("pdf", "html", "md"), lambda document: document.text.body.encode())
        with not_projecting(library):
            _live(library, place)
        assert library.repair().faults == ()
    return home


def _live(library, place):
    """Do something of everything."""
    form = {"skjema.svg": files.SVG}
    approve_with_everyone(library, a_routine("vakt", title="Vakt", required=["vakttelefon"]), attachments=form)
    library.set_local_information("vakt", "Fauske", {"vakttelefon": "75 00 00 00"}, by="ansvarlig.fauske")
    library.adopt("handhygiene", "Fauske", by="beslutter.fauske", reason="Vi trenger den.")
    library.add_addition("handhygiene", "fauske", "ansvar", "practical-note", "Spør vaktleder.", by="ansvarlig.fauske")
    library.set_standing("fauske", until=library.today + timedelta(days=200), by="beslutter.fauske")
    library.make_known("handhygiene", "Fauske", how="meeting", whom="Alle.", by="ansvarlig.fauske")
    library.take_inventory("Fauske", {"handhygiene": "own-outdated"}, by="ansvarlig.fauske")
    library.set_target("Fauske", "Intranett", "folder", place, by="ansvarlig.fauske")
    library.publish("Fauske", by="ansvarlig.fauske").require_all()
    wish = library.wish("Rutine for tvang i tannhelse", by="ansatt.fauske", municipality="fauske")
    library.support_wish(wish.wish, "Fauske", by="ansatt.fauske")
    given = library.give_feedback("handhygiene", "Feil nummer.", by="ansatt.fauske", municipality="fauske")
    change_with_everyone(library, a_routine(extra="Nytt."))
    library.review("vakt", version="1.0", by="leder")
    library.set_owner("vakt", "medlem.beiarn", by="leder")
    draft = library.propose(a_routine(extra="Enda mer."), changes="handhygiene", significance="minor", by="skribent")
    library.take_up_feedback(given.feedback, draft.proposal, by="leder")
    parties = ["municipality:1839", "party:politi"]
    deadline = library.today + timedelta(days=14)
    opened = library.open_hearing(draft.proposal, digest=draft.digest, parties=parties, deadline=deadline, by="leder")
    outsider = next(one for one in library.hearing(draft.proposal).parties if one.body.startswith("outside:"))
    library.invite_outsider(draft.proposal, outsider.body, by="leder")
    # In a round of its own, so that the one above has nobody who has answered.
    other = library.propose(
        a_routine("vakt", title="Vakt", extra="Mer."), changes="vakt", significance="minor", by="skribent"
    )
    library.open_hearing(
        other.proposal,
        digest=other.digest,
        parties=["municipality:1841", "municipality:1839"],
        deadline=deadline,
        by="leder",
    )
    said = library.answer_hearing(
        other.proposal, "municipality:1841", remarks=[Remark("Uklart."), Remark("For langt.")], by="ansvarlig.fauske"
    )
    library.reply_to_remark(said.remarks[0], outcome=RemarkOutcome.NOTED, reply="Takk.", by="leder")
    assert opened.number


@pytest.fixture
def codes(everything, tmp_path, monkeypatch):
    """Give a way to damage a copy of the database, and the codes that are found in it: looked at as a whole or in parts."""

    def found(*statements):
        copy = Home(tmp_path / "home", Clock(NOW))
        copy.path.mkdir()
        for name in ("samrutine.db", "samrutine.toml"):
            shutil.copy(everything.path / name, copy.path / name)
        with contextlib.closing(sqlite3.connect(copy.path / "samrutine.db")) as connection:
            for statement in statements:
                assert connection.execute(statement).rowcount > 0, statement
            connection.commit()
        with copy.opened() as library:
            whole = {one.code for one in verify(library._parts.database, _NoBranches()).faults}
            with monkeypatch.context() as one_by_one:
                one_by_one.setattr(scope, "ROUTINES_AT_ONCE", 1)
                assert {one.code for one in verify(library._parts.database, _NoBranches()).faults} == whole
        return whole

    return found


class _NoBranches:
    """Stands for what repeats the database, which other tests damage: here it is the rows that are asked about."""

    def faults(self, after=0):
        return []


def _copied(table, **other):
    """Say how to invent a row: the first of the table, with other values where it must differ."""
    columns = [column.name for column in Row.metadata.tables[table].columns]
    values = [other.get(name, name) for name in columns]
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} LIMIT 1"


LAST = "(SELECT max(number) FROM decision)"
DAMAGE = {
    "actor": ("actor", "UPDATE actor SET kind = 'link' WHERE kind = 'person'", "DELETE FROM actor WHERE kind = 'link'",
              _copied("actor", id="'a-x'", person_id="NULL")),
    "addition": ("addition", "UPDATE addition SET section_key = 'avvik'", "DELETE FROM addition", _copied("addition", id="'t-x.1'")),
    "adoption": ("answer", "UPDATE adoption SET state = 'declined' WHERE state = 'in-use'",
                 "DELETE FROM adoption WHERE state = 'in-use'", _copied("adoption", procedure_id="'fremmed'")),
    "approval": ("approval", "UPDATE approval SET digest = '1:0' WHERE role = 'leader'", "DELETE FROM approval WHERE role = 'leader'",
                 _copied("approval", decided_number="1", actor_id="'system'")),
    "attachment": ("attachment", "UPDATE attachment SET name = 'annet.svg'", "DELETE FROM attachment",
                   ("INSERT INTO attachment (procedure_id, major, minor, name, media_type, digest) VALUES"
                    " ('handhygiene', 1, 0, 'x.pdf', 'application/pdf', '1:0')")),
    "chain_head": ("chain-head", "UPDATE chain_head SET number = number - 1", None, None),
    "counter": ("total", "UPDATE counter SET value = value + 1", "DELETE FROM counter WHERE name = 'versions'",
                _copied("counter", name="'annet'")),
    "decision": ("chain-hash", "UPDATE decision SET record = replace(record, 'Fauske', 'Beiarn') || ' ' WHERE number = 9", None, None),
    "decision_text": ("text-changed", "UPDATE decision_text SET text = 'Annet.' WHERE name = 'reason'",
                      "DELETE FROM decision_text WHERE name = 'reason'", _copied("decision_text", number="9", name="'annet'")),
    "delegation": ("delegation", "UPDATE delegation SET level = 'political'", "DELETE FROM delegation WHERE municipality = '1836'",
                   _copied("delegation", id="'d-x'", level="'political'")),
    "effective_document": ("effective-document", "UPDATE effective_document SET municipality = '1836'",
                           "DELETE FROM effective_document", _copied("effective_document", digest="'1:0'", version="'9.0'")),
    "in_force": ("in-force-undecided", "UPDATE in_force SET from_on = '2026-01-01'", None, _copied("in_force", id="99", municipality="'1836'")),
    "inventory": ("inventory", "UPDATE inventory SET answer = 'lacks'", "DELETE FROM inventory", _copied("inventory", municipality="'1836'")),
    "library": ("library", "UPDATE library SET language = 'en'", "DELETE FROM library", None),
    "library_file": ("settings", "UPDATE library_file SET settled_number = 1", "DELETE FROM library_file WHERE path = 'sources.toml'",
                     _copied("library_file", path="'annen.toml'")),
    "local_value": ("local-information", "UPDATE local_value SET municipality = '1836'", "DELETE FROM local_value",
                    _copied("local_value", key="'annen'")),
    "made_known": ("made-known", "UPDATE made_known SET how = 'email'", "DELETE FROM made_known", _copied("made_known", decided_number="1")),
    "municipality": ("settled", "UPDATE municipality SET name = 'Annen' WHERE number = '1836'", "DELETE FROM municipality WHERE number = '1836'",
                     _copied("municipality", number="'9999'", slug="'provevik'")),
    "network": ("settled", "UPDATE network SET name = 'Annet'", "DELETE FROM network WHERE id = 'omsorg'", _copied("network", id="'fremmed'")),
    "outbox": ("outbox", "UPDATE outbox SET subjects = '[]' WHERE number = 5", None, "INSERT INTO outbox VALUES (99999, '[]')"),
    "outbox_position": ("position", "UPDATE outbox_position SET consumer = 'ukjent' WHERE consumer = 'main'", None,
                        _copied("outbox_position", consumer="'ukjent'")),
    "procedure": ("procedure-head", "UPDATE procedure SET minor = 0 WHERE minor = 1", "DELETE FROM procedure WHERE id = 'vakt'",
                  _copied("procedure", id="'fremmed'")),
    "proposal_origin": ("origin", "UPDATE proposal_origin SET kind = 'wish'", "DELETE FROM proposal_origin",
                        _copied("proposal_origin", reference="'annen'")),
    "publication": ("publication", "UPDATE publication SET receipt = '{}'", "DELETE FROM publication", _copied("publication", procedure_id="'vakt'")),
    "publication_target": ("target", "UPDATE publication_target SET name = 'Annet'", "DELETE FROM publication_target",
                           _copied("publication_target", id="'t-x'")),
    "review": ("review", "UPDATE review SET reviewed_on = '2020-01-01'", "DELETE FROM review", _copied("review", decided_number="1")),
    "role_grant": ("role", "UPDATE role_grant SET role = 'editor' WHERE role = 'leader'", "DELETE FROM role_grant WHERE role = 'leader'",
                   _copied("role_grant", id="'r-x'", role="'decider'")),
    "section": ("section", "UPDATE section SET heading = 'Annet'", "DELETE FROM section WHERE position = 1", _copied("section", key="'annen'")),
    "standing_decision": ("standing", "UPDATE standing_decision SET until_on = '2030-01-01'", "DELETE FROM standing_decision",
                          _copied("standing_decision", id="'s-x'")),
    "table_retention": ("retention", "UPDATE table_retention SET retention_class = 'working'", "DELETE FROM table_retention WHERE table_name = 'words'",
                        _copied("table_retention", table_name="'annen'")),
    "version": ("version", "UPDATE version SET approved_on = '2020-01-01'", None, None),
    "words": ("words-changed", "UPDATE words SET content = x'00' WHERE digest = (SELECT digest FROM procedure LIMIT 1)", None,
              _copied("words", digest="'1:0'")),
    # Not of the record, and held all the same.
    "proposal": ("proposal", "UPDATE proposal SET meaning = 'Alt er som før.'", "DELETE FROM proposal WHERE procedure_id = 'vakt'",
                 _copied("proposal", id="'f-x'")),
    "person": ("person", "UPDATE person SET name = NULL WHERE login = 'skribent'", "DELETE FROM person WHERE login = 'skribent'",
               _copied("person", id="'n-x'", login="'ny'")),
    "hearing": ("hearing", "UPDATE hearing SET digest = '1:0'", None, _copied("hearing", id="'h-x'", round="7")),
    "hearing_party": ("hearing", "UPDATE hearing_party SET answer = 'none' WHERE answer = 'remarks'",
                      "DELETE FROM hearing_party WHERE answer = 'none'", _copied("hearing_party", id="'p-x'", body="'municipality:1836'")),
    "hearing_link": ("hearing", "UPDATE hearing_link SET expires_at = '2099-01-01 00:00:00.000000'", "DELETE FROM hearing_link",
                     _copied("hearing_link", id="'l-x'")),
    "remark": ("hearing", "UPDATE remark SET outcome = 'taken' WHERE outcome = 'noted'", "DELETE FROM remark WHERE outcome IS NULL",
               _copied("remark", id="'k-x'")),
    "waiting": ("waiting", "UPDATE waiting SET opened_number = 99999", None, _copied("waiting", id="'w-x'", closed_number="99999")),
    "notification": ("notification", "UPDATE notification SET number = 99999", None, _copied("notification", id="'m-x'", number="99999")),
}  # fmt: skip
"""By table: the code, and what changes a row, deletes one and invents one. None: the same is another table's code, below."""

ELSEWISE = {
    ("decision", DELETED): ("chain-number", f"DELETE FROM decision WHERE number = {LAST} - 1"),
    ("decision", INVENTED): ("chain-hash", _copied("decision", number="99999", id="'x'", hash="'1:0'")),
    ("chain_head", DELETED): ("chain-head", "UPDATE chain_head SET hash = '1:0'"),
    ("chain_head", INVENTED): ("chain-head", "UPDATE chain_head SET number = number + 1"),
    ("in_force", DELETED): ("in-force-missing", "DELETE FROM in_force"),
    ("library", INVENTED): ("library", "UPDATE library SET opened_number = 2"),
    ("outbox", DELETED): ("outbox-missing", "DELETE FROM outbox WHERE number = 5"),
    ("version", DELETED): ("versions", "DELETE FROM version WHERE minor = 1"),
    ("version", INVENTED): ("versions", _copied("version", minor="9", decided_number="1")),
}
"""Where the code, or the statement, is another than the table's first."""

NOT_POSSIBLE = {
    ("words", DELETED): "Below: words that are gone leave their version without them.",
    ("outbox_position", DELETED): "Named by `behind`, which asks the consumers: tests/projections/test_verify.py.",
}

HELD = [table.name for table in Row.metadata.sorted_tables if table.info["retention"] in {"permanent", "derived"}]


def _cases():
    for table in sorted({*HELD, *DAMAGE}):
        code, *statements = DAMAGE.get(table, (None, None, None, None))
        for how, statement in zip((CHANGED, DELETED, INVENTED), statements, strict=True):
            if (table, how) in NOT_POSSIBLE or (
                statement is None and (table, how) not in ELSEWISE and table not in HELD
            ):
                continue
            yield pytest.param(*ELSEWISE.get((table, how), (code, statement)), id=f"{table} {how}")


@pytest.mark.parametrize("table", HELD)
def test_every_table_of_the_record_has_its_cases(table):
    """
    A table that nobody thought of is where somebody changes the record and is not found.
    """
    code, *statements = DAMAGE[table]

    for how, statement in zip((CHANGED, DELETED, INVENTED), statements, strict=True):
        assert statement or (table, how) in ELSEWISE or (table, how) in NOT_POSSIBLE
    assert code in KINDS


@pytest.mark.parametrize(("code", "statement"), list(_cases()))
def test_is_named(codes, code, statement):
    """
    Whoever has the file can change it; nobody can without being named.
    """
    assert code in codes(statement)


@pytest.mark.parametrize(
    ("code", "statements"),
    [
        ("chain-unreadable", [f"UPDATE decision SET record = substr(record, 2), subject = NULL, kind = '{kind}' WHERE number = {n}"
                        for n, kind in enumerate(("text_erased", "words_redacted", "decisions_recovered", "adopted"), 9)]),
        ("chain-unreadable", ["UPDATE decision SET decided_at = '2026-13-01 00:00:00.000000' WHERE number = 30"]),
        ("chain-head", ["DELETE FROM chain_head"]),
    ],
)  # fmt: skip
def test_a_chain_that_cannot_even_be_read_is_named(codes, code, statements):
    """
    Whoever finds the library broken must be told what is broken, and not that the program is.
    """
    assert code in codes(*statements)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE hearing_party SET answer = 'no-remarks', answered_number = 9 WHERE answered_number IS NULL",
        pytest.param("UPDATE hearing_party SET answered_number = answered_number - 1", marks=pytest.mark.broad),
        pytest.param("UPDATE remark SET made_number = made_number - 1", marks=pytest.mark.broad),
        pytest.param("UPDATE hearing_link SET revoked_number = made_number", marks=pytest.mark.broad),
    ],
)
def test_an_answer_that_nobody_gave_is_named(codes, statement):
    """
    What a municipality said to a text stands in its name, and whoever approves leans on it.
    """
    assert "hearing" in codes(statement)


def test_words_that_are_gone_are_named(codes):
    """
    An approval covers bytes. Without them nobody can say what was approved.
    """
    found = codes("DELETE FROM words WHERE digest = (SELECT digest FROM procedure WHERE id = 'vakt')")

    assert "words-gone" in found


def test_the_numbers_that_a_receipt_names_are_held(codes):
    """
    Which state of the chain a paper was made from is what ties it to the decisions. Publishing is none itself.
    """
    found = codes("UPDATE publication SET chain_number = 1", "UPDATE effective_document SET first_number = 99999")

    assert {"publication", "effective-document"} <= found


def test_what_repair_says_that_it_heals_it_heals(everything, tmp_path):
    """
    A remedy that does not help is worse than none. Everything that only repeats is damaged at once, and made anew.
    """
    copy = Home(tmp_path / "home", Clock(NOW))
    shutil.copytree(everything.path, copy.path)
    healed = [
        *(statement for table in ("counter", "municipality", "network", "section", "table_retention")
          for statement in DAMAGE[table][1:2]),
        *(DAMAGE[table][3] for table in ("counter", "municipality", "network", "outbox_position", "table_retention")),
        DAMAGE["outbox"][1], ELSEWISE["outbox", DELETED][1].replace("5", "6"),
        "UPDATE procedure SET title = 'Annet', decision_level = 'political' WHERE id = 'vakt'",
        "DELETE FROM section WHERE key = 'avvik'",
        "UPDATE words SET git_blob = 'annen' WHERE git_blob IS NOT NULL",
        "UPDATE words SET redacted_number = 9, lost_number = 9 WHERE digest IN (SELECT digest FROM procedure)",
    ]  # fmt: skip
    with contextlib.closing(sqlite3.connect(copy.path / "samrutine.db")) as connection:
        for statement in healed:
            assert connection.execute(statement).rowcount > 0, statement
        connection.commit()

    with copy.opened() as library:
        before = {one.code for one in library.verify().faults if not one.healed_by_repair}
        after = library.repair()

        assert before == set()
        assert after.faults == ()
        assert library.repair().faults == ()


UNREADABLE = [
    "UPDATE outbox_position SET position = 'abc' WHERE consumer = 'main'",
    "UPDATE outbox_position SET updated_at = '2026-13-45 00:00:00' WHERE consumer = 'register'",
    "UPDATE procedure SET next_review = '2026-13-45' WHERE id = 'vakt'",
    "UPDATE words SET verified_at = '2026-13-45 00:00:00' WHERE digest = (SELECT digest FROM procedure WHERE id = 'vakt')",
    "UPDATE words SET content = 'tekst' WHERE digest = (SELECT digest FROM procedure WHERE id = 'handhygiene')",
    "UPDATE network SET policy = '{' WHERE id = 'omsorg'",
    "UPDATE counter SET value = 'abc' WHERE name = 'versions'",
]


def test_what_cannot_be_read_is_named_and_made_anew_and_keeps_nothing_else_from_it(everything, tmp_path):
    """
    SQLite keeps whatever was written in a column. Whoever reads the row must not fail without a word on which it was.
    """
    copy = Home(tmp_path / "home", Clock(NOW))
    shutil.copytree(everything.path, copy.path)
    left = "UPDATE version SET approved_on = '2026-13-45' WHERE procedure_id = 'vakt'"
    with contextlib.closing(sqlite3.connect(copy.path / "samrutine.db")) as connection:
        for statement in (*UNREADABLE, left):
            assert connection.execute(statement).rowcount > 0, statement
        connection.commit()

    with copy.opened() as library:
        found = {one.detail for one in library.verify().faults if one.code == "unreadable"}
        after = library.repair()

    named = {"outbox_position main position", "outbox_position register updated_at", "procedure vakt next_review"}
    assert found >= named | {"version vakt 1 0 approved_on"}
    assert {" ".join(one.split()[::2]) for one in found if one.startswith("words 1:")} == {
        "words content",
        "words verified_at",
    }
    # What is no repetition is left, with what leans on it.
    assert {one.code for one in after.faults} == {"unreadable"}
    assert "version vakt 1 0 approved_on" in {one.detail for one in after.faults}
    with contextlib.closing(sqlite3.connect(copy.path / "samrutine.db")) as connection:
        connection.execute(
            "UPDATE version SET approved_on = (SELECT approved_on FROM version WHERE procedure_id = 'handhygiene' AND minor = 1) WHERE procedure_id = 'vakt'"
        )
        connection.commit()
    with copy.opened() as library:
        assert library.repair().faults == ()


def test_since_looks_at_what_came_after_and_says_so(everything, tmp_path):
    """
    Each hour the newest is looked at, each night everything; the answer must tell which it was.
    """
    copy = Home(tmp_path / "home", Clock(NOW))
    shutil.copytree(everything.path, copy.path)
    with copy.opened() as library:
        before = library.verify().decisions
        library.adopt("vakt", "Fauske", by="beslutter.fauske")
        first = library.verify(since=before)
        with contextlib.closing(sqlite3.connect(copy.path / "samrutine.db")) as connection:
            connection.execute("UPDATE in_force SET from_on = '2026-01-01' WHERE procedure_id = 'vakt'")
            connection.execute("UPDATE review SET outcome = 'to-change'")
            connection.commit()
        touched = {one.code for one in library.verify(since=before).faults}

        assert (first.faults, first.since) == ((), before)
        assert "in-force-undecided" in touched
        assert {one.code for one in library.verify(since=1).faults} > touched - {"review"}


def test_a_whole_act_is_looked_at_or_none_of_it():
    """
    Routines are taken some hundred at a time, and what is about none last; every routine is in one scope.
    """
    routines = [f"r-{n}" for n in range(2 * ROUTINES_AT_ONCE + 1)]

    scopes = parts(routines, 0)

    assert [len(one.routines) for one in scopes] == [ROUTINES_AT_ONCE, ROUTINES_AT_ONCE, 1, 0]
    assert set().union(*(one.routines for one in scopes)) == set(routines)


def test_a_small_library_is_looked_at_at_once_unless_most_of_it_is_trusted():
    """
    Nine municipalities have some hundred routines: each question is then asked of the database once.
    """
    routines = [f"r-{n}" for n in range(ROUTINES_AT_ONCE)]

    assert parts(routines, 0) == [ALL]
    assert [len(one.routines) for one in parts(routines, 7)] == [ROUTINES_AT_ONCE, 0]
