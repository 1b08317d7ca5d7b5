"""Documents that are sent in, as whoever types the commands meets them."""

import pytest

from tests.support.documents import paper
from tests.support.documents.word import Word
from tests.support.documents.word_pieces import deleted, inserted
from tests.support.texts import NATIONAL_ID
from tests.support.word_files import edited, replaced

TEXT = f"# Stell av sår\n\n## Formål\n\nHindre smitte.\n\n## Rutine\n\nRing 900 00 000. En kvinne på 84 år. {NATIONAL_ID}.\n"
LOST = "<html><body><h1>Sår</h1><p>Gi 5 mg.</p><p><s>Gi 10 mg.</s></p></body></html>"


@pytest.fixture
def folder(tmp_path):
    """A folder with what a municipality has: one to go through, one with a loss, one without a title, one that cannot be read."""
    place = tmp_path / "rutiner"
    (place / ".skjult").mkdir(parents=True)
    (place / "sår.md").write_text(TEXT)
    (place / "mengde.html").write_text(LOST)
    (place / "tom.docx").write_bytes(b"")
    (place / "uten.txt").write_text("- Vask hendene.\n- Tørk dem.\n")
    (place / ".skjult" / "ikke.md").write_text(TEXT)
    return place


@pytest.fixture
def sent(at, home, folder):
    """Send the folder in; gives the ids by the names of the files."""
    ran = at(home, "intake", "add", folder, "--network", "smittevern", "-m", "Fauske", "--json", by="ansatt.fauske")
    return {one["name"]: one["document"]["id"] for one in ran.answer["files"]}


class TestTakingIn:
    def test_a_folder_is_told_of_file_by_file_the_gravest_first(self, at, home, folder):
        """
        Somebody sends what they have, and reads what to look at.
        """
        ran = at(home, "intake", "add", folder, "--network", "smittevern", "-m", "Fauske", by="ansatt.fauske")

        assert ran.code == 0
        assert ran.out.index("mengde.html") < ran.out.index("tom.docx") < ran.out.index("sår.md")
        assert "Kan være farlig" in ran.text
        assert "Finn originalen" in ran.text
        assert "3 ting er holdt tilbake" in ran.text
        again = at(
            home, "intake", "add", folder / "sår.md", "--network", "smittevern", "-m", "Fauske", by="ansatt.fauske"
        )
        assert "er sendt inn før" in again.text

    def test_a_file_that_is_not_there_is_named(self, at, home, tmp_path):
        """
        A mistyped name must not look like an empty answer.
        """
        ran = at(home, "intake", "add", tmp_path / "borte.docx", "--network", "smittevern", by="leder")

        assert ran.code == 2
        assert "borte.docx" in ran.err


def digest_of(at, home, document):
    """Give the digest of a document as it reads now."""
    return at(home, "intake", "show", document, "--json", by="leder").answer["digest"]


