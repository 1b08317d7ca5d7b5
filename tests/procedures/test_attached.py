"""Which files may belong to a routine, by what they are and not by what they are called."""

import zlib

import pytest

from samrutine.procedures.attached import (
    LARGEST_FILE_MIB,
    SUFFIXES,
    FileDiffers,
    FileEndsOtherwise,
    FileHasProgram,
    FileKindUnknown,
    FileNamesAlike,
    FileNamesPersons,
    FileNameUnusable,
    FilesTooLarge,
    FileTooLarge,
    looked_at,
    media_type,
    reasons_against_file,
    reasons_against_files,
    reasons_against_listing,
    with_files,
)
from samrutine.procedures.attached_within import pdf_has_program
from samrutine.procedures.text import read, write
from tests.support import files
from tests.support.texts import NATIONAL_ID, a_routine

MACROS = "ms-word.document.macroEnabled.main"
KINDS = {
    "pdf": files.pdf(),
    "docx": files.office(),
    "xlsx": files.office(files.SHEET),
    "pptx": files.office(files.SLIDES),
    "odt": files.open_document(),
    "ods": files.open_document("spreadsheet"),
    "odp": files.open_document("presentation"),
    "png": files.png(),
    "jpg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "svg": files.SVG,
    "txt": "Blåbær og øl.\n".encode(),
    "csv": b"dag;dose\nmandag;2\n",
}


def a_packed_pdf(objects):
    """Give a PDF with its objects packed in a stream."""
    packed = zlib.compress(objects)
    head = b"%%PDF-1.7\n1 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(
        packed
    )
    return head + packed + b"\nendstream endobj\n%%EOF\n"


def relation(kind, target, mode="External"):
    """Give the part that says what a part of a document leads to."""
    space = "http://schemas.openxmlformats.org"
    return (
        f'<p:Relationships xmlns:p="{space}/package/2006/relationships"><p:Relationship Id="r1" Target="{target}"'
        f' Type="{space}/officeDocument/2006/relationships/{kind}" TargetMode="{mode}"/></p:Relationships>'
    ).encode()


@pytest.mark.parametrize("suffix", KINDS)
def test_a_file_is_what_its_content_says(suffix):
    """
    Names are changed by hand; a form that opens as something else would not open on the ward.
    """
    kind = media_type("fil.csv" if suffix == "csv" else "fil", KINDS[suffix])

    assert SUFFIXES[kind] == suffix
    assert reasons_against_file("fil.csv" if suffix == "csv" else "fil", KINDS[suffix]) == []


@pytest.mark.parametrize(
    "data",
    [
        b"", b"   ", b"MZ\x90\0", b"\0\1\2", b"<html><p>Hei</p></html>", b"<!doctype html>", b"{\\rtf1 Hei}", b"#!/bin/sh\n",
        b"PK\x03\x04og intet mer", files.packed({"a.txt": b"a"}), b"<?xml version='1.0'?><a/>", "Blåbær".encode("latin-1"),
        files.packed({"mimetype": b"application/epub+zip"}), b"<!-- a --><script>x</script>",
        files.packed({"[Content_Types].xml": b"<Types/>"}), b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>",
    ],
)  # fmt: skip
def test_what_is_of_no_kind_that_may_belong_is_refused(data):
    """
    What nobody can open, or everybody should not, is stopped where it comes in.
    """
    assert reasons_against_file("fil.docx", data) == [FileKindUnknown("fil.docx")]


@pytest.mark.parametrize(
    "data",
    [
        files.office(MACROS), files.office(**{"word/vbaProject.bin": b"x"}), files.office(**{"word/activeX/a.xml": b"x"}),
        files.office("vnd.ms-excel.sheet.macroEnabled.main"), files.open_document(**{"Basic/Standard/a.xml": b"x"}),
        files.open_document(**{"Scripts/python/a.py": b"x"}), b"%PDF-1.7\n<< /S /JavaScript /JS (app.alert) >>",
        b"%PDF-1.7\n<< /S /Launch >>", files.SVG.replace(b"<path", b"<script>a</script><path"),
        files.SVG.replace(b"<path", b"<path onload='a()'"), files.SVG.replace(b"<path", b"<image href='https://a.example/b'/><path"),
        files.SVG.replace(b"<path", b"<style>@import 'https://a.example/b'</style><path"),
        files.SVG.replace(b"<path", b"<foreignObject/><path"),
        files.SVG.replace(b"<path", b"<a xlink:href='javascript:a()'/><path"),
    ],
)  # fmt: skip
def test_a_file_with_a_program_in_it_is_refused(data):
    """
    A routine is opened by everybody in nine municipalities.
    """
    assert reasons_against_file("fil", data) == [FileHasProgram("fil")]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../a.pdf",
        "a/b.pdf",
        "a\\b.pdf",
        ".skjult",
        "a.pdf.",
        "a?.pdf",
        "a\nb.pdf",
        "a" * 121,
        "CON",
        "aux.pdf",
        "a\u202efdp.pdf",
        "a\u2028.pdf",
        "Com1.skjema.pdf",
    ],
)
def test_a_name_that_some_machine_cannot_use_is_refused(name):
    """
    The file is saved on nine municipalities' machines under the name that it has.
    """
    assert reasons_against_file(name, files.pdf()) == [FileNameUnusable(name[:80])]


