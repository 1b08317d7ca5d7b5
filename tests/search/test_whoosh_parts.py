"""How a library from 2016 is brought in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from section_builders import a_section

from samrutine.errors import IndexUnusable
from samrutine.search import opened as opened_module
from samrutine.search import whoosh_parts
from samrutine.search.engine import Engine
from samrutine.search.likeness import Spellings
from samrutine.search.query import parse
from samrutine.search.whoosh_parts import _urlretrieve

PART = whoosh_parts.Part.__init__

PROGRAM = """
import sys
import samrutine.search.engine
from samrutine.search import opened as opened_module
from samrutine.search import whoosh_parts

whoosh_parts.load_writing()
print(sorted({"http.client", "urllib.request", "numpy"} & sys.modules.keys()))

import urllib.request
import whoosh.compat

print(urllib.request.Request("https://eksempel.no/a").host, whoosh.compat.urlretrieve is not None)
"""


def test_importing_search_is_quiet_and_leaves_the_http_client_out():
    """
    Whoosh warns on every import where bytecode is not written, and its unused HTTP client is a third of its import.

    What was left out for the moment must be there, whole, for whoever asks for it afterwards. numpy is for whoever
    searches, and not for each command that has the index follow.
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.stderr == ""
    assert done.stdout.splitlines() == ["[]", "eksempel.no True"]


def test_whoosh_may_still_fetch_an_address():
    """The stand-in hands over to the real function."""
    path, _ = _urlretrieve("data:,Pr%C3%B8vevik")

    assert Path(path).read_text(encoding="utf-8") == "Prøvevik"


class TestPartsOfAnIndex:
    @pytest.fixture
    def engine(self, tmp_path):
        with Engine(tmp_path / "index") as opened:
            yield opened

    @pytest.fixture(autouse=True)
    def _an_index(self, tmp_path):
        Engine(tmp_path / "index").rebuild([a_section(f"rutine-{n}", f"Ledning nummer{n}.") for n in range(5)], 0)

    @staticmethod
    def parts(tmp_path):
        return sorted((tmp_path / "index").glob("*/*.seg"))

    def test_a_change_opens_what_it_wrote_and_no_more(self, engine, monkeypatch):
        """Whoosh opens and copies all of the index again for each change; of a large one that takes a second."""
        opened = []
        monkeypatch.setattr(
            whoosh_parts,
            "Part",
            type("Part", (whoosh_parts.Part,), {"__init__": lambda self, *of: opened.append(of) or PART(self, *of)}),
        )

        engine.replace("rutine-3", [a_section("rutine-3", "Noe nytt.")], 1)
        assert engine.search(parse("nytt")).total == 1

        assert len(opened) == 1

    def test_many_small_ones_become_one_that_says_the_same(self, engine, tmp_path):
        """Each change leaves a part, and a search looks into all of them."""
        for position in range(1, 31):
            routine = f"rutine-{position % 7}"
            engine.replace(
                routine, [a_section(routine, f"Ledning ved gang{position}.", version=f"1.{position}")], position
            )

        assert len(self.parts(tmp_path)) > 30
        assert engine.search(parse("gang30")).total == 1

        assert engine.tidy()

        assert len(self.parts(tmp_path)) == 1
        assert not engine.tidy()
        assert engine.search(parse("ledning")).total == 7
        (hit,) = engine.search(parse("gang29")).hits
        assert (hit.procedure_id, hit.version.minor) == ("rutine-1", 29)
        assert [engine.search(parse(f"gang{old}"), limit=1).total for old in (3, 12, 22)] == [0, 0, 0]
        assert {one: len(digests) for one, digests in engine.contents().items()} == {f"rutine-{n}": 1 for n in range(7)}
        assert engine.position == 30

    def test_a_word_weighs_the_same_in_the_one_as_in_the_many(self, engine, tmp_path):
        """The weights are worked out when a section is written, and never again."""
        before = {}
        for position in range(1, 31):
            engine.replace(f"ny-{position}", [a_section(f"ny-{position}", f"Gulv, gulv og matte{position}.")], position)
            if position == 20:
                before = {hit.procedure_id: hit.snippet for hit in engine.search(parse("gulv"), limit=50).hits}

        engine.tidy()

        with Engine(tmp_path / "index") as again:
            after = again.search(parse("gulv"), limit=100)
        assert len({round(hit.score, 9) for hit in after.hits}) == 1
        assert after.total == 30
        assert before.items() <= {hit.procedure_id: hit.snippet for hit in after.hits}.items()

    def test_no_search_waits_for_what_is_spelt_alike_in_the_one(self, engine, monkeypatch):
        """Taking apart all the words of what was joined costs more than the search, and one was slow for it each time."""
        for position in range(1, 30):
            sections = [a_section(f"ny-{position}", f"Gulv {position} {n}.", key=f"k{n}") for n in range(9)]
            engine.replace(f"ny-{position}", sections, position)
        taken_apart = []
        usual = Spellings.of.__func__
        monkeypatch.setattr(
            Spellings, "of", classmethod(lambda cls, words: taken_apart.append(len(words)) or usual(cls, words))
        )

        assert engine.tidy()
        at_rest = len(taken_apart)
        engine.replace("nyest", [a_section("nyest", "Nytt teppe.")], 30)

        assert engine.search(parse("tepppe")).total == 1
        assert at_rest == 1
        assert max(taken_apart[1:]) < taken_apart[0]

    def test_so_many_that_were_taken_out_that_it_is_better_built_anew(self, engine, tmp_path):
        """They take room, and say of a word that it is commoner than it is."""
        many = [a_section("moter", f"Gang{n} om terskler.", heading=f"Del {n}") for n in range(100)]
        for position in (1, 2):
            engine.replace("moter", many, position)
        assert not engine.is_worn()

        engine.replace("moter", many, 3)

        assert engine.is_worn()
        engine.rebuild(many, 3)
        assert not engine.is_worn()

    def test_words_of_large_parts_are_looked_through_once(self, engine, monkeypatch):
        """A large library is written in many parts, which have most of their words in common."""
        engine.replace("ny", [a_section("ny", "Gulvmatte.")], 1)
        monkeypatch.setattr(opened_module, "_LARGE", 0)
        engine.close()

        both = engine.search(parse("gulvmate ledninng"))

        (whole,) = engine._opened._spelt.values()
        assert {"gulvmatte", "ledning"} <= set(whole._words)
        assert both.total == 6
        engine.replace("ny", [a_section("ny", "Gulvmatte og teppe.")], 2)
        assert engine.search(parse("tepppe")).total == 1

    def test_a_file_that_is_cut_short_while_it_is_open_is_damage_and_ends_nothing(self, engine, tmp_path):
        """A file that is mapped into memory would end the whole process."""
        for path in self.parts(tmp_path):
            os.truncate(path, 64)

        with pytest.raises(IndexUnusable):
            engine.search(parse("ledning"))

    def test_files_are_closed_with_the_index(self, tmp_path):
        """A server that opens the index anew for years must not run out of open files."""
        before = len(list(Path("/proc/self/fd").iterdir()))

        for position in range(1, 8):
            with Engine(tmp_path / "index") as engine:
                engine.replace("ny", [a_section("ny", "Noe.")], position)

        assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1
