"""
The demo, played once: a story of nine municipalities, held against the library that it left.

It takes a while, so it is played once for all tests here, and none of them changes it.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from samrutine import Library
from samrutine.cli import main
from samrutine.cli.start import program
from samrutine.demo import ADDED_TO_MINOR, ADDED_TO_SIGNIFICANT, DECIDERS, MINOR, PUBLISHED, SIGNIFICANT
from samrutine.errors import DemoExists, HomeExists
from samrutine.proposals.model import ProposalState
from samrutine.web.app import create_app


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The home of a demo, with what `samrutine demo --json` said."""
    import contextlib
    import io

    home = tmp_path_factory.mktemp("demo") / "hjem"
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main(["demo", str(home), "--no-serve", "--json"])
    assert code == 0
    return home, json.loads(said.getvalue().splitlines()[-1])


@pytest.fixture
def library(demo):
    """The demo's library, open."""
    with Library.open(demo[0]) as opened:
        yield opened


class TestWhatTheDemoSays:
    def test_is_what_the_library_holds(self, demo, library):
        """
        A number on the first page that is wrong costs all belief in the others.
        """
        _, said = demo
        cells = library.matrix().cells.values()

        assert said["procedures"] == len(library.procedures()) == 12
        assert said["versions"] == sum(len(library.versions(one.id)) for one in library.procedures()) == 14
        assert said["proposals"] == len(library.proposals(reader="redaktor")) == 16
        assert said["municipalities"] == len(library.municipalities()) == 9
        assert said["adoptions"] == sum(1 for one in cells if one.state != "to-consider")
        assert said["decisions"] == library.verify().decisions

    def test_is_what_lies_on_the_disk(self, demo):
        """
        Counted with nothing of ours.
        """
        home, said = demo

        files = [path for path in (home / PUBLISHED).rglob("*") if path.is_file()]

        assert said["home"] == str(home.resolve())
        assert said["published_files"] == len(files)

    def test_ends_in_commands_that_work(self, demo, capsys, monkeypatch, tmp_path):
        """
        The first thing that anybody types is copied from there.
        """
        _, said = demo
        monkeypatch.chdir(tmp_path)
        reading = [line for line in said["try"] if "--as" not in line]

        codes = {line: main(_words(line)) for line in reading}

        assert set(codes.values()) == {0}, codes
        assert len(reading) >= 6

    def test_ends_in_something_left_to_do_that_can_be_done(self, demo, capsys, monkeypatch, tmp_path):
        """
        Whoever has looked wants to try: take into use, and say yes in a network, with the very words that are shown.
        """
        home, said = demo
        copy = tmp_path / "kopi"
        shutil.copytree(home, copy)
        monkeypatch.chdir(tmp_path)
        # Publishing would write into the folders of the demo that the other tests read.
        acting = [line for line in said["try"] if "--as" in line and "publish" not in line]

        codes = {line: main(_words(line.replace(str(home), str(copy)))) for line in acting}

        assert set(codes.values()) == {0}, codes
        assert {"adopt", "approve"} <= {word for line in acting for word in _words(line)}

    def test_begins_each_command_with_what_starts_the_program(self, demo, monkeypatch, tmp_path):
        """
        After `make demo` no shell knows the program by its name alone, and the first thing typed would fail.
        """
        beside = Path(sys.executable).with_name("samrutine")
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.chdir(beside.parent.parent)

        started = program()

        assert started == f"{beside.parent.name}/samrutine"
        assert all(line.split()[0].endswith("samrutine") for line in demo[1]["try"])

    def test_begins_each_command_with_the_name_where_the_shell_knows_it(self, monkeypatch):
        """
        Nobody wants to type a path that they need not.
        """
        monkeypatch.setenv("PATH", str(Path(sys.executable).parent))

        assert program() == "samrutine"


def _words(line):
    import shlex

    return shlex.split(line)[1:]