@pytest.mark.parametrize(
    ("name", "data"),
    [("setup.exe", files.png()), ("a.bat", b"del *.*"), ("a.html", b"Hei"), ("skjema.pdf", files.png())],
)
def test_a_name_that_ends_as_another_kind_is_refused(name, data):
    """
    The machine on the ward opens it by its name, and by what it is everybody took it for something else.
    """
    (reason,) = reasons_against_file(name, data)

    assert isinstance(reason, FileEndsOtherwise)
    assert reasons_against_file("Bilde.JPEG", KINDS["jpg"]) == []


def test_names_that_are_one_name_on_some_machines_are_refused():
    """
    Of two files one would be gone where both are fetched.
    """
    given = {"A.pdf": files.pdf(), "a.pdf": files.pdf("b")}

    assert reasons_against_files(given) == [FileNamesAlike("a.pdf")]


@pytest.mark.parametrize(
    "data",
    [
        files.SVG.replace(b"<path", b'<s-v:script xmlns:s-v="http://www.w3.org/2000/svg">a()</s-v:script><path'),
        files.SVG.replace(b"<path", '<ø:script xmlns:ø="http://www.w3.org/2000/svg">a()</ø:script><path'.encode()),
        files.SVG.replace(b"<path", b"<style>a{fill:u\\72l(//a.example/b)}</style><path"),
        files.SVG.replace(b"<path", b"<path style='fill:u\\72 l(//a.example/b)'"),
        files.SVG.replace(b"<path", b"<a href='&#106;avascript:a()'/><path"),
        files.SVG.replace(b"</svg>", b""),
        b'<?xml version="1.0" encoding="iso-8859-1"?>' + files.SVG,
        b"%PDF-1.7\n<< /S /J#61vaScript >>",
        a_packed_pdf(b"<< /S /JavaScript /J#53 (app.alert) >>"),
        b"%PDF-1.7\n<< /JS (app.alert) >>", b"%PDF-1.7\n<</JS<6170>>>", b"%PDF-1.7\n<< /JS\n12 0 R >>", b"%PDF-1.7\n<< /JS %\n(a) >>",
        files.office(**{"word/_rels/settings.xml.rels": relation("attachedTemplate", "http://a.example/x.dotm")}),
        files.office(**{"word/_rels/settings.xml.rels": relation("attachedTemplate", "\\\\a.example\\x.dotm")}),
        files.office(**{"word/_rels/document.xml.rels": relation("oleObject", "embeddings/a.bin", mode="Internal")}),
        files.office(**{"word/_rels/document.xml.rels": relation("subDocument", "http://a.example/x.docx")}),
    ],
)  # fmt: skip
def test_a_program_by_another_name_is_refused_too(data):
    """
    A prefix, an escape or a packed part is all that it takes to look like something else.
    """
    assert reasons_against_file("fil", data) == [FileHasProgram("fil")]


@pytest.mark.parametrize(
    "data",
    [
        a_packed_pdf(b"<< /Type /Page >>"),
        b"%PDF-1.7\n1 0 obj << /Length 9 >> stream\n\x81/JS\x02\xe1\x0a\x9f\nendstream endobj",  # by chance, in a picture
        files.office(**{"word/_rels/settings.xml.rels": relation("attachedTemplate", "file:///C:\\Maler\\brev.dotx")}),
        files.office(**{"word/_rels/document.xml.rels": relation("hyperlink", "https://a.example/")}),
        files.SVG.replace(b"<path", b"<style>a{fill:url(#b)}</style><a href='#b'/><path"),
        files.office(**{"word/document.xml": b"<w:p><w:t>Ring 113, eller 75 00 00 00.</w:t></w:p>"}),
        files.office(files.SHEET, **{"xl/worksheets/sheet1.xml": b"<row><c><v>45000000</v></c><c><v>90000000</v></c></row>"}),
    ],
)  # fmt: skip
def test_what_is_harmless_may_belong(data):
    """
    Nearly every document was made from a template, and most lead somewhere.
    """
    assert reasons_against_file("fil", data) == []


