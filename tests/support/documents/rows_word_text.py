"""Word: titles, headings and lists in all the ways that people make them."""

import io

from docx import Document

from tests.support.documents.content import FULL, HYGIENE, LETTERS, MEDICINE, as_word
from tests.support.documents.truth import Case, Expected, Truth, case, row
from tests.support.documents.word import Word, run
from tests.support.documents.word_parts import LETTERS as LETTERED
from tests.support.documents.word_parts import MIXED, NUMBERS, OUTLINE
from tests.support.documents.word_pieces import bold

TYPED_NUMBER = ("heading-number-dropped",)
GUESSED = ("heading-guessed",)


def word(
    name, build, *, title="", property_title="", file="rutine.docx", slow=False, kind="docx", ordered=True, **expected
) -> Case:
    """Give a case of Word: `build` fills a new document, which keeps its own truth."""

    def made():
        document = build(Word(title, property_title=property_title))
        return document.made(), Expected(truth=document.truth.plus(ordered=ordered), kind=kind, **expected)

    return Case(name, file, made, slow)


def _from(content):
    return lambda _: as_word(content)


def _library_made(content_title="Rutine for utlån"):
    """Make a document as python-docx does from its own template, whose styles are English."""
    document = Document()
    document.add_heading(content_title, 0)
    document.add_heading("Formål", 1)
    document.add_paragraph("Hjelpemidler lånes ut samme dag.")
    document.add_heading("Ansvar", 2)
    document.add_paragraph("Leder", style="List Bullet")
    document.add_paragraph("Lager", style="List Bullet 2")
    document.add_paragraph("Registrer", style="List Number")
    document.add_paragraph("Lever ut", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip([cell for line in table.rows for cell in line.cells], "ABCD", strict=True):
        cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


_LIBRARY_TRUTH = Truth(
    title="Rutine for utlån",
    words=("Formål", "Hjelpemidler lånes ut samme dag.", "Ansvar", "Leder Lager Registrer Lever ut", "A B C D"),
    headings=((1, "Formål"), (2, "Ansvar")),
    items=((1, "Leder"), (2, "Lager"), (1, "Registrer"), (1, "Lever ut")),
    tables=((("A", "B"), ("C", "D")),),
)


def _auto_number(level):
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{OUTLINE}"/></w:numPr>'


def _continued(w):
    w.item(1, "Finn brukeren", kind=NUMBERS).item(1, "Kontroller navnet", kind=NUMBERS)
    w.paragraph("Er navnet feil, stopp her.")
    return w.item(1, "Gi medisinen", kind=NUMBERS).item(1, "Signer", kind=NUMBERS)


def _restarted(w):
    first, second = w.another_list(), w.another_list()
    w.paragraph("Ved oppstart").item(1, "Ring", kind=first).item(1, "Vent", kind=first)
    return w.paragraph("Ved slutt").item(1, "Lås", kind=second).item(1, "Meld", kind=second)


def rows():
    """Give the rows."""
    return (
        row(
            "word-whole",
            "A whole routine as Norwegian Word writes it",
            word("hygiene", _from(HYGIENE)),
            word("medicine", _from(MEDICINE), has=("2–8 °C", "15–25 °C", "10 mg ikke 100 mg", "0,5 ml × 3")),
            word("violence", _from(FULL)),
            case("by a library", "rutine.docx", _library_made, truth=_LIBRARY_TRUTH, kind="docx"),
        ),
        row(
            "word-title",
            "The title: in a style of its own, which pandoc takes away; only among the properties; or the one top heading",
            word("style", lambda w: w.heading(1, "Formål").paragraph("Tekst."), title="Fallforebygging"),
            word("only heading", lambda w: w.heading(1, "Fallforebygging").heading(2, "Formål").paragraph("Tekst.")),
            word(
                "style and property differ",
                lambda w: w.heading(1, "Formål").paragraph("Tekst."),
                title="Fallforebygging i hjemmet",
                property_title="Mal for rutine",
            ),
            word(
                "style used twice",
                lambda w: w.heading(1, "Formål").raw(w._paragraph_xml(["Del to"], style="Tittel"), words=("Del to",)),
                title="Fallforebygging",
            ),
        ),
        row(
            "word-headings-norwegian",
            "Headings in Word's own styles under their Norwegian ids",
            word("three levels", lambda w: w.heading(1, "Formål").heading(2, "Omfang").heading(3, "Unntak")),
            word(
                "begins at two",
                lambda w: w.heading(2, "Formål").paragraph("A").heading(2, "Ansvar").heading(3, "Leder"),
            ),
            word("a level is skipped", lambda w: w.heading(1, "Formål").heading(3, "Unntak").heading(1, "Ansvar")),
            word("five levels", lambda w: [w.heading(n, f"Nivå {n}") for n in range(1, 6)][-1]),
            word("seven levels", _seven_levels, title="Nivåer", warns=(("heading-too-deep",),)),
            word("twice the same", lambda w: w.heading(1, "Avvik").paragraph("En").heading(1, "Avvik").paragraph("To")),
        ),
        row(
            "word-headings-home-made",
            "A style somebody made, only called Overskrift",
            word("one", lambda w: w.heading(1, "Formål", style="Hjemmelaget1").paragraph("Tekst.")),
            word(
                "three levels",
                lambda w: (
                    w.heading(1, "Formål", style="Hjemmelaget1")
                    .heading(2, "Omfang", style="Hjemmelaget2")
                    .heading(3, "Unntak", style="Hjemmelaget3")
                ),
            ),
            word(
                "beside Word's own",
                lambda w: (
                    w.heading(1, "Formål").paragraph("A.").heading(2, "Omfang", style="Hjemmelaget2").paragraph("B.")
                ),
            ),
            word(
                "based on another",
                lambda w: w.heading(1, "Formål", style="Kapittel1").heading(2, "A", style="Kapittel2"),
            ),
        ),
        row(
            "word-headings-outline",
            "Headings by outline level alone",
            word("in the style", lambda w: w.heading(1, "Formål", style="Niva1").heading(2, "Omfang", style="Niva2")),
            word(
                "on the paragraph",
                lambda w: w.heading(1, "Formål", style="Normal", properties='<w:outlineLvl w:val="0"/>').paragraph(
                    "A."
                ),
            ),
            word(
                "both, and words at level of body",
                lambda w: (
                    w.heading(1, "Formål", style="Niva1")
                    .heading(2, "Omfang", style="Normal", properties='<w:outlineLvl w:val="1"/>')
                    .paragraph("Ikke en overskrift.", properties='<w:outlineLvl w:val="9"/>')
                ),
            ),
        ),
        row(
            "word-headings-pretended",
            "Headings that are only bold: guessed, and said so",
            word(
                "bold",
                lambda w: (
                    w.pretend_heading(1, "Formål")
                    .paragraph("Rutinen skal hindre fall.")
                    .pretend_heading(1, "Ansvar")
                    .paragraph("Leder har ansvaret.")
                ),
                warns=(GUESSED,),
            ),
            word(
                "bold and large",
                lambda w: (
                    w.pretend_heading(1, "Formål", run_properties='<w:b/><w:sz w:val="32"/>')
                    .paragraph("Rutinen skal hindre fall.")
                    .pretend_heading(1, "Ansvar", run_properties='<w:b/><w:sz w:val="32"/>')
                    .paragraph("Leder har ansvaret.")
                ),
                warns=(GUESSED,),
            ),
            word(
                "bold with a typed number",
                lambda w: (
                    w.pretend_heading(1, "Formål", typed="1.")
                    .paragraph("Rutinen skal hindre fall.")
                    .pretend_heading(1, "Ansvar", typed="2.")
                    .paragraph("Leder har ansvaret.")
                ),
                warns=(GUESSED, TYPED_NUMBER),
            ),
            word(
                "a bold sentence is none",
                lambda w: (
                    w.heading(1, "Legemidler")
                    .paragraph(bold("Gi aldri dobbel dose, selv om forrige dose ble glemt."))
                    .paragraph("Ring legen.")
                ),
            ),
        ),
        row(
            "word-headings-numbered",
            "Numbers before headings: typed ones go and are said, Word's own were never words",
            word(
                "typed",
                lambda w: (
                    w.heading(1, "Formål", typed="1.").heading(1, "Ansvar", typed="2.").heading(2, "Leder", typed="2.1")
                ),
                warns=(TYPED_NUMBER,),
            ),
            word(
                "typed with a bracket",
                lambda w: (
                    w.heading(1, "Formål", typed="1)").heading(1, "Ansvar", typed="2)").heading(1, "Avvik", typed="3)")
                ),
                warns=(TYPED_NUMBER,),
            ),
            word(
                "Word's own",
                lambda w: w.heading(1, "Formål", properties=_auto_number(0)).heading(
                    2, "Leder", properties=_auto_number(1)
                ),
            ),
            word(
                "a number that is a word of the heading",
                lambda w: w.heading(1, "112 skal alltid ringes først").heading(1, "24 timer etter fallet"),
            ),
        ),
        row(
            "word-lists-bullets",
            "Bulleted lists, inside each other",
            word("flat", lambda w: w.item(1, "Hansker").item(1, "Frakk").item(1, "Maske")),
            word("two levels", lambda w: w.item(1, "Utstyr").item(2, "Hansker").item(2, "Frakk").item(1, "Avfall")),
            word("four levels", lambda w: w.item(1, "A1").item(2, "B1").item(3, "C1").item(4, "D1").item(1, "A2")),
            word(
                "by style alone",
                lambda w: (
                    w.item(1, "Utstyr", kind=None, style="Punktliste")
                    .item(2, "Hansker", kind=None, style="Punktliste2")
                    .item(1, "Avfall", kind=None, style="Punktliste")
                ),
            ),
            word("a level is skipped", lambda w: w.item(1, "Utstyr").item(1, "Avfall"), has=("Utstyr",)),
        ),
        row(
            "word-lists-numbered",
            "Numbered lists: the numbers are as Word shows them",
            word(
                "flat",
                lambda w: w.item(1, "Vask", kind=NUMBERS).item(1, "Tørk", kind=NUMBERS),
                numbers=((1, "Vask"), (2, "Tørk")),
            ),
            word(
                "goes on after a paragraph",
                _continued,
                numbers=((1, "Finn brukeren"), (3, "Gi medisinen"), (4, "Signer")),
            ),
            word("begins again", _restarted, numbers=((1, "Ring"), (2, "Vent"), (1, "Lås"), (2, "Meld"))),
            word(
                "by style alone",
                lambda w: w.item(1, "Vask", kind=None, style="Nummerertliste").item(
                    1, "Tørk", kind=None, style="Nummerertliste"
                ),
                numbers=((1, "Vask"), (2, "Tørk")),
            ),
            word(
                "letters",
                lambda w: (
                    w.item(1, "Navn", kind=LETTERED).item(1, "Adresse", kind=LETTERED).item(2, "Gate", kind=LETTERED)
                ),
            ),
        ),
        row(
            "word-lists-mixed",
            "Numbers with bullets inside, and bullets with numbers inside",
            word(
                "bullets in numbers",
                lambda w: (
                    w.item(1, "Forbered", kind=MIXED)
                    .item(2, "Hansker", kind=MIXED)
                    .item(2, "Frakk", kind=MIXED)
                    .item(1, "Utfør", kind=MIXED)
                ),
                numbers=((1, "Forbered"), (2, "Utfør")),
            ),
            word(
                "another list inside",
                lambda w: w.item(1, "Forbered", kind=NUMBERS).item(2, "Hansker").item(1, "Utfør", kind=NUMBERS),
                numbers=((1, "Forbered"), (2, "Utfør")),
            ),
            word(
                "one after the other",
                lambda w: (
                    w.item(1, "Hansker").item(1, "Frakk").item(1, "Vask", kind=NUMBERS).item(1, "Tørk", kind=NUMBERS)
                ),
                numbers=((1, "Vask"), (2, "Tørk")),
            ),
        ),
        row(
            "word-lists-typed",
            "Lists whose marks somebody typed",
            word(
                "dashes",
                lambda w: _typed(w, ("- ", "Hansker"), ("- ", "Frakk"), ("- ", "Maske")),
                warns=(("typed-list",),),
            ),
            word(
                "bullets",
                lambda w: _typed(w, ("•\t", "Hansker"), ("•\t", "Frakk"), ("•\t", "Maske")),
                warns=(("typed-list",),),
            ),
            word(
                "numbers",
                lambda w: _typed(w, ("1. ", "Vask"), ("2. ", "Tørk"), ("3. ", "Sprit")),
                numbers=((1, "Vask"), (2, "Tørk"), (3, "Sprit")),
                warns=(("typed-list",),),
            ),
            word(
                "a number that begins a sentence is no list",
                lambda w: w.paragraph("2. halvår gjelder ny turnus.").paragraph("Ring 113."),
                has=("2. halvår", "Ring 113."),
            ),
        ),
        row(
            "word-lists-broken-up",
            "Items with more than a line: paragraphs, tables, pictures between",
            word(
                "a paragraph between",
                lambda w: (
                    w.item(1, "Vask")
                    .paragraph("Minst 30 sekunder.", properties='<w:ind w:left="720"/>')
                    .item(1, "Tørk")
                ),
            ),
            word("a table between", lambda w: w.item(1, "Vask").table([["A", "B"], ["C", "D"]]).item(1, "Tørk")),
            word("a picture between", lambda w: w.item(1, "Vask").picture("Vask slik").item(1, "Tørk")),
            word(
                "a line break inside",
                lambda w: w.raw(
                    f'<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>{run("Vask")}<w:r><w:br/>'
                    f"</w:r>{run('i 30 sekunder')}</w:p>",
                    words=("Vask i 30 sekunder",),
                    items=((1, "Vask i 30 sekunder"),),
                ),
            ),
        ),
        row(
            "word-letters",
            "Letters of every language in use here",
            word("many", _from(LETTERS), has=("á č đ ŋ š ž Á Č Đ Ŋ Š Ž", "не можна", "العربية", "中文", "½ tablett")),
            word(
                "taken apart",
                lambda w: w.heading(1, "Formål").paragraph("Sámi: á å ø, Ærlighet"),
                has=("Sámi", "á å"),
            ),
            word("beyond the first plane", lambda w: w.paragraph("Merk 🚑 og 𝛼-stråling"), has=("🚑",)),
            word(
                "quotes and dashes",
                lambda w: w.paragraph("«Stopp» – ikke “stans” … 5’ 10” −2 °C"),
                has=("«Stopp» – ikke", "−2 °C", "…"),
            ),
        ),
    )


def _seven_levels(w):
    # A body begins at level two, so that there is room for five; deeper ones come as near as they can.
    for level in range(1, 6):
        w.heading(level, f"Nivå {level}")
    return w.raw(
        "".join(
            w._paragraph_xml([f"Nivå {level}"], properties=f'<w:outlineLvl w:val="{level - 1}"/>') for level in (6, 7)
        ),
        words=("Nivå 6", "Nivå 7"),
        headings=((5, "Nivå 6"), (5, "Nivå 7")),
    )


def _typed(w, *items):
    for mark, text in items:
        w.raw(f"<w:p>{run(mark + text)}</w:p>", words=(text,), items=((1, text),))
    return w
