"""What a reader is told of a version or a routine before following it, and who is said to have decided."""

import pytest

from samrutine.errors import ProcedureNotFound, Refused
from tests.support.stories import APPROVERS, change_with_everyone
from tests.support.texts import a_routine

WAITS = "hasteversjon, venter på faglig godkjenning"
REFUSED = "hasteversjon, ikke faglig godkjent av nettverket"


@pytest.fixture(autouse=True)
def wide(at, monkeypatch):
    """A terminal so wide that no cell is broken."""
    monkeypatch.setenv("COLUMNS", "400")


@pytest.fixture
def hurried(home_with_routine):
    """A hasteversjon 1.1 that its network has not looked at; gives the home and the answer of the hurry."""
    home = home_with_routine
    with home.opened() as library:
        draft = library.propose(
            a_routine(extra="Bruk munnbind."), changes="handhygiene", significance="minor", meaning="Munnbind.",
            by="skribent",
        )  # fmt: skip
        made = library.hurry(draft.proposal, digest=draft.digest, reason="Utbrudd.", by="leder")
    return home, made


@pytest.fixture
def withdrawn(home_with_routine):
    """A routine that its network has withdrawn; nobody has filled in anything."""
    home = home_with_routine
    with home.opened() as library:
        made = library.propose_withdrawal("handhygiene", reason="Utgått.", by="skribent")
        library.send(made.proposal, digest=made.digest, unheard="Haster.", by="leder")
        for one in APPROVERS:
            if library.approve(made.proposal, digest=made.digest, by=one).withdrawn:
                break
    return home


class TestAHasteversjon:
    def test_is_called_so_wherever_it_is_met(self, at, hurried):
        """
        «Faglig godkjent» of a text that no network has seen is the one thing this library may never say.
        """
        home, _ = hurried

        said = {
            words[0]: at(home, *words).text
            for words in (
                ("versions", "handhygiene"),
                ("list",),
                ("search", "munnbind"),
                ("matrix",),
                ("inbox", "Fauske"),
            )
        }

        assert [name for name, text in said.items() if WAITS not in text] == []

    def test_is_still_called_so_when_it_is_refused(self, at, hurried):
        """
        Whoever uses it must see at once that it was no good.
        """
        home, made = hurried
        with home.opened() as library:
            library.adopt("handhygiene", "Fauske", version="1.1", by="beslutter.fauske")
            library.reject(made.proposal, reason="Ikke dokumentert.", by="leder")

        assert REFUSED in at(home, "versions", "handhygiene").text
        assert REFUSED in at(home, "matrix").text
        assert REFUSED in at(home, "search", "munnbind", "-m", "Fauske").text
        assert "hasteversjon" not in at(home, "list").text
        assert "Ikke dokumentert." in at(home, "proposal", made.proposal).text
        account = at(home, "account", "handhygiene", "-m", "Fauske").text
        assert "Ikke faglig godkjent" in account
        assert "Faglig godkjent av" not in account

    def test_is_news_of_its_own(self, at, hurried):
        """
        A municipality decides otherwise about what nobody has approved yet.
        """
        home, _ = hurried

        news = at(home, "news", "--json", by="ansvarlig.fauske").answer["notifications"]

        assert news[0]["what"] == "version-hurried"

    def test_that_is_refused_is_compared_with_nothing(self, at, hurried):
        """
        The yardstick is what stands: 1.0, and not the text that was thrown out.
        """
        home, made = hurried
        with home.opened() as library:
            library.reject(made.proposal, reason="Ikke dokumentert.", by="leder")
            change_with_everyone(library, a_routine(extra="Nytt."))

        assert "fra versjon 1.0 til 1.2" in at(home, "compare", "handhygiene").text


