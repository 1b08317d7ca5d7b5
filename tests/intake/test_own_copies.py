"""Our own Word files that come back: what was changed in one is a proposal against the version that it was made from."""

import base64
import re
import shutil
import subprocess

import docx
import pytest

from samrutine.errors import NotAllowed, Refused
from samrutine.exchange import word
from samrutine.exchange.word_marks import PART_NAMESPACE
from samrutine.intake.own_copies import CopySaysTheSame
from samrutine.procedures.model import VersionNumber
from samrutine.procedures.text import digest, read
from tests.support.services import not_here
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine
from tests.support.word_files import W, edited, replaced, rezipped

SENT = {"network": "smittevern", "municipality": "Fauske", "by": "ansatt.fauske"}
ID = "handhygiene"


def word_of(library, **how):
    """Give the routine as somebody fetched it, in Word."""
    return word.render(library.document(ID, reader="leder", **how))


def drier(document):
    """Change one word, as a person does who writes in the file."""
    replaced(document, "Tørk dem godt.", "Tørk dem svært godt.")


def sent_in(library, data, **how):
    """Take one file in, and give it as it stands."""
    (one,) = library.take_in([("rutine.docx", data)], **{**SENT, **how}).files
    return one


def accept(library, one, *, by="leder", **how):
    """Accept a document as it reads now, with all of its findings looked at."""
    read_now = library.incoming_document(one.document.id, reader=by)
    keys = [told.key for told in read_now.report.findings]
    return library.accept_incoming(one.document.id, read_digest=read_now.digest, looked_at=keys, by=by, **how)


def codes(one):
    """Name the findings of a document."""
    return {told.finding.code for told in one.report.findings}


def changes_of(library, made):
    """Give what a proposal takes out and puts in, sentence by sentence, and whether the front matter is another."""
    before, after = (
        library.version_text(ID, "1.0", reader="leder").text,
        library.get_proposal(made.proposal, reader="leder")[1],
    )
    old, new = read(before, "x"), read(after, "x")
    gone, come = (
        [line for line in one.body.splitlines() if line not in other.body.splitlines()]
        for one, other in ((old, new), (new, old))
    )
    return gone, come, old.front == new.front


def with_part(data, change):
    """Give a file whose hidden part somebody wrote in."""
    return rezipped(
        data,
        lambda name, part: change(part.decode()).encode() if name == "customXml/item1.xml" else part,
    )


class TestACopyNobodyChanged:
    def test_is_told_to_be_one_and_waits_for_nobody(self, any_library_with_routine):
        """
        Somebody sends the whole folder back. What they did not touch must not become thirty proposals of nothing.
        """
        library = any_library_with_routine

        one = sent_in(library, word_of(library))

        assert (one.document.state, one.report.refused) == ("refused", "own-copy-unedited")
        assert library.waiting("network:smittevern") == []

    def test_opened_and_saved_by_another_program_is_still_one(self, library_with_routine):
        """
        Word writes a file anew when somebody only looked at it.
        """
        one = sent_in(library_with_routine, edited(word_of(library_with_routine), lambda _: None))

        assert one.report.refused == "own-copy-unedited"


