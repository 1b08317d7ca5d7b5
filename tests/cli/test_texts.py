"""Texts on their way, from the shell: import, propose, read, send, approve."""

import re

import pytest

from tests.support.stories import APPROVERS
from tests.support.texts import NATIONAL_ID, a_routine


@pytest.fixture
def draft(at, home, tmp_path):
    """A draft that Skribent has kept; gives its answer."""
    file = tmp_path / "handhygiene.md"
    file.write_bytes(a_routine())
    return at(home, "propose", file, "--json", by="skribent").answer


@pytest.mark.parametrize("begins", [b"PK\x03\x04", b"%PDF-1.7", b"{\\rtf1", b"\xd0\xcf\x11\xe0"])
@pytest.mark.parametrize(
    "command", [["propose"], ["revise", "f-0000000000", "--digest", "abc123"]], ids=["propose", "revise"]
)
def test_whoever_proposes_a_document_is_told_how_one_is_sent_in(at, home, tmp_path, begins, command):
    """
    «Byte 15 kan ikke leses» helps nobody who has just written in Word.
    """
    file = tmp_path / "rutine.docx"
    file.write_bytes(begins + b"\xff\xfe")

    ran = at(home, command[0], *command[1:2], file, *command[2:], by="skribent")

    assert ran.code == 2
    assert "samrutine intake add" in ran.err


class TestApproving:
    def test_takes_a_text_from_draft_to_faglig_godkjent(self, at, home, draft):
        """
        The way every routine goes, with what each person types.
        """
        proposal, digest = draft["proposal"], draft["digest"]

        sent = at(home, "send", proposal, "--digest", digest, "--unheard", "Drøftet.", "--json", by="redaktor")
        answers = [at(home, "approve", proposal, "--digest", digest, by=one) for one in APPROVERS]

        assert sent.answer["needed"] == 4
        assert [ran.code for ran in answers] == [0, 0, 0, 0]
        assert "Godkjenninger: 1 av 4" in answers[0].out
        assert "handhygiene 1.0 er faglig godkjent" in answers[-1].out
        assert at(home, "list", "--json").answer["procedures"][0]["version"] == "1.0"

    def test_a_script_must_say_which_text_was_read(self, at, home, draft):
        """
        What was read is what is approved: no digest, no approval.
        """
        at(home, "send", draft["proposal"], "--digest", draft["digest"], "--unheard", "Drøftet.", by="redaktor")

        ran = at(home, "approve", draft["proposal"], "--json", by="leder")

        assert (ran.code, ran.answer["error"]["code"]) == (2, "digest_missing")

    def test_the_twelve_characters_that_are_printed_are_enough(self, at, home, draft):
        """
        Nobody types sixty-four characters from a screen.
        """
        shown = at(home, "proposal", draft["proposal"], by="redaktor").out.splitlines()[-1]

        ran = at(home, "send", draft["proposal"], "--digest", shown.split()[-1], "--unheard", "Drøftet.", by="redaktor")

        assert ran.code == 0

    @pytest.mark.parametrize(
        ("given", "refused"),
        [
            ("1:000000000000", (5, "text_changed")),
            ("0", (2, "invalid_request")),
            ("", (2, "invalid_request")),
            ("1:", (2, "invalid_request")),
        ],
        ids=["another text", "too short", "empty", "no digits"],
    )
    def test_the_digest_of_another_text_is_refused(self, at, home, draft, given, refused):
        """
        Somebody changed the draft while it was read: the one who approves must see the new words.

        What is no digest is a slip of the hand, and no text that somebody changed.
        """
        at(home, "send", draft["proposal"], "--digest", draft["digest"], "--unheard", "Drøftet.", by="redaktor")

        ran = at(home, "approve", draft["proposal"], "--digest", given, "--json", by="leder")

        assert (ran.code, ran.answer["error"]["code"]) == refused

    def test_a_changed_draft_voids_what_was_agreed_and_says_so(self, at, home, draft, tmp_path):
        """
        An approval is of words, not of a heading.
        """
        proposal, digest = draft["proposal"], draft["digest"]
        at(home, "send", proposal, "--digest", digest, "--unheard", "Drøftet.", by="redaktor")
        at(home, "approve", proposal, "--digest", digest, by="medlem.beiarn")
        changed = tmp_path / "ny.md"
        changed.write_bytes(a_routine(extra="Bruk også hansker."))

        revised = at(home, "revise", proposal, changed, "--digest", digest, by="skribent")

        assert revised.code == 0
        shown = at(home, "proposal", proposal, by="redaktor").text
        assert "Godkjenninger: 0 av 4, mangler medlemmer fra" in shown
        assert "Én godkjenning av en tidligere tekst er falt bort." in shown
        assert "Bruk også hansker." in shown

    def test_the_same_decision_id_twice_is_one_decision(self, at, home, draft):
        """
        A script that lost the answer asks again, and nothing is done twice.
        """
        line = (
            "send",
            draft["proposal"],
            "--digest",
            draft["digest"],
            "--unheard",
            "Drøftet.",
            "--decision-id",
            "min-egen",
            "--json",
        )

        first, second = at(home, *line, by="redaktor"), at(home, *line, by="redaktor")

        assert first.answer["number"] == second.answer["number"]

    def test_a_proposal_says_what_the_checks_found(self, at, home, tmp_path):
        """
        The writer sees at once what must be mended before anybody is asked.
        """
        file = tmp_path / "handhygiene.md"
        file.write_bytes(a_routine(sections={"Formål": "Hindre smitte."}))

        ran = at(home, "propose", file, by="skribent")

        assert ran.code == 0
        assert "linje 26: Framgangsmåten mangler." in ran.text