class TestAWithdrawnRoutine:
    def test_says_what_stands_across_the_pages_instead_of_kopi(self, at, withdrawn, tmp_path):
        """
        Whoever asks for a copy to hand out, and finds another word, believes that the command did nothing.
        """
        words = ("document", "handhygiene", "--copy", "--output")

        marked = at(withdrawn, *words, tmp_path / "kopi.html")
        text = at(withdrawn, *words, tmp_path / "kopi.md")

        assert "står UTGÅTT i stedet for KOPI" in marked.err
        assert ">UTGÅTT</div>" in (tmp_path / "kopi.html").read_text()
        assert text.err == ""

    @pytest.mark.parametrize("words", [("list",), ("versions", "handhygiene"), ("matrix",)])
    def test_does_not_look_alive(self, at, withdrawn, words):
        """
        Somebody who finds it would else take it into use.
        """
        assert "trukket tilbake" in at(withdrawn, *words).text

    def test_is_not_said_to_apply_later(self, at, withdrawn):
        """
        «Not yet» promises that it will.
        """
        text = at(withdrawn, "show", "handhygiene").text

        assert "Gjelder ikke ennå" not in text
        assert "Trukket tilbake av fagnettverket" in text

    def test_is_refused_for_that_alone(self, withdrawn):
        """
        To ask for a phone number first, and then say no all the same, wastes somebody's morning.
        """
        with withdrawn.opened() as library, pytest.raises(Refused) as caught:
            library.adopt("handhygiene", municipality="Fauske", by="beslutter.fauske")

        assert [type(one).__name__ for one in caught.value.reasons] == ["RoutineWithdrawn"]

    def test_is_what_its_proposal_is_said_to_be_about(self, at, home_with_routine):
        """
        «Nothing is changed» is no answer to what one is asked to agree to.
        """
        with home_with_routine.opened() as library:
            made = library.propose_withdrawal("handhygiene", reason="Utgått.", by="skribent")

        assert "trekkes tilbake" in at(home_with_routine, "compare", "--proposal", made.proposal, by="skribent").text


class TestADayThatHasBeen:
    def test_shows_the_versions_of_that_day_and_no_answer_of_today(self, at, home_with_routine):
        """
        Who looks back asks what was so, and not what is.
        """
        home = home_with_routine
        day = home.clock.today
        at(home, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")
        home.clock.forward(days=3)
        with home.opened() as library:
            change_with_everyone(library, a_routine(extra="Nytt."))
        at(home, "decline", "handhygiene", "-m", "Saltdal", "--reason", "Nei", by="beslutter.saltdal")

        ran = at(home, "matrix", "--day", day.isoformat())

        assert "✓ 1.0" in ran.out or "✓1.0" in ran.out
        assert "1.1" not in ran.out
        assert "– gjaldt ikke" in ran.text
        assert "✗" not in ran.out

    def test_of_an_unknown_routine_is_no_day_without_routines(self, at, home_with_routine):
        """
        «Nothing» of a misspelt id would be taken for an answer.
        """
        ran = at(home_with_routine, "as-of", "2026-11-22", "--procedure", "finnes-ikke")

        assert ran.code != 0
        assert "finnes-ikke" in ran.err
        with home_with_routine.opened() as library, pytest.raises(ProcedureNotFound):
            library.in_force(procedure="finnes-ikke")


class TestWhoDecided:
    def test_is_the_rules_where_nobody_did(self, at, hurried):
        """
        «Slettet navn» is a grave word, and true only of somebody who was here.
        """
        home, made = hurried
        with home.opened() as library:
            library.reject(made.proposal, reason="Ikke dokumentert.", by="leder")

        text = at(home, "history", "handhygiene").text

        assert "Følger av reglene" in text
        assert "Slettet navn" not in text

    def test_is_a_party_outside_by_its_name(self, at, home_with_routine):
        """
        A council that answered by a link has a name, and nobody has erased it.
        """
        home = home_with_routine
        with home.opened() as library:
            draft = library.propose(
                a_routine(extra="Nytt."), changes="handhygiene", significance="major", meaning="Nytt.", by="skribent"
            )
            library.open_hearing(
                draft.proposal, digest=draft.digest, parties=["outside:Eldrerådet i Fauske"], by="leder"
            )
            link = library.invite_outsider(draft.proposal, "Eldrerådet i Fauske", by="leder").token
            library.answer_by_link(link, no_remarks=True)

        text = at(home, "history", "handhygiene").text

        assert "Eldrerådet i Fauske (personlig lenke)" in text
        assert "Slettet navn" not in text
