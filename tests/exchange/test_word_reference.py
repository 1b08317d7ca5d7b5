"""A municipality's own look: styles, logo and page from a Word file that it gives, and nothing else."""

import io

import docx
import pytest
from docx.shared import Mm, Pt, RGBColor
from lxml import etree

from samrutine.errors import DocumentRefused
from samrutine.exchange import qr, word
from samrutine.exchange.word_back import read_back
from samrutine.exchange.word_reference import read_reference
from tests.support.word_files import R, W, against_the_schema, main_of, parts_of, rezipped, roots_of, with_xml

LOGO = qr.png("https://provevik.example/logo")


def a_reference(change=lambda _: None):
    """A file such as a municipality has: its heading style, its margins, its name and logo at the head."""
    document = docx.Document()
    style = document.styles["Heading 1"]
    style.font.color.rgb = RGBColor(0x12, 0x34, 0x56)
    style.font.size = Pt(19)
    section = document.sections[0]
    section.left_margin = Mm(31)
    head = section.header.paragraphs[0]
    head.add_run("Prøvevik kommune ")
    head.add_run().add_picture(io.BytesIO(LOGO), width=Mm(20))
    document.add_paragraph("Hemmelig utkast fra malen.")
    change(document)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def test_styles_page_and_logo_are_the_municipalitys(a_document):
    """
    The routine looks like all else from the municipality, though the text is shared.
    """
    made = word.render(a_document(), read_reference(a_reference()))
    parts = parts_of(made)

    heading = next(
        one for one in roots_of(made)["word/styles.xml"].iter(f"{W}style") if one.get(f"{W}styleId") == "Heading1"
    )
    assert heading.find(f"{W}rPr/{W}color").get(f"{W}val") == "123456"
    assert main_of(made).find(f".//{W}pgMar").get(f"{W}left") == str(round(31 * 1440 / 25.4))
    assert "Prøvevik kommune " in parts["word/header1.xml"].decode()
    assert LOGO in [part for name, part in parts.items() if name.startswith("word/media/")]
    assert against_the_schema(made) == []


def test_the_text_is_the_same_and_comes_back(a_document):
    document = a_document()

    made = word.render(document, read_reference(a_reference()))

    assert not read_back(made).is_edited
    assert [one.text for one in docx.Document(io.BytesIO(made)).paragraphs] == [
        one.text for one in docx.Document(io.BytesIO(word.render(document))).paragraphs
    ]


def test_nothing_else_of_the_file_comes_along(a_document):
    """
    A file that was used for something before may hold anything: text, properties, links to another server.
    """

    def change(document):
        document.core_properties.author = "Kari Oppdiktet"
        document.sections[0].footer.paragraphs[0].text = "Bunntekst fra malen"

    made = word.render(a_document(), read_reference(a_reference(change)))

    everything = b"".join(parts_of(made).values()).decode("utf-8", "replace")
    for unwanted in ("Hemmelig utkast", "Kari Oppdiktet", "Bunntekst fra malen"):
        assert unwanted not in everything


def test_a_picture_from_elsewhere_is_not_fetched_nor_named(a_document):
    """
    A head that fetches its logo tells a server each time somebody opens the routine.
    """
    reference = rezipped(
        a_reference(),
        lambda name, part: (
            part.replace(b'Target="media/image1.png"', b'Target="https://sporer.example/x.png" TargetMode="External"')
            if "/_rels/header" in name
            else part
        ),
    )

    made = word.render(a_document(), read_reference(reference))

    assert "sporer.example" not in b"".join(parts_of(made).values()).decode("utf-8", "replace")
    assert ">Prøvevik kommune </w:t>" in parts_of(made)["word/header1.xml"].decode()
    assert against_the_schema(made) == []


def test_a_style_the_file_lacks_is_ours(a_document):
    """
    Notes, code and boxes have a form also where a template knows none.
    """

    def bare(root):
        for style in list(root.iter(f"{W}style")):
            if style.get(f"{W}styleId") not in {"Normal", "Heading1"}:
                style.getparent().remove(style)

    made = word.render(a_document(), read_reference(with_xml(a_reference(), bare, "word/styles.xml")))
    names = {one.get(f"{W}val") for one in roots_of(made)["word/styles.xml"].iter(f"{W}name")}

    assert {"heading 2", "footnote text", "Quote", "HTML Preformatted", "Table Grid", "Rutine status"} <= names
    assert against_the_schema(made) == []
    assert not read_back(made).is_edited


def test_a_style_of_the_same_id_and_another_name_is_left_alone(a_document):
    """
    A Norwegian template may have its own «Tittel» that is no title.
    """

    def other(root):
        style = next(one for one in root.iter(f"{W}style") if one.get(f"{W}styleId") == "Title")
        style.set(f"{W}styleId", "Tittel")
        style.find(f"{W}name").set(f"{W}val", "Forsidebilde")

    made = word.render(a_document(), read_reference(with_xml(a_reference(), other, "word/styles.xml")))

    assert against_the_schema(made) == []
    assert [one.text for one in docx.Document(io.BytesIO(made)).paragraphs if one.style.name == "Title"] == [
        "Tuberkuloseprogram"
    ]


@pytest.mark.parametrize("part", ["word/styles.xml", "word/theme/theme1.xml", "word/header1.xml"])
def test_a_file_without_a_part_still_gives_a_look(a_document, part):
    def gone(name, data):
        if name.endswith("document.xml.rels"):
            root = etree.fromstring(data)
            for one in list(root):
                if part.endswith(one.get("Target")):
                    root.remove(one)
            return etree.tostring(root)
        if name == "word/document.xml" and "header" in part:
            root = etree.fromstring(data)
            for one in list(root.iter(f"{W}headerReference")):
                assert one.get(f"{R}id")
                one.getparent().remove(one)
            return etree.tostring(root)
        return None if name == part else data

    made = word.render(a_document(), read_reference(rezipped(a_reference(), gone)))

    assert against_the_schema(made) == []


@pytest.mark.parametrize("data", [b"", b"PK", b"hei"], ids=["empty", "cut off", "text"])
def test_what_is_no_word_file_is_refused(data):
    with pytest.raises(DocumentRefused):
        read_reference(data)


def test_the_same_file_gives_the_same_bytes(a_document):
    reference = a_reference()

    assert word.render(a_document(), read_reference(reference)) == word.render(
        a_document(), read_reference(bytes(reference))
    )


def test_a_document_of_ours_may_be_the_pattern(a_document):
    """
    The nearest way to an own look: change the colours of a routine in Word, and give that file.
    """
    made = word.render(
        a_document(header={"demo": True}), read_reference(word.render(a_document(header={"demo": True})))
    )
    head = parts_of(made)["word/header1.xml"].decode()

    assert head.count(" TITLE ") == 1
    assert head.count('string="DEMO"') == 1
    assert against_the_schema(made) == []
    assert not read_back(made).is_edited
