"""Files that belong to a routine, and what goes to the archive, from the shell."""

from tests.support import files
from tests.support.stories import agree_until_enough
from tests.support.texts import a_routine


class TestAttachments:
    def test_a_file_goes_in_with_its_text_and_comes_out_again(self, at, home, tmp_path):
        """
        Whoever has a form and a text types one line, and never a digest.
        """
        text, form = tmp_path / "tekst.md", tmp_path / "Skjema.svg"
        text.write_bytes(a_routine())
        form.write_bytes(files.SVG)
        made = at(home, "propose", text, "--attach", form, "--json", by="skribent").answer
        with home.opened() as library:
            library.send(made["proposal"], digest=made["digest"], by="leder", unheard="Haster.")
            agree_until_enough(
                library, library.propose(text.read_bytes(), by="skribent", attachments={"Skjema.svg": files.SVG})
            )

        ran = at(home, "attachment", "handhygiene", "Skjema.svg", "-o", tmp_path / "ut.svg")
        again = at(home, "attachment", "handhygiene", "Skjema.svg", "-o", text)

        assert (ran.code, (tmp_path / "ut.svg").read_bytes()) == (0, files.SVG)
        assert "«Skjema.svg» fra handhygiene 1.0" in ran.text
        assert again.code != 0
        assert text.read_bytes() == a_routine()

    def test_macros_are_refused_with_what_to_do(self, at, home, tmp_path):
        """
        «Ugyldig fil» leaves a secretary with nothing to do.
        """
        text, form = tmp_path / "tekst.md", tmp_path / "Skjema.docx"
        text.write_bytes(a_routine())
        form.write_bytes(files.office(**{"word/vbaProject.bin": b"x"}))

        ran = at(home, "propose", text, "--attach", form, by="skribent")

        assert ran.code != 0
        assert "Lagre det uten makroer" in " ".join(ran.err.split())


class TestTheArchive:
    def test_a_message_and_a_record_are_written_where_it_was_said(self, at, home_with_routine, tmp_path):
        """
        The leader does both between two meetings, and reads what to do with them.
        """
        home = home_with_routine
        assert at(home, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske").code == 0

        message = at(home, "archive", "message", "Fauske", tmp_path / "arkiv", by="beslutter.fauske")
        record = at(home, "archive", "exit", "Fauske", tmp_path / "alt", "--json", by="ansvarlig.fauske")
        twice = at(home, "archive", "message", "Fauske", tmp_path / "arkiv", by="beslutter.fauske")

        assert (message.code, record.code) == (0, 0)
        assert "Beslutninger: 1. Filer: 3." in message.text
        assert record.answer["versions"] == 1
        assert (tmp_path / "alt" / "index.html").is_file()
        assert twice.code == 2
        assert "en tom mappe" in twice.err
