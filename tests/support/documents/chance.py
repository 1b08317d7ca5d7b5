"""Documents put together by chance, each with its truth: what nobody thought of writing down as a case."""

import random

from tests.support.documents.content import Content, Heading, Item, Paragraph, Picture, Table, Title
from tests.support.documents.word import Piece, Word, run
from tests.support.documents.word_parts import BULLETS, MIXED
from tests.support.documents.word_pieces import bold, deleted, inserted, text_box, tick

_WORDS = [
    "pasienten",
    "legen",
    "sykepleieren",
    "hansker",
    "dose",
    "temperatur",
    "rommet",
    "vakten",
    "skal",
    "ikke",
    "må",
    "kan",
    "alltid",
    "straks",
    "varsles",
    "måles",
    "kontrolleres",
    "dokumenteres",
    "før",
    "etter",
    "ved",
    "mistanke",
    "om",
    "smitte",
    "fall",
    "blødning",
    "feber",
    "38,5",
    "°C",
    "2–8",
    "10",
    "mg",
    "0,5",
    "ml",
    "kl.",
    "08:00",
    "§",
    "7-1",
    "«stopp»",
    "pårørende",
    "bolig",
    "vask",
    "sprit",
    "én",
    "år",
    "Čálus",
    "ŋ",
    "lege/vakt",
    "e-post",
    "kommune–fylke",
]
_HEADING_STYLES = ("Overskrift{}", "Overskrift{}", "Overskrift{}", "Hjemmelaget{}")


def some_words(rng, least=3, most=14) -> str:
    """Give words one after the other, the first with a large letter."""
    text = " ".join(rng.choice(_WORDS) for _ in range(rng.randint(least, most)))
    return text[0].upper() + text[1:]


def by_chance(seed: int) -> Word:
    """Give a document of some fifteen blocks; the same seed gives the same document."""
    rng = random.Random(seed)
    word = Word(f"Rutine nummer {seed}")
    level = 0
    for _ in range(rng.randint(8, 20)):
        kind = rng.choices(range(len(_BLOCKS)), weights=[weight for weight, _ in _BLOCKS])[0]
        level = _BLOCKS[kind][1](word, rng, level)
    return word


def _heading(word, rng, level):
    level = rng.randint(1, min(level + 1, 3))
    style = rng.choice(_HEADING_STYLES).format(level)
    word.heading(level, f"{rng.choice(['Ansvar', 'Omfang', 'Tiltak', 'Utstyr'])} {rng.randint(10, 99)}a", style=style)
    return level


def _paragraph(word, rng, level):
    pieces: list = [some_words(rng), " "]
    if rng.random() < 0.3:
        pieces += [bold(some_words(rng, 1, 3)), " "]
    if rng.random() < 0.2:
        pieces.append(word.note(some_words(rng), rng.choice(["footnote", "endnote"])))
    if rng.random() < 0.15:
        pieces += [" ", deleted(some_words(rng, 1, 2)), inserted(some_words(rng, 1, 2)), " "]
    if rng.random() < 0.1:
        pieces += [word.comment(some_words(rng, 1, 2), "Er dette riktig?"), " "]
    word.paragraph(*pieces, "til slutt.")
    return level


def _list(word, rng, level):
    # A list follows a paragraph, so that where one list ends and the next begins is no matter of opinion.
    word.paragraph("Gjør dette nå:")
    ordered = rng.random() < 0.5
    kind = rng.choice([word.another_list(), MIXED]) if ordered else BULLETS
    depth = 0
    for _ in range(rng.randint(2, 6)):
        depth = rng.randint(1, min(depth + 1, 3))
        word.item(depth, some_words(rng, 2, 6), kind=kind)
    return level


def _table(word, rng, level):
    columns = rng.randint(2, 4)
    word.table([[some_words(rng, 1, 3) for _ in range(columns)] for _ in range(rng.randint(2, 6))])
    return level


def _other(word, rng, level):
    match rng.randint(0, 3):
        case 0:
            word.paragraph("Merk dette.", text_box(some_words(rng)))
        case 1:
            word.paragraph(tick(rng.random() < 0.5, text=some_words(rng, 2, 4)))
        case 2:
            word.paragraph("Se bildet.").picture(some_words(rng, 2, 4))
        case _:
            shown = some_words(rng, 2, 4)
            word.paragraph("Kort sagt: ", Piece(run(shown, "<w:u w:val='single'/>"), shown), ".")
    return level


_BLOCKS = ((4, _heading), (6, _paragraph), (4, _list), (3, _table), (2, _other))


def content_by_chance(seed: int, *, notes=True, pictures=True) -> Content:
    """Give content that every format can hold; the same seed gives the same content."""
    rng = random.Random(seed)
    blocks: list = [Title(f"Rutine nummer {seed}"), Heading(1, "Formål 10a"), Paragraph(some_words(rng))]
    level = 1
    for _ in range(rng.randint(4, 12)):
        match rng.randint(0, 5):
            case 0:
                level = rng.randint(1, min(level + 1, 3))
                blocks.append(Heading(level, f"{some_words(rng, 1, 3)} {rng.randint(10, 99)}a"))
            case 1:
                depth, ordered = 0, rng.random() < 0.5
                blocks.append(Paragraph("Gjør dette nå:"))
                for _ in range(rng.randint(2, 5)):
                    depth = rng.randint(1, min(depth + 1, 3))
                    blocks.append(Item(depth, f"Punkt {some_words(rng, 2, 5)}", ordered))
                blocks.append(Paragraph("Så er det gjort."))
            case 2:
                columns = rng.randint(2, 4)
                rows = range(rng.randint(2, 5))
                blocks.append(Table(tuple(tuple(some_words(rng, 1, 3) for _ in range(columns)) for _ in rows)))
                blocks.append(Paragraph("Etter tabellen."))
            case 3 if pictures:
                blocks.append(Picture(some_words(rng, 2, 4)))
            case _:
                note = some_words(rng) if notes and rng.random() < 0.3 else ""
                blocks.append(Paragraph(f"Avsnitt {some_words(rng)}", note))
    return tuple(blocks)
