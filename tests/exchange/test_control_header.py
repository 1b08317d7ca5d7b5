"""What the control header says, in every format: the sentences that make a document controlled."""

import json
from datetime import date
from pathlib import Path

import pytest

from samrutine import messages
from samrutine.adoptions.effective import AdditionKind, DocumentStatus, LocalAddition
from samrutine.exchange import html, markdown
from samrutine.exchange.page import page
from samrutine.exchange.pdf import page_data
from samrutine.exchange.phrases import Phrases, tied
from samrutine.exchange.tree import Framed, Heading, plain
from samrutine.messages import catalogue
from samrutine.procedures.model import AccessClass, Language, ProcedureId


class TestTheTwoLines:
    def test_name_the_body_that_approved_and_the_position_that_decided(self, a_document):
        """«Godkjent» without by whom is the most dangerous word in a library like this."""
        printed = page(a_document())

        assert printed.lines == (
            "Faglig godkjent av Fagnettverk for smittevern 3. november 2026",
            (
                "Tatt i bruk i Prøvevik kommune fra 1. desember 2026 etter beslutning av kommunalsjef helse og omsorg "
                "21. november 2026"
            ),
        )
        assert printed.status == "Gjelder i Prøvevik kommune."

    def test_a_draft_says_that_it_must_not_be_used(self, a_document):
        """A draft on a wall is worse than no routine."""
        printed = page(a_document(header={"status": DocumentStatus.DRAFT, "version": None}))

        assert printed.status == "Utkast. Skal ikke brukes."
        assert printed.lines == ("Utkast – ikke faglig godkjent", "Ikke tatt i bruk i Prøvevik kommune")
        assert printed.mark == "UTKAST"

    def test_an_approved_text_does_not_apply_before_the_municipality_has_decided(self, a_document):
        """The law puts the responsibility in the municipality."""
        printed = page(a_document(header={"status": DocumentStatus.APPROVED}))

        assert printed.status == "Gjelder ikke ennå."
        assert printed.lines[1] == "Ikke tatt i bruk i Prøvevik kommune"

    def test_the_shared_text_belongs_to_no_municipality(self, a_document):
        """Who prints the network's own copy must not think it applies."""
        printed = page(a_document(header={"status": DocumentStatus.APPROVED, "municipality": None}))

        assert printed.lines[1] == "Felles tekst. Den gjelder først når kommunen har tatt den i bruk."
        assert printed.status == "Gjelder bare i kommuner som har tatt den i bruk."

    def test_an_ended_use_says_until_when(self, a_document):
        """A supervisor asks what applied on a day last year."""
        ended = {"status": DocumentStatus.ENDED, "in_force_until": date(2027, 1, 6)}

        printed = page(a_document(header=ended))

        assert printed.lines[1] == "Bruken i Prøvevik kommune er avsluttet. Siste dag var 5. januar 2027."
        assert printed.mark == "UTGÅTT"

    def test_a_use_with_an_end_says_both_days(self, a_document):
        """What is decided about the future stands on the paper of today."""
        printed = page(a_document(header={"in_force_until": date(2027, 7, 1)}))

        assert "fra 1. desember 2026 til og med 30. juni 2027 etter beslutning" in printed.lines[1]


class TestTheFacts:
    def test_say_version_review_role_and_level(self, a_document):
        """What an auditor looks for first."""
        facts = dict(page(a_document()).facts)

        assert facts["Versjon"] == "2.1"
        assert facts["Neste gjennomgang"] == "3. november 2028"
        assert facts["Ansvarlig rolle"] == "kommuneoverlege"
        assert facts["Beslutningsnivå"] == "kommunalsjef eller leder for tjenesten"
        assert facts["Id"] == "tuberkuloseprogram"

    def test_name_roles_as_people_do(self, a_document):
        """Front matter writes a role as a slug; the wall does not. A role nobody has listed stands as written."""
        front = {"responsible_role": "leder-helsestasjon", "audience": ("kontaktlaerer", "IP-koordinator", "fastlege")}

        facts = dict(page(a_document(front=front)).facts)

        assert facts["Ansvarlig rolle"] == "leder for helsestasjonen"
        assert facts["Gjelder for"] == "kontaktlærer, IP-koordinator og fastlege"

    def test_an_exempt_text_names_the_provision(self, a_document):
        """Exempting a text without saying why is not lawful, and the reader must know not to share it."""
        front = {"access": AccessClass.EXEMPT, "access_basis": "offl. § 24 tredje ledd"}

        assert dict(page(a_document(front=front)).facts)["Tilgang"] == "Unntatt offentlighet (offl. § 24 tredje ledd)"


