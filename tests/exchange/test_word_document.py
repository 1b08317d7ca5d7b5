"""The Word file: for those who must open it, print it, hear it read, or put it into a quality system."""

import hashlib
import io
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pypandoc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samrutine.adoptions.effective import TEMPLATE_FORM, AdditionKind, DocumentStatus, LocalAddition, effective_digest
from samrutine.exchange import qr, word
from samrutine.procedures.model import Language, LocalInformation, LocalInformationType
from samrutine.procedures.text import unformatted
from tests.support.word_files import W, against_the_schema, main_of, parts_of, roots_of, words_in

GOLDEN = Path(__file__).with_name("golden")
# Read while collecting: within a test our settings are taken out of the environment.
WRITE = os.environ.get("SAMRUTINE_WRITE_GOLDEN") == "1"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
HOSTILE = "<w:p/> &amp; ]]> \x0b\x00 \ud800 \u202e {{ }} \" ' <?xml?> %s"
DEEP = """\
## Lister

1. En
   - To
     1. Tre

        Mer om tre.

        | A | B |
        | - | - |
        | 1 | 2 |

        > Sitat i en liste

   ```
   kode
     to
   ```
2. Fire

- a

* b

> Sitat
>
> - i sitat
>
> > dypere
"""


def opened(data):
    return docx.Document(io.BytesIO(data))


class TestWhatAReaderMeets:
    def test_the_headings_are_words_own_so_that_navigation_and_screen_readers_have_them(self, a_document):
        """
        A heading that only looks like one is none to who listens to the document.
        """
        found = opened(word.render(a_document()))

        headings = [(one.style.name, one.text) for one in found.paragraphs if one.style.name.startswith("Heading")]

        assert headings == [
            ("Heading 1", "Formål"),
            ("Heading 1", "Ansvar"),
            ("Heading 2", "Når leder er borte"),
            ("Heading 1", "Framgangsmåte"),
            ("Heading 1", "Avvik"),
        ]
        assert [one.text for one in found.paragraphs if one.style.name == "Title"] == ["Tuberkuloseprogram"]
        assert {one.style.style_id for one in found.paragraphs} >= {"Tittel", "Overskrift1", "Overskrift2"}

    def test_another_program_finds_what_the_routine_says(self, a_document):
        """
        The file must be Word to others than Word: pandoc reads lists, boxes, notes, links and tables as what they are.
        """
        data = word.render(a_document())

        told = subprocess.run(
            [pypandoc.get_pandoc_path(), "--sandbox", "-f", "docx", "-t", "gfm", "--wrap=none"],
            input=data, capture_output=True, check=True,
        ).stdout.decode()  # fmt: skip

        for expected in (
            "# Framgangsmåte\n",
            "3.  Registrer hvem som skal undersøkes.",
            "    - innen 14 dager,",
            "> Mistenker du smitte",
            "- [ ] Personen er informert",
            "- [x] Tolk er bestilt",
            "| Hvem | Gjør hva | Frist |",
            "~~Skaffer bolig~~",
            "[veilederen](https://www.fhi.no/tb)",
            "tide[^1]",
            "[^1]: Forskriften sier hvem som har ansvaret, *ikke* hvordan.",
            "vakttelefonen",
        ):
            assert expected in told

    def test_the_control_header_says_what_stands_on_paper(self, a_document):
        words = words_in(word.render(a_document()))

        assert "Gjelder i Prøvevik kommune." in words
        assert "Faglig godkjent av Fagnettverk for smittevern" in words
        assert "Neste gjennomgang" in words
        assert "Dette er en kopi. Sjekk at den gjelder:" in words

    def test_each_page_says_which_document_it_is(self, a_document):
        """
        A page that came loose must still tell which version it is of, and until when.
        """
        data = word.render(a_document(header={"in_force_until": date(2027, 1, 1)}))
        foot = parts_of(data)["word/footer1.xml"].decode()
        head = parts_of(data)["word/header1.xml"].decode()

        for field in (
            "PAGE",
            "NUMPAGES",
            "samrutine.id",
            "samrutine.version",
            "samrutine.approved",
            "samrutine.valid_to",
        ):
            assert re.search(rf'w:instr="[^>]*{re.escape(field)}', foot)
        assert "Gjelder til og med 31." in foot
        assert "Tuberkuloseprogram" in head
        assert "versjon 2.1" in head

    def test_header_rows_are_marked_and_repeated_and_no_row_is_split(self, a_document):
        """
        In a table over two pages the second page needs its headings; a listener needs them for every cell.
        """
        tables = list(main_of(word.render(a_document())).iter(f"{W}tbl"))

        assert len(tables) == 2
        for table in tables:
            rows = table.findall(f"{W}tr")
            assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * (len(rows) - 1)
            assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)

    @pytest.mark.parametrize(("count", "kept"), [(1, 0), (6, 5), (9, 1)], ids=["one", "short", "long"])
    @pytest.mark.parametrize("kind", ["- [ ] Punkt {}\n", "{}. Punkt {}\n", "| Punkt {} | Svar |\n"])
    def test_what_leads_to_a_list_stands_on_its_page(self, a_document, kind, count, kept):
        """«Årlig gjennomgang ved kommunelegen:» alone at the foot of a page leads to nothing; a short list is read as one."""
        names = "| Hva | Hvem |\n|-|-|\n" if kind.startswith("|") else ""
        rows = "".join(kind.format(n, n) for n in range(1, count + 1))

        root = main_of(word.render(a_document(f"Ved kommunelegen:\n\n{names}{rows}\nEtter.\n")))

        with_next = [
            "".join(t.text or "" for t in one.iter(f"{W}t"))
            for one in root.iter(f"{W}p") if one.find(f"{W}pPr/{W}keepNext") is not None
        ]  # fmt: skip
        assert "Ved kommunelegen:" in with_next
        assert "Etter." not in with_next
        assert sum("Punkt" in one for one in with_next) == kept
        assert ("Hva" in with_next) == bool(names)

    def test_what_may_not_be_changed_is_locked_and_the_rest_is_not(self, a_document):
        """
        Word itself says no to whoever would write in the control header; the text is free.
        """
        addition = LocalAddition(AdditionKind.PRACTICAL_NOTE, "ansvar", "Nøkkelen henger på kontoret.")
        main = main_of(word.render(a_document(additions=(addition,))))
        locks = {
            control.find(f"{W}sdtPr/{W}tag").get(f"{W}val"): control.find(f"{W}sdtPr/{W}lock")
            for control in main.iter(f"{W}sdt")
        }

        locked = {tag for tag, lock in locks.items() if lock is not None}

        assert locked == {
            "samrutine:control", "samrutine:addition:1", "samrutine:after", "samrutine:field:vakttelefon",
            "samrutine:field:kontakt",
        }  # fmt: skip

    def test_boxes_can_be_ticked(self, a_document):
        boxes = list(main_of(word.render(a_document())).iter(f"{W14}checkbox"))

        assert [one.find(f"{W14}checked").get(f"{W14}val") for one in boxes] == ["0", "1"]

    @pytest.mark.parametrize(
        ("language", "tag"),
        [(Language.NB, "nb-NO"), (Language.NN, "nn-NO"), (Language.SE, "se-NO")],
        ids=str,
    )
    def test_the_language_is_said_so_that_it_is_spelled_and_read_aloud_right(self, a_document, language, tag):
        data = word.render(a_document(front={"language": language}))

        assert f'w:lang w:val="{tag}"' in parts_of(data)["word/styles.xml"].decode()
        assert f"<dc:language>{tag}</dc:language>" in parts_of(data)["docProps/core.xml"].decode()

    def test_a_draft_says_so_across_each_page(self, a_document):
        data = word.render(a_document(header={"status": DocumentStatus.DRAFT, "version": None, "approved_by": None}))

        assert 'string="UTKAST"' in parts_of(data)["word/header1.xml"].decode()
        assert 'string="' not in parts_of(word.render(a_document()))["word/header1.xml"].decode()


