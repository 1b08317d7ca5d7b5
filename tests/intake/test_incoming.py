"""Documents that somebody sends in: what waits, who may see it, what must be done before it becomes a proposal."""

import os
import re

import pytest
from sqlmodel import select

from samrutine.collecting.errors import CollectionNotFound
from samrutine.errors import InvalidText, NotAllowed, Refused, TextChanged
from samrutine.intake import quarantine
from samrutine.intake.errors import AddressNotFound, DocumentChanged, IncomingNotFound
from samrutine.intake.masking import NeverLetThrough, NothingHeldBack
from samrutine.intake.model import AddressTaken, NoSuchFinding, NotLookedAt, NotWaiting, OriginalGone, StillHeldBack
from samrutine.storage.rows import IncomingDocumentRow, OldAddressRow, ProposalOriginRow
from tests.support.stories import approve_with_everyone
from tests.support.texts import NATIONAL_ID, a_routine

PHONE = "900 00 000"
TEXT = f"""# Smittevask på rom

## Formål

Hindre smitte mellom beboere.

## Framgangsmåte

1. Vask alle flater.
2. Ring Kari på {PHONE} når det er ferdig.

Beboer {NATIONAL_ID} hadde smitte i 2025.
"""
SENT = {"network": "smittevern", "municipality": "Fauske", "by": "ansatt.fauske"}
CLEAN = TEXT.replace(PHONE, "vakttelefonen").replace(f"Beboer {NATIONAL_ID} hadde smitte i 2025.", "Meld avvik.")
FRONT = {"responsible_role": "avdelingsleder"}


def sent_in(library, text=TEXT, name="smittevask.md", **how):
    """Take one file in, and give it as it stands."""
    (one,) = library.take_in([(name, text.encode())], **{**SENT, **how}).files
    return one


def originals(library):
    """Give the names of the files that wait."""
    folder = library._parts.home / "intake"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def accept(library, document, *, by, **how):
    """Accept a document as it reads now."""
    read = library.incoming_document(document, reader=by).digest
    return library.accept_incoming(document, read_digest=read, by=by, **how)


def row_of(library, document):
    """Give a document's row."""
    with library._parts.database.reading() as session:
        return session.get_one(IncomingDocumentRow, document)


