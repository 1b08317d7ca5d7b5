"""Publishing from the shell."""

import pytest


@pytest.fixture
def published(at, home_with_routine, tmp_path):
    """Fauske has taken `handhygiene` into use and published it to a folder; gives the home and the folder."""
    folder = tmp_path / "kvalitet"
    folder.mkdir()
    at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")
    at(home_with_routine, "target", "set", "kvalitetssystem", folder, "-m", "Fauske", by="ansvarlig.fauske")
    ran = at(home_with_routine, "publish", "Fauske", "--json", by="ansvarlig.fauske")
    assert ran.answer["receipts"][0]["state"] == "verified"
    return home_with_routine, folder


class TestPublishing:
    def test_puts_the_documents_there_and_says_so(self, at, published):
        """
        A second run changes nothing, and says that too.
        """
        home, folder = published

        ran = at(home, "publish", "Fauske", by="ansvarlig.fauske")

        assert ran.code == 0
        assert "Fauske, kvalitetssystem: levert og lest tilbake. uendret" in ran.out
        assert (folder / "handhygiene.pdf").exists()
        assert at(home, "publications", "--json").answer["publications"][0]["state"] == "verified"

    def test_leaves_with_5_when_a_copy_was_changed_by_hand(self, at, published):
        """
        Somebody meant something by it: it is shown, and overwritten only when a person says so.
        """
        home, folder = published
        copy = folder / "handhygiene.md"
        copy.write_text("Endret for hånd")

        ran = at(home, "publish", "Fauske", by="ansvarlig.fauske")

        assert ran.code == 5
        assert "handhygiene.md: er endret av andre" in ran.out
        assert copy.read_text() == "Endret for hånd"
        shown = at(home, "publish", "Fauske", "--overwrite", "--plan", by="ansvarlig.fauske").out
        said = at(home, "publish", "Fauske", "--overwrite", by="ansvarlig.fauske")
        assert (said.code, "ikke rørt" in shown + said.out) == (0, False)
        assert "handhygiene.md: er endret av andre siden sist, og blir skrevet over." in shown
        assert "handhygiene.md: var endret av andre siden sist, og er skrevet over." in said.out
        assert "Vask hendene" in copy.read_text()

    def test_of_all_takes_those_that_have_a_place(self, at, published):
        """
        One command each morning; eight municipalities without a target are no mistake.
        """
        home, _ = published

        ran = at(home, "publish", "--all", "--json", by="ansvarlig.fauske")

        assert ran.code == 0
        assert [one["name"] for one in ran.answer["receipts"]] == ["Fauske"]
        assert len(ran.answer["skipped"]) == 8  # this person is responsible in Fauske alone
        assert "Hoppet over" in at(home, "publish", "--all", by="ansvarlig.fauske").err

    def test_of_all_by_somebody_without_any_say_is_refused(self, at, published):
        """
        A nightly job under the wrong name must not look like one that worked.
        """
        home, _ = published

        assert at(home, "publish", "--all", by="ansatt.fauske").code == 3

    def test_one_place_that_is_gone_does_not_hold_up_the_others(self, at, published, tmp_path):
        """
        A share that is down for a night must not leave another quality system with yesterday's routine.
        """
        home, folder = published
        at(home, "target", "set", "a-borte", tmp_path / "borte", "-m", "Fauske", by="ansvarlig.fauske")
        (folder / "handhygiene.pdf").unlink()

        ran = at(home, "publish", "Fauske", by="ansvarlig.fauske")

        assert ran.code == 6
        assert "Fauske, a-borte: " in ran.out
        assert "Fauske, kvalitetssystem: levert og lest tilbake." in ran.out
        assert (folder / "handhygiene.pdf").exists()
        answer = at(home, "publish", "Fauske", "--json", by="ansvarlig.fauske").answer
        assert [one["target_name"] for one in answer["errors"]] == ["a-borte"]
        assert [one["target_name"] for one in answer["receipts"]] == ["kvalitetssystem"]

    def test_a_plan_says_what_would_happen_and_does_nothing(self, at, published):
        """
        Whoever publishes sees first what will be taken away.
        """
        home, folder = published
        (folder / "handhygiene.pdf").unlink()

        ran = at(home, "publish", "Fauske", "--plan", by="ansvarlig.fauske")

        assert ran.code == 0
        assert "ville gjort: uendret 5, lagt tilbake 1" in ran.out
        assert "handhygiene.pdf: blir lagt tilbake" in ran.out
        assert not (folder / "handhygiene.pdf").exists()
        assert at(home, "publish", "Fauske", "--plan", "--json", by="ansvarlig.fauske").answer["plans"][0]["files"]

    def test_a_target_that_ended_is_emptied_by_the_next_publishing(self, at, published):
        """
        What lies where nobody replaces it looks controlled, and is not.
        """
        home, folder = published

        ended = at(home, "target", "end", "kvalitetssystem", "-m", "Fauske", by="ansvarlig.fauske")
        ran = at(home, "publish", "Fauske", by="ansvarlig.fauske")

        assert "publiserer ikke lenger til «kvalitetssystem»" in ended.out
        assert "Fauske, kvalitetssystem (avsluttet): trukket tilbake. fjernet 6" in ran.out
        assert ran.code == 0
        assert list(folder.iterdir()) == []
        assert at(home, "publications", "--json").answer["publications"] == []
        assert at(home, "publish", "Fauske", by="ansvarlig.fauske").code == 4

    @pytest.mark.parametrize("words", [(), ("Fauske", "--all")], ids=["neither", "both"])
    def test_needs_one_place_or_all(self, at, published, words):
        """
        Publishing everywhere must never be what happens when a name is forgotten.
        """
        home, _ = published

        assert at(home, "publish", *words, by="ansvarlig.fauske").code == 2

    def test_without_a_place_says_how_to_set_one(self, at, home_with_routine):
        """
        The first time, everybody forgets it.
        """
        ran = at(home_with_routine, "publish", "Fauske", by="ansvarlig.fauske")

        assert ran.code == 4
        assert "samrutine target set" in ran.err