class TestWhatAQualitySystemReads:
    def test_the_properties_say_which_version_of_what_it_is(self, a_document):
        """
        A system that takes the file in reads these; it must not have to guess from a file name.
        """
        document = a_document()
        data = word.render(document)
        core = opened(data).core_properties
        custom = {one.get("name"): one[0].text for one in roots_of(data)["docProps/custom.xml"]}

        assert (core.title, core.identifier, core.category) == ("Tuberkuloseprogram", "tuberkuloseprogram", "Plan")
        assert core.created == datetime(2026, 11, 21, 13, 5, 7, tzinfo=UTC)
        assert custom["samrutine.id"] == "tuberkuloseprogram"
        assert custom["samrutine.version"] == "2.1"
        assert custom["samrutine.municipality_number"] == "9999"
        assert custom["samrutine.in_force_from"] == "2026-12-01"
        assert custom["samrutine.version_digest"] == document.header.version_digest
        assert custom["samrutine.effective_digest"] == effective_digest(document)

    def test_no_person_is_named_in_the_file(self, a_document):
        """
        Word writes the name of whoever saves; we write who answers for the text.
        """
        assert opened(word.render(a_document())).core_properties.author == "Fagnettverk for smittevern"

    def test_the_same_document_is_the_same_bytes_in_any_process(self, a_document):
        """
        Publishing compares bytes: a file that differs for nothing would be sent again each night.
        """
        code = (
            "import sys, hashlib; sys.path.insert(0, 'tests/exchange')\n"
            "from conftest import build_document\nfrom samrutine.exchange import word\n"
            "print(hashlib.sha256(word.render(build_document())).hexdigest())"
        )
        root = Path(__file__).resolve().parents[2]

        elsewhere = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code], capture_output=True, check=True, cwd=root,
            env={**os.environ, "PYTHONHASHSEED": "17", "TZ": "Asia/Tokyo"},
        ).stdout.decode().strip()  # fmt: skip

        assert elsewhere == hashlib.sha256(word.render(a_document())).hexdigest()

    def test_the_text_itself_lies_in_the_file(self, a_document):
        import base64

        document = a_document()
        part = roots_of(word.render(document))["customXml/item1.xml"]

        assert base64.b64decode(part.text) == unformatted(document.text)