class TestAdditions:
    def test_stand_after_the_section_they_belong_to(self, a_document):
        """The nurse reads the municipality's note where it matters."""
        note = LocalAddition(AdditionKind.PRACTICAL_NOTE, "ansvar", "Nøkkelen henger i skapet.")

        body = page(a_document("## Ansvar\n\nTekst.\n\n## Avvik\n\nMeld.", additions=(note,))).body

        assert [type(block).__name__ for block in body] == ["Heading", "Paragraph", "Framed", "Heading", "Paragraph"]
        assert body[2].heading == "Lokalt tillegg – Prøvevik: praktisk merknad"

    def test_say_their_reason_and_source(self, a_document):
        """A departure from the shared text is shown as one."""
        addition = LocalAddition(
            AdditionKind.PROFESSIONAL_ADDITION, "", "Også lærlinger.", "Mange.", "Veilederen kap. 4"
        )

        framed = page(a_document("Tekst.", additions=(addition,))).body[-1]

        words = [plain(block.content) for block in framed.blocks]
        assert words == ["Også lærlinger.", "Begrunnelse: Mange.", "Faglig forankring: Veilederen kap. 4"]

    def test_to_a_section_that_is_gone_are_printed_at_the_end(self, a_document):
        """A local rule must never vanish because somebody renamed a heading."""
        addition = LocalAddition(AdditionKind.PRACTICAL_NOTE, "borte", "Husk nøkkelen.")

        *_, heading, framed = page(a_document("## Ansvar\n\nTekst.", additions=(addition,))).body

        assert isinstance(heading, Heading)
        assert plain(heading.content) == "Lokale tillegg til hele rutinen"
        assert isinstance(framed, Framed)

    def test_have_footnotes_of_their_own_numbers(self, a_document):
        """Two notes with one number lead to the wrong source."""
        addition = LocalAddition(AdditionKind.PRACTICAL_NOTE, "", "Se[^1].\n\n[^1]: tillegget")

        notes = page(a_document("Les[^1].\n\n[^1]: teksten", additions=(addition,))).notes

        assert [(note.number, plain(note.blocks[0].content)) for note in notes] == [(1, "teksten"), (2, "tillegget")]


class TestSourcesAndLaw:
    def test_a_provision_that_nobody_has_read_says_so(self, a_document):
        """Law that was cited from memory must not look checked."""
        text = markdown.render(a_document()).decode()

        assert "§ 3-3 (LOV-2011-06-24-30) – **paragraf ikke kontrollert**" in text
        assert "§ 2-1 (FOR-2009-02-13-205), i kraft fra 13. februar 2009\n" in text
        assert "*Veilederen*, [https://www.fhi.no/v](<https://www.fhi.no/v>), lest 28. juli 2026" in text


