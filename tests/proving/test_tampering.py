"""One changed byte is refused; so is a proof that agrees with itself, but not with what its reader knows."""

import ast
import hashlib
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.proving import check_proof
from tests.proving.conftest import check, holds, resealed, sealed_anew

SOURCE = Path(check_proof.__file__)


class TestOneByte:
    def test_in_every_file_is_refused(self, proof):
        """
        The first, the last and the one in the middle of each file, and one byte less and one more.
        """
        accepted = []
        for name, content in proof.files.items():
            for place in {0, len(content) // 2, len(content) - 1}:
                changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
                accepted += [(name, place)] if holds({**proof.files, name: changed}, proof.commit) else []
            for changed in (content[:-1], content + b"\n", b""):
                accepted += [(name, len(changed))] if holds({**proof.files, name: changed}, proof.commit) else []

        assert holds(dict(proof.files), proof.commit)
        assert accepted == []

    @given(data=st.data())
    def test_at_any_place_is_refused(self, proof, data):
        """
        Nobody chooses the place for us.
        """
        name = data.draw(st.sampled_from(sorted(proof.files)))
        content = proof.files[name]
        place = data.draw(st.integers(0, len(content) - 1))
        bit = data.draw(st.integers(1, 255))

        changed = content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]

        assert not holds({**proof.files, name: changed}, proof.commit)

    @given(data=st.data())
    def test_two_files_in_each_others_place_are_refused(self, proof, data):
        """
        Everything is there, and says something else.
        """
        one, other = data.draw(st.lists(st.sampled_from(sorted(proof.files)), min_size=2, max_size=2, unique=True))

        assert not holds({**proof.files, one: proof.files[other], other: proof.files[one]}, proof.commit)

    @pytest.mark.parametrize("name", ["text.md", "proof.json", "register/commit", "check_proof.py"])
    def test_is_refused_by_the_checker_as_it_is_run(self, folder, proof, name):
        """
        The same at the command line, with a code that a script sees.
        """
        path = folder / name
        path.write_bytes(path.read_bytes().replace(b"e", b"a", 1))

        code, said = check(folder, "--tip", proof.commit)

        assert code == 1
        assert said.startswith("BEVISET HOLDER IKKE")

    def test_a_file_that_is_gone_or_was_put_in_is_refused(self, folder, proof):
        """
        What is not listed is not proven, whatever it is called.
        """
        (folder / "additions" / "t-0000000000.1.md").write_text("Gi dobbel dose.")
        assert check(folder, "--tip", proof.commit)[0] == 1
        (folder / "additions" / "t-0000000000.1.md").unlink()
        assert check(folder, "--tip", proof.commit)[0] == 0
        (folder / "text.md").unlink()
        assert check(folder, "--tip", proof.commit)[0] == 1


