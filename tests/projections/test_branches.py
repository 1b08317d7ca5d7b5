"""What anybody with a clone can read: approved words on `main`, every decision on `register`, and no names."""

import hashlib
import json
import re
import shutil

import pytest
from sqlmodel import select

from samrutine.storage.decisions import GENESIS, DecisionId, link_hash
from samrutine.storage.rows import DecisionRow
from tests.support.clock import NOW
from tests.support.git import every_object, git, tips
from tests.support.homes import LOGINS, name_of
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine

LINE = re.compile(r'\{"hash":"(1:[0-9a-f]{64})","record":(\{.*\})\}')


def register_lines(home):
    """Give every line of the register as (file, hash, record), by number."""
    found = []
    for path in git(home, "ls-tree", "-r", "--name-only", "register").splitlines():
        for line in git(home, "show", f"register:{path}").splitlines():
            match = LINE.fullmatch(line)
            assert match, (path, line[:80])
            found.append((path, match[1], match[2]))
    return sorted(found, key=lambda one: json.loads(one[2])["number"])


class TestRegister:
    def test_holds_the_very_bytes_that_were_hashed_in_one_chain(self, any_home_with_routine):
        """
        A clone is enough to check the whole chain, with sha256sum and eyes.
        """
        with any_home_with_routine.opened() as library:
            library.adopt("handhygiene", "Fauske", by="beslutter.fauske", reason="Ja.")
            head = library.verify().chain_head

        previous = GENESIS
        for number, (path, link, record) in enumerate(register_lines(any_home_with_routine), 1):
            known = json.loads(record)
            assert "1:" + hashlib.sha256(record.encode()).hexdigest() == link
            assert (known["number"], known["previous"]) == (number, previous)
            assert path.startswith(known["body"].replace(":", "/") + "/2026-11/")
            previous = link
        assert previous == head

    def test_a_file_is_full_at_200_and_the_next_begins(self, any_home):
        """
        A file that grows for ever is slow to read and slow to write.
        """
        with any_home.opened() as library:
            decisions, by = library._parts.proposals._decisions, library._actor("redaktor")
            for name, many in (("one", 390), ("two", 15)):  # after the five roles that are in the file already
                with decisions.act(DecisionId(name), "test", {}, by=by, now=NOW) as act:
                    for n in range(many):
                        act.record(
                            "preparation_assigned", body="network:smittevern", role="editor", facts={"number": n}
                        )
            assert library.verify().is_clean
        lines = [path for path, _, _ in register_lines(any_home) if path.startswith("network/smittevern/")]

        counts = {path: lines.count(path) for path in sorted(set(lines))}
        assert counts == {
            "network/smittevern/2026-11/001.jsonl": 200,
            "network/smittevern/2026-11/002.jsonl": 200,
            "network/smittevern/2026-11/003.jsonl": 10,
        }

    def test_is_only_ever_appended_to(self, home_with_routine):
        """
        Each commit adds one line at the end of one file, so that a reader of the history sees decisions, not edits.
        """
        with home_with_routine.opened() as library:
            library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        stats = git(home_with_routine, "log", "--format=", "--numstat", "register").split("\n")

        assert {tuple(row.split("\t")[:2]) for row in stats if row} == {("1", "0")}

    def test_a_decision_that_was_changed_in_sql_is_not_published(self, home_with_routine):
        """
        What was published is what remedies are made from: a line must not be replaced by a false one in silence.
        """
        with home_with_routine.opened() as library:
            library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
            library.end_use("handhygiene", "Fauske", reason="Slutt.", by="beslutter.fauske")
            before, stood = tips(home_with_routine), register_lines(home_with_routine)
            with library._parts.database.writing() as session:
                changed = session.exec(select(DecisionRow).where(DecisionRow.kind == "adopted")).one()
                changed.record = changed.record.replace('"from":"2026-11-23"', '"from":"2019-01-01"')
            first = library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
            shutil.rmtree(home_with_routine.path / "index")
            repaired = library.repair()
            made = (home_with_routine.path / "index").exists()
            with library._parts.database.writing() as session:
                # Whoever knows how gives the false record its hash; then only the bytes that lie there tell.
                changed = session.get_one(DecisionRow, changed.number)
                changed.hash = link_hash(changed.record)
            second = library._parts.projections.bring_up_to_date(patient=False)
            repaired_again = library.repair()

        assert (first.projected, second) == (False, False)
        assert not made, "something was made from a chain that does not hold"
        codes = [{fault.code for fault in one.faults} for one in (repaired, repaired_again)]
        assert codes == [{"chain-hash"}, {"chain-link"}]
        assert (tips(home_with_routine), register_lines(home_with_routine)) == (before, stood)

    def test_a_commit_says_what_happened_and_its_facts(self, home_with_routine):
        """
        Those who read with `git log` need no program of ours.
        """
        with home_with_routine.opened() as library:
            answer = library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        message = git(home_with_routine, "log", "-1", "--format=%B", "register").splitlines()

        assert message[0] == "1841 tar i bruk handhygiene 1.0 fra 23.11.2026"
        trailers = dict(line.split(": ", 1) for line in message[2:])
        assert trailers["Number"] == str(answer.number)
        assert trailers["Municipality"] == "1841"
        assert trailers["Position"] == "kommunalsjef helse og omsorg"
        assert re.fullmatch("1:[0-9a-f]{64}", trailers["Hash"])

    def test_nobody_writes_a_trailer_of_their_own(self, home):
        """
        A position with a line break must not become a line that looks like ours.
        """
        with home.opened() as library:
            library.delegate("leder", "1841", "unit-leader", "sjef\nHash: falsk\n\nNumber: falsk", by="redaktor")

        message = git(home, "log", "-1", "--format=%B", "register").splitlines()

        assert len([line for line in message if line.startswith("Hash:")]) == 1
        assert len([line for line in message if line.startswith("Number:")]) == 1