class TestACopySomebodyChanged:
    def test_becomes_a_change_of_its_routine_with_that_change_and_nothing_else(self, any_library_with_routine):
        """
        A nurse writes in the file she has. Header, control table and code for the phone are no part of what she changed.
        """
        library = any_library_with_routine

        one = sent_in(library, edited(word_of(library), drier))
        made = accept(library, one)

        assert (one.document.state, codes(one)) == ("waiting", {"own-copy"})
        assert (one.document.title, made.procedure) == ("Håndhygiene", ID)
        assert changes_of(library, made) == (["2. Tørk dem godt."], ["2. Tørk dem svært godt."], True)
        proposal, _ = library.get_proposal(made.proposal, reader="leder")
        assert proposal.base_version == VersionNumber(1, 0)

    def test_of_an_older_version_is_a_change_of_that_one(self, library_with_routine):
        """
        The file lay on the desk while the routine was changed: what came since must not be undone by it.
        """
        library = library_with_routine
        old = word_of(library)
        change_with_everyone(library, a_routine(extra="Og besøkende."))

        made = accept(library, sent_in(library, edited(old, drier)))

        proposal, _ = library.get_proposal(made.proposal, reader="leder")
        assert proposal.base_version == VersionNumber(1, 0)
        assert changes_of(library, made)[:2] == (["2. Tørk dem godt."], ["2. Tørk dem svært godt."])

    def test_a_new_title_is_the_routines(self, library_with_routine):
        library = library_with_routine

        made = accept(
            library,
            sent_in(
                library, edited(word_of(library), lambda document: replaced(document, "Håndhygiene", "Ren på hendene"))
            ),
        )

        text = read(library.get_proposal(made.proposal, reader="leder")[1], "x")
        assert (text.front.title, text.front.id) == ("Ren på hendene", ID)

    def test_may_be_made_another_routine_when_somebody_says_so(self, library_with_routine):
        """
        A network takes the neighbour's routine as the beginning of its own.
        """
        library = library_with_routine

        made = accept(
            library, sent_in(library, edited(word_of(library), drier)), procedure="hansker", title="Hansker",
            front={"responsible_role": "avdelingsleder"},
        )  # fmt: skip

        proposal, text = library.get_proposal(made.proposal, reader="leder")
        assert (made.procedure, proposal.base_version, read(text, "x").front.title) == ("hansker", None, "Hansker")

    def test_what_was_changed_around_the_text_is_told_and_left_out(self, library_with_routine):
        """
        The control header is filled in from what was decided. Who writes in it means something by it all the same.
        """
        library = library_with_routine
        data = edited(word_of(library), lambda document: replaced(document, "1.0", "9.9"))

        one = sent_in(library, data)

        assert (one.document.state, codes(one)) == ("waiting", {"own-copy", "copy-control-changed"})
        (told,) = [each.finding for each in one.report.findings if each.finding.code == "copy-control-changed"]
        assert "9.9" in told.detail
        assert one.document.to_look_at == 1
        with pytest.raises(Refused) as raised:
            accept(library, one)
        assert raised.value.reasons == (CopySaysTheSame(ID, "1.0"),)

    def test_a_dose_that_was_changed_with_marks_stands_first(self, library_with_routine):
        """
        Tracked changes are taken; what they did to a number is the first thing anybody sees.
        """
        library = library_with_routine

        def tracked(document):
            replaced(document, "Tørk dem godt.", "Tørk dem godt i 30 sekunder.")
            run = next(one for one in document.element.body.iter(f"{W}r") if "30 sekunder" in "".join(one.itertext()))
            mark = docx.oxml.OxmlElement("w:ins")
            mark.set(docx.oxml.ns.qn("w:id"), "900")
            mark.set(docx.oxml.ns.qn("w:author"), "x")
            run.addprevious(mark)
            mark.append(run)

        one = sent_in(library, edited(word_of(library), tracked))

        first = one.report.findings[0].finding
        assert (first.code, first.where) == ("copy-value-changed", "Framgangsmåte")
        assert first.detail == "– → i 30 sekunder (Tørk dem godt i 30 sekunder.)"
        assert {"own-copy", "changes-accepted"} <= codes(one)

    def test_read_once_more_it_is_the_same(self, library_with_routine):
        library = library_with_routine
        one = sent_in(library, edited(word_of(library), drier))

        again = library.read_incoming_again(one.document.id, by="leder")

        assert again.report.own == one.report.own
        assert again.text == library.incoming_document(one.document.id, reader="leder").text

    def test_what_somebody_mends_before_accepting_is_what_is_proposed(self, library_with_routine):
        library = library_with_routine
        one = sent_in(library, edited(word_of(library), drier))
        text = library.incoming_document(one.document.id, reader="leder").text

        library.edit_incoming(one.document.id, text.replace("svært godt", "helt tørre"), by="leder")
        made = accept(library, one)

        assert changes_of(library, made) == (["2. Tørk dem godt."], ["2. Tørk dem helt tørre."], True)


class TestWhatLocalPeopleWrote:
    def test_local_information_that_was_changed_is_told_and_never_shared(self, library_with_routine):
        """
        Fauske's phone number written over in Word would else be everybody's.
        """
        library = library_with_routine
        change_with_everyone(library, a_routine(required=("vakttelefon",)))
        library.set_local_information(ID, "Fauske", {"vakttelefon": "75 00 00 11"}, by="ansvarlig.fauske")
        library.adopt(ID, "Fauske", by="beslutter.fauske")
        data = word_of(library, municipality="fauske")

        one = sent_in(library, edited(data, lambda document: replaced(document, "75 00 00 11", "75 00 00 22")))

        assert codes(one) == {"own-copy", "copy-local-changed"}
        (told,) = [each.finding for each in one.report.findings if each.finding.code == "copy-local-changed"]
        assert (told.where, told.detail) == (
            "Formål",
            "Fauske, Vakttelefon: 75 00 00 22 (Hindre smitte mellom pasienter og ansatte. Ring 75 00 00 22.)",
        )
        assert "75 00 00" not in library.incoming_document(one.document.id, reader="leder").text


