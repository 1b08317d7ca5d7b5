"""One inbox for each person: all that waits for them, once each, with the role it is for; and what they are told."""

import ast
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

import samrutine
from samrutine.actors import LIBRARY, RIGHTS, Role, Verb, municipality_body, network_body, roles_for
from samrutine.errors import InvalidRequest, PersonNotFound
from samrutine.inbox.model import REVIEW_DUE, role_for, what_may_be_answered
from samrutine.inbox.opening import Note, tell, wait_for
from samrutine.messages import LANGUAGES, catalogue
from samrutine.procedures.review import ReviewOutcome
from tests.support.builders import PROVEVIK, TODAY, an_actor
from tests.support.stories import approve_with_everyone, propose_and_send
from tests.support.texts import a_routine

SOURCE = Path(samrutine.__file__).parent
FAUSKE = "municipality:1841"


@contextmanager
def _statements(library):
    """Collect the statements that a block asks the database."""
    asked = []
    engine = library._parts.database.engine

    def heard(connection, cursor, statement, *rest):
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", heard)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", heard)


def _put(library, body, what, subject="procedure:handhygiene", **how):
    """Put something into a body's inbox, as a verb does."""
    with library._parts.decisions.note() as session:
        note = Note.begun(session, by=library._actor("redaktor"), now=library._now())
        wait_for(note, body, what, subject, **{"verb": None, "key": what, **how})


def _codes(library, who):
    return [one.what for one in library.inbox(who)]


class TestWhatMayBeAnswered:
    @pytest.mark.parametrize("verb", [*Verb, None])
    @pytest.mark.parametrize("role", list(Role))
    @pytest.mark.parametrize("body", [municipality_body(PROVEVIK), network_body("smittevern"), LIBRARY])
    def test_it_never_shows_what_the_rights_refuse(self, verb, role, body):
        """
        A thing to do that one may not do is a dead end.
        """
        own = {Role.EDITOR: LIBRARY, Role.MEMBER: network_body("smittevern"), Role.LEADER: network_body("smittevern")}
        actor = an_actor("actor-kari", (role, own.get(role, municipality_body(PROVEVIK))))

        shown = any(
            (one.bodies is None or body in one.bodies) and (one.any_verb if verb is None else verb in one.verbs)
            for one in what_may_be_answered(actor, TODAY)
        )

        if shown and verb is not None:
            assert roles_for(actor, verb, body, TODAY)
        if shown:
            assert role_for(actor, verb, body, TODAY) is role

    def test_the_editor_is_not_asked_in_the_place_of_each_municipality(self):
        """
        Nine hearings to answer, none of them the editor's.
        """
        editor = an_actor("actor-red", (Role.EDITOR, LIBRARY))

        everywhere = [one.verbs for one in what_may_be_answered(editor, TODAY) if one.bodies is None]

        assert Verb.ANSWER not in everywhere[0]
        assert Verb.SEND in everywhere[0]