class TestWithdrawing:
    def test_says_what_was_withdrawn_and_lists_it_as_such(self, at, home, draft):
        """
        Whoever looks for the draft next week must find what became of it.
        """
        ran = at(home, "withdraw", draft["proposal"], "--reason", "Dekket av en annen.", by="skribent")

        assert ran.code == 0
        assert f"Forslag {draft['proposal']} om handhygiene er trukket tilbake." in ran.out
        listed = at(home, "proposals", "--state", "withdrawn", "--json", by="redaktor").answer["proposals"]
        assert [one["id"] for one in listed] == [draft["proposal"]]
        assert "trukket tilbake" in at(home, "proposals", by="redaktor").out
        assert "er trukket tilbake" in at(home, "history", "handhygiene", by="redaktor").text

    def test_asks_for_a_reason(self, at, home, draft):
        """
        Somebody agreed, or waited; they are told why.
        """
        assert at(home, "withdraw", draft["proposal"], by="skribent").code == 2


class TestImporting:
    @pytest.fixture
    def folder(self, tmp_path):
        """Good files among bad ones of every sort that people and attackers send."""
        folder = tmp_path / "inn"
        folder.mkdir()
        bad = {
            "alias-bombe": b"---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n\n## Form\n",
            "dobbel-nokkel": a_routine("dobbel").replace(b"kind: routine", b"kind: routine\nkind: routine"),
            "latin-1": "---\ntitle: Hygiene på øya\n".encode("latin-1"),
            "nul": a_routine("nul").replace(b"Hindre", b"Hin\0dre"),
            "godkjent-selv": a_routine("selv").replace(b"kind: routine", b"kind: routine\nstatus: approved"),
            "id-punktum": a_routine("..").replace(b"title:", b"title:"),
            "id-con": a_routine("con"),
            "id-git": a_routine(".git"),
            "dypt": a_routine("dypt").replace(b"Gjelder alle", b">" * 10_000 + b" alle"),
            "stor-skalar": a_routine("stor").replace(b"title: H", b"title: " + b"x" * 10_000_000 + b"H"),
            "fotnote": a_routine("fotnote", extra="Dose.[^1]\n\n[^1]: Ti.\n[^1]: Hundre."),
            "personnummer": a_routine("person", extra=f"Pasient {NATIONAL_ID}."),
            "tom": b"",
        }
        for name, data in bad.items():
            (folder / f"{name}.md").write_bytes(data)
        (folder / "a-god.md").write_bytes(a_routine("forst"))
        (folder / "z-god.md").write_bytes(a_routine("sist"))
        (folder / "notat.txt").write_text("ikke en rutine")
        self.bad = {f"{name}.md" for name in bad}
        return folder

    def test_brings_in_the_good_and_names_the_bad(self, at, home, folder):
        """
        One bad file among two hundred must not cost anybody the afternoon.
        """
        ran = at(home, "import", folder, "--json", by="redaktor")

        assert ran.code == 3
        assert [one["file"] for one in ran.answer["drafts"]] == ["a-god.md", "z-god.md"]
        assert {one["file"] for one in ran.answer["refused"]} == self.bad
        assert all(one["error"]["fact"] and one["error"]["remedy"] for one in ran.answer["refused"])
        assert len(at(home, "proposals", "--json", by="redaktor").answer["proposals"]) == 2

    def test_says_file_line_and_remedy_to_a_person(self, at, home, folder):
        """
        Whoever mends the file needs all three.
        """
        ran = at(home, "import", folder, by="redaktor")

        assert "dobbel-nokkel.md: ikke tatt inn" in ran.out
        assert "2 utkast, 13 ikke tatt inn." in ran.out
        assert "linje" in ran.out
        assert NATIONAL_ID not in ran.out + ran.err

    def test_a_second_import_gives_the_same_drafts(self, at, home, folder):
        """
        It was interrupted, or somebody mended two files: the rest is there already.
        """
        first = at(home, "import", folder, "--json", by="redaktor").answer["drafts"]

        second = at(home, "import", folder, "--json", by="redaktor").answer["drafts"]

        assert [one["proposal"] for one in second] == [one["proposal"] for one in first]
        assert all(one["unchanged"] for one in second)

    def test_what_is_approved_already_is_told_and_not_refused(self, at, home, draft, tmp_path):
        """
        A folder that is imported every month holds mostly what everybody has agreed to.
        """
        at(home, "send", draft["proposal"], "--digest", draft["digest"], "--unheard", "Drøftet.", by="redaktor")
        for one in APPROVERS:
            at(home, "approve", draft["proposal"], "--digest", draft["digest"], by=one)
        (tmp_path / "inn").mkdir()
        (tmp_path / "inn" / "a.md").write_bytes(a_routine())

        ran = at(home, "import", tmp_path / "inn", by="redaktor")
        answer = at(home, "import", tmp_path / "inn", "--json", by="redaktor").answer

        assert ran.code == 0
        assert "a.md: er det samme som handhygiene 1.0" in ran.out
        assert "0 utkast, 0 ikke tatt inn. 1 er faglig godkjent fra før." in ran.out
        assert [(one["file"], one["version"]) for one in answer["approved"]] == [("a.md", "1.0")]

    def test_a_file_name_cannot_command_the_terminal(self, at, home, tmp_path):
        """
        A name may hold an escape that clears the screen or worse.
        """
        (tmp_path / "inn").mkdir()
        (tmp_path / "inn" / "\x1b[2Jond.md").write_bytes(b"tull")

        ran = at(home, "import", tmp_path / "inn", by="redaktor")

        assert ran.code == 3
        assert "\x1b" not in ran.out + ran.err


