"""What a PDF says of itself, and how typst's file becomes ours."""

import io

import pikepdf
import pytest

from samrutine.adoptions.effective import DocumentStatus, effective_digest
from samrutine.exchange import html, pdf, word, xmp
from samrutine.exchange.page import page
from samrutine.networks.model import Municipality, MunicipalityNumber
from samrutine.procedures.model import Language
from tests.support.pdfs import require_sound, said_by
from tests.support.word_files import parts_of


class TestWhatAnArchiveReads:
    def test_is_dublin_core_and_our_own(self, a_document):
        """An archive reads no pages: it asks the file what it is, whose, and which version."""
        document = a_document(front={"subjects": ("smittevern", "barn")})

        said = said_by(pdf.render(document))

        assert said["dc:title"] == "Tuberkuloseprogram"
        assert said["dc:identifier"] == said["id"] == "tuberkuloseprogram"
        assert said["dc:creator"] == ["Fagnettverk for smittevern"]
        assert said["dc:publisher"] == {"Prøvevik kommune"}
        assert said["dc:subject"] == {"smittevern", "barn"}
        assert said["dc:type"] == {"Plan"}
        assert (said["version"], said["version_digest"]) == ("2.1", document.header.version_digest)
        assert said["effective_digest"] == effective_digest(document)
        assert said["municipality_number"] == "9999"

    def test_says_nothing_of_what_is_not_so(self, a_document):
        """A shared text has no municipality, and a draft no version: an empty word would be taken for an answer."""
        said = said_by(pdf.render(a_document(header={"municipality": None, "version": None, "approved_by": None})))

        assert not {"dc:publisher", "dc:subject", "dc:creator", "municipality", "version"} & set(said)

    def test_is_only_ever_text(self, a_document):
        """Markup in a title would end the packet, and the file would no longer say what it is."""
        title = "A & B </rdf:RDF> <x> ]]> « » \ud800 \x07"

        said = said_by(pdf.render(a_document(header={"title": title}, front={"title": title})))

        assert said["title"] == "A & B </rdf:RDF> <x> ]]> « » \ufffd \ufffd"

    def test_names_the_same_things_as_word(self, a_document):
        """One quality system reads both."""
        document = a_document()

        named = {name.partition(".")[2] for name, _ in xmp.facts(document, page(document)).named()}

        assert named <= set(said_by(pdf.render(document)))

    def test_stands_in_one_revision(self, a_document):
        """A second revision looks as if somebody had changed the file afterwards."""
        data = pdf.render(a_document())

        assert data.count(b"%%EOF") == data.count(b"startxref") == 1
        assert data == pdf.render(a_document())

    def test_is_not_put_into_another_program_s_file(self):
        """It would be a file that no reader opens."""
        with pytest.raises(ValueError, match="PDF"):
            xmp.with_metadata(b"%PDF-1.7\n<?xpacket begin", xmp.About("x", "Plan"))


class TestWhatEveryTestHolds:
    @pytest.mark.parametrize(
        ("spoil", "reason"),
        [
            (lambda document: document.Root.__delitem__("/Lang"), "no language"),
            (lambda document: document.Root.__delitem__("/OutputIntents"), "no output intent"),
            (lambda document: document.Root.__delitem__("/StructTreeRoot"), "untagged"),
            (lambda document: [one.__delitem__("/A") for one in _of(document, "/S", "/TH")], "heads nothing"),
            (lambda document: [one.__delitem__("/Alt") for one in _of(document, "/S", "/Figure")], "without words"),
            (lambda document: [one.__delitem__("/FontFile3") for one in _fonts(document)], "outside the file"),
        ],
        ids=["language", "intent", "tags", "scope", "pictures", "fonts"],
    )  # fmt: skip
    def test_can_go_red(self, a_document, tmp_path, spoil, reason):
        """A check that never fails finds nothing."""
        (tmp_path / "a.pdf").write_bytes(pdf.render(a_document()))
        with pikepdf.open(tmp_path / "a.pdf") as document:
            spoil(document)
            document.save(tmp_path / "b.pdf")

        with pytest.raises(AssertionError, match=reason):
            require_sound((tmp_path / "b.pdf").read_bytes())


def _of(document, key, value):
    return [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get(key) == value]


def _fonts(document):
    return [one for one in _of(document, "/Type", "/FontDescriptor") if "/FontFile3" in one]


class TestTheWordAcross:
    @pytest.mark.parametrize(
        ("header", "mark"),
        [
            ({}, None),
            ({"status": DocumentStatus.APPROVED}, None),
            ({"status": DocumentStatus.APPROVED, "withdrawn": True}, "UTGÅTT"),
            ({"status": DocumentStatus.IN_FORCE, "withdrawn": True}, None),
            ({"status": DocumentStatus.ENDED}, "UTGÅTT"),
            ({"status": DocumentStatus.DRAFT}, "UTKAST"),
            ({"status": DocumentStatus.ENDED, "demo": True}, "DEMO"),
        ],
        ids=["in force", "not yet in use", "withdrawn unused", "withdrawn in use", "ended", "draft", "demo"],
    )
    def test_follows_from_where_the_document_stands(self, a_document, header, mark):
        """What somebody uses until the municipality decides otherwise is not yet utgått, whatever the network says."""
        document = a_document(header=header)

        assert page(document).mark == mark
        assert page(document, copy=True).mark == (mark or "KOPI")

    def test_is_kopi_in_every_format_that_has_pages(self, a_document):
        """The one who gets a copy by hand sees that it is one, in whichever program."""
        document = a_document()

        assert 'string="KOPI"' in words_in_head(word.render(document, copy=True))
        assert '<div class="mark" aria-hidden="true">KOPI</div>' in html.render(document, copy=True).decode()
        assert said_by(pdf.render(document, copy=True))["effective_digest"] == effective_digest(document)

    def test_is_in_the_language_of_the_words_around(self, a_document):
        """A reader of English sees English."""
        assert page(a_document(language=Language.EN), copy=True).mark == "COPY"


def words_in_head(data):
    return parts_of(data)["word/header1.xml"].decode()


class TestWhoseItIs:
    def test_stands_at_the_top(self, a_document):
        """Nine municipalities have the same text; whose paper it is must be seen from the door."""
        assert page(a_document()).owner == "Prøvevik kommune"
        assert page(a_document(header={"municipality": None})).owner is None

    def test_has_the_municipality_s_own_colour_as_a_line_alone(self, a_document):
        """A line says nothing that must be read, so no colour is too pale for it."""
        red = Municipality(MunicipalityNumber("9999"), "Prøvevik", "provevik", colour="#c8102e")

        document = pikepdf.open(io.BytesIO(pdf.render(a_document(header={"municipality": red}))))
        drawn = [
            tuple(round(float(one) * 255) for one in operands)
            for operands, operator in pikepdf.parse_content_stream(document.pages[0]) if str(operator) in {"SCN", "scn"}
            if len(operands) == 3
        ]  # fmt: skip

        assert (0xC8, 0x10, 0x2E) in drawn
