"""The yardstick itself: each way in which a document can come out wrong is seen, and one that came out right is not blamed."""

from dataclasses import replace

import pytest

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.model import (
    ChangeKind,
    Comment,
    Counts,
    FileKind,
    Finding,
    Incoming,
    NotRead,
    Picture,
    Suggested,
    TrackedChange,
)
from samrutine.procedures.canonical import canonical_body
from tests.support.documents.taxonomy import NOT_YET, rows
from tests.support.documents.truth import Truth, case
from tests.support.documents.verdict import faults
from tests.support.documents.word import Word

BODY = """\
## Formål

Oppbevares ved 15–25 °C, ikke varmere.[^1]

1. Vask
   - Hansker

| Hvem | Når |
|------|-----|
| Lege | Nå  |

![Knapp](bilde-1.png)

- ☒ Informert

[^1]: Etter loven.
"""
TRUTH = Truth(
    title="Fall",
    words=(
        "Formål",
        "Oppbevares ved 15–25 °C, ikke varmere.",
        "Vask Hansker Hvem Når Lege Nå Informert",
        "Etter loven.",
    ),
    headings=((1, "Formål"),),
    items=((1, "Vask"), (2, "Hansker"), (1, "Informert")),
    tables=((("Hvem", "Når"), ("Lege", "Nå")),),
    pictures=("Knapp",),
    notes=("Etter loven.",),
)
EXPECTED = {
    "truth": TRUTH,
    "kind": "docx",
    "has": ("15–25 °C",),
    "lacks": ("2–8 °C",),
    "warns": (("comments", "text-box"),),
    "suggested": {"version": "2"},
    "changes": (("deleted", "2–8 °C"),),
    "comments": ("Stemmer dette?",),
    "boxes": ((True, "Informert"),),
    "numbers": ((1, "Vask"),),
}


def right(markdown=BODY, *, stored=True, **other):
    """Give what reads every file as the document above, or as it with other values."""
    incoming = Incoming(
        kind=FileKind.DOCX,
        title="Fall",
        markdown=canonical_body(markdown, 1)[0] if stored else markdown,
        pictures=(Picture("bilde-1.png", "image/png", b"x", "Knapp"),),
        suggested=(Suggested("version", "2", "header"),),
        findings=(Finding("comments"),),
        changes=(TrackedChange(ChangeKind.DELETED, "2–8 °C", ""),),
        comments=(Comment("Stemmer dette?", ""),),
        source=Counts(words=20),
    )
    return lambda _data, _name: replace(incoming, **other)


def test_a_document_that_came_out_right_is_not_blamed():
    """
    A yardstick that always complains is soon not read.
    """
    found = faults(case("right", "a.docx", lambda: b"", **EXPECTED), right())

    assert found == []


