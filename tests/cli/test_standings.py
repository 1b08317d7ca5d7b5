"""How far a round of approval has come, in words."""

import pytest

from samrutine.cli.shell import Shell
from samrutine.cli.standings import agreed, needed_line, standing_line
from samrutine.proposals.quorum import Standing

NETWORKS = {"helsestasjon": "Fagnettverk for helsestasjon"}
SHELL = Shell(home="", actor=None, language="nb", as_json=False)


def a_standing(given, needed, towns=0, *, leader=False, partner=False, vacant=False):
    return Standing(given, needed, towns, leader, vacant, ("helsestasjon",) if partner else ())


class TestHowFar:
    @pytest.mark.parametrize(
        ("standing", "said"),
        [
            (
                a_standing(1, 4, 2, leader=True),
                "Godkjenninger: 1 av 4, mangler medlemmer fra 2 kommuner til og nettverksleder.",
            ),
            (
                a_standing(3, 2, leader=True),
                "Det er gitt 3 godkjenninger, og det trengs minst 2. Det mangler ennå nettverksleder.",
            ),
            (a_standing(2, 2), "Nok godkjenninger: 2 av 2."),
            (a_standing(3, 2), "Nok godkjenninger: 3, og det trengs 2."),
            (
                a_standing(2, 2, partner=True),
                "Godkjenninger: 2 av 2. I tillegg må Fagnettverk for helsestasjon godkjenne.",
            ),
        ],
        ids=["some", "as many but not the leader", "enough", "more than enough", "another network"],
    )
    def test_never_says_that_two_of_two_are_too_few(self, standing, said):
        """
        «3 av 2, mangler nettverksleder» is a riddle: the number is there, and one person is not.
        """
        assert standing_line(SHELL, standing, NETWORKS) == said

    @pytest.mark.parametrize(
        ("standing", "said"),
        [
            (a_standing(1, 4, 2, leader=True), "1 av 4 godkjenninger"),
            (a_standing(2, 2, partner=True), "2 godkjenninger, mangler Fagnettverk for helsestasjon"),
            (a_standing(2, 2), "nok godkjenninger"),
        ],
    )
    def test_a_list_says_whom_it_waits_for_when_the_number_is_there(self, standing, said):
        """
        «2 av 2 godkjenninger» that waits looks as if somebody forgot it.
        """
        assert agreed(SHELL, standing, NETWORKS) == said


class TestWhatItTakes:
    @pytest.mark.parametrize(
        ("standing", "said"),
        [
            (
                a_standing(0, 4, 3, leader=True),
                "Det trengs 4 godkjenninger. Blant dem må det være nettverkslederen og medlemmer fra minst 3 andre kommuner.",
            ),
            (
                a_standing(0, 1, partner=True),
                "Det trengs én godkjenning. I tillegg må Fagnettverk for helsestasjon godkjenne.",
            ),
            (a_standing(0, 5, 5), "Det trengs 5 godkjenninger. Blant dem må det være medlemmer fra minst 5 kommuner."),
        ],
        ids=["the common rule", "another network", "a majority"],
    )
    def test_all_of_it_is_said_when_the_round_opens(self, standing, said):
        """
        The leader knows whom to call, and is not told of one more after each yes.
        """
        assert needed_line(SHELL, standing, NETWORKS) == said
