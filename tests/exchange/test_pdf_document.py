"""The PDF: for paper, for the archive, and for a screen reader."""

import hashlib
import io
import os
import re
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samrutine.adoptions.effective import AdditionKind, DocumentStatus, LocalAddition
from samrutine.errors import DocumentUnavailable
from samrutine.exchange import pdf, pdf_data
from samrutine.procedures.model import LocalInformation, LocalInformationType, Source

HOSTILE = '#import "/etc/passwd" *a* _b_ $x^2$ \\ ] [ @ref <lbl> // /* */ `c` ~ = - + #read("/etc/hostname") {{ }} ---'


def opened(data):
    """The PDF as objects."""
    return pikepdf.open(io.BytesIO(data))


def pages(data):
    """The words of each page, as a reader would copy them."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]


MILLIMETRE = 72 / 25.4


def _corner(data, word):
    """Where a word stands on the first page that has it, in points from the lower left corner."""
    for page in pypdfium2.PdfDocument(data):
        text = page.get_textpage()
        if found := text.search(word, match_case=True, match_whole_word=True).get_next():
            left, bottom, _, _ = text.get_charbox(found[0])
            return left, bottom
    raise AssertionError(word)


def _farthest_right(data):
    """The right end of what is printed, in points from the left of the page."""
    return max(
        text.get_charbox(at)[2]
        for page in pypdfium2.PdfDocument(data)
        for text in [page.get_textpage()]
        for at in range(text.count_chars())
        if text.get_text_range(at, 1).strip()
    )


def squeezed(text):
    """Letters and signs only: lines are broken where the page ends, and long words where we say."""
    return "".join(
        c for c in unicodedata.normalize("NFC", text) if not c.isspace() and c not in "\u200b\ufffe\u00ad\x02"
    )


def tags(data):
    """The structure tree, flat, in reading order: (tag, element)."""
    with opened(data) as document:
        return [
            (str(element.S)[1:], {key: str(element[key]) for key in ("/Alt", "/Lang", "/T") if key in element})
            for element in _elements(document.Root.StructTreeRoot.K)
        ]


def _elements(node):
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _elements(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        if "/K" in node:
            yield from _elements(node.K)


class TestTheArchiveAndTheScreenReader:
    def test_it_declares_the_two_standards(self, a_document):
        """The archive takes PDF/A, and the law asks for a document that can be read aloud."""
        with opened(pdf.render(a_document())) as document:
            meta = document.open_metadata()

            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
            assert meta["pdfuaid:part"] == "1"
            assert document.Root.MarkInfo.Marked
            assert document.Root.Lang == "nb"
            assert document.Root.OutputIntents[0].S == "/GTS_PDFA1"
            assert document.Root.ViewerPreferences.DisplayDocTitle
            assert document.docinfo.Title == "Tuberkuloseprogram"

    def test_every_font_is_inside_the_file(self, a_document):
        """In forty years the machine that opens it has none of ours."""
        with opened(pdf.render(a_document())) as document:
            descriptors = [
                thing
                for thing in document.objects
                if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"
            ]

            assert descriptors
            assert all({"/FontFile2", "/FontFile3"} & set(descriptor.keys()) for descriptor in descriptors)

    def test_it_has_one_main_heading_and_an_outline(self, a_document):
        """A screen reader jumps from heading to heading, and so does whoever opens the bookmarks."""
        data = pdf.render(a_document())

        levels = [int(tag[1]) for tag, _ in tags(data) if re.fullmatch(r"H[1-6]", tag)]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        titles = [bookmark.get_title() for bookmark in pypdfium2.PdfDocument(data).get_toc()]
        assert titles[:3] == ["Tuberkuloseprogram", "Formål", "Ansvar"]

    def test_boxes_and_square_have_words_for_those_who_do_not_see_them(self, a_document):
        """A box without words is silence."""
        alternatives = [
            facts["/Alt"] for tag, facts in tags(pdf.render(a_document())) if "/Alt" in facts and tag == "Figure"
        ]

        assert alternatives == [
            "QR-kode som fører til https://rutiner.provevik.example/tuberkuloseprogram", "Ikke utført", "Utført",
        ]  # fmt: skip

    def test_tables_lists_notes_and_quotes_are_tagged_as_what_they_are(self, a_document):
        """«Row 2, Frist: 30» can only be said when the header is a header."""
        found = [tag for tag, _ in tags(pdf.render(a_document()))]

        assert found.count("TH") == 3
        assert found.count("TD") == 6
        assert {"L", "LI", "LBody", "Note", "BlockQuote", "Link", "Strong", "Em", "Code"} <= set(found)

    def test_a_form_has_room_to_write_in(self, a_document):
        """It is filled in by hand, by a parent at a table."""
        form = a_document("| Opplysning | Svar | Dato |\n|-|-|-|\n| Fornavnet |  |  |\n| Etternavnet |  |  |")

        data = pdf.render(form)

        first, second, answer, day = (_corner(data, word) for word in ("Fornavnet", "Etternavnet", "Svar", "Dato"))
        assert first[1] - second[1] > 11 * MILLIMETRE
        assert day[0] - answer[0] > 40 * MILLIMETRE
        assert [tag for tag, _ in tags(data)].count("TD") == 6

    def test_code_is_read_in_the_language_of_the_text(self, a_document):
        """Typst takes code to be English; a Norwegian reader hears it read with English sounds."""
        assert "en" not in {facts.get("/Lang") for _, facts in tags(pdf.render(a_document()))}

    def test_top_bottom_and_watermark_are_no_part_of_what_is_read_aloud(self, a_document):
        """Hearing "DEMO, page 1 of 2" in the middle of a step is a danger of its own."""
        with opened(pdf.render(a_document(header={"demo": True}))) as document:
            for page in document.pages:
                homes = list(_homes_of_words(page))

                assert {"/Background", "/Header", "/Footer"} <= set(homes)
                assert "" not in homes


def _homes_of_words(page):
    """For each piece of text on a page: the artifact it belongs to, "tagged" for what is read aloud, or nothing."""
    marked = []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC" if operands[0] == "/Artifact":
                marked.append(str(operands[1].get("/Subtype", operands[1].get("/Type"))))
            case "BDC" | "BMC":
                marked.append("artifact" if operands[0] == "/Artifact" else "tagged")
            case "EMC":
                marked.pop()
            case "TJ" | "Tj":
                yield marked[-1] if marked else ""


class TestEveryPage:
    def test_says_title_version_page_and_document(self, a_document):
        """Pages are torn apart, copied and pinned up one by one."""
        printed = pages(pdf.render(a_document("Et avsnitt.\n\n" * 90)))

        assert len(printed) > 1
        for number, words in enumerate(printed, start=1):
            assert "Tuberkuloseprogram · versjon 2.1" in words
            assert f"side {number} av {len(printed)}" in words
            assert re.search(r"tuberkuloseprogram · Dokument [0-9a-f]{12} · tekst ab12ab12ab12", words)

    @pytest.mark.parametrize(
        ("header", "mark"),
        [
            ({"demo": True}, "DEMO"),
            ({"status": DocumentStatus.DRAFT}, "UTKAST"),
            ({"status": DocumentStatus.ENDED}, "UTGÅTT"),
        ],
        ids=["demo", "draft", "ended"],
    )
    def test_says_when_it_must_not_be_used(self, a_document, header, mark):
        """The one page that somebody keeps must be enough to see it."""
        printed = pages(pdf.render(a_document("Et avsnitt.\n\n" * 90, header=header)))

        assert len(printed) > 1
        assert all(squeezed(mark) in squeezed(words) for words in printed)

    def test_one_that_applies_has_no_such_mark(self, a_document):
        """A mark on everything is a mark on nothing."""
        words = " ".join(pages(pdf.render(a_document())))

        assert not [mark for mark in ("DEMO", "UTKAST", "UTGÅTT", "KOPI") if mark in words]


class TestWhatBelongsTogether:
    @pytest.mark.parametrize("kind", ["- [ ] Punkt {}\n", "{}. Punkt {}\n", "| Punkt {} | Svar |\n"])
    def test_stands_on_one_page_wherever_the_page_ends(self, a_document, kind):
        """«Årlig gjennomgang ved kommunelegen:» alone at the foot of a page leads to nothing; a short list is read as one."""
        names = "| Hva | Hvem |\n|-|-|\n" if kind.startswith("|") else ""
        few, many = ("".join(kind.format(n, n) for n in range(1, count + 1)) for count in (5, 40))
        part = "### Årlig\n\nVed kommunelegen:\n\n" + names
        body = "".join(
            f"{'Fyll ut.' + chr(10) * 2}" * lines + f"{part}{few}\nHerfra.\n\n{part}{many}\nSlutt.\n\n"
            for lines in range(1, 23)
        )

        written = pages(pdf.render(a_document(body)))

        for one in written:
            # Each list ends with a line of its own, so a page that has what leads to one has what it leads to.
            led = re.findall(r"Årlig(?:(?!Årlig).)*", one, re.DOTALL)
            assert all("Ved kommunelegen:" in found and "Punkt 2" in found for found in led)
            begun = one.partition("Årlig")[0]
            assert "Punkt" not in begun.partition("Herfra.")[0] or "Herfra." not in begun

    def test_is_never_more_than_a_page_holds(self, a_document):
        """What is kept together and is larger than a page runs out of it, and is lost."""
        long = " ".join(f"ord{n}" for n in range(1500))
        table = f"| A | B | C |\n|-|-|-|\n| {long} | x | Siste{{}} |\n"
        body = f"Ved kommunelegen:\n\n- {long}\n- Siste1\n\nSå:\n\n{table.format(2)}\n"

        words = squeezed("".join(pages(pdf.render(a_document(body)))))

        assert words.count("ord1499") == 2
        assert all(f"Siste{n}" in words for n in (1, 2))


class TestLongWords:
    def test_are_whole_where_there_is_room(self, a_document):
        """«Folkehelsein-stituttet» has to be read twice."""
        rows = "\n".join(f"| {'Fagfolk ' * 30} | {'og ' * n} Folkehelseinstituttet |" for n in range(20))

        data = pdf.render(a_document(f"| Hvem | Hva |\n|-|-|\n{rows}", front={"sources": ()}))

        assert "".join(pages(data)).count("Folkehelseinstituttet") == 20

    def test_in_an_address_stay_within_the_box(self, a_document):
        """Who types the address from the wall must see all of it."""
        address = "http://127.0.0.1:8000/v/tuberkulosekontrollprogram/1.0?kommune=provevik"

        data = pdf.render(a_document("Ord.", header={"address": address}))

        assert _farthest_right(data) <= (210 - 24 + 0.5) * MILLIMETRE
        assert address in squeezed("".join(pages(data)))

    @pytest.mark.parametrize("columns", [2, 3, 4, 5, 7, 9])
    def test_never_leave_their_column(self, a_document, columns):
        """A word printed over its neighbour cannot be read at all."""
        word = "personvernkonsekvensutredningsansvar"
        line = f"{' | '.join([f'{word} og {word} og mer'] * columns)}"

        data = pdf.render(a_document(f"| {line} |\n{'|-' * columns}|\n| {line} |"))

        assert _farthest_right(data) <= (210 - 24 + 0.5) * MILLIMETRE


class TestTheWords:
    def test_stand_with_values_gaps_law_and_sources(self, a_document):
        """Paper says what the screen says."""
        words = squeezed(" ".join(pages(pdf.render(a_document()))))

        for sentence in (
            "Faglig godkjent av Fagnettverk for smittevern 3. november 2026",
            "etter beslutning av kommunalsjef helse og omsorg 21. november 2026",
            "Neste gjennomgang: 3. november 2028",
            "Utskriften er en kopi. Sjekk at den gjelder:",
            "https://rutiner.provevik.example/tuberkuloseprogram",
            "[ikke fylt ut: Kontakt på boligkontoret]",
            "eller ring 75 00 00 00.",
            "á ŋ å æ ø → – « » § ☐",
            "(LOV-2011-06-24-30) – paragraf ikke kontrollert",
            "https://www.fhi.no/v, lest 28. juli 2026",
            "Forskriften sier hvem som har ansvaret",
        ):
            assert squeezed(sentence) in words

    def test_written_like_the_typesetter_s_own_code_are_printed_as_they_are(self, a_document):
        """A text must never be able to read a file on the server or change the page."""
        addition = LocalAddition(AdditionKind.PROFESSIONAL_ADDITION, "", "Ord.", HOSTILE, HOSTILE)
        field = LocalInformation("felt", "Felt", LocalInformationType.TEXT)
        document = a_document(
            f"## Avsnitt\n\n{{{{felt}}}}\n\n```\n{HOSTILE}\n```\n",
            front={"responsible_role": HOSTILE, "local_information": (field,), "audience": (HOSTILE,)},
            header={"title": HOSTILE, "decided_by_position": HOSTILE, "address": HOSTILE},
            local_values=(("felt", HOSTILE),),
            additions=(addition,),
        )

        printed = pages(pdf.render(document))

        # Title, role, position, audience, address, field, code, reason, source; and the top of each page.
        assert squeezed(" ".join(printed)).count(squeezed(HOSTILE)) == 9 + len(printed)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
    @given(
        st.text(alphabet=st.sampled_from("#*_$\\`'\"@<>[]{}()/=+-~^&%!;:.,|0aZæøåŋá§«»–→ "), min_size=1),
        st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_categories=["Cc", "Cf", "Zs"])),
    )
    def test_of_any_kind_are_printed(self, a_document, signs, letters):
        """Whatever a person writes is what stands on paper."""
        document = a_document(
            "Ring {{vakttelefon}}.",
            front={"sources": (Source(f"F{letters}S", f"F{signs}S", None, a_document().header.approved_on),)},
            local_values=(("vakttelefon", f"F{signs}S"),),
        )

        words = squeezed(" ".join(pages(pdf.render(document))))

        assert words.count(squeezed(f"F{signs}S")) >= 2
        assert squeezed(f"F{letters}S") in words

    def test_in_a_script_we_have_no_letters_for_are_spelled_out(self, a_document):
        """A name must not become an empty box; its code point can at least be looked up."""
        words = " ".join(pages(pdf.render(a_document("Navn: 中 og 😀 og \ue000."))))

        assert "[U+4E2D] og [U+1F600] og [U+E000]" in words

    def test_that_the_fonts_have_alone_but_not_together_are_spelled_out(self, a_document, monkeypatch):
        """Should a new font lack a sign that the list promises, the document is still printed."""
        monkeypatch.setattr(pdf_data, "_without_glyph", lambda: re.compile("[ ]{99}"))

        assert "[U+4E2D]" in " ".join(pages(pdf.render(a_document("Navn: 中"))))

    def test_longer_than_a_line_stay_on_the_page(self, a_document):
        """What runs off the paper is lost without anybody noticing."""
        document = pypdfium2.PdfDocument(
            pdf.render(a_document("Se " + "abcdefghij" * 40 + ".\n\n| a |\n|---|\n| " + "x" * 300 + " |"))
        )

        for page in document:
            text = page.get_textpage()
            width, _ = page.get_size()
            right = max(text.get_charbox(n)[2] for n in range(text.count_chars()) if text.get_text_range(n, 1).strip())
            assert right < width - 50

    def test_every_sign_on_the_list_of_glyphs_can_be_printed(self, a_document):
        """The list was read from the fonts; a new typst may bring other fonts."""
        listed = [chr(code) for code in range(0x20, 0x20000) if not pdf_data._without_glyph().search(chr(code))]
        plain = [c for c in listed if unicodedata.category(c)[0] in "LNPS" and c not in "\\`*_[]<>|~&#"]
        rows = "\n\n".join(" ".join(plain[at : at + 60]) for at in range(0, len(plain), 60))

        words = " ".join(pages(pdf.render(a_document(rows))))

        assert len(plain) > 6000
        assert "[U+" not in words


class TestTheSameBytes:
    def test_come_from_another_process_on_another_day(self, a_document, tmp_path):
        """Publishing compares bytes; a copy that differs for no reason makes nine archives grow for nothing."""
        here = pdf.render(a_document())
        code = (
            "import hashlib, conftest; from samrutine.exchange import pdf; "
            "print(hashlib.sha256(pdf.render(conftest.build_document())).hexdigest())"
        )
        environment = {
            **os.environ, "PYTHONPATH": str(Path(__file__).parent), "PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo", "LANG": "C",
        }  # fmt: skip

        there = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        )

        assert there.stdout.strip() == hashlib.sha256(here).hexdigest()

    def test_come_whatever_was_printed_before_and_beside(self, a_document):
        """Many are printed by one process, some at once; none may leave traces in another."""
        documents = [a_document(f"## Nummer {n}\n\nTekst {n % 3}.") for n in range(12)]
        alone = [pdf.render(document) for document in documents]

        with ThreadPoolExecutor(3) as pool:
            together = list(pool.map(pdf.render, documents[::-1]))[::-1]

        assert together == alone
        assert [pdf.render(document) for document in documents] == alone

    def test_carry_the_day_of_the_decision(self, a_document):
        """The date in the file is when it was decided, not when somebody pressed print."""
        with opened(pdf.render(a_document())) as document:
            assert str(document.docinfo.CreationDate).startswith("D:20261121130507")


class TestOddTexts:
    @pytest.mark.parametrize(
        "body",
        ["", "[^a]\n\n[^a]: x [^b]\n\n[^b]: y [^a]\n\n    more\n", "# One\n\n###### Six\n\n## Two", "|a|\n|-|\n",
         "- [ ] \n- [x]\n-\n", "> # H\n>\n> t", "| a[^1] |\n|--|\n| b |\n\n[^1]: n [l](http://x.example)", "## A\n\n## A\n",
         "".join("  " * n + "- x\n" for n in range(9)), "> " * 18 + "x", "999999999. x", "*a **b " * 500, "***", "`` ` ``"],
        ids=["nothing", "ring of notes", "levels", "no rows", "empty items", "heading in quote", "note in header", "twins",
             "deep list", "deep quote", "high number", "open stars", "rule", "tick"],
    )  # fmt: skip
    def test_are_printed_all_the_same(self, a_document, body):
        """One odd text must not stop a municipality's publishing."""
        assert pdf.render(a_document(body)).startswith(b"%PDF-1.7")

    def test_a_note_that_only_a_note_refers_to_is_not_lost(self, a_document):
        """It may hold the one sentence that mattered."""
        words = " ".join(pages(pdf.render(a_document("Les[^a].\n\n[^a]: Se[^b].\n\n[^b]: Viktig setning.\n"))))

        assert "Viktig setning." in words

    def test_what_typst_refuses_is_told_without_the_text(self, a_document):
        """Logs travel; the text of an exempt routine must not."""
        with pytest.raises(DocumentUnavailable) as caught:
            pdf.render(a_document("> " * 39 + "hemmelig"))

        assert caught.value.places["format"] == "PDF"
        assert "hemmelig" not in str(caught.value)
