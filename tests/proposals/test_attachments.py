"""Files that belong to a text: the approval of the text covers them, and nothing covers a file that nobody has."""

import pytest
from sqlmodel import select

from samrutine.errors import AttachmentNotFound, ProcedureNotFound, Refused
from samrutine.procedures.attached import FileDiffers, FileHasProgram, FileKindUnknown, FileNamesPersons
from samrutine.procedures.text import digest, read
from samrutine.projections.branches import file_path
from samrutine.proposals.rules import TextHasFaults
from samrutine.storage.git import MAIN
from samrutine.storage.rows import ProposalFileRow, WordsRow
from tests.support import files
from tests.support.stories import agree_until_enough, approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine

LISTED = f"""attachments:
  - name: doser.pdf
    media_type: application/pdf
    digest: 1:{"a" * 64}
review_interval_months:"""
FORM = files.pdf()
OTHER = files.office()


def in_git(library, *, restricted=False):
    """Give what lies on `main`, path by bytes."""
    parts = library._parts
    store = parts.restricted if restricted else parts.store
    tip = store.tip(MAIN)
    tree = store.tree(tip) if tip else {}
    return {path: store.read(blob) for path, blob in tree.items()}


def lies_at(data, suffix, *, procedure="handhygiene", subject="smittevern"):
    return f"procedures/{subject}/{procedure}/{digest(data).partition(':')[2]}.{suffix}"


def with_form(library, *, form=FORM, **how):
    return approve_with_everyone(library, a_routine(**how), attachments={"skjema.pdf": form})


def test_a_text_that_lists_a_file_nobody_has_can_be_saved_and_not_sent(any_library):
    """
    The network would approve a dose table unseen, and the ward would find nothing behind the link.
    """
    data = a_routine().replace(b"review_interval_months:", LISTED.encode())

    proposed = any_library.propose(data, by="skribent")
    with pytest.raises(Refused) as caught:
        any_library.send(proposed.proposal, digest=proposed.digest, by="leder", unheard="Haster.")

    found = [(one.key, one.places) for one in proposed.findings]
    assert ("attachment-not-held", {"file": "doser.pdf"}) in found
    assert [type(one) for one in caught.value.reasons] == [TextHasFaults]


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        (files.pdf("Pasient 01819000049 skal ha 5 mg"), FileNamesPersons("skjema.pdf")),
        (files.pdf()[:300] + b"\n%%EOF\n", FileKindUnknown("skjema.pdf")),
    ],
    ids=["somebody's number", "nothing that can be read"],
)
def test_a_pdf_is_read_before_it_is_kept_and_what_cannot_be_read_is_not(library, form, reason):
    """
    A form that somebody had filled in would be sent to nine municipalities.
    """
    with pytest.raises(Refused) as caught:
        library.propose(a_routine(), by="skribent", attachments={"skjema.pdf": form})

    assert caught.value.reasons == (reason,)
    assert library.proposals(reader="leder") == []


def test_an_approval_of_the_text_is_one_of_its_files(any_library):
    """
    The form that is filled in at the bedside is as much a part of the routine as its words.
    """
    with_form(any_library)

    found = any_library.attachment("handhygiene", "skjema.pdf")
    listed = read(any_library.version_text("handhygiene").text, "handhygiene").front.attachments
    assert (found.data, found.media_type, found.digest) == (FORM, "application/pdf", digest(FORM))
    assert [(one.name, one.digest) for one in listed] == [("skjema.pdf", digest(FORM))]
    assert in_git(any_library)[lies_at(FORM, "pdf")] == FORM
    assert any_library.verify().faults == ()