class TestWhatIsNext:
    def test_a_draft_is_answered_with_what_the_digest_is_for_and_what_to_type(self, at, home, tmp_path):
        """
        A draft that nobody sends is an idea that nobody sees.
        """
        file = tmp_path / "handhygiene.md"
        file.write_bytes(a_routine())

        ran = at(home, "propose", file, by="skribent")

        proposal, digest = re.search(r"f-[0-9a-f]{10}", ran.out)[0], re.search(r"Kontrollsum: (\w+)", ran.out)[1]
        assert f"`samrutine hearing open {proposal} --digest {digest}`" in ran.out
        assert f"`samrutine send {proposal} --digest {digest}`" in ran.out
        assert "Kontrollsummen sier hvilken tekst du har lest" in ran.out

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("minor", "minor"), ("mindre retting", "minor"), ("Mindre", "minor"), ("vesentlig", "major"),
            ("Vesentlig Endring", "major"), ("vesentlig  endring", "major"),
        ],
    )  # fmt: skip
    def test_a_choice_is_read_in_the_words_that_people_say(self, at, home_with_routine, tmp_path, typed, meant):
        """
        Nobody types "minor" about a Norwegian text, and the first word says it.
        """
        file = tmp_path / "ny.md"
        file.write_bytes(a_routine(extra="Bruk hansker."))

        ran = at(
            home_with_routine, "propose", file, "--changes", "handhygiene", "--significance", typed, "--meaning", "Hansker.",
            "--json", by="skribent",
        )  # fmt: skip

        shown = at(home_with_routine, "proposal", ran.answer["proposal"], "--json", by="skribent").answer
        assert shown["significance"] == meant

    def test_a_choice_that_may_mean_two_is_refused_with_all_of_them(self, at, home_with_routine, tmp_path):
        """
        A guess would be a decision that nobody made.
        """
        file = tmp_path / "ny.md"
        file.write_bytes(a_routine(extra="Bruk hansker."))

        ran = at(home_with_routine, "propose", file, "--changes", "handhygiene", "--significance", "x", by="skribent")

        assert ran.code == 2
        assert "vesentlig endring, mindre retting" in ran.err

    def test_a_proposed_change_is_not_called_a_change_twice(self, at, home_with_routine, tmp_path):
        """
        "endring, vesentlig endring" makes the reader look for the other one.
        """
        file = tmp_path / "ny.md"
        file.write_bytes(a_routine(extra="Bruk hansker."))
        made = at(
            home_with_routine,
            "propose",
            file,
            "--changes",
            "handhygiene",
            "--meaning",
            "Hansker.",
            "--json",
            by="skribent",
        ).answer

        shown = at(home_with_routine, "proposal", made["proposal"], by="skribent").out

        assert f"Forslag {made['proposal']}: vesentlig endring, fra versjon 1.0." in shown


class TestFetching:
    def test_a_file_that_was_changed_is_not_written_over_unasked(self, at, home, draft, tmp_path):
        """
        An afternoon's work was gone when the text was fetched again.
        """
        file = tmp_path / "min.md"
        fetch = "text", "--proposal", draft["proposal"], "--output", file
        first = at(home, *fetch, by="skribent")
        same = at(home, *fetch, by="skribent")
        fetched = file.read_bytes()
        file.write_bytes(fetched + b"Min nye setning.")

        refused = at(home, *fetch, by="skribent")
        kept = file.read_bytes()
        over = at(home, *fetch, "--overwrite", by="skribent")

        assert (first.code, same.code, refused.code, over.code) == (0, 0, 2, 0)
        assert "--overwrite" in refused.err
        assert kept.endswith(b"Min nye setning.")
        assert file.read_bytes() == fetched