class TestTheStory:
    def test_leaves_everything_as_decided(self, library):
        """
        What the demo shows must be as sound as what it promises.
        """
        assert library.verify().faults == ()

    def test_is_a_demo_on_every_page(self, demo, library):
        """
        Nobody may take an invented telephone for a real one.
        """
        home, _ = demo

        assert library.is_demo
        for page in (home / PUBLISHED).rglob("*.html"):
            assert "DEMO" in page.read_text(encoding="utf-8"), page
        for page in (home / PUBLISHED).rglob("*.md"):
            assert page.read_text(encoding="utf-8").startswith("**DEMO"), page

    def test_has_every_kind_of_answer(self, library):
        """
        Whoever tries the program should see what each of them looks like.
        """
        states = {one.state.value for one in library.matrix().cells.values()}

        assert states == {"to-consider", "in-use", "declined", "not-relevant", "own-routine", "ended"}

    def test_has_municipalities_that_lag_behind(self, library):
        """
        That is what the list is for on an ordinary Monday.
        """
        behind = [one for one in library.matrix().cells.values() if one.behind]

        assert len(behind) >= 4
        assert {one.procedure for one in behind} == {SIGNIFICANT, MINOR}

    def test_has_a_significant_change_and_a_minor_correction(self, library):
        """
        One asks everybody to act and says what it means; the other does not.
        """
        significant, minor = library.versions(SIGNIFICANT), library.versions(MINOR)

        assert [str(one.version) for one in significant] == ["1.0", "2.0"]
        assert [str(one.version) for one in minor] == ["1.0", "1.1"]
        assert len(significant[-1].meaning.splitlines()) == 3
        assert ADDED_TO_SIGNIFICANT[1].splitlines()[0] in library.document(SIGNIFICANT).text.body
        assert ADDED_TO_MINOR[1] in library.document(MINOR).text.body

    def test_every_version_was_approved_by_a_leader_and_three_other_municipalities(self, library):
        """
        The rule that all nine agreed on.
        """
        for proposal in library.proposals(state=ProposalState.APPROVED, reader="redaktor"):
            given = library.get_proposal(proposal.id, reader="redaktor")[0].valid_approvals

            assert len({one.municipality for one in given}) == 4, proposal.title
            assert "leader" in {one.role for one in given}
            assert proposal.author not in {one.actor for one in given}

    def test_each_decision_was_made_by_the_one_whose_it_is(self, library):
        """
        A document that asks for the kommunedirektør, and was decided by another, teaches everybody to look away.
        """
        position = {login: words for login, _, words in DECIDERS}
        for one in library.in_force():
            front = library.document(one.procedure).text.front
            director = front.decision_level.value == "chief-executive"
            school = front.network == "oppvekst"
            wanted = position["direktor" if director else "oppvekst" if school else "leder"]

            assert one.position == wanted, (one.procedure, one.municipality)
        assert {one.position for one in library.in_force()} == set(position.values())

    def test_leaves_a_draft_a_round_and_a_version_to_consider(self, library):
        """
        A library where all is done shows nobody what there is to do.
        """
        waiting = library.proposals(state=ProposalState.APPROVAL, reader="redaktor")
        cells = library.matrix().cells.values()

        assert len(library.proposals(state=ProposalState.DRAFT, reader="redaktor")) == 1
        assert [len(library.get_proposal(one.id, reader="redaktor")[0].valid_approvals) for one in waiting] == [2]
        assert "1841" in {one.municipality for one in cells if one.state == "to-consider"}

    def test_nothing_that_is_required_is_left_open(self, library):
        """
        A gap where a telephone should be is not what anybody should learn from a demo.
        """
        for one in library.in_force():
            document = library.document(one.procedure, one.municipality)

            assert [field.key for field in document.not_filled_in if field.required] == [], (
                one.procedure,
                one.municipality,
            )

    def test_everybody_is_plainly_invented(self, library):
        """
        No real person may find their name in a demo.
        """
        assert all(one.name.startswith("Demo ") for one in library.people())

    def test_has_a_past_to_ask_about(self, library):
        """
        What applied in Fauske before the second version is another answer than today.
        """
        from datetime import timedelta

        now = library.in_force(municipality="Fauske", procedure=SIGNIFICANT)
        before = library.in_force(library.today - timedelta(days=30), municipality="Fauske", procedure=SIGNIFICANT)
        long_ago = library.in_force(library.today - timedelta(days=365), municipality="Fauske")

        assert [str(one.version) for one in now] == ["2.0"]
        assert [str(one.version) for one in before] == ["1.0"]
        assert long_ago == []

    def test_publishes_what_applies_and_nothing_else(self, demo, library):
        """
        Nine folders and one package, each with the municipality's own.
        """
        home, _ = demo
        for where in library.municipalities():
            folder = home / PUBLISHED / where.slug
            wanted = {one.procedure for one in library.in_force(municipality=where.number)}

            assert {path.stem for path in folder.glob("*.pdf")} == wanted
            assert (folder / "index.html").exists()
        assert (home / PUBLISHED / "fauske.zip").exists()

    def test_can_be_cloned_with_git_alone(self, demo, tmp_path):
        """
        The way out: without our program, the words are there as files.
        """
        home, _ = demo

        subprocess.run(
            ["git", "clone", "-q", "-b", "main", str(home / "library.git"), str(tmp_path / "klon")],
            check=True,
            timeout=60,
        )

        assert len(list((tmp_path / "klon" / "procedures").rglob("*.md"))) == 12


