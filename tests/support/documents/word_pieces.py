"""Marks inside Word's paragraphs that no library writes for us: changes, text boxes, content controls, fields, symbols."""

from xml.sax.saxutils import escape

from tests.support.documents.word import Piece, run

WHO = 'w:author="Skribent Oppdiktet" w:date="2024-02-01T10:00:00Z"'


def bold(text):
    """Give bold words."""
    return Piece(run(text, "<w:b/>"), text)


def hidden(text):
    """Give words that Word does not show."""
    return Piece(run(text, "<w:vanish/>"))


def inserted(text, key=101):
    """Give words that a tracked change put in; with the change accepted they stand."""
    return Piece(f'<w:ins w:id="{key}" {WHO}>{run(text)}</w:ins>', text)


def deleted(text, key=102):
    """Give words that a tracked change took out; with the change accepted nobody sees them."""
    return Piece(
        f'<w:del w:id="{key}" {WHO}><w:r><w:delText xml:space="preserve">{escape(text)}</w:delText></w:r></w:del>'
    )


def moved_from(text, key=103):
    """Give words that a tracked change moved away from here."""
    return Piece(
        f'<w:moveFromRangeStart w:id="{key}" w:name="flytt{key}" {WHO}/><w:moveFrom w:id="{key + 1}" {WHO}>{run(text)}'
        f'</w:moveFrom><w:moveFromRangeEnd w:id="{key}"/>'
    )


def moved_to(text, key=103):
    """Give words that a tracked change moved to here."""
    return Piece(
        f'<w:moveToRangeStart w:id="{key + 10}" w:name="flytt{key}" {WHO}/><w:moveTo w:id="{key + 11}" {WHO}>'
        f'{run(text)}</w:moveTo><w:moveToRangeEnd w:id="{key + 10}"/>',
        text,
    )


def symbol(code, font="Wingdings", shown=""):
    """Give a sign of a symbol font, as Word's Insert Symbol writes it; what it is `shown` as depends on the font."""
    return Piece(f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>', shown)


def tick(checked, *, text=""):
    """Give a check box of Word 2010, and words after it."""
    sign, value = ("☒", 1) if checked else ("☐", 0)
    return Piece(
        f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{value}"/><w14:checkedState w14:val="2612"/>'
        f'<w14:uncheckedState w14:val="2610"/></w14:checkbox></w:sdtPr><w:sdtContent>{run(sign)}</w:sdtContent></w:sdt>'
        f"{run(' ' + text) if text else ''}",
        text,
    )


def old_tick(checked, text=""):
    """Give a check box of Word 97's forms, and words after it."""
    return Piece(
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="Kontroll"/><w:enabled/><w:checkBox>'
        f'<w:sizeAuto/><w:default w:val="{int(checked)}"/></w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText>'
        ' FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        f"{run(' ' + text) if text else ''}",
        text,
    )


def control(text, *, tag="", inside_block=False):
    """Give a content control with words in it; `inside_block` puts it around a paragraph."""
    marks = f'<w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr>' if tag else "<w:sdtPr/>"
    inside = f"<w:p>{run(text)}</w:p>" if inside_block else run(text)
    return Piece(f"<w:sdt>{marks}<w:sdtContent>{inside}</w:sdtContent></w:sdt>", text)


def chosen(text, among):
    """Give a drop-down list with one choice shown."""
    choices = "".join(f'<w:listItem w:displayText="{choice}" w:value="{choice}"/>' for choice in among)
    return Piece(
        f"<w:sdt><w:sdtPr><w:dropDownList>{choices}</w:dropDownList></w:sdtPr><w:sdtContent>{run(text)}</w:sdtContent>"
        "</w:sdt>",
        text,
    )


def placeholder(text="Klikk her for å skrive inn tekst"):
    """Give a content control nobody has filled in; its prompt is shown in grey."""
    return Piece(f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run(text)}</w:sdtContent></w:sdt>", text)


def field(instruction, shown, *, simple=False):
    """Give a field: what Word computes, and what it last showed."""
    if simple:
        return Piece(f'<w:fldSimple w:instr="{escape(instruction)}">{run(shown)}</w:fldSimple>', shown)
    return Piece(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
        f' {escape(instruction)} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(shown)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        shown,
    )


def text_box(*paragraphs, branches="both"):
    """
    Give a text box as Word writes it: the same words once for new readers and once for old ones.

    `branches` is both, new (a shape without the old form) or old (VML alone, as Word 2007 wrote it).
    """
    words = "".join(f"<w:p>{run(text)}</w:p>" for text in paragraphs)
    new = (
        '<w:drawing><wp:anchor behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:extent cx="100" cy="100"/>'
        '<wp:docPr id="90" name="Tekstboks 1"/><a:graphic><a:graphicData '
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx><w:txbxContent>'
        f"{words}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )
    old = (
        '<w:pict><v:shape id="_x0000_s1026" type="#_x0000_t202"><v:textbox><w:txbxContent>'
        f"{words}</w:txbxContent></v:textbox></v:shape></w:pict>"
    )
    shown = " ".join(paragraphs)
    match branches:
        case "both":
            xml = (
                f'<mc:AlternateContent><mc:Choice Requires="wps">{new}</mc:Choice><mc:Fallback>{old}</mc:Fallback>'
                "</mc:AlternateContent>"
            )
        case "new":
            xml = new
        case _:
            xml = old
    return Piece(f"<w:r>{xml}</w:r>", f" {shown} ")


def word_art(text):
    """Give words set as a drawing, as a watermark is."""
    return Piece(
        '<w:r><w:pict><v:shape id="PowerPlusWaterMarkObject1" type="#_x0000_t136">'
        f'<v:textpath string="{escape(text)}"/></v:shape></w:pict></w:r>'
    )


def equation(text):
    """Give a formula."""
    return Piece(f"<m:oMath><m:r><m:t>{escape(text)}</m:t></m:r></m:oMath>", text)


def breaks(kind="page"):
    """Give a break of page, column or line."""
    return Piece(f'<w:r><w:br w:type="{kind}"/></w:r>', " ")


LINE = Piece("<w:r><w:br/></w:r>", " ")
TAB = Piece("<w:r><w:tab/></w:r>", " ")
SOFT_HYPHEN = Piece("<w:r><w:softHyphen/></w:r>")
HARD_HYPHEN = Piece("<w:r><w:noBreakHyphen/></w:r>", "-")
