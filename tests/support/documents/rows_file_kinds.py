"""Plain text in the encodings of others, templates, and files that are no routine by any name."""

from tests.support.documents import odt
from tests.support.documents.pictures import png
from tests.support.documents.spoiling import ole
from tests.support.documents.truth import Truth, case, refused, row
from tests.support.documents.word import Word, packed


def _txt(name, data, *words, **expected):
    return case(name, "rutine.txt", lambda: data, truth=Truth(words=words, tree=False), **expected)


def _office(kind, part):
    return packed(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
            f'PartName="/{part}" ContentType="application/{kind}"/></Types>',
            part: "<x/>",
        }
    )


_MHT = (
    'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n'
    "<p>Ring 113</p>\r\n--x--\r\n"
)
_LONG = "Gi ikke mer enn 5 mg i døgnet til barn under tolv år, og ring lege."


def _as(main):
    document = Word().paragraph("Vask hendene")
    document.main_type = f"application/{main}"
    return document.made()


def rows():
    """Give the rows."""
    return (
        row(
            "text-encodings",
            "Plain text in the encodings of others",
            _txt("of DOS", _LONG.encode("cp850"), warns=(("encoding-guessed",),)),
            _txt("of Mac", _LONG.encode("mac_roman"), warns=(("encoding-guessed",),)),
            _txt("utf-16, small end first, no mark", _LONG.encode("utf-16-le"), refused=("not-text",), either=True),
            _txt("utf-32", _LONG.encode("utf-32"), _LONG),
            _txt("cut in the middle of a letter", _LONG.encode()[:25], warns=(("encoding-guessed",),)),
            _txt(
                "one bad byte among good ones",
                (_LONG + "\n\n").encode() * 20 + b"\xe5 5 mg",
                has=("i døgnet", "å 5 mg"),
                warns=(("encoding-guessed",),),
            ),
        ),
        row(
            "no-routine",
            "Files of other programs: refused, with what to do",
            refused(
                "xlsm",
                "a.docx",
                lambda: _office("vnd.ms-excel.sheet.macroEnabled.main+xml", "xl/workbook.xml"),
                "spreadsheet",
            ),
            refused(
                "xlsb",
                "a.xlsb",
                lambda: _office("vnd.ms-excel.sheet.binary.macroEnabled.main", "xl/workbook.bin"),
                "spreadsheet",
            ),
            refused(
                "pptm",
                "a.docx",
                lambda: _office("vnd.ms-powerpoint.presentation.macroEnabled.main+xml", "ppt/presentation.xml"),
                "slides",
            ),
            refused(
                "visio",
                "a.docx",
                lambda: _office("vnd.ms-visio.drawing.main+xml", "visio/document.xml"),
                "other-document",
            ),
            refused(
                "pages",
                "a.pages",
                lambda: packed({"Index/Document.iwa": b"\0\1", "preview.jpg": b"y"}),
                "other-program",
            ),
            refused(
                "numbers",
                "a.docx",
                lambda: packed({"Index/Tables/DataList.iwa": b"\0\1", "Index/Document.iwa": b"\0"}),
                "other-program",
            ),
            refused("old pages", "a.pages", lambda: packed({"index.xml.gz": b"\x1f\x8b"}), "other-program"),
            refused(
                "epub",
                "a.epub",
                lambda: packed({"mimetype": "application/epub+zip", "META-INF/container.xml": "<x/>"}),
                "other-program",
            ),
            refused(
                "a formula",
                "a.odf",
                lambda: odt.odt("", mime="application/vnd.oasis.opendocument.formula"),
                "other-program",
            ),
            refused(
                "a drawing", "a.odg", lambda: odt.odt("", mime="application/vnd.oasis.opendocument.graphics"), "image"
            ),
            refused("ppt", "a.ppt", lambda: ole("PowerPoint Document"), "slides"),
            refused(
                "one note",
                "a.one",
                lambda: bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + b"\0" * 100,
                "not-text",
                "unknown",
            ),
            refused(
                "flat slides",
                "a.fodp",
                lambda: (
                    '<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:mimetype="application/vnd.oasis.opendocument.presentation"/>'
                ),
                "other-document",
                "slides",
            ),
            refused(
                "flat sheet",
                "a.fods",
                lambda: (
                    '<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:mimetype="application/vnd.oasis.opendocument.spreadsheet"/>'
                ),
                "other-document",
                "spreadsheet",
            ),
            refused(
                "a table of commas is text",
                "a.csv",
                lambda: "Navn;Dose\nA;5\n",
                "spreadsheet",
                truth=Truth(words=("Navn;Dose A;5",), tree=False),
            ),
        ),
        row(
            "locked-and-mailed",
            "Word locked by a password, and pages and mail in one file",
            refused("Word locked", "rutine.docx", lambda: ole("EncryptionInfo", "EncryptedPackage"), "encrypted"),
            refused("an archive of a page", "rutine.mht", lambda: _MHT, "web-archive"),
            refused("called doc", "rutine.doc", lambda: _MHT, "web-archive"),
            refused(
                "with a mark and lines before",
                "rutine.mhtml",
                lambda: "\ufeffFrom: <Lagret av nettleser>\r\nSubject: Rutine\r\n" + _MHT,
                "web-archive",
            ),
            refused(
                "folded lines",
                "rutine.mht",
                lambda: "From: x\r\nSubject: En lang\r\n tittel over to linjer\r\n" + _MHT,
                "web-archive",
            ),
            refused(
                "mail",
                "rutine.eml",
                lambda: "Return-Path: <a@eksempel.no>\r\nSubject: Rutine\r\nMIME-Version: 1.0\r\n\r\nHei",
                "email",
            ),
            refused(
                "mail of old",
                "rutine.eml",
                lambda: (
                    "From: a@eksempel.no\r\nTo: b@eksempel.no\r\nSubject: Rutine\r\nDate: Mon, 1 Jan 2024\r\n\r\nHei"
                ),
                "email",
            ),
        ),
        row(
            "templates",
            "Templates and other endings of what is read",
            *(
                case(name, file, lambda main=main: _as(main), truth=Truth(words=("Vask hendene",)), kind=kind)
                for name, file, main, kind in (
                    (
                        "dotx",
                        "mal.dotx",
                        "vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
                        "docx",
                    ),
                    ("dotm", "mal.dotm", "vnd.ms-word.template.macroEnabledTemplate.main+xml", "docm"),
                    ("docm", "mal.docm", "vnd.ms-word.document.macroEnabled.main+xml", "docm"),
                )
            ),
            *(
                case(
                    name,
                    file,
                    lambda mime=mime: odt.odt(odt.paragraph("Vask hendene"), mime=mime),
                    truth=Truth(words=("Vask hendene",)),
                    kind="odt",
                )
                for name, file, mime in (
                    ("ott", "mal.ott", f"{odt.MIME}-template"),
                    ("odm", "bok.odm", f"{odt.MIME}-master"),
                    ("oth", "side.oth", f"{odt.MIME}-web"),
                )
            ),
            case("a picture called a routine", "rutine.docx", png, refused=("image",)),
            case(
                "words before the archive",
                "rutine.docx",
                lambda: b"rot" + Word().paragraph("Vask").made(),
                refused=("unknown", "not-text", "damaged"),
                either=True,
                kind="docx",
            ),
        ),
    )