class TestWhatWordTakes:
    @pytest.mark.parametrize("body", [None, DEEP, "", "Bare ord.\n"], ids=["all forms", "deep", "empty", "no heading"])
    def test_every_part_stands_in_the_order_of_the_schema(self, a_document, body):
        """
        Word does not mend a file: one property in the wrong place, and it says that the file is damaged.
        """
        document = a_document(body, header={"demo": True}) if body is not None else a_document(header={"demo": True})

        assert against_the_schema(word.render(document)) == []

    def test_additions_are_in_order_too(self, a_document):
        additions = tuple(
            LocalAddition(
                AdditionKind.PROFESSIONAL_ADDITION,
                key,
                f"{DEEP}\n\nMerk[^x]\n\n[^x]: Note\n",
                "Grunn",
                "Kilde",
                departs,
            )
            for key, departs in (("ansvar", True), ("", False), ("finnes-ikke", False))
        )

        assert against_the_schema(word.render(a_document(additions=additions))) == []

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(text=st.text(max_size=60))
    def test_no_words_can_break_the_file(self, a_document, text):
        """
        What somebody typed is words, whatever signs are in it.
        """
        document = a_document(
            "## A\n\nOrd {{felt}} slutt\n", header={"title": f"T{text}", "address": f"https://a.example/{text}"},
            front={"local_information": (LocalInformation("felt", f"L{text}", LocalInformationType.TEXT),)},
            local_values=(("felt", f"v{text}"),),
        )  # fmt: skip

        data = word.render(document)

        assert against_the_schema(data) == []
        assert len(opened(data).paragraphs) >= 2

    def test_hostile_words_stand_as_words(self, a_document):
        document = a_document("## A\n\n<w:p/> &amp; ]]> \x0b \u202e %s\n", header={"title": HOSTILE})

        data = word.render(document)

        assert against_the_schema(data) == []
        assert "<w:p/> &amp; ]]> [U+000B][U+0000] [U+D800] [U+202E]" in opened(data).core_properties.title

    @pytest.mark.parametrize(
        "address", ["http://[", "https://a b.example", "https://x.example:99999/", "http:///uten-vert", "https://ø.example/å?q=ø#ø"],
        ids=["bracket", "space", "port", "no host", "norwegian"],
    )  # fmt: skip
    def test_an_address_that_word_would_stop_at_is_only_words(self, a_document, address):
        """
        One address that is none, and Word calls the whole routine damaged.
        """
        data = word.render(a_document(f"## A\n\n[ord](<{address}>)\n"))
        targets = [one.get("Target") for one in roots_of(data)["word/_rels/document.xml.rels"]]

        assert against_the_schema(data) == []
        assert "ord" in words_in(data)
        assert all(re.fullmatch(r"[!-~]+", target) for target in targets)
        assert "http://[" not in targets


class TestPictures:
    def test_a_picture_stands_in_the_text_with_its_words(self, a_document):
        picture = qr.png("https://rutiner.example/x")

        data = word.render(a_document("## A\n\nSe ![Slik vasker du](vask.png) her.\n"), pictures={"vask.png": picture})
        named = [one.get("descr") for one in main_of(data).iter() if str(one.tag).endswith("}docPr")]

        assert "Slik vasker du" in named
        assert picture in [part for name, part in parts_of(data).items() if name.startswith("word/media/")]
        assert against_the_schema(data) == []

    @pytest.mark.parametrize(
        "data", [None, b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"], ids=["missing", "empty", "pdf", "cut off"]
    )
    def test_of_one_that_cannot_be_shown_the_words_stand(self, a_document, data):
        pictures = {} if data is None else {"vask.png": data}

        made = word.render(a_document("## A\n\n![Slik vasker du](vask.png)\n"), pictures=pictures)

        assert "[Bilde: Slik vasker du]" in words_in(made)


def test_what_is_printed_is_what_its_form_says(a_document):
    """
    A change that nobody meant is caught, and one that is meant is announced; see test_template_form.
    """
    parts = parts_of(word.render(a_document(header={"demo": True})))
    path = GOLDEN / f"form-{TEMPLATE_FORM}.docx.txt"
    written = b"\n".join(
        b"== " + name.encode() + b"\n" + part.replace(b"><w:p>", b">\n<w:p>")
        for name, part in parts.items()
        if name.endswith(".xml")
    )
    if WRITE:
        path.write_bytes(written)

    assert written == path.read_bytes()