class TestInbox:
    def test_it_holds_what_a_role_may_answer_the_most_urgent_first(self, any_library_with_routine, clock):
        """
        Whoever has an hour begins at the top.
        """
        library = any_library_with_routine
        today = library.today
        _put(library, FAUSKE, "later", verb=Verb.PREPARE, due_on=today.replace(year=2030))
        _put(library, FAUSKE, "never", verb=Verb.PREPARE)
        _put(library, FAUSKE, "sooner", verb=Verb.PREPARE, due_on=today)
        _put(library, FAUSKE, "decide", verb=Verb.DECIDE_USE, due_on=today)
        _put(library, "municipality:1839", "theirs", verb=Verb.PREPARE)
        _put(library, FAUSKE, "anybody")

        assert _codes(library, "ansvarlig.fauske") == ["sooner", "consider-version", "later", "anybody", "never"]
        assert _codes(library, "beslutter.fauske") == [
            "decide", "sooner", "consider-version", "later", "anybody", "never",
        ]  # fmt: skip
        assert _codes(library, "ansatt.fauske") == ["anybody"]
        assert _codes(library, "skribent") == []

    def test_one_with_two_roles_sees_each_thing_once_with_the_role_it_is_for(self, any_library):
        """
        In a small municipality the same person is three.
        """
        library = any_library
        library.grant("leder", "responsible", FAUSKE, by="redaktor")
        library.grant("leder", "member", "network:smittevern", by="redaktor")
        propose_and_send(library, a_routine("vakt", title="Vakt"))
        approve_with_everyone(library, a_routine())

        found = library.inbox("leder")

        assert [(one.what, one.role, one.body) for one in found] == [
            ("approve-proposal", "leader", "network:smittevern"),
            ("consider-version", "responsible", FAUSKE),
        ]
        assert [one.body_name for one in found][1] == "Fauske"

    def test_a_proposal_does_not_ask_those_who_wrote_it_nor_those_who_have_agreed(self, any_library):
        """
        Nobody can agree to a text of their own, and nobody does it twice.
        """
        library = any_library
        library.grant("skribent", "member", "network:smittevern", by="redaktor")
        sent = propose_and_send(library, a_routine("vakt", title="Vakt"))

        before = {who: _codes(library, who) for who in ("skribent", "leder", "medlem.beiarn")}
        library.approve(sent.id, digest=sent.digest, by="medlem.beiarn")

        assert before == {"skribent": [], "leder": ["approve-proposal"], "medlem.beiarn": ["approve-proposal"]}
        assert _codes(library, "medlem.beiarn") == []
        assert _codes(library, "leder") == ["approve-proposal"]

    def test_what_is_put_off_comes_back_on_its_day(self, any_library_with_routine, clock):
        """
        Until then it is out of the way.
        """
        library = any_library_with_routine
        shown = library.today.replace(month=12, day=1)
        _put(library, FAUSKE, "put-off", shown_from=shown)

        assert "put-off" not in _codes(library, "ansatt.fauske")
        assert "put-off" not in [one.what for one in library.waiting(FAUSKE)]
        clock.forward(days=(shown - library.today).days)
        assert "put-off" in _codes(library, "ansatt.fauske")

    def test_it_is_asked_for_with_as_many_questions_whatever_the_roles(self, any_library_with_routine):
        """
        The page people open first each morning.
        """
        library = any_library_with_routine
        with _statements(library) as few:
            library.inbox("skribent")
        for one in library.municipalities():
            library.grant("skribent", "responsible", f"municipality:{one.number}", by="redaktor")
        for n in range(20):
            _put(library, FAUSKE, f"sak-{n}", key=f"sak-{n}")

        with _statements(library) as many:
            found = library.inbox("skribent")

        assert len(found) > 25
        assert len(many) == len(few)
        assert sum("FROM waiting" in one for one in many) == 1

    def test_a_role_that_ended_shows_nothing_more(self, library_with_routine):
        """
        Whoever left has nothing to do here.
        """
        library = library_with_routine
        assert _codes(library, "ansvarlig.fauske") == ["consider-version"]

        library.revoke("ansvarlig.fauske", "responsible", FAUSKE, by="redaktor")

        assert _codes(library, "ansvarlig.fauske") == []

    def test_what_one_may_not_read_does_not_wait(self, library_with_routine):
        """
        A title can be the secret.
        """
        library = library_with_routine
        with library._parts.database.writing() as session:
            from sqlalchemy import text

            session.execute(text("UPDATE procedure SET access = 'exempt'"))
        _put(library, FAUSKE, "anybody")

        assert _codes(library, "ansatt.fauske") == []
        assert library.waiting(FAUSKE) == []
        assert "consider-version" in _codes(library, "ansvarlig.fauske")

    def test_nobody_has_no_inbox(self, library):
        """
        A wrong name must not look like an empty desk.
        """
        with pytest.raises(PersonNotFound):
            library.inbox("ingen")