def test_a_file_can_come_after_the_text_that_lists_it(library):
    """
    Whoever saved the text from a list that was sent round adds the file when it is found.
    """
    listing = library.propose(a_routine(), by="skribent", attachments={"skjema.pdf": FORM})
    text = library.get_proposal(listing.proposal, reader="skribent")[1]
    other = library.propose(text.replace(b"handhygiene", b"hender"), by="skribent")
    assert [one.key for one in other.findings if one.key == "attachment-not-held"]

    revised = library.revise(
        other.proposal, text.replace(b"handhygiene", b"hender"), read_digest=other.digest, by="skribent",
        attachments={"skjema.pdf": FORM},
    )  # fmt: skip

    assert [one.key for one in revised.findings if one.key == "attachment-not-held"] == []
    library.send(other.proposal, digest=revised.digest, by="leder", unheard="Haster.")


def test_the_same_text_saved_again_with_its_file_gets_it(library):
    """
    The first try forgot the file; nothing else is to be done than to try again.
    """
    text = library.get_proposal(
        library.propose(a_routine("hender"), by="skribent", attachments={"skjema.pdf": FORM}).proposal,
        reader="skribent",
    )[1].replace(b"id: hender", b"id: negler")
    first = library.propose(text, by="skribent")

    again = library.propose(text, by="skribent", attachments={"skjema.pdf": FORM})

    assert (again.proposal, again.unchanged) == (first.proposal, True)
    library.send(first.proposal, digest=first.digest, by="leder", unheard="Haster.")


@pytest.mark.parametrize(
    ("data", "reason"), [(files.pdf("Annet"), FileDiffers), (b"%PDF-1.7 /JavaScript", FileHasProgram)]
)
def test_other_bytes_than_the_list_tells_of_are_refused(library, data, reason):
    """
    What the list tells of is what people believe they read.
    """
    made = library.propose(a_routine(), by="skribent", attachments={"skjema.pdf": FORM})
    text = library.get_proposal(made.proposal, reader="skribent")[1]

    with pytest.raises(Refused) as caught:
        library.revise(made.proposal, text, read_digest=made.digest, by="skribent", attachments={"skjema.pdf": data})

    assert [type(one) for one in caught.value.reasons] == [reason]


def test_a_changed_file_is_another_text_and_takes_the_place_of_the_old_one(library):
    """
    A new edition of the form is a change of the routine, and asks for approval as one.
    """
    with_form(library)

    change_with_everyone(library, a_routine(extra="Nytt skjema."), attachments={"skjema.docx": OTHER})

    paths = {path for path in in_git(library) if path.startswith("procedures/") and "/handhygiene/" in path}
    assert paths == {lies_at(OTHER, "docx")}
    assert library.attachment("handhygiene", "skjema.pdf", version="1.0").data == FORM
    with pytest.raises(AttachmentNotFound):
        library.attachment("handhygiene", "skjema.pdf")
    assert library.verify().faults == ()


def test_a_file_that_stands_is_kept_by_a_change_that_only_lists_it(library):
    """
    Whoever mends a word does not send nine forms along again.
    """
    with_form(library)
    text = library.version_text("handhygiene").text

    change_with_everyone(library, text.replace(b"Gjelder alle ansatte.", b"Gjelder alle."))

    assert library.attachment("handhygiene", "skjema.pdf").data == FORM
    assert library.verify().faults == ()


@pytest.mark.broad
def test_a_withdrawn_routine_takes_its_files_along(library):
    """
    A form of a routine that is withdrawn must not look as if it applied.
    """
    with_form(library)
    proposed = library.propose_withdrawal("handhygiene", reason="Trengs ikke.", by="skribent")
    library.send(proposed.proposal, digest=proposed.digest, by="leder", unheard="Haster.")
    agree_until_enough(library, proposed)

    assert not [path for path in in_git(library) if path.startswith("procedures/")]
    assert library.verify().faults == ()


def test_files_of_an_exempt_routine_lie_with_it_and_are_shown_to_its_readers(library):
    """
    A plan of the doors is exempt for the same reason as the routine that it belongs to.
    """
    with_form(library, access="exempt")

    assert lies_at(FORM, "pdf") not in in_git(library)
    assert in_git(library, restricted=True)[lies_at(FORM, "pdf")] == FORM
    assert library.attachment("handhygiene", "skjema.pdf", reader="leder").data == FORM
    with pytest.raises(ProcedureNotFound):
        library.attachment("handhygiene", "skjema.pdf")
    assert library.verify().faults == ()


