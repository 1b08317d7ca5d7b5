"""Documents saved by LibreOffice, which is what many of those who send routines have: each comes in as it was written."""

import shutil
import subprocess
import threading
from contextlib import contextmanager
from functools import cache

import pytest

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming import doc, reading
from samrutine.exchange.incoming.model import FileKind, Limits, Weight
from samrutine.exchange.incoming.opening import open_document
from samrutine.exchange.incoming.reading import read_document
from tests.exchange.incoming.test_as_others_write_it import CONTENT
from tests.exchange.incoming.test_taxonomy import cells, missing
from tests.support.documents.chance import content_by_chance
from tests.support.documents.content import FULL, HYGIENE, LETTERS, MEDICINE, as_word, truth_of
from tests.support.documents.seen import seen, words
from tests.support.services import not_here

pytestmark = pytest.mark.service("libreoffice")
CONTENTS = {
    "content": CONTENT,
    "hygiene": HYGIENE,
    "medicine": MEDICINE,
    "full": FULL,
    "letters": LETTERS,
    **{f"chance-{seed}": content_by_chance(seed) for seed in range(40)},
}
PATIENT = Limits(seconds=500)
"""Seconds on the wall, of which a machine that runs all tests at once gives LibreOffice few; memory as the product has it."""
BY_WORDS_ONLY = {"pdf"}
WITHOUT_NOTES = {"html", "pdf"}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Save documents in a form by LibreOffice, all in one call: starting it takes most of the time."""
    if (program := shutil.which("soffice")) is None:
        not_here("LibreOffice", "apt-get install --no-install-recommends libreoffice-writer-nogui")

    @cache
    def save(ending, names):
        folder = tmp_path_factory.mktemp(ending)
        for name in names:
            (folder / f"{name}.docx").write_bytes(as_word(CONTENTS[name]).made())
        profile = f"-env:UserInstallation={(tmp_path_factory.getbasetemp() / 'profile').as_uri()}"
        files = [str(folder / f"{name}.docx") for name in names]
        out = folder / "out"
        command = [program, profile, "--headless", "--convert-to", ending, "--outdir", str(out), *files]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        return {name: (out / f"{name}.{ending}").read_bytes() for name in names}

    return save


def test_old_word_comes_in_whole_in_the_bounds_of_the_reader(saved):
    """
    The routines of twenty years are in it. LibreOffice reads them, with no network and in a home of its own.
    """
    data = saved("doc", ("content",))["content"]

    incoming = read_document(data, "rutine.doc", PATIENT)

    truth, shown = truth_of(CONTENT), seen(incoming.markdown)
    assert (incoming.kind, incoming.title, incoming.recall) == (FileKind.DOC, truth.title, 1.0)
    assert shown.headings == ((2, "Temperatur"),)
    assert shown.tables == truth.tables
    assert missing(truth.items, shown.items) == []
    assert not any(finding.weight in {Weight.LOST, Weight.DANGER} for finding in incoming.findings)


def test_nothing_of_libreoffice_is_left_behind(saved, monkeypatch):
    """
    A machine that reads a thousand files must not fill up with what each of them left.
    """
    data = saved("doc", ("content",))["content"]
    folders, seen_while_it_read, done = [], set(), threading.Event()
    real = reading._Worker.folder

    @contextmanager
    def noted(worker, name):
        with real(worker, name) as folder:
            folders.append(folder)
            yield folder

    def look():
        while not done.wait(0.005):
            seen_while_it_read.update(*map(doc.made_outside, folders))

    monkeypatch.setattr(reading._Worker, "folder", noted)
    looking = threading.Thread(target=look)
    looking.start()
    try:
        read_document(data, "rutine.doc", PATIENT)
    finally:
        done.set()
        looking.join()

    assert seen_while_it_read, "what LibreOffice makes is not where it is looked for"
    assert [doc.made_outside(folder) for folder in folders] == [()]


def test_old_word_is_refused_with_a_way_out_where_libreoffice_is_not(saved, tmp_path, monkeypatch):
    """
    Whoever sent it can save it anew in a minute, when they are told to.
    """
    data = saved("doc", ("content",))["content"]
    monkeypatch.setattr(doc.shutil, "which", lambda _name: None)

    with pytest.raises(DocumentRefused) as raised:
        open_document(data, "rutine.doc", Limits(), tmp_path)

    assert raised.value.why == "needs-libreoffice"
    assert doc.outside(data) == doc.Outside()


@pytest.mark.broad
@pytest.mark.parametrize("ending", ["docx", "odt", "rtf", "html", "pdf", "fodt", "ott", "dotx", "doc"])
def test_what_libreoffice_saved_comes_in_to_the_promised_share(ending, saved, capsys, tmp_path):
    """
    The promise: words, headings, items and cells 0.99 each; of a PDF the words; and all that is missing is named.
    """
    wanted = dict.fromkeys(("words", "trees", "items", "cells", "notes"), 0)
    found = dict.fromkeys(wanted, 0)
    silent = []
    for name, data in saved(ending, tuple(CONTENTS)).items():
        truth = truth_of(CONTENTS[name])
        incoming = open_document(data, f"{name}.{ending}", PATIENT, tmp_path)
        shown = seen(incoming.markdown)
        there = words(incoming.title, *shown.words)
        gone = words(truth.title, *truth.words) - there
        if gone and not incoming.must_be_looked_at:
            silent.append((name, sorted(gone)))
        wanted["words"] += words(truth.title, *truth.words).total()
        found["words"] += words(truth.title, *truth.words).total() - gone.total()
        wanted["trees"] += 1
        found["trees"] += [text for _, text in truth.headings] == [text for _, text in shown.headings]
        for thing, of_truth, of_shown in (
            ("items", truth.items, shown.items),
            ("cells", cells(truth), cells(shown)),
            ("notes", truth.notes, shown.notes),
        ):
            wanted[thing] += len(of_truth)
            found[thing] += len(of_truth) - len(missing(of_truth, of_shown))
    shares = {thing: found[thing] / wanted[thing] for thing in wanted}
    with capsys.disabled():
        print(f"\nOf {ending} by LibreOffice comes in:", {thing: f"{share:.4f}" for thing, share in shares.items()})

    due = {"words"} if ending in BY_WORDS_ONLY else set(shares) - ({"notes"} if ending in WITHOUT_NOTES else set())
    assert silent == []
    assert {thing: share for thing, share in shares.items() if thing in due and share < 0.99} == {}