def test_what_cannot_be_looked_through_is_refused():
    """
    A locked PDF may hold anything.
    """
    locked = a_packed_pdf(b"<< /Type /Page >>").replace(b">>\nstream\n", b">>\nstream\nlocked")

    assert reasons_against_file("fil", locked) == [FileKindUnknown("fil")]
    assert pdf_has_program(b"%PDF-1.7\n" + b"obj << /First 1 /Filter /FlateDecode >> stream\n" * 20_000) is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("liste.txt", f"Ola {NATIONAL_ID}".encode()),
        ("liste.csv", b"navn;mobil\nKari;900 00 000\n"),
        ("skjema.docx", files.office(**{"word/document.xml": f"<w:p><w:t>{NATIONAL_ID[:6]}</w:t><w:t>{NATIONAL_ID[6:]}</w:t></w:p>".encode()})),
        ("liste.xlsx", files.office(files.SHEET, **{"xl/worksheets/sheet1.xml": f"<row><c><v>{NATIONAL_ID}</v></c></row>".encode()})),
        ("skjema.odt", files.open_document(**{"content.xml": b"<text:p>Skriv til kari.nordmann@gmail.com</text:p>"})),
        ("kart.svg", files.SVG.replace(b"Veien ut", b"Ring Kari 900 00 000")),
    ],
)  # fmt: skip
def test_words_that_name_persons_are_refused(name, data):
    """
    What no text may hold comes in no easier beside it: it is kept in git for ever, and searched.
    """
    assert reasons_against_file(name, data) == [FileNamesPersons(name)]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("liste.csv", f"navn;mobil\n\nKari;900 00 000\nOla;{NATIONAL_ID}\n".encode(), "privat telefonnummer (linje eller avsnitt 2); fødselsnummer (linje eller avsnitt 3)"),
        ("skjema.docx", files.office(**{"word/footer1.xml": b"<w:p><w:t>kari.nordmann@gmail.com</w:t></w:p>"}), "privat e-postadresse (bunntekst)"),
        ("liste.xlsx", files.office(files.SHEET, **{"xl/worksheets/sheet1.xml": f"<row><c><v>{NATIONAL_ID}</v></c></row>".encode()}), "fødselsnummer (rute i et regneark)"),
    ],
)  # fmt: skip
def test_which_kind_of_thing_it_is_and_where_is_said_and_not_what_it_says(name, data, said):
    """
    Whoever is refused looks through forty pages for something that may be one of three.
    """
    (reason,) = reasons_against_file(name, data)

    told = reason.places_in("nb")

    assert told == {"file": name, "found": said}
    assert NATIONAL_ID not in str(reason.places)


def test_a_large_file_and_many_large_ones_are_refused():
    """
    Everything is kept for ever, in git and in every copy.
    """
    large = files.pdf() + b" " * LARGEST_FILE_MIB * 1024 * 1024
    nearly = files.pdf() + b" " * (LARGEST_FILE_MIB * 1024 * 1024 - len(files.pdf()))

    assert reasons_against_file("a.pdf", large) == [FileTooLarge("a.pdf")]
    assert reasons_against_files({f"{n}.pdf": nearly for n in range(6)}) == [FilesTooLarge()]
    assert reasons_against_files({f"{n}.pdf": nearly for n in range(5)}) == []
    assert reasons_against_files({f"{n}.pdf": files.pdf() for n in range(41)}) == [FilesTooLarge()]


def test_an_archive_that_swells_is_refused():
    """
    Forty kilobytes that become gigabytes stop whoever opens them.
    """
    import io
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", files.CONTENT_TYPES.format(kind=files.WORD))
        archive.writestr("main.xml", b"\0" * 60_000_000)

    assert reasons_against_file("a.docx", made.getvalue()) == [FileKindUnknown("a.docx")]


def test_a_text_lists_the_files_that_it_did_not_list():
    """
    Nobody writes a digest by hand; and what the text lists is what an approval of it covers.
    """
    text = read(a_routine(), "handhygiene")
    given = looked_at({"b.pdf": files.pdf(), "a.png": files.png()})

    listing = with_files(text, given)

    assert [one.name for one in listing.front.attachments] == ["a.png", "b.pdf"]
    assert with_files(listing, given) is listing
    assert read(write(listing), "handhygiene").front.attachments == listing.front.attachments


def test_a_file_that_is_listed_otherwise_is_refused():
    """
    Whoever approves the list must get the very file that it tells of.
    """
    listing = with_files(read(a_routine(), "handhygiene"), looked_at({"a.pdf": files.pdf()})).front

    assert reasons_against_listing(listing, looked_at({"a.pdf": files.pdf()})) == []
    assert reasons_against_listing(listing, looked_at({"a.pdf": files.pdf("Annet")})) == [FileDiffers("a.pdf")]
