"""What a file is, by its content: its name may say anything, and nothing is unpacked before it was looked at."""

import io
import zipfile

import pytest

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.archive import Archive
from samrutine.exchange.incoming.kinds import decoded, kind_of, named_otherwise
from samrutine.exchange.incoming.model import REFUSALS, FileKind, Limits, NotRead

_LIMITS = Limits()


def zipped(*members):
    """Make an archive of (name, content)."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return held.getvalue()


def types(part):
    """Make the list of contents of an Office file."""
    return ("[Content_Types].xml", f'<Types><Override ContentType="application/{part}"/></Types>')


def why(data, limits=_LIMITS):
    """Give the reason why something is refused."""
    with pytest.raises(DocumentRefused) as raised:
        kind_of(data, "rutine.docx", limits)
    return raised.value.why


class TestKinds:
    @pytest.mark.parametrize(
        ("data", "kind"),
        [
            (zipped(types("vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml")), FileKind.DOCX),
            (zipped(types("vnd.ms-word.document.macroEnabled.main+xml")), FileKind.DOCM),
            (zipped(("mimetype", "application/vnd.oasis.opendocument.text")), FileKind.ODT),
            (b"{\\rtf1 Hei}", FileKind.RTF),
            (b"\xef\xbb\xbf<!DOCTYPE html><p>Hei</p>", FileKind.HTML),
            (b"# Fall\n\nHei", FileKind.MARKDOWN),
            ("Håndhygiene".encode("cp1252"), FileKind.TEXT),
            ("Håndhygiene".encode("utf-16"), FileKind.TEXT),
            (b"%PDF-1.7 ...", FileKind.PDF),
        ],
        ids=lambda one: str(one) if isinstance(one, FileKind) else "",
    )
    def test_the_content_decides(self, data, kind):
        """
        A colleague renamed it; it is what it is.
        """
        assert kind_of(data, "rutine.xyz", _LIMITS) is kind

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "empty"),
            (b"\xef\xbb\xbf \n", "empty"),
            (b"\x89PNG\r\n\x1a\n\x00\x00", "image"),
            (b"MZ\x90\x00\x03\x00", "program"),
            (b"7z\xbc\xaf'\x1c\x00", "archive"),
            (zipped(types("vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml")), "spreadsheet"),
            (zipped(types("vnd.openxmlformats-officedocument.presentationml.presentation.main+xml")), "slides"),
            (zipped(("a.txt", "hei")), "archive"),
            (zipped(("word/document.xml", "<x/>")), "damaged"),
            (zipped(("a.txt", "hei"))[:30], "damaged"),
            (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
            (b"a\x00b\x01c\x02d", "not-text"),
        ],
        ids=lambda one: one if isinstance(one, str) else "",
    )
    def test_what_we_do_not_read_is_called_by_its_name(self, data, reason):
        """
        "Cannot be read" helps nobody; "is a spreadsheet" does.
        """
        assert why(data) == reason

    def test_a_name_that_says_something_else_is_noticed(self):
        """
        It may be a mistake worth a look, and is no reason to refuse.
        """
        assert named_otherwise(FileKind.HTML, "rutine.doc") is True
        assert named_otherwise(FileKind.TEXT, "LES MEG.md") is False
        assert named_otherwise(FileKind.PDF, "uten ending") is False

    def test_letters_of_old_files_are_guessed_and_it_is_said(self):
        """
        Å from 1998 is one byte.
        """
        assert decoded("ærlig talt".encode("cp1252")) == ("ærlig talt", True)
        assert decoded("ærlig talt".encode()) == ("ærlig talt", False)

    @pytest.mark.parametrize("reason", REFUSALS)
    @pytest.mark.parametrize("language", ["nb", "en"])
    def test_each_refusal_names_the_file_and_a_way_out(self, reason, language):
        """
        Who sent forty files must know which, and what to do with it.
        """
        error = DocumentRefused(NotRead(reason, "rutine-7.docx"))

        assert "rutine-7.docx" in error.fact(language)
        assert len(error.remedy(language)) > 10


class TestArchives:
    @pytest.mark.parametrize("name", ["../ute.xml", "/etc/passwd", "word\\..\\..\\x", "C:/x"])
    def test_a_name_that_leads_out_is_refused(self, name):
        """
        Such a name is never an accident.
        """
        assert why(zipped((name, "x"))) == "archive-path"

    def test_a_member_far_smaller_than_what_it_holds_is_refused(self):
        """
        A small file that becomes a large one fills the disk of nine municipalities.
        """
        assert why(zipped(("stor.xml", b"0" * 3_000_000))) == "archive-too-large"

    def test_more_than_may_be_unpacked_together_is_refused(self):
        """
        Many members that are large enough each are one bomb together.
        """
        many = zipped(*[(f"{n}.bin", bytes(range(256)) * 2_000) for n in range(5)])

        assert why(many, Limits(unpacked_mib=1, ratio=100_000)) == "archive-too-large"

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_two_members_of_one_name_are_refused(self):
        """
        One reader takes the first and another the last: what was looked at would not be what is read.
        """
        assert why(zipped(("a.xml", "1"), ("a.xml", "2"))) == "archive-duplicate"

    def test_a_member_that_holds_more_than_it_says_is_not_read_on(self):
        """
        The list of an archive is written by whoever made it.
        """
        archive = Archive(zipped(("a.bin", bytes(range(256)) * 8_000)), "a.docx", Limits(unpacked_mib=3))

        archive.read("a.bin")
        with pytest.raises(DocumentRefused) as raised:
            archive.read("a.bin")

        assert raised.value.why == "archive-too-large"
