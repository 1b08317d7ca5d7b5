"""Many decisions in one block: each is made at its own commit; git and search follow once."""

import threading

import pytest


class TestDecidingTogether:
    def test_each_decision_stands_before_the_block_is_over(self, library, home):
        """
        The answer to each was given: pulling the plug may take none of them back.
        """
        with library.together():
            made = library.add_person("ny", "Navn Navnesen Ny", by="redaktor")
            with home.opened() as other:
                seen = {one.login for one in other.people()}

        assert made.number > 0
        assert "ny" in seen

    def test_git_and_search_follow_once_after_the_block(self, library):
        """
        Two hundred drafts in one import are one run of git, not two hundred.
        """
        with library.together():
            library.add_person("ny", "Navn Navnesen Ny", by="redaktor")
            library.add_person("nyere", "Navn Navnesen Nyere", by="redaktor")
            behind = [one.behind for one in library.status()]

        assert set(behind) == {2}
        assert {one.behind for one in library.status()} == {0}
        assert library.verify().is_clean

    def test_a_block_that_fails_leaves_nothing_behind(self, library):
        """
        What was decided before the mistake is decided, and must be found like anything else.
        """

        def decide_and_fail():
            with library.together():
                library.add_person("ny", "Navn Navnesen Ny", by="redaktor")
                raise LookupError("ny")

        with pytest.raises(LookupError):
            decide_and_fail()

        assert {one.behind for one in library.status()} == {0}

    def test_the_next_decision_projects_at_once_again(self, library):
        """
        The block is over for whoever comes after it.
        """
        with library.together():
            pass

        library.add_person("ny", "Navn Navnesen Ny", by="redaktor")

        assert {one.behind for one in library.status()} == {0}

    def test_blocks_in_two_threads_leave_everything_following_afterwards(self, library):
        """
        A server is one library and many threads: whichever block ends first, the next decision is in git at once.
        """
        first, second = library.together(), library.together()
        in_turn = [threading.Barrier(2) for _ in range(2)]

        def one_after_the_other():
            with second:
                in_turn[0].wait(10)
                in_turn[1].wait(10)

        other = threading.Thread(target=one_after_the_other)
        with first:
            other.start()
            in_turn[0].wait(10)
        in_turn[1].wait(10)
        other.join()

        library.add_person("ny", "Navn Navnesen Ny", by="redaktor")

        assert {one.behind for one in library.status()} == {0}

    def test_a_block_within_a_block_is_a_part_of_it(self, library):
        """
        An import that others use within a larger one must not set git to work for each.
        """
        with library.together():
            with library.together():
                library.add_person("ny", "Navn Navnesen Ny", by="redaktor")
            behind = {one.behind for one in library.status()}
        library.add_person("nyere", "Navn Navnesen Nyere", by="redaktor")

        assert behind == {1}
        assert {one.behind for one in library.status()} == {0}
