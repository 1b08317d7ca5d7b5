"""What is exempt from public access is not put where nobody knows who reads."""

from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine


class TestPublishing:
    def test_leaves_out_what_is_exempt_and_says_so(self, library_with_routine, tmp_path):
        """
        A folder on a server is read by whoever can open it. The municipality sees in the preview what is missing.
        """
        library = library_with_routine
        approve_with_everyone(library, a_routine("nokkelskap", title="Nøkkelskap", access="exempt"))
        for procedure in ("handhygiene", "nokkelskap"):
            library.adopt(procedure, "Fauske", by="beslutter.fauske")
        place = tmp_path / "mål"
        place.mkdir()
        library.set_target("Fauske", "mappe", "folder", place, by="ansvarlig.fauske")

        preview = library.preview("Fauske", by="ansvarlig.fauske")
        library.publish("Fauske", by="ansvarlig.fauske")

        assert [one.left_out for one in preview] == [("nokkelskap",)]
        files = [path for path in place.rglob("*") if path.is_file()]
        assert any("handhygiene" in path.name for path in files)
        assert not any("kkelskap" in path.name for path in files)
        assert not any("Nøkkelskap".encode() in path.read_bytes() for path in files)

    def test_leaves_out_what_was_laid_over_an_exempt_version(self, any_library_with_routine, tmp_path):
        """
        The paper of the open version goes to everybody; the note and the number were written beside the exempt one.
        """
        library = any_library_with_routine
        opened = {"significance": "major", "meaning": "En.", "by": "redaktor"}
        change_with_everyone(library, a_routine(optional=("vakttelefon",)), **opened)
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        change_with_everyone(library, a_routine(optional=("vakttelefon",), access="exempt"), **opened)
        library.set_local_information("handhygiene", "Fauske", {"vakttelefon": "75 60 00 01"}, by="ansvarlig.fauske")
        library.add_addition(
            "handhygiene", "Fauske", "", "practical-note", "Koden henger bak døra.", by="ansvarlig.fauske"
        )
        change_with_everyone(library, a_routine(optional=("vakttelefon",), extra="Åpen."), **opened)
        place = tmp_path / "mål"
        place.mkdir()
        library.set_target("Fauske", "mappe", "folder", place, by="ansvarlig.fauske")

        published = library.publish("Fauske", by="ansvarlig.fauske")

        assert published.require_all().targets[0].left_out == ()
        paper = (place / "handhygiene.md").read_text(encoding="utf-8")
        assert "bak døra" not in paper
        assert "75 60 00 01" not in paper.replace("\N{NO-BREAK SPACE}", " ")
        assert "bak døra" in repr(library.document("handhygiene", "Fauske", reader="ansvarlig.fauske"))

    def test_takes_away_what_became_exempt(self, library_with_routine, tmp_path):
        """
        From the day it is exempt it must not be found where anybody may look.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        place = tmp_path / "mål"
        place.mkdir()
        library.set_target("Fauske", "mappe", "folder", place, by="ansvarlig.fauske")
        library.publish("Fauske", by="ansvarlig.fauske")

        change_with_everyone(library, a_routine(access="exempt"))
        library.publish("Fauske", by="ansvarlig.fauske")

        assert not any("handhygiene" in path.name for path in place.rglob("*") if path.is_file())
