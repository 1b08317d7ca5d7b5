"""What of a Word file pandoc gets to read: its words, its lists and the shape of its tables, and not how they look."""

from lxml import etree

from samrutine.exchange.incoming.word_lean import lean
from samrutine.exchange.incoming.word_lists import Lists
from samrutine.exchange.incoming.word_package import W

SPACE = f'xmlns:w="{W.strip("{}")}"'


def document(*blocks):
    """Give the root of a document of some blocks."""
    return etree.fromstring(f"<w:document {SPACE}><w:body>{''.join(blocks)}</w:body></w:document>")


def lists(*numbers):
    """Give lists with these numbers, each of a kind of its own."""
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{n}0"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1)"/><w:pPr><w:ind w:left="720"/></w:pPr></w:lvl></w:abstractNum>'
        for n in numbers
    )
    told = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}0"/></w:num>' for n in numbers)
    return Lists(etree.fromstring(f"<w:numbering {SPACE}>{kinds}{told}</w:numbering>"))


def names(root):
    """Give the names of all elements, as often as they stand there."""
    return [etree.QName(one).localname for one in root.iter()]


def test_the_shape_of_a_table_is_kept_and_its_looks_are_not():
    """
    A cell over two columns or two rows is what a table says; how wide it is, is not.
    """
    shape = '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>'
    root = document(
        f'<w:tbl><w:tblPr><w:tblW w:w="0"/></w:tblPr><w:tr><w:trPr><w:tblHeader/><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW/>{shape}</w:tcPr>'
        "<w:p><w:pPr/><w:r><w:t>5 mg</w:t></w:r><w:r/></w:p></w:tc></w:tr></w:tbl>"
    )

    lean([root], Lists(None))

    kept = ["tbl", "tblPr", "tr", "trPr", "tblHeader", "tc", "tcPr", "gridSpan", "vMerge", "p", "r", "t"]
    assert names(root) == ["document", "body", *kept]
    assert "".join(root.itertext()) == "5 mg"


def test_a_list_that_something_is_in_is_kept_with_its_number_and_its_mark():
    """
    A list that begins at 3 after a table must begin at 3.
    """
    body = document('<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr></w:pPr></w:p>')
    note = document('<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="4"/></w:numPr></w:pPr></w:p>')
    told = lists(1, 2, 3, 4)

    lean([body, note], told)

    assert [one.get(f"{W}numId") for one in told.root.iter(f"{W}num")] == ["2", "4"]
    assert [one.get(f"{W}abstractNumId") for one in told.root.iter(f"{W}abstractNum")] == ["20", "40"]
    first = next(told.root.iter(f"{W}lvl"))
    assert names(first) == ["lvl", "start", "numFmt", "lvlText"]
    assert first[0].get(f"{W}val") == "3"
