"""What a target may be called, and where it may lie."""

from pathlib import Path

import pytest

from samrutine.errors import InvalidRequest
from samrutine.publishing.targets import (
    LONGEST_LOCATION,
    LONGEST_NAME,
    PlaceIsTheLibrarys,
    PrivateTargetName,
    real_place,
    reasons_against_name,
    reasons_against_place,
    target_location,
    target_name,
)

HOME = Path("/srv/rutiner")


class TestNames:
    @pytest.mark.parametrize(
        "name", ["kvalitetssystem", "Årø-mappe_2", "Intranett for helse", "Čáhput", "x", "a" * LONGEST_NAME]
    )
    def test_may_be_what_people_say(self, name):
        """
        It is read aloud in meetings, in Norwegian and Sami.
        """
        assert target_name(name) == name
        assert reasons_against_name(name) == []

    def test_written_in_two_ways_is_one_name(self):
        """
        A Mac writes å as two characters; the target must be found all the same.
        """
        assert target_name("a\u030apen") == "åpen"

    @pytest.mark.parametrize(
        "name",
        [
            "",
            " a",
            "a ",
            "-a",
            "a/b",
            "../a",
            "a\nb",
            "a\x00",
            "a\x1b[31m",
            "a" * (LONGEST_NAME + 1),
            "a@b.no",
            "\ud800",
        ],
    )
    def test_may_not_be_what_could_be_taken_for_something_else(self, name):
        """
        It stands in terminals, logs and mail.
        """
        with pytest.raises(InvalidRequest):
            target_name(name)

    @pytest.mark.parametrize("name", ["412 34 567", "Kari 41234567", "01819000049"])
    def test_may_not_be_somebodys_number(self, name):
        """
        A name stands in every answer about the target, to everybody.
        """
        reasons = reasons_against_name(target_name(name))

        assert reasons == [PrivateTargetName()]


class TestPlaces:
    @pytest.mark.parametrize(
        "location", ["", "mappe", "~/mappe", "/a\x00b", "/a\nb", "/\ud800", "/" + "a" * LONGEST_LOCATION]
    )
    def test_must_be_a_whole_printable_path(self, location):
        """
        Half a path leads somewhere else from every folder one stands in.
        """
        with pytest.raises(InvalidRequest):
            target_location(location)

    @pytest.mark.parametrize("location", ["/srv/k", "/srv/k/", "//srv//k", "/srv/./x/../k"])
    def test_written_in_many_ways_is_one_place(self, location):
        """
        Two targets in one folder would each take the other's files for a stranger's.
        """
        assert target_location(location) == "/srv/k"

    @pytest.mark.parametrize(
        "place",
        [
            "/srv/rutiner",
            "/srv/rutiner/library.git",
            "/srv/rutiner/index/x",
            "/srv",
            "/",
            "/srv/rutiner/publisert",
            "/srv/rutiner/publisert.zip",
        ],
    )
    def test_the_librarys_own_are_refused(self, place):
        """
        Who sets a target must not be able to write into the repository that everybody trusts.
        """
        assert reasons_against_place(Path(place), HOME) == [PlaceIsTheLibrarys("publisert")]

    @pytest.mark.parametrize(
        "place", ["/srv/kvalitet", "/srv/rutiner2", "/mnt/x/y.zip", "/srv/rutiner/publisert/fauske"]
    )
    def test_all_others_will_do(self, place):
        """
        The demo publishes into the home, in the one folder that is for it.
        """
        assert reasons_against_place(Path(place), HOME) == []

    def test_a_link_is_followed_before_it_is_judged(self, tmp_path):
        """
        A link is the plainest way past a rule about paths.
        """
        (tmp_path / "hjem").mkdir()
        (tmp_path / "uskyldig").symlink_to(tmp_path / "hjem")

        place = real_place(str(tmp_path / "uskyldig" / "library.git"))

        assert reasons_against_place(place, real_place(str(tmp_path / "hjem")))
