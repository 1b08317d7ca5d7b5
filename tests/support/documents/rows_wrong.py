"""What can be wrong with a file by accident: each is refused with its reason, or read with a warning."""

from tests.support.documents import odt
from tests.support.documents.content import HYGIENE, truth_of
from tests.support.documents.odt import as_odt
from tests.support.documents.pictures import gif, jpeg, png
from tests.support.documents.rich import as_rtf
from tests.support.documents.spoiling import DAMAGED, changed, ole, spoiled, whole, without
from tests.support.documents.truth import Case, Truth, case, refused, row
from tests.support.documents.web import as_html, as_text, page
from tests.support.documents.word import Word, packed
from tests.support.documents.word_parts import content_types

_WHOLE = truth_of(HYGIENE)
_HYGIENE = (_WHOLE.title, *_WHOLE.words)


def _office(kind):
    types = {
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    }
    return packed({"[Content_Types].xml": content_types(types[kind]), "xl/workbook.xml": "<x/>"})


def _told(name, file, make, words, **expected) -> Case:
    """Give a case that must be read, with what it warns of."""
    return case(name, file, make, truth=Truth(words=tuple(words), tree=False), **expected)


def _turned():
    data = bytearray(whole().made())
    at = data.index(b"word/document.xml") + 200
    data[at] ^= 0xFF
    return bytes(data)


def _renamed():
    members = whole().parts()
    members["_rels/.rels"] = members["_rels/.rels"].replace("word/document.xml", "word/document2.xml")
    members["[Content_Types].xml"] = members["[Content_Types].xml"].replace("/word/document.xml", "/word/document2.xml")
    members["word/document2.xml"] = members.pop("word/document.xml")
    members["word/_rels/document2.xml.rels"] = members.pop("word/_rels/document.xml.rels")
    return packed(members)


def _notes_twice():
    w = Word()
    w.paragraph("Ved fare", w.note("Note en"), " ring", w.note("Note to"))
    members = w.parts()
    members["word/footnotes.xml"] = members["word/footnotes.xml"].replace('w:id="2"', 'w:id="1"')
    return packed(members)


def _styles_twice(xml):
    again = '<w:style w:type="paragraph" w:styleId="Overskrift1"><w:name w:val="heading 1"/></w:style>'
    return xml.replace("</w:styles>", f"{again}</w:styles>")


def _pictures_twice():
    w = Word().paragraph("Se:").picture("En").picture("To")
    members = w.parts()
    members["word/document.xml"] = members["word/document.xml"].replace('<wp:docPr id="2"', '<wp:docPr id="1"')
    return packed(members)


def _other_prefix():
    def change(xml):
        for old, new in (("<w:", "<ord:"), ("</w:", "</ord:"), (" w:", " ord:"), ("xmlns:w=", "xmlns:ord=")):
            xml = xml.replace(old, new)
        return xml

    return spoiled(changed("word/document.xml", change))()


