"""Files made to do harm, or that would by their size alone: refused with a reason, or read without harm."""

import io
import zipfile
import zlib

from tests.support.documents import odt
from tests.support.documents.rich import rtf
from tests.support.documents.rows_word_text import word
from tests.support.documents.spoiling import DAMAGED, changed, ole, spoiled, whole
from tests.support.documents.truth import Truth, case, refused, row
from tests.support.documents.web import page
from tests.support.documents.word import DAY, Word, packed, run

LARGE = ("archive-too-large", "too-large", "took-too-much", "took-too-long")
DEEP = ("too-deep", "unreadable", "damaged", "took-too-long", "took-too-much")
_BILLION = (
    '<!DOCTYPE w [<!ENTITY a "haha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
_OUTSIDE = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


def _bomb(size=3):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in whole().parts().items():
            archive.writestr(zipfile.ZipInfo(name, DAY), data, zipfile.ZIP_DEFLATED)
        large = zipfile.ZipInfo("word/media/image9.png", DAY)
        large.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(large, "w") as member:
            for _ in range(size):
                member.write(b"\0" * 1024 * 1024)
    return out.getvalue()


def _lying_bomb():
    # The list says that the member is small; what is packed in it is large.
    data = whole().made()
    start = data.index(b"word/document.xml") - 30
    packed_size = int.from_bytes(data[start + 18 : start + 22], "little")
    more = zlib.compressobj(9, zlib.DEFLATED, -15)
    large = more.compress(b" " * 10_000_000) + more.flush()
    name_end = start + 30 + len("word/document.xml")
    return data[:name_end] + large + data[name_end + packed_size :]


def _twice():
    out = io.BytesIO()
    members = whole().parts()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, DAY), data)
        archive.writestr(zipfile.ZipInfo("WORD/document.xml", DAY), members["word/document.xml"])
    return out.getvalue()


def _locked_zip():
    data = bytearray(whole().made())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def _relation(kind, target):
    def build(w: Word):
        w.relation(kind, target, outside=True)
        return w.heading(1, "Formål").paragraph("Hindre fall.")

    return build


def _linked_picture(w: Word):
    xml = w.drawing("Spor").xml.replace("r:embed=", "r:link=")
    w.members.clear()
    w._relations.pop()
    w.relation("image", "http://provevik.example/spor.png", outside=True)  # gets the key that the picture had
    return w.paragraph("Se:").raw(f"<w:p>{xml}</w:p>")


def _deep_tables(depth):
    def make():
        w = Word()
        xml = f"<w:p>{run('Innerst')}</w:p>"
        for _ in range(depth):
            xml = w.table_xml(f"<w:tr>{w.cell_xml(blocks=xml + '<w:p/>')}</w:tr>", columns=1)
        return w.raw(xml).made()

    return make


def _deep_xml():
    w = Word()
    return w.raw(f"<w:p>{'<w:smartTag>' * 5000}{run('Innerst')}{'</w:smartTag>' * 5000}</w:p>").made()


def _locked_odt():
    manifest = odt.parts("")["META-INF/manifest.xml"].replace(
        "</manifest:manifest>", "<manifest:encryption-data/></manifest:manifest>"
    )
    return odt.odt(odt.paragraph("x"), more={"META-INF/manifest.xml": manifest})


def _exactly_twice(name="word/document.xml"):
    # The library warns of a name written twice, so it is written under another and renamed in the bytes.
    members = whole().parts()
    other = "~" * len(name)
    return packed({**members, other: members[name]}, stored=True).replace(other.encode(), name.encode())


def _many():
    w = Word()
    for n in range(3000):
        w._blocks.append(f"<w:p>{run(f'Avsnitt nummer {n}.')}</w:p>")
    return w.made()


