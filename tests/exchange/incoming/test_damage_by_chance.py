"""Documents of the taxonomy with something broken in them by chance: read with nothing lost in silence, or refused."""

import random
from itertools import chain

import pytest

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.model import REFUSALS, FileKind, Limits, NotRead
from samrutine.exchange.incoming.opening import open_document
from samrutine.exchange.incoming.reading import read_document
from samrutine.procedures.canonical import canonical_body
from tests.support.documents.damage import damaged
from tests.support.documents.naive import lost
from tests.support.documents.taxonomy import rows

LARGE = frozenset({"bomb", "long", "deep"})
SENDERS = frozenset({"skribent", "oppdiktet"})
"""Who wrote a change is no word of the document, wherever the damage put the name."""
COUNTED = frozenset({FileKind.DOCX, FileKind.DOCM, FileKind.ODT})
"""In other kinds a broken mark is letters, and nobody can say which of them were words."""
GIVEN_UP = frozenset({"took-too-long", "took-too-much", "broke-down"})


def broken(seed):
    """Give a document by chance, broken by chance, and what it is called."""
    cases = chain.from_iterable(one.cases for one in rows() if one.key not in LARGE)
    case = random.Random(f"case {seed}").choice([one for one in cases if not one.slow])
    data = case.make()[0]
    return damaged(data, seed) if data else data, case.file


def wrong(data, name, read):
    """Say what is wrong with what comes of a broken document; nothing, when it is read or refused as it should."""
    try:
        incoming = read(data, name)
    except DocumentRefused as error:
        whys = {reason.why for reason in error.reasons}
        return sorted(whys & GIVEN_UP or whys - set(REFUSALS))
    if canonical_body(incoming.markdown, 1) != (incoming.markdown, ()):
        return ["the Markdown is not in the stored form"]
    gone = sorted(set(lost(data, incoming)) - SENDERS) if incoming.kind in COUNTED else []
    return [f"lost in silence: {gone[:8]}"] if gone and not incoming.must_be_looked_at else []


def test_a_broken_document_is_read_with_nothing_lost_in_silence_or_refused(tmp_path):
    """
    A disk, a mailbox or another program may do anything to a file; a crash would stop the other thousand.
    """

    def read(data, name):
        return open_document(data, name, Limits(), tmp_path)

    assert {seed: found for seed in range(30) if (found := wrong(*broken(seed), read))} == {}


@pytest.mark.broad
def test_hundreds_of_broken_documents_are_read_or_refused_as_the_product_reads_them():
    """
    The same in the process with limits, where one that hangs or eats the memory would be given up.
    """
    assert {seed: found for seed in range(30, 430) if (found := wrong(*broken(seed), read_document))} == {}


def test_what_is_lost_of_a_broken_document_is_seen(tmp_path):
    """
    What looks for faults among what comes by chance must be able to find one.
    """
    one, other = (next(row.cases for row in rows() if row.key == "word-whole")[n].make()[0] for n in (0, 1))
    incoming = open_document(one, "a.docx", Limits(), tmp_path)

    def give_up(data, name):
        raise DocumentRefused(NotRead("took-too-long", name))

    assert wrong(one, "a.docx", lambda *_: incoming) == []
    assert "lost in silence" in wrong(other, "a.docx", lambda *_: incoming)[0]
    assert wrong(one, "a.docx", give_up) == ["took-too-long"]
