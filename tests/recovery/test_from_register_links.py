"""The register read as links: whatever is not whole is refused, and it is said what and where."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.errors import RegisterBroken
from samrutine.recovery.from_register_links import links_of
from samrutine.recovery.from_register_tables import KINDS
from samrutine.storage.decisions import GENESIS, canonical_json

LIBRARY = "library/2026-11"
FAUSKE = "municipality/1841/2026-11"


def _record(number, previous, *, body="library", at=None, kind="retention_run", **changed):
    return {
        "form": 1, "number": number, "id": f"d-{number}", "act": f"d-{number}", "kind": kind,
        "at": at or f"2026-11-02T09:00:{number:02}.000000+00:00", "actor": "a-1", "role": "editor", "body": body,
        "subject": None, "facts": {}, "texts": {}, "previous": previous, **changed,
    }  # fmt: skip


def _line(record):
    text = canonical_json(record)
    link = "1:" + hashlib.sha256(text.encode()).hexdigest()
    return f'{{"hash":"{link}","record":{text}}}', link


def _register(count=6, changes=None):
    """A register of the library's and Fauske's decisions in turn. `changes` are other values of records, by number."""
    files, previous = {}, GENESIS
    for number in range(1, count + 1):
        body = "library" if number % 2 else "municipality:1841"
        line, previous = _line({**_record(number, previous, body=body), **(changes or {}).get(number, {})})
        path = f"{LIBRARY if number % 2 else FAUSKE}/001.jsonl"
        files.setdefault(path, []).append(line)
    return files


def _bytes(files):
    return {path: "".join(f"{line}\n" for line in lines).encode() for path, lines in files.items()}


def _read(files):
    return links_of(_bytes(files), KINDS)


def _refused(files):
    with pytest.raises(RegisterBroken) as caught:
        _read(files)
    return caught.value.places["what"], str(caught.value.places["where"])


class TestAWholeRegister:
    def test_gives_its_decisions_in_order(self):
        """
        They lie in files of their own by body and month; what happened first must come first.
        """
        links = _read(_register(6))

        assert [link.number for link in links] == [1, 2, 3, 4, 5, 6]
        assert links[1].known["body"] == "municipality:1841"

    def test_may_be_empty(self):
        """
        A home that was never opened has no decision, and that is no damage.
        """
        assert links_of({}, KINDS) == []

    def test_has_the_words_of_additions_beside_the_decisions(self):
        """
        They are read elsewhere, by their digest.
        """
        files = _bytes(_register()) | {"municipality/1841/local/handhygiene/t-1a.md": b"I skapet.\n"}

        assert len(links_of(files, KINDS)) == 6

    def test_goes_on_in_a_new_file_after_two_hundred_lines(self):
        """
        The two hundred and first decision of a month stands in the second part.
        """
        previous, lines = GENESIS, []
        for number in range(1, 203):
            line, previous = _line(_record(number, previous, at="2026-11-02T09:00:00.000000+00:00"))
            lines.append(line)

        links = _read({f"{LIBRARY}/001.jsonl": lines[:200], f"{LIBRARY}/002.jsonl": lines[200:]})

        assert len(links) == 202
        assert _refused({f"{LIBRARY}/001.jsonl": lines})[0] == "too-many"
        assert _refused({f"{LIBRARY}/001.jsonl": lines[:199], f"{LIBRARY}/002.jsonl": lines[199:]})[0] == "order"


class TestABrokenRegister:
    def test_a_changed_decision_is_named_by_file_and_line(self):
        """
        Somebody made it another body's: the hash no longer is that of what stands there.
        """
        files = _register()
        files[f"{FAUSKE}/001.jsonl"][1] = files[f"{FAUSKE}/001.jsonl"][1].replace("retention_run", "role_granted")

        assert _refused(files) == ("hash", f"{FAUSKE}/001.jsonl:2")

    def test_a_decision_hashed_anew_does_not_fit_the_one_after_it(self):
        """
        Whoever can compute a hash can forge a line, and must then forge every line after it.
        """
        files = _register()
        record = json.loads(files[f"{FAUSKE}/001.jsonl"][0])["record"]
        files[f"{FAUSKE}/001.jsonl"][0] = _line({**record, "actor": "a-2"})[0]

        assert _refused(files) == ("chain", f"{LIBRARY}/001.jsonl:2")

    def test_a_decision_that_is_gone_is_named_by_its_number(self):
        """
        The line is gone, and with it the only sign of where it stood.
        """
        files = _register()
        del files[f"{LIBRARY}/001.jsonl"][1]

        assert _refused(files) == ("missing", "3")

    def test_a_file_in_the_place_of_another_is_found(self):
        """
        Fauske's decisions are Fauske's wherever they are put.
        """
        files = _register()
        files[f"{LIBRARY}/001.jsonl"], files[f"{FAUSKE}/001.jsonl"] = (
            files[f"{FAUSKE}/001.jsonl"], files[f"{LIBRARY}/001.jsonl"],
        )  # fmt: skip

        assert _refused(files)[0] == "folder"

    def test_lines_in_another_order_are_found(self):
        """
        Files are only ever appended to, so a line's place follows from its number.
        """
        files = _register()
        files[f"{LIBRARY}/001.jsonl"].reverse()

        assert _refused(files)[0] == "order"

    def test_a_line_there_twice_is_found_with_both_places(self):
        """
        One of them was put there by somebody.
        """
        files = _register()
        files[f"{LIBRARY}/001.jsonl"].append(files[f"{LIBRARY}/001.jsonl"][0])

        assert _refused(files) == ("twice", f"{LIBRARY}/001.jsonl:1 {LIBRARY}/001.jsonl:4")

    @pytest.mark.parametrize(
        "path", ["README.md", "library/2026-11/001.txt", "municipality/1841/2026-11/1.jsonl", "library/../001.jsonl"]
    )
    def test_a_file_that_is_not_ours_is_named(self, path):
        """
        Nothing else was ever written there, so somebody else did.
        """
        with pytest.raises(RegisterBroken) as caught:
            links_of(_bytes(_register()) | {path: b""}, KINDS)

        assert (caught.value.places["what"], caught.value.places["where"]) == ("file", path)

    @pytest.mark.parametrize(
        ("changed", "what"),
        [
            ({"kind": "made_up"}, "kind"), ({"form": 2}, "record"), ({"number": True}, "record"), ({"extra": 1}, "record"),
            ({"at": "2026-11-02T10:00:06.000000+01:00"}, "record"), ({"body": "municipality:../x"}, "record"),
            ({"at": "2026-11-02T08:00:00.000000+00:00"}, "time"), ({"id": "d-1"}, "id"), ({"facts": []}, "record"),
            ({"at": "2026-12-02T08:00:00.000000+00:00"}, "folder"),
        ],
        ids=[
            "a kind of a newer release", "a form of a newer release", "a number that is none", "more than we write",
            "a time that is not in UTC", "a body that would be a path", "a time before the last", "an id used before",
            "facts that are none", "another month's",
        ],
    )  # fmt: skip
    def test_a_sound_link_that_we_would_not_have_written_is_refused(self, changed, what):
        """
        A chain of one's own making is whole: only what it says tells that it is not ours.
        """
        assert _refused(_register(6, {6: changed}))[0] == what

    @pytest.mark.parametrize("content", [b"\xff\n", b"{}\n", b"\n", b'{"hash":"1:', b"[]"], ids=repr)
    def test_what_is_no_line_is_refused(self, content):
        """
        A file that was cut off or overwritten.
        """
        with pytest.raises(RegisterBroken):
            links_of({f"{LIBRARY}/001.jsonl": content}, KINDS)

    def test_it_is_said_in_words_what_is_wrong(self):
        """
        Whoever stands there has lost everything else, and needs a sentence and a next step.
        """
        files = _register()
        del files[f"{LIBRARY}/001.jsonl"][1]

        with pytest.raises(RegisterBroken) as caught:
            _read(files)

        assert caught.value.fact() == (
            "Registeret er ikke helt, og ingenting er hentet fra det: en beslutning som mangler (3)."
        )

    @given(st.data())
    def test_no_byte_can_change_without_being_noticed(self, data):
        """
        Whatever is changed, and wherever: there is one register, and every other is refused.
        """
        files = _bytes(_register())
        path = data.draw(st.sampled_from(sorted(files)))
        at = data.draw(st.integers(0, len(files[path]) - 1))
        byte = data.draw(st.integers(0, 255).filter(lambda one: one != files[path][at]))

        files[path] = files[path][:at] + bytes([byte]) + files[path][at + 1 :]

        with pytest.raises(RegisterBroken):
            links_of(files, KINDS)