class TestTakingIn:
    def test_a_document_waits_with_its_report_and_what_is_held_back(self, any_library):
        """
        Whoever sent it sees at once what became of it; the network sees that something waits.
        """
        library = any_library

        one = sent_in(library)

        assert (one.document.state, one.document.kind, one.was_there) == ("waiting", "markdown", False)
        assert [(held.key, held.what) for held in one.report.held] == [("k1", "private-phone"), ("k2", "national-id")]
        assert one.document.held == 2
        assert [waiting.what for waiting in library.waiting("network:smittevern")] == ["look-at-documents"]
        assert originals(library) == [one.document.source_digest]

    def test_the_same_bytes_of_the_same_municipality_are_the_same_document(self, library):
        """
        Somebody sends the whole folder again since one file was missing.
        """
        first = sent_in(library)

        again = sent_in(library, name="kopi.md")
        other = sent_in(library, municipality="Beiarn", by="medlem.beiarn")

        assert (again.was_there, again.document.id, again.document.name) == (True, first.document.id, "smittevask.md")
        assert (other.was_there, other.document.id == first.document.id) == (False, False)

    def test_answers_to_what_a_network_asked_for(self, library):
        """
        Also a file that was sent in before anybody asked.
        """
        first = sent_in(library)
        asked = library.ask_for_routines("smittevern", "Smittevask", deadline=library.today, by="leder").collection

        again = sent_in(library, collection=asked)

        assert (again.was_there, again.document.collection) == (True, asked)
        assert [one.id for one in library.incoming(collection=asked, reader="leder")] == [first.document.id]
        with pytest.raises(CollectionNotFound):
            sent_in(library, CLEAN, collection="c-000000000000")

    def test_what_cannot_be_read_is_told_with_what_to_do_and_keeps_nothing_of_it(self, library):
        """
        One bad file in thirty stops no other, and nobody must guess what is wrong with it.
        """
        taken = library.take_in([("tom.docx", b""), ("rutine.md", CLEAN.encode())], **SENT)

        assert [one.document.state for one in taken.files] == ["refused", "waiting"]
        assert taken.files[0].report.refused == "empty"
        assert originals(library) == [taken.files[1].document.source_digest]
        assert [one.name for one in taken.gravest_first] == ["tom.docx", "rutine.md"]

    def test_the_report_quotes_nothing_of_what_is_held_back(self, library):
        """
        A report is printed and sent on to whoever wrote the document.
        """
        html = (
            f"<html><body><p>Ring <del>{PHONE}</del> vakta.</p><p style='display:none'>{NATIONAL_ID}</p></body></html>"
        )

        one = sent_in(library, html, name="rutine.html")

        kept = row_of(library, one.document.id).report
        assert one.report.findings
        assert PHONE not in kept
        assert NATIONAL_ID not in kept

    def test_is_for_those_who_work_there_and_the_network(self, library):
        """
        A routine that is sent in from Fauske is Fauske's to send.
        """
        for by, municipality in (("skribent", "Fauske"), ("skribent", None), ("ansatt.fauske", None)):
            with pytest.raises(NotAllowed):
                sent_in(library, municipality=municipality, by=by)

        for by, municipality in (("medlem.beiarn", "Fauske"), ("medlem.beiarn", None), ("redaktor", "Beiarn")):
            assert sent_in(library, municipality=municipality, by=by).document.state == "waiting"

    def test_a_file_without_a_document_is_cleared_when_it_is_old(self, library):
        """
        The power went between file and row. A row that is being written this minute keeps its file.
        """
        kept = sent_in(library).document.source_digest
        folder = library._parts.home / "intake"
        old, young = (library._parts.intake.originals.keep(data) for data in (b"gammel", b"ny"))
        os.utime(folder / old, (0, 0))
        os.utime(folder / kept, (0, 0))

        cleared = library.maintain().documents_removed

        assert cleared == (old,)
        assert originals(library) == sorted([kept, young])
        assert (folder.stat().st_mode & 0o777, (folder / kept).stat().st_mode & 0o777) == (0o700, 0o600)


class TestSeeing:
    def test_nobody_else_sees_what_waits(self, library):
        """
        A document may hold a patient's name until somebody has looked at it.
        """
        document = sent_in(library).document.id

        for who in ("ansatt.fauske", "medlem.beiarn", "leder", "redaktor"):
            assert [one.id for one in library.incoming(reader=who)] == [document]
            assert PHONE in library.incoming_document(document, reader=who).text
        acts = {
            "edit": lambda one: library.edit_incoming(one, "Ord.", by="skribent"),
            "again": lambda one: library.read_incoming_again(one, by="skribent"),
            "mask": lambda one: library.mask_incoming(one, ["k1"], by="skribent"),
            "through": lambda one: library.let_through(one, ["k1"], "Ja.", by="skribent"),
            "reject": lambda one: library.reject_incoming(one, "Nei.", by="skribent"),
            "accept": lambda one: library.accept_incoming(one, read_digest="1:0", by="skribent"),
        }
        for act in acts.values():
            for one in (document, "i-000000000000"):
                with pytest.raises(IncomingNotFound):
                    act(one)
        for who in (None, "skribent", "beslutter.steigen"):
            assert library.incoming(reader=who) == []
            with pytest.raises(IncomingNotFound):
                library.incoming_document(document, reader=who)

    def test_a_files_name_is_kept_without_what_is_held_back(self, library):
        """
        A list shows it before anybody has looked at the file.
        """
        one = sent_in(library, CLEAN, name=f"Rutine_{PHONE.replace(' ', '')}_Ola {NATIONAL_ID}.md").document
        other = sent_in(library, f"{CLEAN}\nMer.\n", name="Rutine_for_smittevask_2025.md").document

        assert one.name == "Rutine (fjernet: telefonnummer) Ola (fjernet: fødselsnummer).md"
        assert library.read_incoming_again(one.id, by="leder").document.kind == "markdown"
        assert other.name == "Rutine_for_smittevask_2025.md"

    def test_can_be_narrowed(self, library):
        """
        The network looks at one municipality at a time.
        """
        sent_in(library)
        sent_in(library, CLEAN, municipality="Beiarn", by="medlem.beiarn")

        towns = [one.municipality_name for one in library.incoming(municipality="Beiarn", reader="leder")]

        assert towns == ["Beiarn"]
        assert len(library.incoming(network="smittevern", state="waiting", reader="leder")) == 2
        assert library.incoming(state="accepted", reader="leder") == []