class TestNotifications:
    def test_each_is_told_once_and_whoever_did_it_not_at_all(self, any_library_with_routine):
        """
        Two roles are one pair of eyes.
        """
        library = any_library_with_routine
        before = {who: len(library.notifications(who)) for who in ("leder", "medlem.beiarn", "redaktor")}

        with library._parts.decisions.note() as session:
            note = Note.begun(session, by=library._actor("leder"), now=library._now())
            both = [("network:smittevern", None), ("municipality:1839", None), ("network:smittevern", Verb.APPROVE)]
            tell(note, "reviewed-unchanged", "procedure:handhygiene", bodies=both, actors=[library._actor("redaktor")])
            session.flush()
            tell(note, "reviewed-unchanged", "procedure:handhygiene", bodies=both)

        after = {who: len(library.notifications(who)) for who in before}
        assert {who: after[who] - before[who] for who in before} == {"leder": 0, "medlem.beiarn": 1, "redaktor": 1}
        newest = library.notifications("medlem.beiarn")[0]
        assert (newest.title, newest.body) == ("Håndhygiene", "network:smittevern")

    def test_what_is_read_is_read_and_only_by_oneself(self, any_library_with_routine, clock):
        """
        Another's click must not hide it from me.
        """
        library = any_library_with_routine
        unread = library.notifications("beslutter.fauske")
        assert "version-approved" in [one.what for one in unread]
        ids = [one.id for one in unread]

        assert library.mark_read("leder", ids) == 0
        assert library.mark_read("beslutter.fauske", ids) == len(ids)
        assert library.mark_read("beslutter.fauske", ids) == 0

        assert library.notifications("beslutter.fauske") == []
        assert all(one.is_read for one in library.notifications("beslutter.fauske", unread_only=False))
        with pytest.raises(InvalidRequest):
            library.mark_read("leder", [str(n) for n in range(501)])

    def test_it_is_one_question_however_many_bodies_are_told(self, library_with_routine):
        """
        A version is told of in 360 municipalities in one transaction.
        """
        library = library_with_routine
        bodies = [(f"municipality:{one.number}", None) for one in library.municipalities()]

        with _statements(library) as asked, library._parts.decisions.note() as session:
            note = Note.begun(session, by=library._actor("redaktor"), now=library._now())
            before = len(asked)
            tell(note, "version-approved", "procedure:handhygiene", bodies=bodies)

        assert len(asked) - before <= 2


class TestWords:
    @staticmethod
    def _codes(*functions):
        """Give the codes that the source gives these functions, where they stand as a text."""
        at = {"wait_for": 2, "tell": 1}
        found = set()
        for path in SOURCE.rglob("*.py"):
            if "cli" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
                    place = at[node.func.id]
                    code = node.args[place] if len(node.args) > place else None
                    if isinstance(code, ast.Constant):
                        found.add(code.value)
        return found

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_everything_that_waits_has_a_word(self, language):
        """
        A code on the screen is nobody's task.
        """
        codes = {*self._codes("wait_for"), REVIEW_DUE, "change-after-review"}

        assert len(codes) > 4
        assert {one for one in codes if f"waiting.{one}" not in catalogue(language, "words")} == set()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_everything_that_is_told_has_a_word(self, language):
        """
        So is a message that nobody can read.
        """
        made = {f"reviewed-{one.value}" for one in ReviewOutcome}
        made |= {f"{kind}-{end}" for kind in ("feedback", "wish") for end in ("taken-up", "became-version")}
        codes = self._codes("tell") | made

        assert len(codes) > 8
        assert {one for one in codes if f"told.{one}" not in catalogue(language, "words")} == set()


def test_every_right_is_a_role_s():
    """
    What waits under a right that no role has would wait for ever.
    """
    assert all(RIGHTS[verb] for verb in Verb)


class TestWhoIsTold:
    def test_who_prepares_is_told_when_another_changes_local_information(self, library):
        """
        A duty telephone that changed is what the next shift rings.
        """
        approve_with_everyone(library, a_routine("vakt", title="Vakt", required=["vakttelefon"]))

        library.set_local_information("vakt", "Fauske", {"vakttelefon": "75 00 00 00"}, by="ansvarlig.fauske")

        newest = library.notifications("beslutter.fauske")[0]
        assert (newest.what, newest.title) == ("local-information-changed", "Vakt")
        assert newest.what not in [one.what for one in library.notifications("ansvarlig.fauske")]

    def test_a_delivery_that_stopped_is_told_to_those_who_did_not_see_it(self, library_with_routine, tmp_path):
        """
        The night's publishing fails, and nobody stood by.
        """
        library = library_with_routine
        place = tmp_path / "kvalitetssystem"
        place.mkdir()
        library.set_target("fauske", "kvalitetssystem", "folder", place, by="ansvarlig.fauske")
        place.rmdir()

        library.publish("fauske", by="ansvarlig.fauske")

        newest = library.notifications("beslutter.fauske")[0]
        assert (newest.what, newest.title) == ("publication-failed", "Fauske")
        assert library.verify().is_clean

    def test_what_waits_about_a_proposal_is_named_by_it(self, library):
        """
        An id on the screen is nobody's task.
        """
        sent = propose_and_send(library, a_routine("vakt", title="Vakt"))
        _put(library, FAUSKE, "approve-proposal", sent.id)

        [found] = [one for one in library.inbox("ansatt.fauske") if one.proposal == sent.id]

        assert (found.title, found.procedure) == ("Vakt", "vakt")