def rows():
    """Give the rows."""
    return (
        row(
            "empty",
            "A file without anything in it",
            refused("no bytes", "rutine.docx", lambda: b"", "empty"),
            refused("white space", "rutine.txt", lambda: b" \n\t\r\n " * 50, "empty"),
            refused("only a byte order mark", "rutine.txt", lambda: b"\xef\xbb\xbf", "empty"),
            refused("no text in Word", "rutine.docx", lambda: Word().made(), "empty", warns=(("no-text",),)),
            refused("no text in HTML", "rutine.html", lambda: page(""), "empty", warns=(("no-text",),)),
        ),
        row(
            "cut-off",
            "A file that did not come through whole",
            refused("Word, half", "rutine.docx", lambda: whole().made()[: len(whole().made()) // 2], *DAMAGED),
            refused("Word, last bytes", "rutine.docx", lambda: whole().made()[:-30], *DAMAGED),
            refused("Word, a byte turned", "rutine.docx", _turned, *DAMAGED),
            refused("ODT, half", "rutine.odt", lambda: as_odt(HYGIENE)[: len(as_odt(HYGIENE)) // 2], *DAMAGED),
            refused(
                "XML, half",
                "rutine.docx",
                spoiled(changed("word/document.xml", lambda xml: xml[: len(xml) // 2])),
                *DAMAGED,
            ),
        ),
        row(
            "other-name",
            "A name that says something else than the content: the content counts, and it is said",
            _told(
                "Word as doc",
                "rutine.doc",
                lambda: whole().made(),
                _HYGIENE,
                kind="docx",
                warns=(("name-and-content-differ",),),
            ),
            _told(
                "RTF as doc",
                "rutine.doc",
                lambda: as_rtf(HYGIENE),
                _HYGIENE,
                kind="rtf",
                warns=(("name-and-content-differ",),),
            ),
            _told(
                "HTML as doc",
                "rutine.doc",
                lambda: as_html(HYGIENE),
                _HYGIENE,
                kind="html",
                warns=(("name-and-content-differ",),),
            ),
            _told(
                "ODT as docx",
                "rutine.docx",
                lambda: as_odt(HYGIENE),
                _HYGIENE,
                kind="odt",
                warns=(("name-and-content-differ",),),
            ),
            _told(
                "text as docx", "rutine.docx", lambda: as_text(HYGIENE), _HYGIENE, warns=(("name-and-content-differ",),)
            ),
            _told("no ending", "rutine", lambda: whole().made(), _HYGIENE, kind="docx"),
        ),
        row(
            "other-office",
            "Spreadsheets and slides are not routines",
            refused("xlsx", "tabell.xlsx", lambda: _office("xlsx"), "spreadsheet"),
            refused("pptx as docx", "rutine.docx", lambda: _office("pptx"), "slides"),
            refused(
                "ods",
                "tabell.odt",
                lambda: odt.odt("", mime="application/vnd.oasis.opendocument.spreadsheet"),
                "spreadsheet",
            ),
            refused(
                "odp",
                "lysark.odt",
                lambda: odt.odt("", mime="application/vnd.oasis.opendocument.presentation"),
                "slides",
            ),
            refused("xls", "tabell.doc", lambda: ole("Workbook"), "spreadsheet"),
        ),
        row(
            "pictures-as-documents",
            "A picture called a document",
            refused("png", "rutine.docx", png, "image"),
            refused("jpeg", "rutine.pdf", jpeg, "image"),
            refused("gif", "rutine.doc", gif, "image"),
        ),
        row(
            "programs-and-archives",
            "Programs and archives",
            refused("Windows", "rutine.docx", lambda: b"MZ\x90\0\x03\0\0\0" + b"\0" * 200, "program"),
            refused("Linux", "rutine.txt", lambda: b"\x7fELF\x02\x01\x01" + b"\0" * 200, "program", "not-text"),
            refused("zip of files", "rutiner.zip", lambda: packed({"a.txt": "A", "b.txt": "B"}), "archive"),
            refused("7z", "rutiner.docx", lambda: b"7z\xbc\xaf'\x1c" + b"\0" * 100, "archive"),
            refused("gzip", "rutine.docx", lambda: b"\x1f\x8b\x08\0" + b"\0" * 100, "archive"),
        ),
        row(
            "old-and-other-words",
            "Old Word, mail and Word's other forms: refused with what to do, or read by LibreOffice",
            refused(
                "doc",
                "rutine.doc",
                lambda: ole("WordDocument", "1Table"),
                "needs-libreoffice",
                "unreadable",
                "damaged",
            ),
            refused(
                "mail", "rutine.doc", lambda: "From: x\nMIME-Version: 1.0\nContent-Type: text/plain\n\nHei", "email"
            ),
            refused(
                "web archive",
                "rutine.mht",
                lambda: "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n",
                "web-archive",
            ),
            refused(
                "Word as one XML",
                "rutine.xml",
                lambda: '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w/>',
                "word-xml",
            ),
            refused("outlook", "rutine.msg", lambda: ole("__properties_version1.0"), "email"),
        ),
        row(
            "parts-missing",
            "A Word file without some of its parts",
            refused(
                "no document",
                "rutine.docx",
                spoiled(without("word/document.xml")),
                *DAMAGED,
                "part-missing",
                "empty",
                "other-document",
            ),
            _told("no styles", "rutine.docx", spoiled(without("word/styles.xml")), _HYGIENE, kind="docx"),
            _told("no numbering", "rutine.docx", spoiled(without("word/numbering.xml")), _HYGIENE, kind="docx"),
            _told(
                "no notes and comments",
                "rutine.docx",
                spoiled(without("word/footnotes.xml", "word/comments.xml", "word/settings.xml")),
                _HYGIENE,
            ),
            refused("no content types", "rutine.docx", spoiled(without("[Content_Types].xml")), "archive", *DAMAGED),
        ),
        row(
            "relations-wrong",
            "Relations that lead to nothing or to the wrong part",
            case(
                "none of the document",
                "rutine.docx",
                spoiled(without("word/_rels/document.xml.rels")),
                has=("Vask hendene i 30 sekunder.",),
            ),
            case(
                "to nothing",
                "rutine.docx",
                spoiled(
                    changed("word/_rels/document.xml.rels", lambda xml: xml.replace("numbering.xml", "finnes-ikke.xml"))
                ),
                has=("Vask hendene i 30 sekunder.",),
            ),
            case(
                "to another part",
                "rutine.docx",
                spoiled(
                    changed(
                        "word/_rels/document.xml.rels",
                        lambda xml: xml.replace('Target="footnotes.xml"', 'Target="styles.xml"'),
                    )
                ),
                has=("Vask hendene i 30 sekunder.",),
            ),
            case("document by another name", "rutine.docx", _renamed, has=("Vask hendene i 30 sekunder.",)),
        ),
        row(
            "keys-twice",
            "Keys that stand twice: of notes, of pictures, of styles",
            case("notes", "rutine.docx", _notes_twice, has=("Ved fare",)),
            case(
                "styles",
                "rutine.docx",
                spoiled(changed("word/styles.xml", _styles_twice)),
                has=("Vask hendene i 30 sekunder.",),
            ),
            case("pictures", "rutine.docx", _pictures_twice, has=("Se:",)),
        ),
        row(
            "xml-odd",
            "XML that is written otherwise and is right",
            case(
                "utf-16",
                "rutine.docx",
                spoiled(
                    changed(
                        "word/document.xml",
                        lambda xml: xml.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
                    )
                ),
                has=("Vask hendene i 30 sekunder.",),
            ),
            case("other prefixes", "rutine.docx", _other_prefix, has=("Vask hendene i 30 sekunder.",)),
            case(
                "comments and instructions",
                "rutine.docx",
                spoiled(
                    changed("word/document.xml", lambda xml: xml.replace("<w:body>", "<w:body><!-- Skjult --><?x y?>"))
                ),
                has=("Vask hendene i 30 sekunder.",),
                lacks=("Skjult",),
            ),
            refused(
                "an entity nobody defined",
                "rutine.docx",
                spoiled(changed("word/document.xml", lambda xml: xml.replace("Vask", "&nbsp;Vask"))),
                *DAMAGED,
            ),
        ),
    )