class TestEveryFormat:
    @pytest.mark.parametrize("render", [html.render, markdown.render], ids=["html", "markdown"])
    def test_says_the_same_words(self, a_document, render):
        """Nobody may meet another status because they opened another file."""
        printed = page(a_document(header={"demo": True}))

        text = render(a_document(header={"demo": True})).decode().replace("\u00a0", " ")

        for sentence in (
            *printed.lines,
            printed.status,
            printed.screen_note,
            printed.address,
            printed.demo,
            printed.foot,
        ):
            assert sentence in text
        for name, value in printed.facts:
            assert name in text
            assert value in text
        assert "[ikke fylt ut: Kontakt på boligkontoret]" in text.replace("\\", "")

    def test_pdf_is_given_the_same_words(self, a_document):
        """The same holds for paper."""
        printed = page(a_document(header={"demo": True}))

        data = json.loads(page_data(printed))

        assert data["lines"] == [tied(line) for line in printed.lines]
        assert data["facts"] == [[tied(word) for word in fact] for fact in printed.facts]
        assert (data["status"], data["demo"], data["foot"]) == (printed.status, printed.demo, printed.foot)

    def test_an_address_too_long_for_a_square_stands_in_words(self, a_document):
        """The square is a help; the address is what must not be missing."""
        address = f"https://rutiner.provevik.example/{'a' * 3000}"

        printed = page(a_document(header={"address": address}))

        assert printed.qr_svg is None
        assert printed.address == address

    @pytest.mark.parametrize(
        "render", [html.render, markdown.render, lambda document: page_data(page(document)).encode()],
        ids=["html", "markdown", "pdf"],
    )  # fmt: skip
    def test_without_an_address_says_whom_to_ask_and_has_no_square(self, a_document, render):
        """A square on the wall that leads nowhere makes people stop checking."""
        text = render(a_document(header={"address": ""})).decode()

        assert (
            "er en kopi. Sjekk at den gjelder: spør kvalitetskoordinatoren, eller slå opp i kvalitetssystemet." in text
        )
        assert "<svg" not in text
        assert "localhost" not in text

    def test_calls_itself_a_printout_on_paper_only(self, a_document):
        """Who reads on a screen has printed nothing."""
        text = html.render(a_document()).decode()

        assert '<p class="on-screen"><strong>Dette er en kopi. Sjekk at den gjelder:</strong></p>' in text
        assert '<p class="on-paper"><strong>Utskriften er en kopi. Sjekk at den gjelder:</strong></p>' in text
        assert ".on-paper{display:none}" in text.partition("@media print")[0]
        assert ".on-screen{display:none}" in text.partition("@media print")[2]

    @pytest.mark.parametrize("language", ["nb", "en"])
    def test_a_demo_says_so_with_the_words_of_the_index(self, language):
        """One sentence everywhere: two of them look like two degrees of seriousness."""
        assert messages.say("documents.demo.text", language) == messages.say("publishing.demo_note", language)


class TestLanguages:
    def test_nynorsk_has_a_header_in_nynorsk(self, a_document):
        """Target form is the municipality's own choice, by law."""
        printed = page(a_document(language=Language.NN))

        assert printed.lines[0] == "Fagleg godkjend av Fagnettverk for smittevern 3. november 2026"
        assert printed.language == "nn"

    @pytest.mark.parametrize("language", ["nn", "en"])
    def test_every_sentence_exists_with_the_same_places(self, language):
        """A missing sentence would stop a municipality's whole publishing."""

        def places(text):
            return {part.split("}")[0] for part in text.split("{")[1:]}

        written, bokmal = catalogue(language, "documents"), catalogue("nb", "documents")

        assert {key: places(text) for key, text in written.items()} == {
            key: places(text) for key, text in bokmal.items()
        }

    def test_a_sami_text_has_its_header_in_bokmal(self):
        """Until somebody who knows the language has written it; a guess would be worse."""
        assert Phrases(Language.SMJ).language is Language.NB

    def test_the_catalogues_lie_where_the_others_do(self):
        """Translators look in one place."""
        folder = Path(messages.__file__).parent

        assert all((folder / language / "documents.toml").is_file() for language in ("nb", "nn", "en"))


class TestDays:
    @pytest.mark.parametrize("text", ["3. november 2026", "22. september", "(1. mai)", "3 November 2026"])
    def test_are_not_torn_from_their_month(self, text):
        """A line that ends in «22.» is read as the end of a sentence, or as a step."""
        assert tied(text) == text.replace(" ", "\u00a0", 1)

    @pytest.mark.parametrize("text", ["2026 mars", "fase 3. Mai-Britt", "3. marsipan", "12 uker"])
    def test_other_words_after_a_number_break_as_they_like(self, text):
        """Lines that cannot break leave holes in narrow columns."""
        assert tied(text) == text

    def test_are_held_together_on_screen_and_on_paper_but_not_in_text(self, a_document):
        """The Markdown copy is searched and edited by people, who type a common space."""
        document = a_document("Gjelder fra 22. september.")

        assert "22.\u00a0september" in html.render(document).decode()
        assert "22.\u00a0september" in page_data(page(document))
        assert "22. september" in markdown.render(document).decode()


def test_an_id_is_printed_as_given(a_document):
    """The id is how two people on the phone make sure they read the same routine."""
    front = {"id": ProcedureId("a-1")}

    assert page(a_document(front=front)).foot.startswith("a-1 · Dokument ")
