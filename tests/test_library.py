"""The library as its callers meet it: opening, closing, naming, and what every act promises."""

import inspect
from datetime import UTC, datetime

import pytest

from samrutine import Library
from samrutine.errors import HomeExists, HomeNotFound, InvalidRequest, PersonNotFound, SettingsUnreadable
from samrutine.storage.sql import Database
from tests.support.clock import NOW, Clock
from tests.support.texts import a_routine

VERBS_WITHOUT_AN_ID = {
    *("publish", "import_folder"),  # many acts, each with an id of its own
    *("archive_message", "exit_package"),  # these read, and write files
    *(
        "preview",
        "redactable",
        "erased",
        "traces",
        "look_at_list",
        "own_data",
        "unanswered_searches",
    ),  # these only look
    # A document of the same bytes is the same, and what was done with it is done.
    *(
        "take_in",
        "edit_incoming",
        "mask_incoming",
        "look_at_incoming",
        "let_through",
        "read_incoming_again",
        "reject_incoming",
    ),
    *("answer_collection", "remind_collection", "close_collection", "triage"),  # as those below
    *(
        "sessions",
        "end_sessions",
        "set_password",
        "make_token",
        "tokens",
        "end_token",
        "invite",
        "open_meeting",
        "meetings",
        "close_meeting",
        "answer_barrier",
        "barriers",
        "checklist_colleagues",
        "help_with_checklist",
        "mark_points",
        "hand_on_checklist",
        "end_checklist",
        "followed_checklist",
        "followed_checklists",
        "checklist_paper",
        "letters",
        "try_letter",
        "letter_choice",
        "gets_letters",
        "choose_letters",
        "calendar_made_at",
        "make_calendar",
        "end_calendar",
        "second_step",
        "begin_second_step",
        "confirm_second_step",
        "end_second_step",
        "remove_second_step",
        "begin_sign_in_elsewhere",
        "connected_services",
        "disconnect_service",
    ),  # who is signed in where is nobody's decision
    *("answer_feedback", "answer_wish", "support_wish"),  # said again they are the same answer, since there is one only
}


class TestOpening:
    def test_a_new_library_has_nine_municipalities_and_an_editor(self, tmp_path):
        """
        One command, and the members can be let in.
        """
        with Library.init(
            tmp_path / "home", editor_login="redaktor", editor_name="Rita Redaktør", clock=Clock()
        ) as library:
            people = library.people()

            assert len(library.municipalities()) == 9
            assert [(one.login, [str(role) for role, _ in one.roles]) for one in people] == [("redaktor", ["editor"])]
            assert not library.is_demo
            assert library.procedures() == library.proposals(reader="redaktor") == []
            assert library.verify().is_clean

    def test_a_demo_says_so_for_ever(self, tmp_path):
        """
        Nobody may mistake a print-out of the demo for a routine that applies.
        """
        with Library.init(tmp_path / "home", editor_login="redaktor", editor_name="R", demo=True):
            pass

        with Library.open(tmp_path / "home") as again:
            assert again.is_demo

    def test_starter_routines_come_in_as_drafts_and_nothing_else(self, tmp_path):
        """
        Nobody has approved them; they are a beginning.
        """
        with Library.init(tmp_path / "home", editor_login="redaktor", editor_name="R", starter=True) as library:
            proposals = library.proposals(reader="redaktor")

            assert len(proposals) >= 12
            assert {one.state.value for one in proposals} == {"draft"}
            assert library.procedures() == []
            assert library.verify().is_clean

    def test_init_that_was_killed_is_finished_by_the_same_call(self, tmp_path, monkeypatch):
        """
        The power went in the middle; the same command again ends well.
        """
        home = tmp_path / "home"

        def power_cut(self):
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(Database, "migrate", power_cut)
            with pytest.raises(KeyboardInterrupt):
                Library.init(home, editor_login="redaktor", editor_name="R", clock=Clock())

        with Library.init(home, editor_login="redaktor", editor_name="R", clock=Clock()) as library:
            assert library.verify().is_clean

    def test_a_home_is_not_made_where_something_is(self, tmp_path, home):
        """
        A mistyped folder must not become a library with somebody's files in it.
        """
        (tmp_path / "annet").mkdir()
        (tmp_path / "annet" / "viktig.txt").write_text("Viktig")
        (tmp_path / "fil").write_text("")

        for place in (tmp_path / "annet", tmp_path / "fil"):
            with pytest.raises(HomeExists):
                Library.init(place, editor_login="redaktor", editor_name="R")
        with pytest.raises(HomeExists):
            Library.init(home.path, editor_login="en-annen", editor_name="A")

        assert (tmp_path / "annet" / "viktig.txt").read_text() == "Viktig"

    def test_an_upgrade_leaves_no_index_of_another_release(self, home):
        """
        Each release with new words makes an index of its own; after ten of them the disk is full of what nobody reads.
        """
        ours = {path.name for path in (home.path / "index").iterdir()}
        (home.path / "index" / "s0-a0-00000000.000001").mkdir()

        upgraded = Library.upgrade(home.path)

        assert not upgraded.changed
        assert {path.name for path in (home.path / "index").iterdir() if path.is_dir()} <= ours
        with home.opened() as library:
            assert library.verify().is_clean

    def test_what_is_no_home_is_said_to_be_none(self, tmp_path):
        """
        An empty answer from the wrong folder would look like an empty library.
        """
        with pytest.raises(HomeNotFound):
            Library.open(tmp_path)

    def test_settings_that_cannot_be_right_are_named(self, home):
        """
        A spelling mistake in a setting must not silently mean the default.
        """
        (home.path / "samrutine.toml").write_text('addres = "https://rutiner.provevik.example"\n')
        with pytest.raises(InvalidRequest) as unknown:
            home.opened()
        (home.path / "samrutine.toml").write_text('[checkpoints]\nadress = "https://tid.example"\n')
        with pytest.raises(InvalidRequest, match=r"checkpoints\.timestamp_url"):
            home.opened()
        lines = []
        for broken in (b'address = ""\nikke = TOML = her\n', b'address = ""\n\nvalg = [1,\n', b'address = "\xe5"\n'):
            (home.path / "samrutine.toml").write_bytes(broken)
            with pytest.raises(SettingsUnreadable) as unreadable:
                home.opened()
            lines.append(unreadable.value.places["line"])

        assert "addres" in str(unknown.value)
        # Whoever edits the file goes to the line, in their own language.
        assert lines == [2, 3, 1]
        assert "linje 1 er ikke skrevet" in unreadable.value.text("nb")

    def test_the_environment_comes_before_the_file(self, home, monkeypatch):
        """
        A container is set by its environment.
        """
        (home.path / "samrutine.toml").write_text('address = "https://fil.provevik.example"\n')
        monkeypatch.setenv("SAMRUTINE_ADDRESS", "https://miljo.provevik.example")

        with home.opened() as library:
            assert library._parts.documents._address == "https://miljo.provevik.example"


