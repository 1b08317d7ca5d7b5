"""What stands in the files that belong to a routine is found, and leads to the file."""

import io
from errno import ENOSPC

import docx
import pytest

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.model import NotRead
from samrutine.procedures.text import digest
from samrutine.projections.attached_texts import KeptTexts
from tests.support import files
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine

NOTE = b"Posologi ved dialyse: se tabell tre.\n"


def a_form(words):
    """Give a document of Word that says something."""
    made = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(words)
    document.save(made)
    return made.getvalue()


def reader_of(library):
    """Give what reads files for a library."""
    return library._parts.projections._later.__self__


def with_files(library, attachments, **how):
    return approve_with_everyone(library, a_routine(**how), attachments=attachments)


class Reader:
    """Reads as if it were a process of its own, counts how often, and asks what else can be done meanwhile."""

    def __init__(self, says, meanwhile=lambda: None):
        self.says = says
        self.asked = []
        self.meanwhile = meanwhile

    def __call__(self, data, name):
        self.asked.append(name)
        self.meanwhile()
        if self.says is None:
            raise DocumentRefused(NotRead("damaged", name))
        return self.says


def test_words_in_a_file_lead_to_the_file(any_library):
    """
    The dose stands in the form, and not in the routine that says to use it.
    """
    with_files(any_library, {"Skjema for blodtapping.docx": a_form("Tapp 450 ml, og skriv hematokriten i ruten.")})

    (hit,) = any_library.search("hematokrit").result.hits

    assert hit.file == "Skjema for blodtapping.docx"
    assert "".join(part.text for part in hit.snippet if part.hit) == "hematokriten"
    assert hit.link == "handhygiene/1.0/handhygiene--vedlegg-1.docx"
    assert any_library.attachment(hit.procedure_id, hit.file, version=hit.version).name == hit.file
    assert any_library.search('"450 ml og skriv"').result.total == 1
    assert any_library.verify().is_clean


def test_who_asks_for_the_routine_is_shown_its_text(library):
    """
    A form is short and says little, so without a word of its own it would stand above all that the routine says.
    """
    with_files(library, {"skjema.txt": b"Dato og klokkeslett.\n", "regneark.xlsx": files.office(files.SHEET)})

    for words in ("handhygiene", "håndhygiene", "håndhygiene framgangsmåte"):
        (hit,) = library.search(words).result.hits
        assert hit.file is None, words


@pytest.mark.parametrize("name", ["Doser.xlsx", "Doser.docx"])
def test_a_file_that_cannot_be_read_is_found_by_its_name_and_says_so(library, name):
    """
    An empty answer would say that the file is not there; a text that seems to be searched, that the word is not in it.
    """
    damaged = files.office(files.SHEET if name.endswith("xlsx") else files.WORD)
    reader_of(library)._read = reader = Reader(None)
    with_files(library, {name: damaged})

    (hit,) = library.search("doser").result.hits
    change_with_everyone(library, a_routine(extra="Mer."), attachments={name: damaged})

    assert (hit.file, hit.snippet) == (name, ())
    assert reader.asked == ["Doser.docx"] * name.endswith("docx")  # once, and not for each version


def test_nobody_waits_for_a_file_to_be_read(library):
    """
    It may take half a minute. Whoever decides meanwhile must not wait for it, and the routine is found already.
    """
    seen = []

    def meanwhile():
        with library._parts.projections._lock.held(0) as held:
            seen.append(held)
        seen.append(library.search("handhygiene").result.total)

    reader_of(library)._read = Reader("Hematokrit.", meanwhile)

    with_files(library, {"skjema.docx": files.office()})

    assert seen == [True, 1]
    assert library.search("hematokrit").result.total == 1


def test_what_was_read_once_is_not_read_again(library):
    """
    A search that finds its index damaged builds it anew, and must not wait for hundreds of files.
    """
    reader_of(library)._read = reader = Reader("Hematokrit.")
    with_files(library, {"skjema.docx": files.office()})

    library._parts.projections.rebuild([f"{name}" for name in _indexes(library)])
    change_with_everyone(library, a_routine(extra="Mer."), attachments={"skjema.docx": files.office()})

    assert library.search("hematokrit").result.hits[0].file == "skjema.docx"
    assert reader.asked == ["skjema.docx"]


def test_a_file_that_was_read_and_not_put_in_is_read_again(library, monkeypatch):
    """
    The machine may stop between the two; what is kept must be in the index, or nobody would ever put it there.
    """
    reader_of(library)._read = reader = Reader("Hematokrit.")
    monkeypatch.setattr(KeptTexts, "keep", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        with_files(library, {"skjema.docx": files.office()})
    monkeypatch.undo()

    library._parts.projections.finish_later()
    library._parts.projections.finish_later()

    assert reader.asked == ["skjema.docx"] * 2
    assert library.search("hematokrit").result.total == 1


def test_a_full_disk_stops_no_decision_and_the_file_is_read_later(library):
    """
    The network has approved, and must not be told that it failed because a form was not read.
    """
    attached = reader_of(library)

    def full():
        raise OSError(ENOSPC, "full")

    attached._read = Reader("Hematokrit.", full)
    with_files(library, {"skjema.docx": files.office()})
    assert library.search("hematokrit").result.total == 0

    attached._read = Reader("Hematokrit.")
    library._parts.projections.finish_later()

    assert library.search("hematokrit").result.total == 1


def test_a_redacted_file_is_found_no_more_and_its_text_is_gone(library):
    """
    A filled-in form came along. Nothing of it may lie beside the index either.
    """
    with_files(library, {"notat.txt": NOTE})
    change_with_everyone(library, a_routine(extra="Uten notat."))
    kept = library._parts.home / "index" / "attached"
    assert [path.read_bytes() for path in kept.glob("*.txt")] == [NOTE]

    library.redact(digest(NOTE), reason="Utfylt skjema.", by="redaktor")

    assert [*kept.glob("*")] == []
    assert library.search("posologi").result.total == 0
    assert not [
        path
        for path in (library._parts.home / "index").rglob("*")
        if path.is_file() and b"posologi" in path.read_bytes()
    ]


def test_a_file_of_an_exempt_routine_is_found_by_those_who_may_read_it(library):
    """
    The plan of the doors is exempt for the same reason as the routine.
    """
    with_files(library, {"notat.txt": NOTE}, access="exempt")

    assert library.search("posologi").result.total == 0
    assert library.search("posologi", reader="leder").result.hits[0].file == "notat.txt"
    assert library.verify().is_clean


def _indexes(library):
    return [one.name for one in library._parts.projections._consumers if "index@" in one.name]