class TestTheWayToAProposal:
    def test_goes_by_what_is_held_back_and_what_was_lost(self, at, home, sent, tmp_path):
        """
        The whole way, as the guide tells it.
        """
        document = sent["sår.md"]
        shown = at(home, "intake", "show", document, by="leder")
        read = ("--digest", digest_of(at, home, document))
        refused = at(home, "intake", "accept", document, *read, "--role", "avdelingsleder", by="leder")
        through = at(home, "intake", "let-through", document, "k2", "--reason", "Oppdiktet eksempel.", by="leder")
        at(home, "intake", "mask", document, "k1", "k3", by="leder")
        page = at(home, "intake", "report", "--output", tmp_path / "rapport.html", by="leder")
        words = ("intake", "accept", document, "--role", "avdelingsleder", "--old-number", "K-7")
        stale = at(home, *words, *read, by="leder")
        unread = at(home, *words, by="leder")
        made = at(home, *words, "--digest", digest_of(at, home, document)[2:14], by="leder")
        listed = at(home, "intake", "list", "--state", "blitt til et forslag", by="leder")

        assert "mulig pasientopplysning" in shown.text
        assert NATIONAL_ID not in shown.out
        assert (refused.code, "k1 k2 k3" in refused.err) == (3, True)
        assert "med navnet ditt" in through.text
        assert (stale.code, "endret siden du leste det" in " ".join(stale.err.split())) == (5, True)
        assert "--digest" in unread.err
        assert NATIONAL_ID not in (tmp_path / "rapport.html").read_text()
        assert page.code == made.code == 0
        assert "er blitt til forslag f-" in made.text
        assert document in listed.out

    def test_a_finding_must_be_named_by_who_looked_at_it(self, at, home, sent):
        """
        «Ja til alt» would be a way not to look.
        """
        document = sent["mengde.html"]
        read = digest_of(at, home, document)
        words = ("intake", "accept", document, "--digest", read, "--role", "avdelingsleder", "--title", "Sår")

        refused = at(home, *words, by="leder")
        made = at(home, *words, "--looked-at", "f1", "--kind", "prosedyre", "--access", "åpen", by="leder")

        assert (refused.code, "f1" in refused.err) == (3, True)
        assert made.code == 0
        assert "Noen har sett på dette" in at(home, "intake", "show", document, by="leder").text

    def test_changes_and_comments_are_listed_and_a_changed_dose_asks_for_a_yes(self, at, home, tmp_path):
        """
        Two doses are in the file; whoever makes the proposal sees both, on the screen and on the page.
        """
        made, file, page = Word("Smertelindring"), tmp_path / "smerte.docx", tmp_path / "rapport.html"
        long = "en svært lang forklaring " * 20
        made.heading(1, "Dosering").paragraph("Gi ", deleted("5 mg"), inserted("10 mg", 12), ". ", inserted(long, 13))
        file.write_bytes(made.paragraph("Gis ", made.comment("kl. 8", "Stemmer dette?"), ".").made())
        added = at(home, "intake", "add", file, "--network", "smittevern", "--json", by="leder").answer
        document = added["files"][0]["document"]["id"]

        shown = at(home, "intake", "show", document, by="leder").text
        at(home, "intake", "report", document, "--output", page, by="leder")
        words = ("intake", "accept", document, "--digest", digest_of(at, home, document), "--role", "avdelingsleder")
        refused = at(home, *words, by="leder")

        assert shown.index("Kan være farlig") < shown.index("5 mg → 10 mg") < shown.index("Stemmer dette?")
        for told in (shown, page.read_text()):
            assert "byttet ut: «5 mg» → «10 mg» (under «Dosering»)" in told
            assert f"satt inn: «{long.strip()}» (under «Dosering»)" in told
            assert "«kl. 8»: Stemmer dette? (under «Dosering»)" in told
        assert (refused.code, "looked-at" in refused.err and "f1 f2" in refused.err) == (3, True)
        assert at(home, *words, "--looked-at", "f1", "--looked-at", "f2", by="leder").code == 0

    def test_what_must_be_mended_in_the_proposal_stands_first_and_is_called_a_fault(self, at, home, tmp_path):
        """
        Faults stop the proposal and remarks do not, and the same words stand in `propose` and `import`.
        """
        file = tmp_path / "hender.md"
        file.write_text("# Hender\n\n## Formål\n\nVask hendene.\n")
        added = at(home, "intake", "add", file, "--network", "smittevern", "--json", by="leder").answer
        document = added["files"][0]["document"]["id"]
        mended = tmp_path / "rettet.md"
        mended.write_text("## Formål\n\nVask hendene, og fyll ut {{hvor}}.\n")
        at(home, "intake", "edit", document, mended, "--digest", digest_of(at, home, document), by="leder")
        read = ("--digest", digest_of(at, home, document))

        made = at(home, "intake", "accept", document, *read, "--role", "avdelingsleder", by="leder")

        marks = [line.split(":")[0].strip() for line in made.out.splitlines() if " linje " in line]
        assert marks == sorted(marks, key=["Feil", "Merk"].index)
        assert set(marks) == {"Feil", "Merk"}
        assert "samrutine text --proposal f-" in made.text

    def test_a_text_is_mended_in_a_file(self, at, home, sent, tmp_path):
        """
        An editor is where a page of text is mended.
        """
        document, file = sent["sår.md"], tmp_path / "sår.md"
        written = at(home, "intake", "show", document, "--output", file, "--json", by="leder").answer
        file.write_text("## Formål\n\nHindre smitte. Ring 950 00 000.\n")

        ran = at(home, "intake", "edit", document, file, "--digest", written["digest"], by="leder")
        again = at(home, "intake", "edit", document, file, "--digest", written["digest"], by="leder")

        assert "k4" in ran.out
        assert again.code == 5
        assert at(home, "intake", "show", document, "--text", by="leder").out.startswith("## Formål")
        at(home, "intake", "read-again", document, by="leder")
        assert "84 år" in at(home, "intake", "show", document, "--text", by="leder").out

    def test_what_is_held_back_is_shown_in_place_and_written_only_when_asked_for(self, at, home, sent, tmp_path):
        """
        Whoever masks sees what goes; a file with an identity number lies in a folder for years.
        """
        document, file = sent["sår.md"], tmp_path / "sår.md"

        shown = at(home, "intake", "show", document, by="ansatt.fauske")
        words = at(home, "intake", "show", document, "--with-held", by="ansatt.fauske")
        written = at(home, "intake", "show", document, "--output", file, by="leder")
        without = file.read_text()
        openly = at(home, "intake", "show", document, "--output", file, "--with-held", by="leder")

        assert ("én setning" in shown.text, "84 år" in shown.text, "--with-held" in shown.text) == (True, False, True)
        assert all(f"«{said}»" in words.text for said in ("En kvinne på 84 år", NATIONAL_ID))
        assert "tatt ut av filen" in written.text
        assert ("(fjernet: " in without, "84 år" in without) == (True, False)
        assert "Slett det når du er ferdig" in openly.text
        assert "84 år" in file.read_text()

    def test_what_nobody_said_is_asked_for(self, at, home, sent):
        """
        A traceback or a guess would be worse.
        """
        document = sent["sår.md"]
        words = ("intake", "accept", sent["uten.txt"], "--role", "avdelingsleder")
        untitled = at(home, *words, "--digest", digest_of(at, home, sent["uten.txt"]), by="leder")

        assert "--role" in at(home, "intake", "accept", document, by="leder").err
        assert (untitled.code, "--title mangler" in untitled.err) == (2, True)
        assert "--all" in at(home, "intake", "mask", document, by="leder").err
        assert at(home, "intake", "show", document, by="skribent").code == 4


