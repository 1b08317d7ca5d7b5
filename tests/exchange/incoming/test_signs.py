"""Letters that are drawn in a font of signs: "m" in Symbol is μ, and a thousandth of a dose hangs on it."""

import pytest

from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document
from samrutine.exchange.incoming.word_symbols import UNKNOWN, in_print, sign_of, symbol_font_of
from tests.support.documents import odt
from tests.support.documents.paper import line, pdf

FACES = (
    '<office:font-face-decls><style:font-face style:name="Symbol2" svg:font-family="Symbol"/>'
    """<style:font-face style:name="Tegn" svg:font-family="'Wingdings'"/></office:font-face-decls>"""
)
STYLES = "".join(
    f'<style:style style:name="{name}" style:family="text"{above}><style:text-properties {said}/></style:style>'
    for name, above, said in (
        ("S", "", 'style:font-name="Symbol2"'), ("W", "", 'style:font-name="Tegn"'), ("F", "", 'fo:font-family="Symbol"'),
        ("Under", ' style:parent-style-name="S"', 'fo:font-weight="bold"'), ("A", "", 'style:font-name="Arial"'),
    )
)  # fmt: skip


def read(data, name, tmp_path):
    """Give what was read of a file."""
    return open_document(data, name, Limits(), tmp_path)


def drawn(body):
    """An ODT whose words are drawn in several fonts."""
    whole = odt.parts(f"<text:p>{body}</text:p>")["content.xml"]
    whole = whole.replace("<office:automatic-styles>", f"{FACES}<office:automatic-styles>{STYLES}", 1)
    return odt.odt("", more={"content.xml": whole})


class TestOdt:
    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ('Gi 5 <text:span text:style-name="S">m</text:span>g daglig', "Gi 5 μg daglig"),
            ('Gi <text:span text:style-name="F">\uf0a3</text:span> 5 mg daglig', "Gi ≤ 5 mg daglig"),
            ('Gi 5 <text:span text:style-name="Under">m</text:span>g daglig', "Gi 5 **μ**g daglig"),
            ('Gi <text:span text:style-name="S">\uf0b3<text:s/>5<text:span text:style-name="A"> mg</text:span></text:span>', "Gi ≥ 5 mg"),
            ('<text:span text:style-name="W">\uf0fe</text:span> Informert pasient', "- [x] Informert pasient"),
        ],
        ids=["micro", "at most", "by the style above", "another font inside", "a tick"],
    )  # fmt: skip
    def test_a_sign_is_what_it_looks_like(self, tmp_path, body, said):
        """
        Five millionths of a gram are not five thousandths.
        """
        incoming = read(drawn(body), "rutine.odt", tmp_path)

        assert said in f"{incoming.title}\n{incoming.markdown}"
        assert "symbol-unknown" not in [one.code for one in incoming.findings]

    def test_a_sign_that_nobody_knows_is_told(self, tmp_path):
        """
        Whoever has the paper sees what it is.
        """
        incoming = read(
            drawn('Gi <text:span text:style-name="W">\uf021</text:span> 5 mg daglig'), "rutine.odt", tmp_path
        )

        assert "symbol-unknown" in [one.code for one in incoming.findings]


class TestPrinted:
    @pytest.mark.parametrize(
        ("name", "font"),
        [
            ("ABCDEF+SymbolMT", "symbol"), ("Symbol", "symbol"), ("FAAAAA+StandardSymbolsPS", "symbol"),
            ("BCDEEE+Wingdings-Regular", "wingdings"), ("Wingdings 2", "wingdings 2"), ("ABCDEF+Calibri", ""), ("OpenSymbol", ""),
        ],
    )  # fmt: skip
    def test_fonts_of_signs_are_known_by_the_names_they_have_in_print(self, name, font):
        """
        A part of a font has six letters before its name. OpenSymbol stands for several, and which is not known.
        """
        assert symbol_font_of(name) == font

    @pytest.mark.parametrize(
        ("letter", "font", "sign"),
        [
            ("m", "symbol", "μ"), ("\uf06d", "symbol", "μ"), ("£", "symbol", "≤"), ("\uf0a3", "symbol", "≤"), ("µ", "symbol", "µ"),
            ("×", "symbol", "×"), ("®", "symbol", "®"), ("≥", "symbol", "≥"), ("5", "symbol", "5"), ("o", "wingdings", "☐"),
            ("!", "wingdings", UNKNOWN),
        ],
    )  # fmt: skip
    def test_a_letter_is_named_by_its_place_or_by_what_it_looks_like(self, letter, font, sign):
        """
        The file does not say which; a sign that the font has is that sign.
        """
        assert in_print(letter, font) == sign

    def test_a_page_shows_what_its_letters_look_like(self, tmp_path):
        """
        The file names the letter "m", and the paper shows μ.
        """
        page = [line("Gi 5", 72, 700), line("m", 97, 700, font="F4"), line("g daglig.", 103.3, 700)]

        incoming = read(pdf("\n".join(page)), "rutine.pdf", tmp_path)

        assert "Gi 5 μg daglig." in f"{incoming.title}\n{incoming.markdown}"


@pytest.mark.parametrize("code", ["", "x", "110000", "FFFFFFFFFFFFFFFFFF"])
def test_a_number_that_is_no_letters_is_a_sign_that_nobody_knows(code):
    """
    A damaged file must not end the reading.
    """
    assert sign_of("Calibri", code) == UNKNOWN
