"""The library's settings from the shell: show, fetch, settle."""

import pytest


@pytest.fixture
def fetched(at, home, tmp_path):
    """The settings, fetched to a folder."""
    folder = tmp_path / "innstillinger"
    assert at(home, "settings", "fetch", folder).code == 0
    return folder


def shorten(folder, weeks):
    """Change how long a hearing lasts."""
    file = folder / "policies.toml"
    changed = file.read_text().replace("hearing_weeks = 3", f"hearing_weeks = {weeks}")
    file.write_text(changed)


def settle(at, home, folder, by="redaktor"):
    return at(home, "settings", "settle", folder, "--reason", "Kortere høring.", by=by)


class TestSettling:
    def test_what_was_changed_in_the_folder_is_settled_and_nothing_else(self, at, home, fetched):
        """
        The editor works with files; the library keeps the decision.
        """
        shorten(fetched, 4)

        ran = settle(at, home, fetched)

        assert "Fastsatt: policies.toml." in ran.out
        assert "hearing_weeks = 4" in at(home, "settings", "show", "policies.toml", "--json").answer["content"]

    def test_the_same_folder_can_be_changed_again(self, at, home, fetched):
        """
        What was settled is what was read last.
        """
        shorten(fetched, 4)
        settle(at, home, fetched)
        (fetched / "policies.toml").write_text(
            (fetched / "policies.toml").read_text().replace("hearing_weeks = 4", "hearing_weeks = 5")
        )

        assert settle(at, home, fetched).code == 0

    def test_what_another_settled_meanwhile_is_not_undone(self, at, home, fetched, tmp_path):
        """
        Two editors, two folders: the second is told, and nothing is lost.
        """
        other = tmp_path / "andre"
        at(home, "settings", "fetch", other)
        shorten(other, 6)
        settle(at, home, other)
        shorten(fetched, 4)

        ran = settle(at, home, fetched)

        assert ran.code == 5
        assert "samrutine settings fetch" in ran.err

    def test_a_mistake_is_told_with_file_and_line(self, at, home, fetched):
        """
        Whoever mends it needs both.
        """
        shorten(fetched, "mange")

        ran = settle(at, home, fetched)

        assert ran.code == 3
        assert "library/policies.toml, linje 26" in ran.err

    def test_nothing_changed_is_no_decision(self, at, home, fetched):
        """
        An empty decision would stand in the register for ever.
        """
        assert settle(at, home, fetched).code == 3

    def test_an_employee_cannot_settle(self, at, home, fetched):
        """
        Who must agree to a text is decided by few.
        """
        shorten(fetched, 4)

        assert settle(at, home, fetched, by="skribent").code == 3

    def test_a_folder_that_was_not_fetched_is_refused(self, at, home, tmp_path):
        """
        A folder that was never fetched says nothing of what its writer had read.
        """
        ran = at(home, "settings", "settle", tmp_path, "--reason", "x", by="redaktor")

        assert ran.code == 2
        assert "settings fetch" in ran.err

    def test_a_folder_that_holds_something_is_left_alone(self, at, home, fetched):
        """
        Changes that were not settled must not be written over.
        """
        assert at(home, "settings", "fetch", fetched).code == 2


def test_a_file_that_is_not_there_is_answered_with_those_that_are(at, home):
    """
    Twenty names after one another on a line are not read; one a line are.
    """
    ran = at(home, "settings", "show", "nope.toml")

    assert ran.code == 4
    assert "Det finnes ingen fil «nope.toml» blant innstillingene." in ran.err
    assert "  policies.toml" in ran.err.splitlines()
    assert "  vocabulary/synonyms.toml" in ran.err.splitlines()
