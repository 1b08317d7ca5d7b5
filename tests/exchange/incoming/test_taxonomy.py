"""
Documents of every kind, with everything they can hold and all that can be wrong with them: in whole, warned of, or refused.

The rows and their truth are in `tests/support/documents/`. `make test` reads the first documents of each row in this
process; `make bench` reads all of them as the product does, each in a process of its own.
"""

import contextlib

import pytest

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document
from samrutine.exchange.incoming.reading import read_document
from samrutine.procedures.canonical import canonical_body
from tests.support.documents.chance import by_chance, content_by_chance
from tests.support.documents.content import truth_of
from tests.support.documents.damage import damaged
from tests.support.documents.odt import as_odt
from tests.support.documents.paper import printed
from tests.support.documents.rich import as_rtf
from tests.support.documents.seen import seen, words
from tests.support.documents.taxonomy import NOT_YET, rows
from tests.support.documents.truth import Case, Expected
from tests.support.documents.verdict import faults
from tests.support.documents.web import as_html, as_markdown

FIRST = 3
"""How many documents of a row are read by `make test`."""


@pytest.fixture
def read_here(tmp_path):
    """Read a document in this process: what comes of it is the same, and a process of its own takes longer than it."""
    return lambda data, name: open_document(data, name, Limits(), tmp_path)


def judged(row, cases, read):
    """Give what is wrong, by case: a fault that nobody knew of, or one on the list that is a fault no more."""
    not_yet = NOT_YET.get(row.key, frozenset())
    found = {}
    for one in cases:
        wrong = faults(one, read)
        if one.name in not_yet:
            wrong = [] if wrong else ["holds now: take it off NOT_YET"]
        if wrong:
            found[one.name] = wrong
    return found


def by_key(row):
    """Name a row."""
    return row.key


@pytest.mark.parametrize("row", rows(), ids=by_key)
def test_a_document_comes_in_whole_or_it_is_said_what_is_not(row, read_here):
    """
    Hundreds of routines come in at once; nobody reads them all against the originals.
    """
    cases = [one for one in row.cases if not one.slow][:FIRST]

    assert judged(row, cases, read_here) == {}


@pytest.mark.broad
@pytest.mark.parametrize("row", rows(), ids=by_key)
def test_every_document_comes_in_whole_as_the_product_reads_it(row):
    """
    The same for every document of the row, in the process with limits that a municipality's files meet.
    """
    assert judged(row, row.cases, read_document) == {}


@pytest.mark.parametrize("seed", range(8))
def test_word_by_chance_comes_in_whole(seed, read_here):
    """
    What somebody thought of is in the rows; what nobody thought of comes by chance.
    """
    document = by_chance(seed)
    one = Case(str(seed), "rutine.docx", lambda: (document.made(), Expected(truth=document.truth)))

    assert faults(one, read_here) == []


WRITTEN_AS = {
    "odt": (as_odt, {}),
    "html": (lambda content: as_html(content).encode(), {"notes": False}),
    "md": (lambda content: as_markdown(content).encode(), {"pictures": False}),
}


MADE_BY_CHANCE = {
    "docx": lambda seed: by_chance(seed).made(),
    "odt": lambda seed: as_odt(content_by_chance(seed)),
    "html": lambda seed: as_html(content_by_chance(seed)).encode(),
    "md": lambda seed: as_markdown(content_by_chance(seed)).encode(),
    "rtf": lambda seed: as_rtf(content_by_chance(seed)),
    "pdf": lambda seed: printed([f"Linje {seed + n}: gi 5 mg" for n in range(60)]),
}


@pytest.mark.parametrize("seed", range(2, 5))
@pytest.mark.parametrize("ending", WRITTEN_AS)
def test_the_same_content_comes_in_whole_whatever_it_was_saved_as(ending, seed, read_here):
    """
    Nine municipalities save the same routine in four ways, and it must be seen that it is the same.
    """
    write, without = WRITTEN_AS[ending]
    content = content_by_chance(seed, **without)
    one = Case(ending, f"rutine.{ending}", lambda: (write(content), Expected(truth=truth_of(content))))

    assert faults(one, read_here) == []


@pytest.mark.broad
@pytest.mark.parametrize("ending", [*WRITTEN_AS, "docx", "rtf", "pdf"])
def test_a_file_that_was_damaged_by_chance_is_read_or_refused(ending, read_here):
    """
    A disk, a mailbox or a bad program may do anything to a file; none of it may stop the other thousand.
    """
    for seed in range(40):
        data = damaged(MADE_BY_CHANCE[ending](seed), seed)
        with contextlib.suppress(DocumentRefused):
            incoming = read_here(data, f"rutine.{ending}")
            assert canonical_body(incoming.markdown, 1) == (incoming.markdown, ()), f"seed {seed}"


@pytest.mark.broad
def test_word_with_known_truth_comes_in_to_the_promised_share(capsys):
    """
    The promise: words 0.998, heading tree 1.00, items and cells 0.99, over three hundred documents.
    """
    wanted, found = (
        dict.fromkeys(("words", "trees", "items", "cells"), 0),
        dict.fromkeys(("words", "trees", "items", "cells"), 0),
    )
    for seed in range(1000, 1300):
        document = by_chance(seed)
        truth = document.truth
        incoming = read_document(document.made(), "rutine.docx")
        shown = seen(incoming.markdown)
        there = words(incoming.title, *shown.words)
        wanted["words"] += words(truth.title, *truth.words).total()
        found["words"] += (words(truth.title, *truth.words) & there).total()
        wanted["trees"] += 1
        found["trees"] += [text for _, text in truth.headings] == [text for _, text in shown.headings]
        wanted["items"] += len(truth.items)
        found["items"] += len(truth.items) - len(missing(truth.items, shown.items))
        wanted["cells"] += len(cells(truth))
        found["cells"] += len(cells(truth)) - len(missing(cells(truth), cells(shown)))

    shares = {name: found[name] / wanted[name] for name in wanted}
    with capsys.disabled():
        print(
            "\nOf Word by chance comes in:", {name: f"{share:.4f} of {wanted[name]}" for name, share in shares.items()}
        )

    assert shares["words"] >= 0.998
    assert shares["trees"] == 1
    assert shares["items"] >= 0.99
    assert shares["cells"] >= 0.99


def cells(truth):
    """Give the cells of all tables that hold words."""
    return [cell for grid in truth.tables for line in grid for cell in line if cell.strip()]


def missing(wanted, found):
    """Give those of the wanted that are not there, each as often as it is not."""
    left = [comparable(one) for one in found]
    gone = []
    for one in wanted:
        if comparable(one) in left:
            left.remove(comparable(one))
        else:
            gone.append(one)
    return gone


def comparable(one):
    """Give a cell or an item so that how it is set makes no difference."""
    level, text = one if isinstance(one, tuple) else (0, one)
    return level, tuple(words(text).elements())