class TestTheRest:
    def test_a_document_is_rejected_with_a_reason_that_is_shown(self, at, home, sent):
        """
        Whoever sent it asks why.
        """
        document = sent["sår.md"]

        at(home, "intake", "reject", document, "--reason", "Dekket av en annen.", by="leder")

        assert "Begrunnelse: Dekket av en annen." in at(home, "intake", "show", document, by="ansatt.fauske").text
        assert "Ingen dokumenter" in at(home, "intake", "list", by="skribent").text

    def test_an_old_address_shows_the_way(self, at, home_with_routine, folder):
        """
        Somebody has a link from before.
        """
        home = home_with_routine
        (folder / "rein.md").write_text("# Hender\n\n## Formål\n\nVask.\n")
        added = at(home, "intake", "add", folder / "rein.md", "--network", "smittevern", "--json", by="leder").answer
        document, address = added["files"][0]["document"]["id"], "https://x.sharepoint.com/h.docx"
        read = ("--digest", digest_of(at, home, document))
        at(home, "intake", "accept", document, *read, "--changes", "handhygiene", "--old-address", address, by="leder")

        assert at(home, "intake", "where", address).text == "handhygiene (Håndhygiene)"
        assert at(home, "intake", "where", "https://x.example/annet").code == 4


class TestPages:
    def test_are_written_to_a_folder_so_that_the_text_can_be_held_against_them(self, at, home, tmp_path):
        """
        «Les den mot bildene av sidene» sent people looking for pictures that nobody could give.
        """
        (tmp_path / "fall.pdf").write_bytes(paper.pdf(paper.page("Rutine for fall"), paper.page("Ring 113.")))
        ran = at(home, "intake", "add", tmp_path / "fall.pdf", "--network", "smittevern", "--json", by="leder")
        document = ran.answer["files"][0]["document"]["id"]

        written = at(home, "intake", "pages", document, "--output", tmp_path / "sider", by="leder")

        assert (written.code, "Sider skrevet til" in written.text) == (0, True)
        assert sorted(one.name for one in (tmp_path / "sider").iterdir()) == ["side-1.png", "side-2.png"]
        assert "samrutine intake pages" in at(home, "intake", "show", document, by="leder").text

    def test_that_show_what_is_held_back_are_written_only_when_asked_for(self, at, home, tmp_path):
        """
        No picture can be made without the telephone that is printed on it.
        """
        (tmp_path / "fall.pdf").write_bytes(paper.pdf(paper.page("Rutine for fall"), paper.page("Ring 900 00 000.")))
        ran = at(home, "intake", "add", tmp_path / "fall.pdf", "--network", "smittevern", "--json", by="leder")
        document = ran.answer["files"][0]["document"]["id"]

        refused = at(home, "intake", "pages", document, "--output", tmp_path / "sider", by="leder")
        is_written = (tmp_path / "sider").exists()
        written = at(home, "intake", "pages", document, "--output", tmp_path / "sider", "--with-held", by="leder")

        assert (refused.code, "--with-held" in refused.err, is_written) == (2, True, False)
        assert (written.code, "Slett det når du er ferdig" in written.text) == (0, True)

    def test_of_what_has_none_are_refused_and_no_folder_is_made(self, at, home, sent, tmp_path):
        ran = at(home, "intake", "pages", sent["sår.md"], "--output", tmp_path / "sider", by="leder")

        assert ran.code != 0
        assert f"Side 1 av dokumentet {sent['sår.md']} kan ikke vises." in " ".join(ran.err.split())
        assert not (tmp_path / "sider").exists()