@pytest.mark.broad
def test_files_of_a_hurried_version_that_is_refused_give_way_to_those_before(library):
    """
    What the network said no to must not be the form that people fill in.
    """
    with_form(library)
    made = library.propose(
        a_routine(extra="Haster."), changes="handhygiene", by="skribent", attachments={"nytt.docx": OTHER},
        meaning="Nytt skjema.", from_version="1.0",
    )  # fmt: skip
    library.hurry(made.proposal, digest=made.digest, reason="Smitte.", by="leder")
    assert lies_at(OTHER, "docx") in in_git(library)

    library.reject(made.proposal, reason="Feil skjema.", by="leder")

    assert lies_at(OTHER, "docx") not in in_git(library)
    assert in_git(library)[lies_at(FORM, "pdf")] == FORM
    assert library.verify().faults == ()


@pytest.mark.broad
def test_git_gives_back_what_sql_lost(library):
    """
    The bytes lie in two places, and either heals the other.
    """
    with_form(library)
    with library._parts.database.writing() as session:
        row = session.get_one(WordsRow, digest(FORM))
        row.content = b"noe annet"
        session.add(row)
    assert library.attachment("handhygiene", "skjema.pdf").data == FORM
    assert "words-changed" in {one.code for one in library.verify().faults}

    assert library.repair().faults == ()

    with library._parts.database.reading() as session:
        assert session.get_one(WordsRow, digest(FORM)).content == FORM


def test_a_redacted_file_is_gone_from_everywhere_and_the_rest_stands(library):
    """
    The form was filled in with somebody's name before it was sent in.
    """
    with_form(library)
    change_with_everyone(library, a_routine(extra="Nytt skjema."), attachments={"skjema.docx": OTHER})

    library.redact(digest(FORM), reason="Utfylt skjema.", by="redaktor")

    found = library.attachment("handhygiene", "skjema.pdf", version="1.0")
    store = library._parts.store
    assert (found.is_redacted, b"%PDF" in found.data) == (True, False)
    assert file_path("procedures/smittevern/handhygiene", digest(FORM), "application/pdf") == lies_at(FORM, "pdf")
    assert all(store.read(blob) != FORM for blob in store.blobs(MAIN))
    assert library.verify().faults == ()


def test_a_file_that_stands_cannot_be_redacted(library):
    """
    Nobody must meet a notice where a form should be.
    """
    with_form(library)

    with pytest.raises(Refused):
        library.redact(digest(FORM), reason="Utfylt skjema.", by="redaktor")


@pytest.mark.broad
def test_a_redacted_text_keeps_no_names_of_its_files(library):
    """
    What a file is called may be what had to go; its bytes are taken away by their own digest.
    """
    with_form(library)
    was = library.version_text("handhygiene").digest
    change_with_everyone(library, a_routine(extra="Nytt."))

    library.redact(was, reason="Feil.", by="redaktor")

    with pytest.raises(AttachmentNotFound):
        library.attachment("handhygiene", "skjema.pdf", version="1.0")
    assert library.attachment("handhygiene", "vedlegg-1", version="1.0").data == FORM
    assert library.verify().faults == ()


def test_the_files_of_a_draft_go_with_its_words(library):
    """
    What came to nothing is not kept, and neither is what was sent in with it.
    """
    made = library.propose(a_routine(), by="skribent", attachments={"skjema.pdf": FORM})
    library.withdraw(made.proposal, reason="Nei.", by="skribent")

    library.erase_text(made.proposal, reason="Etter ønske.", by="redaktor")

    with library._parts.database.reading() as session:
        assert session.exec(select(ProposalFileRow)).all() == []