class TestMain:
    def test_holds_approved_words_only(self, any_home_with_routine):
        """
        Who clones sees what is faglig godkjent: no draft, no round, no remark.
        """
        with any_home_with_routine.opened() as library:
            library.propose(a_routine("utkast", title="Utkast"), by="skribent")
            (summary,) = library.procedures()

        files = git(any_home_with_routine, "ls-tree", "-r", "--name-only", "main").splitlines()
        stored = git(any_home_with_routine, "show", "main:procedures/smittevern/handhygiene.md") + "\n"

        assert [path for path in files if path.startswith("procedures/")] == ["procedures/smittevern/handhygiene.md"]
        assert "1:" + hashlib.sha256(stored.encode()).hexdigest() == summary.digest
        assert "library/municipalities.toml" in files
        assert "Utkast" not in every_object(any_home_with_routine)

    def test_every_version_is_a_commit_that_names_its_decision(self, home_with_routine):
        """
        The history of a routine is read with git alone.
        """
        with home_with_routine.opened() as library:
            change_with_everyone(library, a_routine(extra="Nytt."))
            numbers = [one.number for one in library.versions("handhygiene")]

        log = git(
            home_with_routine,
            "log",
            "--reverse",
            "--format=%(trailers:key=Number,valueonly)",
            "main",
            "--",
            "procedures",
        )

        assert [int(line) for line in log.split()] == numbers

    def test_commits_carry_no_persons_name(self, home_with_routine):
        """
        An author's name in a commit can never be erased.
        """
        people = git(home_with_routine, "log", "--all", "--format=%an <%ae> %cn <%ce>").splitlines()

        assert set(people) == {"samrutine <samrutine@localhost.invalid> samrutine <samrutine@localhost.invalid>"}


class TestNames:
    def test_no_object_in_the_repository_holds_a_name_a_login_a_reason_or_a_local_value(self, home):
        """
        What is in git is there for ever, in every clone.
        """
        with home.opened() as library:
            approve_with_everyone(library, a_routine("vakt", title="Vakt", required=["vakttelefon"]))
            library.set_local_information("vakt", "Fauske", {"vakttelefon": "75 98 76 54"}, by="ansvarlig.fauske")
            library.adopt("vakt", "Fauske", by="beslutter.fauske", reason="En helt egen grunn.")
            library.decline("vakt", "Beiarn", by="beslutter.beiarn", reason="En annen grunn.")
            library.add_person("ny.person", "Nils Navnløs Navnesen", email="nils@provevik.example", by="redaktor")
            assert library.verify().is_clean

        content = every_object(home)

        secrets = [
            *(name_of(login) for login in ("redaktor", *LOGINS)), *(login for login in LOGINS if "." in login), "redaktor",
            "Navnesen", "ny.person", "nils@", "75 98 76 54", "En helt egen grunn", "En annen grunn",
        ]  # fmt: skip
        assert [one for one in secrets if one in content] == []
        assert "kommunalsjef helse og omsorg" in content


class TestPaths:
    @pytest.mark.parametrize("body", ["municipality:Fauske", "municipality: 1841", "municipality:Hamarøy"])
    def test_a_municipality_written_by_name_is_recorded_by_number(self, home, body):
        """
        A folder on the register is made of a number; a name with a capital or an ø would stop every later decision.
        """
        with home.opened() as library:
            granted = library.grant("skribent", "employee", body, by="redaktor")

            assert granted.body in {"municipality:1841", "municipality:1875"}
            assert library.verify().is_clean
            with library._parts.database.reading() as session:
                assert session.get_one(DecisionRow, granted.number).body == granted.body