class TestPlayingAgain:
    def test_is_refused_in_the_same_home(self, demo, capsys):
        """
        Somebody may have tried things there that they want to keep.
        """
        home, _ = demo

        code = main(["demo", str(home), "--no-serve", "--json"])

        assert code == 5
        assert json.loads(capsys.readouterr().out)["error"]["code"] == DemoExists(home=home).code

    def test_never_calls_a_library_a_demo(self, home_with_routine, capsys):
        """
        The remedy for a demo is to delete it.
        """
        code = main(["demo", str(home_with_routine.path), "--no-serve", "--json"])

        assert code == 5
        assert json.loads(capsys.readouterr().out)["error"]["code"] == HomeExists(home="").code

    def test_is_refused_in_a_folder_with_something_else(self, tmp_path, capsys):
        """
        Somebody's documents are no place for a demo.
        """
        (tmp_path / "brev.txt").write_text("Kjære")

        assert main(["demo", str(tmp_path), "--no-serve"]) == 5
        assert [path.name for path in tmp_path.iterdir()] == ["brev.txt"]


class TestShowing:
    @pytest.fixture
    def browser(self, demo):
        """A browser before which the demo's pages are."""
        app = create_app(demo[0])
        yield TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
        app.state.libraries.close()

    def test_lets_one_be_anybody_in_it_by_one_click(self, browser):
        """
        Something to click on within a minute of the first command.
        """
        page = browser.get("/logg-inn").text
        chosen = re.search(r'name="brukernavn" value="(kvalitet\.fauske)"', page)[1]

        made = browser.post("/logg-inn/demo", data={"brukernavn": chosen}, headers={"Origin": "http://127.0.0.1"})

        assert made.status_code == 303
        assert "Venter på deg" in browser.get("/").text
        assert "Dette er en demonstrasjon" in page

    def test_leads_from_a_documents_link_to_what_applies(self, demo, browser):
        """
        The QR code on a print-out is tried by everybody who sees one.
        """
        page = (demo[0] / PUBLISHED / "fauske" / f"{SIGNIFICANT}.html").read_text(encoding="utf-8")
        link = f"/v/{SIGNIFICANT}/2.0?kommune=fauske"

        assert f"http://127.0.0.1:8000{link}" in page
        assert "Versjon 2.0 gjelder i Fauske." in browser.get(link).text

    @pytest.mark.parametrize(
        ("link", "said"),
        [
            (f"/v/{SIGNIFICANT}/1.0?kommune=fauske", "Versjon 1.0 gjelder ikke i Fauske. Nå gjelder 2.0."),
            ("/v/epds-stottesamtale/1.0?kommune=gildeskal", "Rutinen gjelder ikke i Gildeskål."),
        ],
        ids=["replaced", "not in use"],
    )
    def test_says_what_applies_when_the_print_out_does_not(self, browser, link, said):
        """
        An old print-out on the wall is why the link is there.
        """
        assert said in browser.get(link).text

    def test_leads_to_signing_in_from_what_may_be_for_those_inside(self, browser):
        """
        Whether it is there or not.
        """
        asked = [browser.get(link, follow_redirects=False) for link in ("/v/finnes-ikke/1.0", "/v/handhygiene/9.9")]

        assert [(one.status_code, one.headers["location"].partition("?")[0]) for one in asked] == [
            (303, "/logg-inn")
        ] * 2

    @pytest.mark.parametrize("link", ["/v/a/b/c", "/../samrutine.db", "/%2e%2e/samrutine.toml"])
    def test_knows_no_other_links(self, browser, link):
        """
        What is typed after the address comes from anybody.
        """
        assert browser.get(link).status_code == 404

    @pytest.mark.parametrize("host", ["::", "192.0.2.1"])
    def test_is_shown_to_this_machine_alone(self, demo, host, capsys):
        """
        Where anybody may be anybody, nobody else may come in.
        """
        assert main(["--home", str(demo[0]), "serve", "--host", host, "--port", "0"]) == 2
        assert "127.0.0.1" in capsys.readouterr().err


class TestTheGuides:
    def test_can_be_followed_in_the_demo_by_those_they_name_for_it(self, demo, library):
        """
        Whoever tries a guide in the demo, and is told that nobody has that name, tries no other.
        """
        guides = Path(__file__).parents[2] / "docs" / "guides"
        table = re.findall(r"^\| `([a-z.]+)` \| `([a-z.]+)` \|", (guides / "README.md").read_text(), re.MULTILINE)
        named = dict(table)
        roles = {one.login: {(role, body) for role, body in one.roles} for one in library.people()}

        used = {
            login
            for name in ("ta-inn-dokumenter", "samle-rutiner")
            for login in re.findall(r"--as ([a-z.]+)", (guides / f"{name}.md").read_text())
        }
        assert used - {"sjef.beiarn"} <= set(named)
        assert "person add sjef.beiarn" in (guides / "samle-rutiner.md").read_text()
        assert ("leader", "network:smittevern") in roles[named["medlem.fauske"]]
        assert ("member", "network:smittevern") in roles[named["medlem.hamaroy"]]
        assert ("employee", "municipality:1839") in roles[named["medlem.beiarn"]]
        assert ("responsible", "municipality:1841") in roles[named["sjef.fauske"]]