class TestMending:
    def test_what_is_masked_is_nowhere_in_the_text(self, any_library):
        """
        In its place stands what kind of thing it was, so that the sentence can be mended.
        """
        library = any_library
        document = sent_in(library).document.id

        masked = library.mask_incoming(document, ["k1"], by="ansatt.fauske")

        assert PHONE not in masked.text
        assert "(fjernet: telefonnummer)" in masked.text
        assert {one.key: one.state.value for one in masked.report.held} == {"k1": "masked", "k2": "open"}
        assert library.mask_incoming(document, ["k1"], by="ansatt.fauske") == masked
        with pytest.raises(Refused) as refused:
            library.mask_incoming(document, ["k9"], by="ansatt.fauske")
        assert refused.value.reasons == (NothingHeldBack("k9"),)

    def test_an_edited_text_is_looked_through_anew(self, library):
        """
        Whoever mends a sentence may paste in another number.
        """
        document = sent_in(library).document
        read = library.incoming_document(document.id, reader="leder")

        edited = library.edit_incoming(
            document.id, CLEAN.partition("\n")[2] + "\nRing 950 00 000.\n", read_digest=read.digest, by="leder"
        )

        assert {one.key: one.state.value for one in edited.report.held} == {"k1": "gone", "k2": "gone", "k3": "open"}
        with pytest.raises(TextChanged):
            library.edit_incoming(document.id, "Annet.", read_digest=read.digest, by="leder")
        with pytest.raises(InvalidText):
            library.edit_incoming(document.id, "Se [^1].\n\n[^2]: Borte.\n", by="leder")

    def test_only_what_a_text_may_hold_is_let_through_and_by_name(self, library):
        """
        «Kvinne på 84 år» may be an example in a course. A private number is in no routine, whoever says so.
        """
        text = CLEAN.replace("Meld avvik.", f"Eksempel: en kvinne på 84 år. Ring {PHONE}.")
        document = sent_in(library, text).document.id

        with pytest.raises(NotAllowed):
            library.let_through(document, ["k2"], "Eksempel.", by="ansatt.fauske")
        with pytest.raises(Refused) as refused:
            library.let_through(document, ["k2"], "Vakttelefon.", by="leder")
        through = library.let_through(document, ["k1"], "Et oppdiktet eksempel.", by="leder")

        assert refused.value.reasons == (NeverLetThrough("k2", "private-phone"),)
        assert (through.report.held[0].state, through.report.held[0].by) == ("let-through", library._actor("leder"))
        assert library.let_through(document, ["k1"], "Et oppdiktet eksempel.", by="leder") == through

    def test_the_file_can_be_read_again_while_it_waits(self, library):
        """
        Somebody masked too much.
        """
        document = sent_in(library).document.id
        before = library.incoming_document(document, reader="leder")
        library.mask_incoming(document, ["k1", "k2"], by="leder")

        assert library.read_incoming_again(document, by="leder") == before

        library._parts.intake.originals.remove(before.document.source_digest)
        with pytest.raises(Refused) as refused:
            library.read_incoming_again(document, by="leder")
        assert refused.value.reasons == (OriginalGone(document),)


