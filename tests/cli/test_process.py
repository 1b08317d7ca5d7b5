"""The program as a process: what only shows when it really is started."""

import json
import os
import subprocess
import sys

import pytest


def started(*words, home=None, env=None, **how):
    """Start the program as a shell does."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SAMRUTINE_")}
    return subprocess.run(
        [sys.executable, "-c", "import sys; from samrutine.cli import main; sys.exit(main())", *map(str, words)],
        capture_output=True, text=how.pop("text", True), check=False, timeout=120,
        env={**clean, **({"SAMRUTINE_HOME": str(home)} if home else {}), **(env or {})}, **how,
    )  # fmt: skip


class TestTheProgram:
    def test_answers_in_json_alone_on_standard_output(self, home_with_routine):
        """
        `samrutine … --json | jq` must work without a thought.
        """
        done = started("list", "--json", home=home_with_routine.path.absolute())

        assert done.returncode == 0
        assert json.loads(done.stdout)["procedures"][0]["id"] == "handhygiene"
        assert done.stderr == ""

    def test_takes_the_home_from_the_environment_unless_told_otherwise(self, home_with_routine, tmp_path):
        """
        What is typed wins over what was set long ago.
        """
        done = started("--home", tmp_path / "ingen", "list", home=home_with_routine.path)

        assert done.returncode == 4

    def test_finds_the_home_one_stands_in(self, home_with_routine):
        """
        As git does.
        """
        assert started("list", cwd=home_with_routine.path).returncode == 0

    def test_goes_quietly_when_the_reader_goes_away(self, home_with_routine):
        """
        `| head` is how people look.
        """
        shell = f"{sys.executable} -c 'from samrutine.cli import main; import sys; sys.exit(main())' history handhygiene | head -1"

        done = subprocess.run(
            ["bash", "-c", shell], capture_output=True, text=True, check=False, timeout=120,
            env={**os.environ, "SAMRUTINE_HOME": str(home_with_routine.path)},
        )  # fmt: skip

        assert "Traceback" not in done.stderr
        assert "BrokenPipe" not in done.stderr

    @pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
    def test_speaks_on_a_terminal_that_lacks_letters(self, home_with_routine, encoding):
        """
        An old terminal shows a question mark for a tick, and not a trace.
        """
        done = started("matrix", home=home_with_routine.path, env={"PYTHONIOENCODING": encoding}, text=False)

        assert done.returncode == 0
        assert b"1.0" in done.stdout

    def test_writes_a_document_to_standard_output(self, home_with_routine):
        """
        For whoever pipes it on.
        """
        done = started("document", "handhygiene", "--format", "pdf", "-o", "-", home=home_with_routine.path, text=False)

        assert done.stdout.startswith(b"%PDF-")
        assert done.stdout.rstrip().endswith(b"%%EOF")

    def test_reads_a_text_from_standard_input(self, home):
        """
        For whoever made it with something else.
        """
        done = started("--as", "skribent", "propose", "-", "--json", home=home.path, input="tull")

        assert done.returncode == 3
        assert json.loads(done.stdout)["error"]["findings"][0]["key"] == "front-matter-missing"

    def test_searches_without_loading_what_a_search_does_not_need(self, home_with_routine):
        """
        Half a second is felt as at once; the tables' classes and the typesetter would double it.
        """
        with home_with_routine.opened() as library:
            library.search("hender")  # the library's words are put in a search's form once, when they are settled
        code = (
            "import sys; from samrutine.cli import main; main(['search', 'hender']);"
            "print([one for one in ('sqlmodel', 'typst', 'alembic', 'git', 'rich', 'mdformat', 'ruamel') if one in sys.modules])"
        )

        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120,
            env={**os.environ, "SAMRUTINE_HOME": str(home_with_routine.path)},
        )  # fmt: skip

        assert done.stdout.splitlines()[-1] == "[]"

    def test_tells_what_a_municipality_added_without_loading_what_documents_need(self, home_with_routine):
        """
        The nurse who asks where the key hangs waits no longer than the one who asks what all nine have written.
        """
        with home_with_routine.opened() as library:
            library.adopt("handhygiene", "1841", by="beslutter.fauske")
            library.add_addition(
                "handhygiene", "1841", "framgangsmate", "practical-note", "Hendene vaskes ved **nøkkelskapet**.",
                by="ansvarlig.fauske",
            )  # fmt: skip
            library.search("hender")
        code = (
            "import sys; from datetime import datetime; from pathlib import Path; from samrutine.library import Library;"
            f"now = datetime.fromisoformat({home_with_routine.clock().isoformat()!r});"
            f"library = Library.open(Path({str(home_with_routine.path)!r}), clock=lambda: now);"
            "print(len(library.search('hender nøkkelskap', municipality='Fauske').local));"
            "print([one for one in ('sqlmodel', 'markdown_it', 'mdformat') if one in sys.modules])"
        )

        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)

        assert done.stdout.splitlines() == ["1", "[]"]