class TestForged:
    """Whoever forges has our program, and makes every hash of the proof agree."""

    def test_other_words_with_a_seal_that_fits(self, proof):
        """
        The seal is for slips and wear. What refuses a forger is the decision, which names the words.
        """
        forged = {**proof.files, "text.md": proof.files["text.md"] + b"Gi dobbel dose.\n"}

        assert not holds(resealed(proof, forged), proof.commit)

    @pytest.mark.parametrize("gone", ["text.md", "register/municipality/1841/2026-11/001.jsonl", "register/commit"])
    def test_something_kept_away_with_a_seal_that_fits(self, proof, gone):
        """
        The municipality's own folder is all there or the proof does not hold.
        """
        rest = {name: content for name, content in proof.files.items() if name != gone}

        assert not holds(resealed(proof, rest), proof.commit)

    def test_a_decision_changed_with_every_hash_above_it(self, proof):
        """
        Then the commit is another one, and the reader knows that it is.
        """
        path = "register/municipality/1841/2026-11/001.jsonl"
        files = dict(proof.files)
        line = files[path].splitlines()[-1]
        record = line[line.index(b'"record":') + 9 : -1].replace(b'"from":"2026-11-23"', b'"from":"2026-11-03"')
        new = b'{"hash":"1:%s","record":%s}' % (hashlib.sha256(record).hexdigest().encode(), record)
        files = _with_blob(files, path, files[path].replace(line, new))
        commit = check_proof.digest(files["register/commit"], "commit")
        forged = resealed(proof, files, commit=commit)

        assert holds(forged, commit)
        assert not holds(forged, proof.commit)

    @pytest.mark.parametrize(
        ("name", "forged"),
        [
            *(("municipality", one) for one in ("Fauske", "1841 Fauske", "184", "١٨٤١", "1841/..", None)),
            *(("known_at", one) for one in (" 54", "54", "\x1b[0m54", "2026-11-23", "2026-11-23T09:00:00+00:00", "2026-13-01T09:00:00.000000+00:00")),
            *(("on", one) for one in ("2026-11-9", "2026-11-3", "20261201", "2026-02-30", "2026-12-01T00:00", "", None)),
        ],
    )  # fmt: skip
    def test_a_question_that_is_not_written_as_questions_are(self, proof, name, forged):
        """
        Days are compared as texts and a municipality is a folder: another spelling would cut every decision away.
        """
        assert holds(sealed_anew(proof.files), proof.commit)
        assert not holds(sealed_anew(proof.files, **{name: forged}), proof.commit)

    def test_a_municipality_that_decided_nothing_is_said_to_be_unknown(self, proof):
        """
        Nothing applied there, and the reader must see that the number may be a wrong one.
        """
        rest = {name: content for name, content in proof.files.items() if not name.startswith(("text", "additions"))}

        _, first, _, unknown, *_ = check_proof.Proof(sealed_anew(rest, municipality="9999")).proven()

        assert first.startswith("INGENTING GJALDT: handhygiene, 9999, ")
        assert unknown == "Ukjent i registeret: municipality:9999"

    @pytest.mark.parametrize(
        "name", ["additions/t-0000000000.1.md", "text2.md", "register/dose.md", f"register/trees/{'0' * 40}"]
    )
    def test_one_file_more_with_a_seal_that_fits(self, proof, name):
        """
        It would lie among the municipality's own words, and nobody decided it.
        """
        assert not holds(sealed_anew({**proof.files, name: b"Gi dobbel dose."}), proof.commit)

    def test_held_against_nothing_it_proves_nothing(self, folder):
        """
        A proof that is only held against itself says what its maker wishes.
        """
        code, said = check(folder)

        assert code == 1
        assert "INGENTING ER BEVIST" in said

    def test_another_commit_than_the_one_told_is_refused(self, folder):
        """
        The receiver knows the commit from somebody else.
        """
        code, said = check(folder, "--tip", "f" * 40)

        assert code == 1
        assert "Ditt merke er eldre, eller et annet. Be om et bevis med --at." in said
        assert "HOLDER IKKE" not in said

    def test_months_kept_away_are_missed(self, proof, made):
        """
        The end of a use stands in a later month's file: without that file the proof would say that it goes on.
        """
        home, _ = made
        copied = home.path.with_name("senere")
        shutil.copytree(home.path, copied)
        later = type(home)(copied, type(home.clock)(home.clock.now))
        later.clock.forward(days=60)
        with later.opened() as library:
            library.end_use("handhygiene", "fauske", last_day=None, reason="Slutt.", by="beslutter.fauske")
            whole = library.prove("handhygiene", "fauske", on=later.clock.today)
        january = "register/municipality/1841/2027-01/001.jsonl"
        rest = {name: content for name, content in whole.files.items() if name != january}

        assert january in whole.files
        assert not holds(resealed(whole, rest), whole.commit)


def _with_blob(files, path, content):
    """Put other bytes in the register's place, and write every folder above it and the commit anew."""
    files = {**files, path: content}
    steps = path.split("/")[1:]
    trees = [files["register/commit"][5:45].decode()]
    for step in steps[:-1]:
        trees.append(_entry(files[f"register/trees/{trees[-1]}"], step))
    new = bytes.fromhex(check_proof.digest(content, "blob"))
    for tree, step in zip(reversed(trees), reversed(steps), strict=True):
        data = files.pop(f"register/trees/{tree}")
        old = bytes.fromhex(_entry(data, step))
        data = data.replace(step.encode() + b"\0" + old, step.encode() + b"\0" + new)
        name = check_proof.digest(data, "tree")
        files[f"register/trees/{name}"], new = data, bytes.fromhex(name)
    commit = files["register/commit"]
    return {**files, "register/commit": commit[:5] + new.hex().encode() + commit[45:]}


def _entry(tree, name):
    start = tree.index(b" " + name.encode() + b"\0") + len(name) + 2
    return tree[start : start + 20].hex()