class TestRejecting:
    def test_takes_text_and_file_away_and_tells_whoever_sent_it(self, any_library):
        """
        What is not wanted is not kept.
        """
        library = any_library
        document = sent_in(library).document.id

        rejected = library.reject_incoming(document, "Dekket av handhygiene.", by="leder")

        assert (rejected.state, rejected.reason) == ("rejected", "Dekket av handhygiene.")
        assert row_of(library, document).text == b""
        assert originals(library) == []
        assert library.waiting("network:smittevern") == []
        assert "document-rejected" in [one.what for one in library.notifications("ansatt.fauske")]
        assert library.reject_incoming(document, "Dekket av handhygiene.", by="leder") == rejected
        with pytest.raises(Refused) as refused:
            accept(library, document, by="leder")
        assert refused.value.reasons == (NotWaiting(document, "rejected"),)

    def test_is_for_the_network(self, library):
        """
        Whoever sent it takes it back by saying so to the network.
        """
        document = sent_in(library).document.id

        with pytest.raises(NotAllowed):
            library.reject_incoming(document, "Nei.", by="ansatt.fauske")
        with pytest.raises(IncomingNotFound):
            library.reject_incoming(document, "Nei.", by="skribent")


class TestAccepting:
    def test_makes_a_proposal_with_the_files_digest_as_its_origin(self, any_library):
        """
        Years later somebody asks where the routine came from.
        """
        library = any_library
        document = sent_in(library, CLEAN).document
        front = {**FRONT, "subjects": ["smittevern"]}

        made = accept(
            library, document.id, front=front, old_number="HMS-12", old_address="https://Fauske.sharepoint.com/rutiner/Smittevask.docx",
            by="leder", decision_id="ta-inn",
        )  # fmt: skip

        proposal, text = library.get_proposal(made.proposal, reader="leder")
        assert (made.procedure, proposal.state, proposal.network) == ("smittevask-pa-rom", "draft", "smittevern")
        assert b"also_called: [HMS-12]" in text
        assert b"Vask alle flater." in text
        with library._parts.database.reading() as session:
            (origin,) = session.exec(select(ProposalOriginRow)).all()
        assert (origin.kind, origin.reference) == ("document", document.source_digest)
        assert originals(library) == []
        assert "document-accepted" in [one.what for one in library.notifications("ansatt.fauske")]
        assert accept(library, document.id, front=front, by="leder", decision_id="ta-inn") == made
        with pytest.raises(Refused):
            accept(library, document.id, front=front, by="leder")
        assert library.verify().is_clean

    def test_is_of_what_was_read(self, library):
        """
        Whoever sent it may edit it while the leader reads: «Vask alle flater» must not become «Vask ingen flater» unread.
        """
        document = sent_in(library, CLEAN).document.id
        read = library.incoming_document(document, reader="leder")
        library.edit_incoming(document, read.text.replace("Vask alle", "Vask ingen"), by=SENT["by"])
        title = library.incoming_document(document, reader="leder").digest
        library.edit_incoming(document, read.text, title="Smittevask", by=SENT["by"])

        for digest in (read.digest, title, ""):
            with pytest.raises(DocumentChanged):
                library.accept_incoming(document, read_digest=digest, front=FRONT, by="leder")

        assert library.proposals(reader="leder") == []
        assert library.incoming_document(document, reader="leder").document.state == "waiting"

    def test_waits_for_what_is_held_back_by_the_rules_of_today(self, library, monkeypatch):
        """
        A document may wait over an upgrade, and the new release knows more of what may not come in.
        """
        document = sent_in(library, CLEAN).document.id
        monkeypatch.setattr(quarantine, "_SECRET", (*quarantine._SECRET, re.compile("mellom beboere")))

        with pytest.raises(Refused) as refused:
            accept(library, document, front=FRONT, by="leder")
        library.let_through(document, ["k1"], "Ikke noe passord.", by="leder")
        library.edit_incoming(document, f"{CLEAN.partition(chr(10))[2]}\nMer.\n", by="leder")

        assert refused.value.reasons == (StillHeldBack(document, "smittevask.md", ("k1",)),)
        assert accept(library, document, front=FRONT, by="leder").number

    def test_no_number_with_a_mark_in_it_comes_into_a_draft(self, library):
        """
        Word writes a bold half of a number as a mark within it.
        """
        number = f"{NATIONAL_ID[:6]}**{NATIONAL_ID[6:]}**"
        document = sent_in(library, CLEAN.replace("Meld avvik.", f"Beboer {number}. **Passord:** Sommer2024.")).document

        with pytest.raises(Refused) as refused:
            accept(library, document.id, front=FRONT, by="leder")

        assert refused.value.reasons == (StillHeldBack(document.id, document.name, ("k1", "k2")),)

    def test_waits_for_what_is_held_back(self, library):
        """
        Masked or let through, each of them: else it stands in a draft that the whole network reads.
        """
        document = sent_in(library).document.id

        with pytest.raises(Refused) as refused:
            accept(library, document, front=FRONT, by="leder")
        library.mask_incoming(document, ["k1", "k2"], by="leder")

        assert refused.value.reasons == (StillHeldBack(document, "smittevask.md", ("k1", "k2")),)
        made = accept(library, document, front=FRONT, by="leder")
        text = library.get_proposal(made.proposal, reader="leder")[1].decode()
        assert PHONE not in text
        assert NATIONAL_ID not in text

    def test_what_somebody_looked_at_before_need_not_be_named_again(self, any_library):
        """
        Nine files with a comment each are looked at one by one, and put together afterwards.
        """
        library = any_library
        html = "<html><body><h1>Rutine</h1><p>Gi 5 mg.</p><p><s>Gi 10 mg.</s></p></body></html>"
        document = sent_in(library, html, name="rutine.html").document
        read = library.incoming_document(document.id, reader="leder")
        grave = read.report.to_look_at

        seen = library.look_at_incoming(document.id, grave, read_digest=read.digest, by="leder")
        again = library.look_at_incoming(document.id, grave, read_digest=read.digest, by="redaktor")

        assert (seen.document.to_look_at, again) == (0, seen)
        assert {one.looked_at_by for one in seen.report.findings if one.key in grave} == {library._actor("leder")}
        for keys, digest, error in (
            (["f99"], read.digest, Refused), (grave, "1:0", DocumentChanged),
        ):  # fmt: skip
            with pytest.raises(error):
                library.look_at_incoming(document.id, keys, read_digest=digest, by="leder")
        with pytest.raises(NotAllowed):
            library.look_at_incoming(document.id, grave, read_digest=read.digest, by="ansatt.fauske")
        assert accept(library, document.id, front=FRONT, title="Rutine", by="leder").number

    def test_waits_until_somebody_looked_at_what_was_lost(self, library):
        """
        Nothing with a loss comes in without that somebody has seen it, by name.
        """
        html = "<html><body><h1>Rutine</h1><p>Gi 5 mg.</p><p><s>Gi 10 mg.</s></p><script>x()</script></body></html>"
        document = sent_in(library, html, name="rutine.html").document
        grave = library.incoming_document(document.id, reader="leder").report.to_look_at

        with pytest.raises(Refused) as refused:
            accept(library, document.id, front=FRONT, looked_at=["f99"], by="leder")
        made = accept(library, document.id, front=FRONT, looked_at=grave, title="Rutine", by="leder")

        assert document.to_look_at == len(grave) > 0
        assert refused.value.reasons == (NoSuchFinding("f99"), NotLookedAt(document.id, "rutine.html", grave))
        assert made.number
        report = library.incoming_document(document.id, reader="leder").report
        assert {one.looked_at_by for one in report.findings if one.key in grave} == {library._actor("leder")}

    def test_may_change_a_routine_there_is(self, library_with_routine):
        """
        The municipality's own text is better than the shared one; the front matter stays the library's.
        """
        library = library_with_routine
        document = sent_in(library, CLEAN).document.id

        made = accept(library, document, changes="handhygiene", old_number="7", by="leder")

        text = library.get_proposal(made.proposal, reader="leder")[1]
        assert made.procedure == "handhygiene"
        assert b"title: H\xc3\xa5ndhygiene" in text
        assert b'also_called: ["7"]' in text or b"also_called: ['7']" in text
        assert b"Vask alle flater." in text

    def test_killed_between_proposal_and_row_the_same_call_again_finishes_it(self, library, monkeypatch):
        """
        The proposal is decided; that the document became it must not be lost.
        """
        document = sent_in(library, CLEAN).document.id
        accepting = library._parts.intake.accepting

        def killed(*_, **__):
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(type(accepting), "_keep", killed)
            with pytest.raises(KeyboardInterrupt):
                accept(library, document, front=FRONT, by="leder", decision_id="en-gang")

        made = accept(library, document, front=FRONT, by="leder", decision_id="en-gang")

        assert library.incoming_document(document, reader="leder").document.proposal == made.proposal
        assert len(library.proposals(reader="leder")) == 1