class TestActs:
    def test_an_answer_says_truly_whether_everything_repeats_it(self, library):
        """
        «Søk og register er oppdatert» is shown on screen because of it.
        """
        proposed = library.propose(a_routine(), by="skribent")

        assert proposed.projected == all(one.behind == 0 for one in library.status())
        assert proposed.projected

    def test_the_same_person_goes_by_login_and_by_id(self, library):
        """
        The shell knows a login, the web an id.
        """
        actor = next(one.actor for one in library.people() if one.login == "skribent")

        by_login = library.propose(a_routine("en"), by="skribent")
        by_id = library.propose(a_routine("to"), by=actor)

        authors = {library.get_proposal(one.proposal, reader="redaktor")[0].author for one in (by_login, by_id)}
        assert authors == {actor}
        with pytest.raises(PersonNotFound):
            library.propose(a_routine("tre"), by="Skribent Navnesen")

    def test_every_verb_that_decides_takes_an_id_and_a_person(self):
        """
        Whatever is called over a network is called twice one day.
        """
        deciding = {
            name: inspect.signature(method).parameters
            for name, method in inspect.getmembers(Library)
            if inspect.isfunction(method) and not name.startswith("_") and "by" in inspect.signature(method).parameters
        }

        assert len(deciding) >= 15
        assert {name for name, known in deciding.items() if "decision_id" not in known} == VERBS_WITHOUT_AN_ID

    def test_the_day_is_the_day_in_norway(self, home):
        """
        What is decided late in the evening is decided that day, and after midnight the next.
        """
        for hour, day in ((21, "2026-11-30"), (23, "2026-12-01")):
            home.clock.now = datetime(2026, 11, 30, hour, 30, tzinfo=UTC)
            with home.opened() as library:
                assert library.today.isoformat() == day

    def test_present_time_is_asked_for_when_no_clock_is_given(self, home):
        """
        Only tests stand still.
        """
        with Library.open(home.path) as library:
            assert abs((library._now() - datetime.now(UTC)).total_seconds()) < 5
            assert library._now().tzinfo is not None


class TestReading:
    def test_procedures_and_versions_say_who_approved_and_when_to_look_again(self, any_library_with_routine):
        """
        The list is what a quality coordinator works from.
        """
        (summary,) = any_library_with_routine.procedures()
        (version,) = any_library_with_routine.versions("handhygiene")

        assert (summary.id, str(summary.version), summary.network) == ("handhygiene", "1.0", "smittevern")
        assert summary.next_review.isoformat() == "2028-11-02"
        assert (version.approved_by, version.approved_on.isoformat()) == ("smittevern", "2026-11-02")

    def test_search_finds_what_applies_in_the_municipality_and_the_shared_text_without_one(self, library_with_routine):
        """
        A nurse must find the one valid answer for her municipality, and not a text that does not apply there.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        found = {
            where: [hit.procedure_id for hit in library.search("vask hendene", municipality=where).result.hits][:1]
            for where in (None, "Fauske", "Beiarn")
        }

        assert found == {None: ["handhygiene"], "Fauske": ["handhygiene"], "Beiarn": []}

    def test_history_of_one_municipality_leaves_the_others_out(self, library_with_routine):
        """
        At supervision a municipality shows its own decisions and the network's, not the neighbour's reasons.
        """
        library = library_with_routine
        for slug in ("fauske", "beiarn"):
            library.adopt("handhygiene", slug, reason=f"Grunn {slug}", by=f"beslutter.{slug}")

        bodies = {one.body for one in library.history("handhygiene", municipality="Fauske")}

        assert bodies == {"network:smittevern", "municipality:1841"}

    def test_status_says_how_far_each_has_come(self, library_with_routine):
        """
        An operator sees at a glance whether something lags.
        """
        names = [one.consumer.split("@")[0] for one in library_with_routine.status()]

        assert names == ["exempt-index", "index", "leftovers", "main", "register", "restricted"]
        assert {one.behind for one in library_with_routine.status()} == {0}
        assert all(one.updated_at.tzinfo is not None for one in library_with_routine.status())
        assert library_with_routine.today == NOW.date()
