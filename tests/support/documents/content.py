"""The same content for every format, and what a reader of it sees whatever the format."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.support.documents.truth import Truth
from tests.support.documents.word import Word
from tests.support.documents.word_parts import BULLETS, NUMBERS


@dataclass(frozen=True, slots=True)
class Title:
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words, and perhaps a note at their end."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    level: int
    text: str
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    alternative: str


Block = Title | Heading | Paragraph | Item | Table | Picture
Content = tuple[Block, ...]


def truth_of(content: Iterable[Block], *, notes=True, below=False, pictures=True, tree=True) -> Truth:
    """
    Write down what the content shows.

    Some formats hold a note only as words, where it is named or `below` the text, or no picture, or no tree.
    """
    truth = Truth(tree=tree)
    at_the_end: tuple[str, ...] = ()
    for block in content:
        match block:
            case Title(text):
                truth = truth.plus(title=text)
            case Heading(level, text):
                truth = truth.plus(words=(text,), headings=((level, text),) if tree else ())
            case Paragraph(text, note):
                truth = truth.plus(words=(text,))
                if note:
                    truth = truth.plus(words=() if below else (note,), notes=(note,) if notes else ())
                    at_the_end += (note,) if below else ()
            case Item(level, text):
                truth = truth.plus(words=(text,), items=((level, text),) if tree else ())
            case Table(rows):
                cells = tuple(cell for row in rows for cell in row)
                truth = truth.plus(words=cells, tables=(rows,) if tree else ())
            case Picture(alternative):
                truth = truth.plus(pictures=(alternative,)) if pictures else truth
    return truth.plus(words=at_the_end)


def as_word(content: Iterable[Block]) -> Word:
    """Put content in Word."""
    word = Word(next((block.text for block in content if isinstance(block, Title)), ""))
    lists, within = NUMBERS, False
    for block in content:
        match block:
            case Title():
                pass
            case Heading(level, text):
                word.heading(level, text)
            case Paragraph(text, note):
                word.paragraph(text, *([word.note(note)] if note else []))
            case Item(level, text, ordered):
                # Word counts on through the whole document; a list that follows other text begins again only if told so.
                if ordered and not within:
                    lists = word.another_list()
                word.item(level, text, kind=lists if ordered else BULLETS)
            case Table(rows):
                word.table(rows)
            case Picture(alternative):
                word.picture(alternative)
        within = isinstance(block, Item) and (within or block.ordered)
    return word


HYGIENE: Content = (
    Title("Håndhygiene i hjemmetjenesten"),
    Heading(1, "Formål"),
    Paragraph("Rutinen skal hindre smitte mellom pasienter og ansatte."),
    Heading(1, "Framgangsmåte"),
    Item(1, "Vask hendene i 30 sekunder.", ordered=True),
    Item(1, "Tørk dem godt.", ordered=True),
    Item(1, "Bruk hånddesinfeksjon når hendene er synlig rene.", ordered=True),
    Heading(2, "Når du bruker hansker"),
    Item(1, "Ved kontakt med blod"),
    Item(1, "Ved stell av sår"),
    Heading(1, "Avvik"),
    Paragraph("Meld avvik i kvalitetssystemet samme dag."),
)
MEDICINE: Content = (
    Title("Oppbevaring av legemidler"),
    Heading(1, "Temperatur"),
    Table(
        (
            ("Legemiddel", "Temperatur", "Dose"),
            ("Insulin", "2–8 °C", "10 mg ikke 100 mg"),
            ("Paracetamol", "15–25 °C", "0,5 ml × 3"),
        )
    ),
    Heading(1, "Kontroll"),
    Paragraph("Legemidler skal ikke fryses. Er temperaturen over 8 °C, ring apoteket på 75 00 00 00."),
    Item(1, "Les av hver dag"),
    Item(2, "Skriv av tallet"),
    Item(2, "Signer"),
    Item(1, "Kast det som er utgått"),
)
FULL: Content = (
    Title("Vold og trusler mot ansatte"),
    Heading(1, "Ansvar"),
    Paragraph("Avdelingslederen har ansvaret", note="Etter arbeidsmiljøloven har arbeidsgiveren ansvaret."),
    Heading(2, "Verneombud"),
    Heading(3, "Stedfortreder"),
    Paragraph("Stedfortrederen overtar når ombudet er borte", note="Gjelder også i ferien."),
    Heading(1, "Alarm"),
    Picture("Alarmknappen sitter ved døren"),
    Table((("Hvem", "Når"), ("Politi", "Alltid"), ("Leder", "Innen 1 time"))),
    Paragraph("Ring 112 ved fare for liv."),
)
LETTERS: Content = (
    Title("Gáldu – čállosat"),
    Heading(1, "Sámi giella"),
    Paragraph("Sámegiella: á č đ ŋ š ž Á Č Đ Ŋ Š Ž. Julevsábme: ń ŋ á å. Åarjelsaemien: ï ö æ ø."),
    Item(1, "Українська: не можна"),
    Item(1, "العربية"),
    Item(1, "Soomaali, ትግርኛ, 中文"),
    Paragraph("µg er ikke mg; ½ tablett; ≥ 38,5 °C; Å og Å er samme bokstav."),
)