class TestWhatAFileOnlySays:
    """A file can say anything of itself. It is believed when the library has that very text under that very number."""

    @pytest.mark.parametrize(
        "forged",
        [
            lambda part: part.replace('version="1.0" digest', 'version="7.0" digest'),
            lambda part: part.replace('version="1.0" digest', 'version="00000000000000000000000001.0" digest'),
            lambda part: part.replace('version="1.0" digest', 'version="utkast" digest'),
            lambda part: part.replace(f'id="{ID}"', 'id="smittevask"'),
            lambda part: part.replace(f'id="{ID}"', 'id="\' or 1=1 --"'),
        ],
        ids=["a version there is not", "a number with noughts", "a draft", "another routine", "no id"],
    )
    def test_a_version_that_the_library_has_not_is_read_as_anybodys(self, library_with_routine, forged):
        library = library_with_routine

        one = sent_in(library, with_part(edited(word_of(library), drier), forged))

        assert "own-copy-unknown" in codes(one)
        assert (one.report.own, one.document.state) == (None, "waiting")
        assert "Tørk dem svært godt." in library.incoming_document(one.document.id, reader="leder").text

    def test_another_text_under_a_known_number_is_read_as_anybodys(self, library_with_routine):
        """
        Whoever hides another text in the file gets what everybody sees of it, and no word of ours says that it is ours.
        """
        library = library_with_routine

        def other(part):
            text = base64.b64decode(re.search(r">([A-Za-z0-9+/=]+)<", part)[1])
            hidden = text.replace(b"Hindre smitte", b"Spre smitte")
            said = part.replace(base64.b64encode(text).decode(), base64.b64encode(hidden).decode())
            return said.replace(str(digest(text)), str(digest(hidden)))

        one = sent_in(library, with_part(edited(word_of(library), drier), other))

        assert "own-copy-unknown" in codes(one)
        text = library.incoming_document(one.document.id, reader="leder").text
        assert "Spre smitte" not in text
        assert "Hindre smitte" in text

    @pytest.mark.parametrize(
        "damaged",
        [
            lambda part: re.sub(r">[A-Za-z0-9+/=]+<", ">ikke base64<", part),
            lambda part: re.sub(r'digest="1:[0-9a-f]', 'digest="1:x', part),
            lambda _: f'<text xmlns="{PART_NAMESPACE}"/>',
            lambda part: re.sub(r">[A-Za-z0-9+/=]+<", "><", part),
        ],
        ids=["no base 64", "another digest", "nothing said", "no text"],
    )
    def test_a_damaged_one_is_read_as_anybodys_and_says_so(self, library_with_routine, damaged):
        library = library_with_routine

        one = sent_in(library, with_part(edited(word_of(library), drier), damaged))

        assert (one.document.state, one.report.own) == ("waiting", None)
        assert "own-copy-damaged" in codes(one)
        assert "Tørk dem svært godt." in library.incoming_document(one.document.id, reader="leder").text

    @pytest.mark.service("libreoffice")
    def test_one_that_libreoffice_saved_is_anybodys_and_says_so(self, library_with_routine, tmp_path):
        """
        It takes the marks away that part the text from what stands around it.
        """
        if (program := shutil.which("soffice")) is None:
            not_here("LibreOffice", "apt-get install --no-install-recommends libreoffice-writer-nogui")
        library = library_with_routine
        (tmp_path / "rutine.docx").write_bytes(word_of(library))
        command = [
            program,
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "docx",
        ]
        subprocess.run(
            [*command, "--outdir", str(tmp_path / "out"), str(tmp_path / "rutine.docx")],
            check=True,
            capture_output=True,
            timeout=120,
        )

        one = sent_in(library, (tmp_path / "out" / "rutine.docx").read_bytes())

        assert (one.report.own, "own-copy-damaged" in codes(one)) == (None, True)

    def test_one_without_what_it_was_made_from_is_anybodys(self, library_with_routine):
        """
        Some programs throw away what they do not know.
        """
        library = library_with_routine
        data = rezipped(word_of(library), lambda name, part: None if name.startswith("customXml/") else part)
        data = rezipped(data, lambda _, part: re.sub(rb'<Override PartName="/customXml[^>]*>', b"", part))

        one = sent_in(library, data)

        assert (one.document.state, one.report.own) == ("waiting", None)


class TestWhoMayKnow:
    def test_of_an_exempt_routine_nobody_learns_that_it_is_here_who_may_not_read_it(self, library):
        """
        A file that names a routine must not be a way to ask whether the library has it.
        """
        approve_with_everyone(library, a_routine(access="exempt"))
        data = edited(word.render(library.document(ID, reader="leder")), drier)

        theirs = sent_in(library, data, by="ansatt.fauske")
        ours = sent_in(library, data, municipality=None, by="leder")

        assert ("own-copy-unknown" in codes(theirs), theirs.report.own) == (True, None)
        assert ours.report.own is not None

    def test_only_who_writes_in_the_network_makes_a_proposal_of_it(self, library_with_routine):
        library = library_with_routine
        one = sent_in(library, edited(word_of(library), drier))

        with pytest.raises(NotAllowed):
            accept(library, one, by="ansatt.fauske")