def rows():
    """Give the rows."""
    return (
        row(
            "bomb",
            "A small file that would unpack to a huge one",
            refused("a large member", "rutine.docx", _bomb, *LARGE),
            refused("a huge member", "rutine.docx", lambda: _bomb(300), *LARGE, slow=True),
            refused("a member larger than it says", "rutine.docx", _lying_bomb, *LARGE, *DAMAGED),
            refused(
                "very many members",
                "rutine.docx",
                spoiled(lambda m: {**m, **{f"word/x{n}.xml": "<x/>" for n in range(5000)}}),
                *LARGE,
            ),
            refused(
                "words that double",
                "rutine.docx",
                spoiled(
                    changed(
                        "word/document.xml",
                        lambda xml: xml.replace("<w:document", _BILLION + "<w:document", 1).replace("Vask", "&i;"),
                    )
                ),
                "dtd",
                *DAMAGED,
            ),
        ),
        row(
            "out-of-the-folder",
            "Names in an archive that lead out of its own folder",
            refused("up", "rutine.docx", spoiled(changed("../../ut.txt", "x")), "archive-path"),
            refused("from the root", "rutine.docx", spoiled(changed("/etc/ut.txt", "x")), "archive-path"),
            refused("of Windows", "rutine.docx", spoiled(changed("..\\..\\ut.txt", "x")), "archive-path"),
            refused("a drive", "rutine.docx", spoiled(changed("C:\\ut.txt", "x")), "archive-path"),
        ),
        row(
            "outside-relations",
            "What lies outside the file is never fetched, and is named",
            word(
                "a template",
                _relation("attachedTemplate", "http://provevik.example/mal.dotm"),
                warns=(("external-relation",),),
            ),
            word(
                "a share", _relation("attachedTemplate", r"\\server\deling\mal.dotx"), warns=(("external-relation",),)
            ),
            word("a picture", _linked_picture, warns=(("picture-elsewhere", "external-relation"),)),
            word(
                "a part of another file",
                _relation("subDocument", "file:///c:/rutiner/del2.docx"),
                warns=(("external-relation",),),
            ),
        ),
        row(
            "definitions",
            "XML with definitions of its own: they are how files are stolen",
            refused(
                "outside, in Word",
                "rutine.docx",
                spoiled(
                    changed(
                        "word/document.xml",
                        lambda xml: xml.replace("<w:document", _OUTSIDE + "<w:document", 1).replace("Vask", "&x;"),
                    )
                ),
                "dtd",
                *DAMAGED,
            ),
            refused(
                "inside, in styles",
                "rutine.docx",
                spoiled(changed("word/styles.xml", lambda xml: xml.replace("<w:styles", _BILLION + "<w:styles", 1))),
                "dtd",
                *DAMAGED,
            ),
            refused(
                "in ODT",
                "rutine.odt",
                lambda: odt.odt(odt.paragraph("&x;").replace("&amp;", "&"), before=_OUTSIDE),
                "dtd",
                *DAMAGED,
            ),
            refused(
                "doubling in ODT",
                "rutine.odt",
                lambda: odt.odt("<text:p>&i;</text:p>", before=_BILLION),
                "dtd",
                *DAMAGED,
            ),
        ),
        row(
            "locked",
            "A file with a password",
            refused("Word", "rutine.docx", lambda: ole("EncryptionInfo", "EncryptedPackage"), "encrypted"),
            refused("ODT", "rutine.odt", _locked_odt, "encrypted"),
            refused("a member", "rutine.docx", _locked_zip, "encrypted"),
        ),
        row(
            "twice-in-the-archive",
            "Two members of one name: what is looked at must be what is read",
            refused("but for capitals", "rutine.docx", _twice, "archive-duplicate"),
            refused("exactly", "rutine.docx", _exactly_twice, "archive-duplicate"),
            refused("content types", "rutine.docx", lambda: _exactly_twice("[Content_Types].xml"), "archive-duplicate"),
        ),
        row(
            "zeros",
            "Zeros and other signs that no text has",
            case(
                "in text",
                "rutine.txt",
                lambda: b"Vask hendene\x00 dine." + b" Mer tekst." * 50,
                has=("Mer tekst.",),
                warns=(("control-characters",),),
            ),
            refused("mostly zeros", "rutine.txt", lambda: b"a\x00\x01\x02" * 300, "not-text", "unknown"),
            refused(
                "in Word's XML",
                "rutine.docx",
                spoiled(changed("word/document.xml", lambda xml: xml.replace("Vask", "Va\x00sk"))),
                *DAMAGED,
            ),
            refused(
                "utf-16 without a mark",
                "rutine.txt",
                lambda: "Vask hendene dine godt".encode("utf-16-le"),
                "not-text",
                "unknown",
            ),
        ),
        row(
            "deep",
            "Things inside things inside things: read or refused, never a crash",
            refused("XML", "rutine.docx", _deep_xml, *DEEP, has=("Innerst",)),
            refused("tables", "rutine.docx", _deep_tables(300), *DEEP, has=("Innerst",)),
            refused(
                "HTML",
                "rutine.html",
                lambda: page("<div>" * 20_000 + "Innerst" + "</div>" * 20_000),
                *DEEP,
                has=("Innerst",),
                slow=True,
            ),
            refused(
                "RTF",
                "rutine.rtf",
                lambda: rtf("{" * 20_000 + "Innerst" + "}" * 20_000),
                *DEEP,
                has=("Innerst",),
                slow=True,
            ),
            case("lists, ten levels", "rutine.html", lambda: page("<ul><li>P" * 10 + "</ul>" * 10), has=("P P",)),
        ),
        row(
            "long",
            "Long lines, many paragraphs, large files",
            case("a line of a megabyte", "rutine.txt", lambda: "ord " * 250_000, slow=True, has=("ord ord",)),
            case("a word of 100,000 letters", "rutine.txt", lambda: "a" * 100_000 + " slutt", has=("slutt",)),
            case(
                "a paragraph of 20,000 words",
                "rutine.docx",
                lambda: Word().paragraph("ord " * 20_000).made(),
                truth=Truth(words=("ord " * 20_000,)),
            ),
            case(
                "3,000 paragraphs",
                "rutine.docx",
                _many,
                slow=True,
                truth=Truth(words=tuple(f"Avsnitt nummer {n}." for n in range(3000))),
            ),
            refused("60 MB", "rutine.txt", lambda: b"ord " * 15_000_000, "too-large", slow=True),
        ),
    )