class TestOldAddresses:
    def test_lead_to_the_routine_when_it_is_approved(self, any_library_with_routine):
        """
        A link from before stands in a hundred other documents.
        """
        library = any_library_with_routine
        document = sent_in(library, CLEAN).document.id
        address = "https://fauske.sharepoint.com/Rutiner/H%C3%A5nd.docx?web=1#side2"

        accept(library, document, changes="handhygiene", old_address=address, by="leder")

        found = library.where_did("https://Fauske.SharePoint.com/Rutiner/Hånd.docx?web=1")
        assert (found.procedure, found.system) == ("handhygiene", "sharepoint")
        with pytest.raises(AddressNotFound):
            library.where_did("https://fauske.sharepoint.com/annet")

    def test_say_nothing_of_a_draft_or_of_what_may_not_be_read(self, library):
        """
        An address must not tell that there is something at the other end.
        """
        document = sent_in(library, CLEAN).document.id
        accept(
            library, document, front=FRONT, procedure="smittevask", old_address="//server/smittevask.docx", by="leder"
        )

        with pytest.raises(AddressNotFound):
            library.where_did("\\\\server\\smittevask.docx", reader="leder")
        approve_with_everyone(library, a_routine("hemmelig", title="Hemmelig", access="exempt"))
        with library._parts.database.writing() as session:
            session.get_one(OldAddressRow, "//server/smittevask.docx").procedure_id = "hemmelig"
        with pytest.raises(AddressNotFound):
            library.where_did("//server/smittevask.docx", reader="ansatt.fauske")
        assert library.where_did("//server/smittevask.docx", reader="leder").procedure == "hemmelig"

    def test_lead_to_one_routine_each(self, library_with_routine):
        """
        Two routines at one address is a mistake that somebody must look at.
        """
        library = library_with_routine
        first, second = (sent_in(library, f"{CLEAN}\n{n}\n").document.id for n in "ab")
        accept(library, first, changes="handhygiene", old_address="https://x.example/1", by="leder")

        with pytest.raises(Refused) as refused:
            accept(library, second, front=FRONT, old_address="https://x.example/1", by="leder")

        assert refused.value.reasons == (AddressTaken("https://x.example/1"),)


class TestKeeping:
    def test_what_is_dealt_with_is_gone_after_three_months_and_what_waits_is_not(self, library, clock):
        """
        What was sent in by mistake must not lie there for years; what nobody has looked at yet must not vanish.
        """
        waits, rejected, accepted = (sent_in(library, f"{CLEAN}\n{name}\n").document.id for name in "abc")
        library.reject_incoming(rejected, "Dekket.", by="leder")
        made = accept(library, accepted, front=FRONT, old_address="https://x.example/1", by="leder")
        clock.forward(days=100)

        library.retention(by="redaktor", delete=True)

        assert {one.id for one in library.incoming(reader="leder")} == {waits, accepted}
        library.withdraw(made.proposal, reason="Ikke vår.", by="leder")
        clock.forward(days=100)
        library.retention(by="redaktor", delete=True)
        assert {one.id for one in library.incoming(reader="leder")} == {waits}
        with library._parts.database.reading() as session:
            assert session.get(OldAddressRow, "https://x.example/1") is not None