class TestACopyOfOurs:
    def test_what_was_changed_in_it_is_shown_at_every_step(self, at, home_with_routine, tmp_path):
        """
        Nobody marked anything in the file, and nobody can see from its text what it was before.
        """
        home = home_with_routine
        plain, copy = tmp_path / "fra.docx", tmp_path / "rutine.docx"
        at(home, "document", "handhygiene", "--format", "docx", "--output", plain, by="leder")
        copy.write_bytes(edited(plain.read_bytes(), lambda one: replaced(one, "Tørk dem godt.", "Tørk dem ikke.")))

        added = at(home, "intake", "add", copy, "--network", "smittevern", by="leder")
        document = at(home, "intake", "list", "--json", by="leder").answer["documents"][0]["id"]
        shown = at(home, "intake", "show", document, by="leder")
        digest = digest_of(at, home, document)
        accepted = at(home, "intake", "accept", document, "--digest", digest, "--looked-at", "f1", by="leder")

        for one in (added, shown, accepted):
            assert "Tørk dem [-godt-]{+ikke+}." in one.out
            assert "nektelse" in one.out
        assert "Endret i handhygiene 1.0:" in shown.text
        assert "samrutine compare --proposal" in accepted.text


class TestTheTextThatIsSignedFor:
    def test_stands_above_its_digest(self, at, home, tmp_path):
        """
        Whoever gives the digest says that they have read the text, so they must have been shown it.
        """
        short, long = tmp_path / "kort.md", tmp_path / "lang.md"
        short.write_text("# Kort\n\nVask hendene.\n\nRing 900 00 000.\n")
        long.write_text("# Lang\n\n" + "\n\n".join(f"Avsnitt nummer {n}." for n in range(90)) + "\n")
        ran = at(home, "intake", "add", short, long, "--network", "smittevern", "--json", by="leder")
        ids = [one["document"]["id"] for one in ran.answer["files"]]

        first, second = (at(home, "intake", "show", one, by="leder").out for one in ids)

        assert first.index("Vask hendene.") < first.index("Kontrollsum")
        assert "900 00 000" not in first
        assert "Avsnitt nummer 10." in second
        assert "Avsnitt nummer 89." not in second
        assert f"samrutine intake show {ids[1]} --text" in " ".join(second.split())


class TestWhatIsMissing:
    def test_points_that_nobody_looked_at_are_told_with_the_missing_role(self, at, home, sent):
        """
        Told one by one, each try fails of something new.
        """
        document = sent["mengde.html"]
        digest = digest_of(at, home, document)

        ran = at(home, "intake", "accept", document, "--digest", digest, by="leder")

        assert ran.code == 2
        assert "f1 Kan være farlig" in ran.err
        assert "rolle" in ran.err


class TestManyAtOnce:
    def test_all_that_must_be_looked_at_is_noted_with_each_digest(self, at, home, tmp_path):
        """
        Nine municipalities sent the same routine, each with the same comment in the margin.
        """
        files = [tmp_path / f"{n}.html" for n in range(2)]
        for n, one in enumerate(files):
            one.write_text(LOST.replace("Sår", f"Sår {n}"))
        ran = at(home, "intake", "add", *files, "--network", "smittevern", "--json", by="leder")
        ids = [one["document"]["id"] for one in ran.answer["files"]]
        digests = [digest_of(at, home, one) for one in ids]

        without = at(home, "intake", "look-through", ids[0], f"{ids[1]}={digests[1]}", by="leder")
        stale = at(home, "intake", "look-through", f"{ids[0]}={digests[0]}", f"{ids[1]}={'0' * 64}", by="leder")
        before = [one["to_look_at"] for one in at(home, "intake", "list", "--json", by="leder").answer["documents"]]
        done = at(home, "intake", "look-through", *map("=".join, zip(ids, digests, strict=True)), by="leder")
        after = [one["to_look_at"] for one in at(home, "intake", "list", "--json", by="leder").answer["documents"]]

        assert (without.code, stale.code, done.code) == (2, 5, 0)
        assert f"{ids[0]}=KONTROLLSUM" in " ".join(without.err.split())
        assert all(before)
        assert after == [0, 0]