@pytest.mark.parametrize(
    ("wrong", "blamed_for"),
    [
        (right(BODY.replace("ikke ", "")), "word recall"),
        (right(BODY.replace("15–25", "2–8 °C15–25")), "says '2–8 °C'"),
        (right(BODY + "\nTa kontakt med legen dersom du er i tvil.\n"), "words that are not"),
        (right(BODY.replace("15–25", "15–5")), "does not say '15–25 °C'"),
        (right(BODY.replace("## Formål", "**Formål**")), "headings are"),
        (right(BODY.replace("   - Hansker", "2. Hansker")), "items missing"),
        (right(BODY.replace("1. Vask", "3. Vask")), "no item 1. 'Vask'"),
        (right(BODY.replace("| Lege | Nå  |", "| Nå | Lege |")), "no table is"),
        (right(BODY.replace("☒", "☐")), "no ticked box"),
        (right(BODY.replace("[^1]: Etter loven.", "").replace("[^1]", "") + "\nEtter loven.\n"), "notes missing"),
        (right(BODY.replace("![Knapp]", "![]")), "texts of pictures missing"),
        (right(BODY.replace("![Knapp](bilde-1.png)", "")), "pictures there and not named"),
        (right(pictures=()), "pictures named and not there"),
        (right(title="Fallforebygging"), "the title is"),
        (right(kind=FileKind.ODT), "is taken for odt"),
        (right(findings=()), "does not warn of comments or text-box"),
        (right(suggested=()), "does not suggest version"),
        (right(changes=()), "changes missing"),
        (right(comments=()), "comments missing"),
        (right(comments=(Comment("Stemmer dette? Skribent Oppdiktet", ""),)), "the name of an author"),
        (right(BODY.replace("Vask", "<div>Vask</div>")), "marks of HTML"),
        (right("Tekst  \n", stored=False), "not in the stored form"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_came_out_wrong_is_named(wrong, blamed_for):
    """
    Every fault that the taxonomy is to find, planted.
    """
    found = faults(case("wrong", "a.docx", lambda: b"", **EXPECTED), wrong)

    assert any(blamed_for in fault for fault in found), found


def test_words_that_vanish_in_silence_are_named_apart():
    """
    A loss that is told can be mended; one that is not is found at the bedside.
    """
    silent = faults(case("wrong", "a.docx", lambda: b"", truth=TRUTH), right(BODY.replace("ikke ", "")))
    told = faults(
        case("wrong", "a.docx", lambda: b"", truth=TRUTH),
        right(BODY.replace("ikke ", ""), findings=(Finding("words-missing", detail="ikke"),), recall=0.94),
    )

    assert any("nobody is told" in fault for fault in silent)
    assert not any("nobody is told" in fault for fault in told)


def test_a_word_that_reader_and_truth_both_pass_over_is_found_by_a_plain_count():
    """
    A part that no reader knows of is in no list of what is missing; only the file itself can tell.
    """
    document = Word("Fall").paragraph("Vask")
    document.members["word/ukjent.xml"] = "<a><b>Ring alltid 113</b></a>"

    found = faults(case("wrong", "a.docx", document.made), right("Vask\n", comments=()))

    assert any("plain count" in fault and "alltid" in fault for fault in found), found
    assert faults(case("right", "a.docx", Word("Fall").paragraph("Vask").made), right("Vask\n", comments=())) == [
        "pictures there and not named: ['bilde-1.png']"
    ]


def test_a_refusal_for_another_reason_is_a_fault():
    """
    "Damaged" for a locked file sends somebody looking for a better copy of it.
    """

    def refuse(data, name):
        raise DocumentRefused(NotRead("damaged", name))

    assert faults(case("locked", "a.docx", lambda: b"", refused=("damaged",)), refuse) == []
    assert faults(case("locked", "a.docx", lambda: b"", refused=("encrypted",)), refuse) != []
    assert faults(case("whole", "a.docx", lambda: b"", truth=TRUTH), refuse) != []
    assert faults(case("locked", "a.docx", lambda: b"", refused=("encrypted",)), right()) != []


def test_a_crash_is_a_fault_and_no_crash():
    """
    One document that breaks the reader must not hide what became of the others.
    """

    def crash(data, name):
        raise ZeroDivisionError

    assert "crashed" in faults(case("any", "a.docx", lambda: b"", truth=TRUTH), crash)[0]


def test_the_taxonomy_is_wide_enough_and_names_each_case_once():
    """
    Forty things at least, three documents of each at least, and none written twice by mistake.
    """
    keys = [row.key for row in rows()]
    names = {row.key: [one.name for one in row.cases] for row in rows()}

    assert len(keys) >= 40
    assert len(keys) == len(set(keys))
    assert [key for key, cases in names.items() if len(cases) < 3] == []
    assert [key for key, cases in names.items() if len(cases) != len(set(cases))] == []


def test_what_does_not_hold_yet_is_in_the_taxonomy():
    """
    An entry for a case that was renamed would excuse nothing, and nobody would know.
    """
    cases = {(row.key, one.name) for row in rows() for one in row.cases}

    assert {(key, name) for key, names in NOT_YET.items() for name in names} <= cases


@pytest.mark.parametrize("key", ["word-whole", "odt-whole", "pdf-text", "bomb"])
def test_the_same_document_is_made_each_time(key):
    """
    A case that differs from one run to the next cannot be looked into.
    """
    first = next(row for row in rows() if row.key == key).cases[0]

    assert first.make() == first.make()