class TestWhatCannotBeChecked:
    def test_is_said_apart_from_what_does_not_hold(self, folder, proof, tmp_path):
        """
        A wrong folder or a program that is not installed says nothing about the proof.
        """
        packed = tmp_path / "bevis.zip"
        packed.write_bytes(proof.zipped())
        asked = [
            (packed, "--tip", proof.commit), (tmp_path / "annet", "--tip", proof.commit), (folder, "--tip", "abc"),
            (folder, "--register", tmp_path), (folder, "--register", tmp_path / "annet"), (folder, "--signers", "annet"),
            (folder, "--tsa", folder / "text.md"), (folder, "--ti", "x"),
        ]  # fmt: skip

        said = [check(*one) for one in asked]

        assert [code for code, _ in said] == [2] * len(asked)
        assert all(words.startswith("KUNNE IKKE KONTROLLERES uten ") for _, words in said), said
        assert all("Kontroller et bevis, en mappe" in words for _, words in said)
        assert check("--help")[0] == 0

    def test_without_git_it_says_what_is_missing(self, folder, monkeypatch, tmp_path):
        """
        An auditor's machine may have Python and nothing else.
        """
        monkeypatch.setenv("PATH", str(tmp_path))

        code, said = check(folder, "--register", tmp_path)

        assert code == 2
        assert said.startswith("KUNNE IKKE KONTROLLERES uten git ")


class TestTheChecker:
    def test_is_under_two_hundred_lines(self):
        """
        An auditor reads all of it before lunch.
        """
        assert len(SOURCE.read_text(encoding="utf-8").splitlines()) < 200

    def test_imports_nothing_but_pythons_own(self):
        """
        It runs on a machine that has never heard of samrutine.
        """
        tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
        names = {
            one.split(".")[0]
            for node in ast.walk(tree)
            for one in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or "."]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }

        assert names <= sys.stdlib_module_names

    def test_is_written_for_python_3_9(self):
        """
        What an auditor's machine has is often some years old.
        """
        ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 9))

    def test_lies_in_every_proof_and_checks_it_from_there(self, folder, proof):
        """
        Whoever gets the folder needs nothing more.
        """
        code, said = check(folder, "--tip", proof.commit, at=folder / "check_proof.py")

        assert code == 0, said

    @pytest.mark.parametrize(
        ("day", "hour"),
        [("2026-01-15", "T23"), ("2026-03-28", "T23"), ("2026-03-29", "T22"), ("2026-10-24", "T22"), ("2026-10-25", "T23"),
         ("2028-03-26", "T22"), ("2031-10-25", "T22"), ("2031-10-26", "T23")],
    )  # fmt: skip
    def test_knows_when_a_day_ends_in_norway(self, day, hour):
        """
        Additions count until the end of the day there, and the checker has no table of time zones.
        """
        before, after = (
            {"number": n, "at": f"{day}{at}:59:59.999999+00:00"} for n, at in ((2, _less(hour)), (3, hour))
        )
        began = {"from": None, "until": None, "digest": "1:x"}
        for one in (before, after):
            one["facts"] = {"additions": {"ended": [], "began": [{**began, "id": f"t-{one['number']}"}]}}
        proof = check_proof.Proof.__new__(check_proof.Proof)
        proof.claim = {"on": day}

        assert list(proof.additions([before, after], {"number": 1})) == ["additions/t-2.md"]


def _less(hour):
    return f"T{int(hour[1:]) - 1}"


class TestSize:
    def test_is_small_however_many_others_decide(self, proof):
        """
        It is sent by mail. What others decided is not in it.
        """
        names = [name for name in proof.files if name.endswith(".jsonl")]

        assert sum(map(len, proof.files.values())) < 64 * 1024
        assert sorted(names) == [
            "register/municipality/1841/2026-11/001.jsonl",
            "register/network/smittevern/2026-11/001.jsonl",
        ]

    def test_zipped_it_is_the_same_files(self, proof, tmp_path):
        """
        One file is easier to send.
        """
        path = tmp_path / "bevis.zip"
        path.write_bytes(proof.zipped())

        with zipfile.ZipFile(path) as packed:
            packed.extractall(tmp_path / "ut")

        assert check(tmp_path / "ut", "--tip", proof.commit)[0] == 0
        assert proof.zipped() == path.read_bytes()

    def test_names_nobody(self, proof):
        """
        It goes to people outside.
        """
        assert not any(b"Navnesen" in content for content in proof.files.values())
