"""What somebody puts into a Word file of ours that no text can hold: it is told, and never lost in silence."""

import pytest
from lxml import etree

from samrutine.exchange import word
from samrutine.exchange.word_back import read_back
from samrutine.exchange.word_marks import Region
from tests.support.word_files import W, edited, paragraph_with, with_xml


@pytest.fixture
def made(a_document):
    """The file of a document that nobody has changed."""
    return word.render(a_document())


class TestWhatNoTextHolds:
    """A person sees it, or hid it, in Word; a copy with it is never taken in as one that nobody touched."""

    SPACES = (
        f'xmlns:w="{W.strip("{}")}" xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
        'xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    ART = '<w:r {}><w:pict><v:shape><v:textpath string="Ring 113 først"/></v:shape></w:pict></w:r>'
    LINE = (
        '<w:r {}><w:drawing><wp:inline><wp:docPr id="77" name="Rett linje 3"/><a:graphic>'
        '<a:graphicData uri="urn:x:shape"/></a:graphic></wp:inline></w:drawing></w:r>'
    )
    OBJECT = '<w:r {}><w:object><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>'
    EQUATION = '<w:fldSimple {} w:instr=" EQ \\f(1;2) "/>'
    COMPLEX = (
        '<w:r {}><w:fldChar w:fldCharType="begin"/><w:instrText> EQ \\f(1;2) </w:instrText>'
        '<w:fldChar w:fldCharType="end"/></w:r>'
    )
    HIDDEN = "<w:r {}><w:rPr><w:vanish/></w:rPr><w:t>Ring Kari heller.</w:t></w:r>"

    @pytest.mark.parametrize(
        ("added", "code", "detail"),
        [
            (ART, "drawing", "Ring 113 først"),
            (LINE, "drawing", "Rett linje 3"),
            (OBJECT, "embedded-object", "Excel.Sheet.12"),
            (EQUATION, "field-unread", "EQ \\f(1;2)"),
            (COMPLEX, "field-unread", "EQ \\f(1;2)"),
            (HIDDEN, "hidden-text", "Ring Kari heller."),
        ],
        ids=["words as art", "a line", "an object", "a fraction", "a fraction in pieces", "hidden words"],
    )
    @pytest.mark.parametrize("place", ["Stedfortreder", "Folkehelseinstituttet"], ids=["the text", "the sources"])
    def test_is_told_wherever_it_stands(self, made, place, added, code, detail):
        """
        It cannot be in the text; so somebody must hear of it.
        """
        new = etree.fromstring(added.replace("{}", self.SPACES))

        returned = read_back(edited(made, lambda found: paragraph_with(found, place)._p.append(new)))

        assert [(one.code, one.detail) for one in returned.findings] == [(code, detail)]
        assert not returned.is_edited

    def test_what_was_hidden_of_the_text_is_gone_from_it(self, made):
        """
        Nobody reads it in the file any more.
        """

        def hide(root):
            for run in root.iter(f"{W}r"):
                if "Stedfortreder" in "".join(run.itertext()):
                    properties = run.find(f"{W}rPr")
                    if properties is None:
                        properties = etree.Element(f"{W}rPr")
                        run.insert(0, properties)
                    etree.SubElement(properties, f"{W}vanish")

        returned = read_back(with_xml(made, hide))

        assert "Stedfortreder" not in returned.markdown.decode()
        assert [one.code for one in returned.findings] == ["hidden-text"]

    @pytest.mark.parametrize(
        ("added", "said"),
        [
            ('<w:r {}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>9</w:t></w:r>', "⁹"),
            ('<w:fldSimple {} w:instr=" SYMBOL 176 "/>', "°"),
            ('<w:fldSimple {} w:instr=" MACROBUTTON Ny Ring vakt "/>', "Ring vakt"),
        ],
        ids=["a raised figure", "a sign", "a button"],
    )
    def test_what_a_text_can_say_comes_into_it(self, made, added, said):
        """
        10⁹ is no 109, and a sign that Word keeps as a field is a sign.
        """
        new = etree.fromstring(added.replace("{}", self.SPACES))

        returned = read_back(edited(made, lambda found: paragraph_with(found, "Stedfortreder")._p.append(new)))

        assert returned.is_edited
        assert said in returned.markdown.decode()

    def test_a_formula_beside_the_text_is_told_as_words_are(self, made):
        """
        It is in no run, and is read all the same.
        """
        new = etree.fromstring("<m:oMath {}><m:r><m:t>1/2</m:t></m:r></m:oMath>".replace("{}", self.SPACES))

        returned = read_back(edited(made, lambda found: paragraph_with(found, "Folkehelseinstituttet")._p.append(new)))

        assert returned.outside == (Region.AFTER,)
