"""A Word file that comes back: unedited to the byte, edited with the edit and nothing else."""

import base64
import contextlib
import io
import random
import re
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from samrutine.adoptions.effective import AdditionKind, LocalAddition
from samrutine.errors import DocumentRefused, InvalidText
from samrutine.exchange import qr, word
from samrutine.exchange.word_back import read_back
from samrutine.exchange.word_marks import Region
from samrutine.exchange.word_reference import read_reference
from samrutine.procedures.text import canonical, digest, read, unformatted
from samrutine.proposals.prose_diff import Became, compare
from tests.support.word_files import (
    W,
    copy_after,
    edited,
    paragraph_with,
    replaced,
    rezipped,
    saved_by_word,
    with_xml,
    without,
)

STARTERS = sorted((Path(__file__).resolve().parents[2] / "procedures").rglob("*.md"))
BODY = """\
## Formål

Rutinen skal sikre at *alle* som har **rett** til tilbudet får det i tide[^1]. Se [Ansvar](#ansvar) eller ring
{{vakttelefon}}. Les [veilederen](https://www.fhi.no/tb) og [rutinen](../smittevern/forste-samtale.md), og [vedlegget][v].

## Ansvar

| Hvem | Gjør hva | Frist |
| --- | :-: | --: |
| Kommuneoverlege | Har det **faglige** ansvaret | 3 |
| {{kontakt}} | ~~Skaffer bolig~~ | 30 |
| Alle | Følger [skjemaet](skjema.pdf) | 7 |

### Når leder er borte

Stedfortreder overtar. Er du i tvil\\
ring `vakttelefonen`.

## Framgangsmåte

3. Registrer hvem som skal undersøkes.
4. Avtal time:
   - innen 14 dager,
   - innen fire uker.

   Si fra om tolk.
5. Oppbevar ved 2–8 °C.

> Mistenker du smitte, skal personen *ikke* vente.

- [ ] Personen er informert
- [x] Tolk er bestilt

Se ![Slik vasker du hendene](vask.png) før du går.

```
dose = 5 mg
  to ganger
```

---

Gi aldri mer enn 5 mg[^dose].

[^1]: Forskriften sier hvem som har ansvaret, *ikke* hvordan.

[^dose]: Se felleskatalogen.

[v]: vedlegg.pdf
"""
PICTURE = qr.png("https://rutiner.example/vask")


@pytest.fixture
def printed(a_document):
    """A document of all that a routine may hold, in the stored form, and the file that is made of it."""
    document = a_document(BODY)
    data = canonical(unformatted(document.text), "x")
    document = replace(document, text=read(data, "x"))
    return document, data, word.render(document, pictures={"vask.png": PICTURE})


def changes_of(document, returned):
    """What a reader of the comparison is shown."""
    return compare(document.text, read(returned.markdown, "x")).changes


class TestUnedited:
    def test_comes_back_to_the_byte(self, printed):
        _, data, made = printed

        returned = read_back(made)

        assert returned.markdown == data == returned.original
        assert not returned.is_edited
        assert (returned.findings, returned.outside, returned.margins, returned.pictures) == ((), (), (), ())
        assert returned.marks.digest == digest(data)

    def test_also_when_word_has_saved_it(self, printed):
        """
        Word cuts words into runs and puts marks of its own everywhere, and nobody has edited anything by that.
        """
        _, data, made = printed

        returned = read_back(saved_by_word(edited(made, lambda _: None)))

        assert returned.markdown == data
        assert (returned.findings, returned.outside, returned.margins) == ((), (), ())

    @pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)
    def test_every_routine_we_ship_does(self, a_document, path):
        data = canonical(path.read_bytes(), path.name)
        additions = (LocalAddition(AdditionKind.PRACTICAL_NOTE, "", "Nøkkelen henger **her**[^a].\n\n[^a]: Der.\n"),)
        text = read(data, path.name)
        values = tuple((one.key, "75 00 00 00") for one in text.front.local_information[::2])
        document = replace(a_document(), text=text, local_values=values, additions=additions)

        returned = read_back(saved_by_word(word.render(document)))

        assert returned.markdown == data
        assert (returned.findings, returned.outside, returned.margins) == ((), (), ())

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        pieces=st.lists(
            st.sampled_from([
                "Ord **fet *begge* fet** og ~~bort~~ `kode | her`.", "## Overskrift *i kursiv*", "### Under", "#### Dypere",
                "- en\n- to\n\n  mer\n- tre", "* annen\n* liste", "1. en\n   1. under\n   2. under to\n2. to", "7) sju\n8) åtte",
                "- [ ] gjør\n- [x] gjort\n- punkt", "> sitat\n>\n> - i sitat\n>\n> > dypere", "| A | B |\n| - | :-: |\n| 1 | **2** |",
                "```\nkode\n\n  her\n```", "---", "Linje\\\nbrudd", "Note[^1] og igjen[^1].", "[intern](#overskrift-i-kursiv)",
                "![bilde *her*](a.png) og ![](b.png)", "{{felt}} og {{felt}}", "1. en\n\n   ```\n   kode\n   ```\n\n   > sitat\n2. to",
                "a\u00a0b\u00adc \\* d &amp; e", "![](bare-bilde.png)", "- \n- to", "- - dypt\n  - to", "[lenke](http://ø.no/å b)",
                "**Merk**: `x`*y*", "1. | A |\n   | - |\n   | x |", "[ref][r]", "Sms<br>her", "- [ ] a\n\n  | A |\n  | - |\n  | 1 |",
            ]),
            min_size=1, max_size=8,
        )
    )  # fmt: skip
    @example(pieces=["- a", "* b", "- c"])
    def test_whatever_it_holds(self, a_document, pieces):
        """
        Not one form of Markdown may make a file look edited that nobody touched.
        """
        body = "\n\n".join(pieces) + "\n\n"
        body += "[^1]: Noten.\n\n    Mer.\n\n" if "[^1]" in body else ""
        body += "[r]: https://r.example\n" if "[r]" in body else ""
        text = a_document(body).text
        data = canonical(unformatted(text), "x")

        returned = read_back(word.render(replace(a_document(), text=read(data, "x"))))

        assert returned.markdown == data
        assert returned.findings == ()


class TestEdited:
    @pytest.mark.parametrize(
        ("change", "became", "gone", "come"),
        [
            (lambda d: replaced(d, "2–8 °C", "15–25 °C"), Became.CHANGED, "2–8", "15–25"),
            (lambda d: replaced(d, "får det i tide", "får det snart"), Became.CHANGED, "i tide", "snart"),
            (lambda d: replaced(d, "Har det ", "Har hele det "), Became.CHANGED, "", "hele"),
            (lambda d: replaced(d, "Når leder er borte", "Når lederen er borte"), Became.CHANGED, "leder", "lederen"),
            (lambda d: replaced(d, "to ganger", "tre ganger"), Became.CHANGED, "to", "tre"),
            (lambda d: replaced(d, "skal personen ", "kan personen "), Became.CHANGED, "skal", "kan"),
            (lambda d: copy_after(d, "innen fire uker", "innen ett år."), Became.ADDED, "", "innen ett år."),
            (lambda d: copy_after(d, "Stedfortreder", "Ring 110."), Became.ADDED, "", "Ring 110."),
            (lambda d: without(d, "Tolk er bestilt"), Became.REMOVED, "Tolk er bestilt", ""),
            (lambda d: without(d, "Mistenker"), Became.REMOVED, "Mistenker", ""),
            (lambda d: without(d, "Følger"), Became.CHANGED, "Følger", ""),
        ],
        ids=[
            "a temperature in a list", "words in a sentence with all forms", "a cell", "a heading", "code", "a quotation",
            "an item", "a paragraph", "an item away", "a quotation away", "a row away",
        ],
    )  # fmt: skip
    def test_the_comparison_shows_the_edit_and_nothing_else(self, printed, change, became, gone, come):
        """
        Whoever must approve the change sees what somebody did in Word, not what Word did to the file.
        """
        document, _, made = printed

        returned = read_back(saved_by_word(edited(made, change)))
        shown = changes_of(document, returned)

        assert [one.became for one in shown] == [became]
        cells = [piece for row in shown[0].rows for cell in row.cells for piece in cell.pieces]
        pieces = [*shown[0].pieces, *cells]
        assert gone in "".join(one.text for one in pieces if one.kind != "added")
        assert come in "".join(one.text for one in pieces if one.kind != "removed")
        assert (returned.findings, returned.outside, returned.margins) == ((), (), ())
        assert compare(document.text, read(returned.markdown, "x")).fields == ()

    def test_the_lines_that_nobody_touched_are_the_same_lines(self, printed):
        """
        Links that Word cannot hold, and the way a line was broken, are still there.
        """
        _, data, made = printed

        returned = read_back(edited(made, lambda d: replaced(d, "2–8 °C", "15–25 °C")))
        before, after = data.decode().split("\n"), returned.markdown.decode().split("\n")

        assert [(one, other) for one, other in zip(before, after, strict=True) if one != other] == [
            ("5. Oppbevar ved 2–8 °C.", "5. Oppbevar ved 15–25 °C.")
        ]

    def test_a_sentence_keeps_its_weights_links_notes_and_local_values(self, printed):
        _, _, made = printed

        said = read_back(edited(made, lambda d: replaced(d, "får det i tide", "får det snart"))).markdown.decode()

        assert (
            "at *alle* som har **rett** til tilbudet får det snart[^1]. Se [Ansvar](#ansvar) eller ring {{vakttelefon}}."
            in said
        )
        assert "[veilederen](https://www.fhi.no/tb) og [rutinen](../smittevern/forste-samtale.md)" in said

    def test_what_leads_to_a_section_follows_its_heading(self, printed):
        """
        A reference that leads nowhere is worse than one more line in the comparison.
        """
        _, _, made = printed

        def rename(found):
            heading = next(one for one in found.paragraphs if one.text == "Ansvar")
            heading.runs[0].text = "Ansvar og oppgaver"

        said = read_back(edited(made, rename)).markdown.decode()

        assert "\n## Ansvar og oppgaver\n" in said
        assert "Se [Ansvar](#ansvar-og-oppgaver) eller" in said

    def test_what_word_cannot_hold_stays_or_is_told(self, a_document):
        """
        A link to an attachment and a picture without words are not in the file; an edit beside them must not take them along.
        """
        body = "![](skilt.png)\n\nSe [skjemaet](skjema.pdf) før du ringer.\n\n![](kart.png)\n\nPil ![](pil.png) hit.\n"
        data = canonical(unformatted(a_document(body).text), "x")
        made = word.render(replace(a_document(), text=read(data, "x")))

        one = read_back(edited(made, lambda d: replaced(d, "før du ringer", "før du går")))
        other = read_back(edited(made, lambda d: replaced(d, "hit.", "dit.")))

        assert one.markdown == data.replace(b"ringer", "går".encode())
        assert one.findings == ()
        assert [(found.code, found.detail) for found in other.findings] == [("pictures-missing", "pil.png")]

    def test_a_new_row_is_a_new_row(self, printed):
        document, data, made = printed

        def add(found):
            row = paragraph_with(found, "Alle")._p.getparent().getparent()
            copy = etree.fromstring(etree.tostring(row), docx.oxml.parser.oxml_parser)
            for text, new in zip(copy.iter(f"{W}t"), ("Tolken", "Oversetter", "1"), strict=False):
                text.text = new
            row.addnext(copy)

        returned = read_back(edited(made, add))
        lines = set(returned.markdown.decode().split("\n")) - set(data.decode().split("\n"))

        assert len(lines) == 1
        assert lines.pop().startswith("| Tolken | Oversetter")
        assert [one.became for one in changes_of(document, returned)] == [Became.CHANGED]

    def test_words_made_bold_are_bold(self, printed):
        document, _, made = printed

        def embolden(found):
            for run in paragraph_with(found, "Stedfortreder").runs:
                run.bold = True

        returned = read_back(edited(made, embolden))

        assert "**Stedfortreder overtar. Er du i tvil" in returned.markdown.decode()
        assert [one.became for one in changes_of(document, returned)] == [Became.REFORMED]

    def test_a_paragraph_made_a_heading_is_one(self, printed):
        _, _, made = printed

        def promote(found):
            paragraph_with(found, "Gi aldri mer").style = found.styles["Heading 2"]

        returned = read_back(edited(made, promote))

        assert "\n### Gi aldri mer enn 5 mg[^dose].\n" in returned.markdown.decode()

    def test_a_ticked_box_is_a_change(self, printed):
        """
        The text says that it is to be done: a box that somebody ticked while reading must not slip in unseen.
        """
        _, _, made = printed

        def tick(root):
            namespace = "{http://schemas.microsoft.com/office/word/2010/wordml}"
            next(root.iter(f"{namespace}checked")).set(f"{namespace}val", "1")

        returned = read_back(with_xml(made, tick))

        assert "- [x] Personen er informert" in returned.markdown.decode()

    def test_a_new_note_gets_a_number_of_its_own(self, printed):
        """
        Word numbers notes anew; the names that the text has for the others stand.
        """
        _, _, made = printed

        def add_note(name, part):
            if name == "word/footnotes.xml":
                note = b'<w:footnote w:id="77"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t> Ny note.</w:t></w:r></w:p></w:footnote>'
                return part.replace(b"</w:footnotes>", note + b"</w:footnotes>")
            if name == "word/document.xml":
                mark = b'<w:r><w:footnoteReference w:id="77"/></w:r></w:p>'
                return re.sub(rb"(Registrer hvem.*?)</w:p>", rb"\1" + mark, part, count=1)
            return part

        said = read_back(rezipped(made, add_note)).markdown.decode()

        assert "3. Registrer hvem som skal undersøkes.[^2]\n" in said
        assert "[^2]: Ny note.\n" in said
        assert "5 mg[^dose]" in said

    def test_a_note_whose_sentence_went_goes_too(self, printed):
        _, _, made = printed

        said = read_back(edited(made, lambda d: without(d, "Gi aldri mer"))).markdown.decode()

        assert "felleskatalogen" not in said
        assert "[^1]:" in said

    def test_a_changed_note_is_changed(self, printed):
        document, _, made = printed

        def change(name, part):
            return part.replace(b"felleskatalogen", b"legemiddellisten") if name == "word/footnotes.xml" else part

        returned = read_back(rezipped(made, change))

        assert "[^dose]: Se legemiddellisten.\n" in returned.markdown.decode()
        assert len(changes_of(document, returned)) == 1

    def test_another_title_is_another_title(self, printed):
        document, _, made = printed

        returned = read_back(edited(made, lambda d: replaced(d, "Tuberkuloseprogram", "Program mot tuberkulose")))
        found = compare(document.text, read(returned.markdown, "x"))

        assert [one.key for one in found.fields] == ["title"]
        assert found.changes == ()


class TestPictures:
    def test_one_that_was_taken_away_is_gone_from_the_text(self, printed):
        _, _, made = printed

        def remove(found):
            for drawing in list(paragraph_with(found, "før du går")._p.iter(f"{W}drawing")):
                drawing.getparent().remove(drawing)

        returned = read_back(edited(made, remove))

        assert "vask.png" not in returned.markdown.decode()
        assert returned.pictures == ()

    def test_a_new_one_comes_as_a_file_that_the_text_names(self, printed):
        """
        The approval covers the picture: its digest stands in the front matter.
        """
        _, _, made = printed
        new = qr.png("https://rutiner.example/ny")

        def add(found):
            paragraph_with(found, "Stedfortreder").add_run().add_picture(io.BytesIO(new))

        returned = read_back(edited(made, add))
        (picture,) = returned.pictures
        front = read(returned.markdown, "x").front

        assert picture.data == new
        assert f"]({picture.name})" in returned.markdown.decode()
        assert [(one.name, one.digest) for one in front.attachments] == [(picture.name, digest(new))]
        assert "![Slik vasker du hendene](vask.png)" in returned.markdown.decode()

    def test_another_in_the_same_place_is_another(self, printed):
        _, _, made = printed
        new = qr.png("https://rutiner.example/annen")

        returned = read_back(rezipped(made, lambda _, part: new if part == PICTURE else part))

        assert [one.data for one in returned.pictures] == [new]
        assert "vask.png" not in returned.markdown.decode()

    def test_other_words_for_it_are_a_change(self, printed):
        _, _, made = printed

        said = read_back(
            rezipped(made, lambda _, part: part.replace(b"Slik vasker du hendene", b"Vask til albuen"))
        ).markdown.decode()

        assert "![Vask til albuen](vask.png)" in said


class TestNothingIsBelievedUnseen:
    def test_what_lies_hidden_never_wins_over_what_is_seen(self, printed):
        """
        A dose that somebody changed on the page must not come back as the old one because the hidden text still has it.
        """
        _, data, made = printed

        returned = read_back(
            rezipped(made, lambda n, p: p.replace(b"enn 5 mg", b"enn 50 mg") if n == "word/document.xml" else p)
        )

        assert returned.original == data
        assert b"Gi aldri mer enn 50 mg" in returned.markdown

    def test_a_text_that_is_not_the_one_it_says_is_refused(self, printed):
        _, data, made = printed
        other = base64.b64encode(data.replace(b"5 mg", b"9 mg"))

        forged = rezipped(
            made,
            lambda name, part: part.replace(base64.b64encode(data), other) if name == "customXml/item1.xml" else part,
        )

        with pytest.raises(DocumentRefused):
            read_back(forged)

    def test_words_in_a_text_box_are_not_lost(self, printed):
        """
        Somebody draws a box and writes in it; no paragraph of the routine holds the words.
        """
        _, _, made = printed
        box = (
            '<w:r xmlns:w="{}"><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r>'
            "<w:t>Ring 113 først.</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        ).format(W.strip("{}"))

        returned = read_back(
            edited(made, lambda d: paragraph_with(d, "Stedfortreder")._p.append(etree.fromstring(box)))
        )

        assert "\nRing 113 først.\n" in returned.markdown.decode()
        assert [one.code for one in returned.findings] == ["text-box"]

    def test_what_was_changed_outside_the_text_is_told(self, a_document):
        """
        The locks are Word's own: another program lets one write in the control header, and that is not taken in silence.
        """
        addition = LocalAddition(AdditionKind.PRACTICAL_NOTE, "ansvar", "Nøkkelen henger på kontoret.")
        made = word.render(a_document(additions=(addition,)))

        def change(found):
            replaced(found, "henger på kontoret", "henger på vaktrommet")
            replaced(found, "75 00 00 00", "75 11 11 11")
            replaced(found, "Gjelder i Prøvevik kommune.", "Gjelder overalt.")
            replaced(found, "Veilederen", "En annen veileder")

        returned = read_back(edited(made, change))

        assert set(returned.outside) == {Region.ADDITIONS, Region.LOCAL, Region.CONTROL, Region.AFTER}
        assert not returned.is_edited

    @pytest.mark.parametrize("part", ["word/header1.xml", "word/footer1.xml"])
    def test_what_was_written_in_the_margins_of_the_pages_is_told(self, printed, part):
        """
        Somebody writes «Gjelder ikke sykehjemmet» at the foot of each page, and means it.
        """
        _, data, made = printed

        def write(root):
            root.append(
                etree.fromstring(
                    f'<w:p xmlns:w="{W[1:-1]}"><w:r><w:t>Gjelder ikke</w:t></w:r><w:r><w:t xml:space="preserve"> her</w:t></w:r></w:p>'
                )
            )

        returned = read_back(with_xml(made, write, part))

        assert (returned.margins, returned.markdown) == (("Gjelder ikke her",), data)

    def test_numbers_that_word_works_out_in_the_margins_are_no_change(self, printed):
        _, _, made = printed

        def work_out(root):
            for one in root.iter(f"{W}fldSimple"):
                for text in one.iter(f"{W}t"):
                    text.text = "17"

        assert read_back(with_xml(made, work_out, "word/footer1.xml")).margins == ()

    def test_a_file_whose_marks_another_program_took_away_is_refused(self, printed):
        """
        Without them the header and the municipality's numbers stand there as if they were the routine's own words.
        """
        _, _, made = printed

        def loosen(root):
            for one in list(root.iter(f"{W}sdtPr")):
                for tag in one.findall(f"{W}tag"):
                    one.remove(tag)

        with pytest.raises(DocumentRefused) as raised:
            read_back(with_xml(made, loosen))

        assert raised.value.why == "damaged"

    def test_tracked_changes_are_taken_as_accepted_and_listed(self, printed):
        _, _, made = printed

        def track(root):
            for run in root.iter(f"{W}r"):
                if "2–8 °C" in "".join(run.itertext()):
                    parent = run.getparent()
                    gone = etree.SubElement(parent, f"{W}del", {f"{W}id": "1", f"{W}author": "Ola"})
                    come = etree.SubElement(parent, f"{W}ins", {f"{W}id": "2", f"{W}author": "Ola"})
                    copy = etree.fromstring(etree.tostring(run))
                    copy.find(f"{W}t").text = "Oppbevar ved 15–25 °C."
                    come.append(copy)
                    run.find(f"{W}t").tag = f"{W}delText"
                    gone.append(run)
                    return

        returned = read_back(with_xml(made, track))

        assert "5. Oppbevar ved 15–25 °C.\n" in returned.markdown.decode()
        assert [(one.kind, one.text) for one in returned.changes] == [
            ("deleted", "Oppbevar ved 2–8 °C."),
            ("inserted", "Oppbevar ved 15–25 °C."),
        ]
        assert "Ola" not in repr(returned)

    def test_a_link_that_a_text_may_not_have_is_only_words_and_said(self, printed):
        _, _, made = printed

        returned = read_back(
            rezipped(
                made,
                lambda name, part: (
                    part.replace(b"https://www.fhi.no/tb", b"file:///etc/passwd") if name.endswith(".rels") else part
                ),
            )
        )

        assert "[veilederen]" not in returned.markdown.decode()
        assert [(one.code, one.detail) for one in returned.findings] == [("link-dropped", "file:///etc/passwd")]


class TestSpoiled:
    PARTS = ("document", "numbering", "styles", "footnotes", "header1")

    @pytest.mark.parametrize("seed", range(30))
    def test_a_file_that_says_nonsense_is_read_or_refused(self, printed, seed):
        """
        Other programs write what ours never do; whoever sent the file gets an answer, not a fault of ours.
        """
        _, _, made = printed
        chance = random.Random(seed)

        def spoil(root):
            elements = list(root.iter())
            for _ in range(6):
                one = chance.choice(elements)
                if chance.random() < 0.4 and one.getparent() is not None:
                    one.getparent().remove(one)
                elif one.attrib:
                    one.set(
                        chance.choice(list(one.attrib)),
                        chance.choice(["", "x", "-1", "99999999999", "1.5", "²", "D800"]),
                    )
                else:
                    one.append(etree.fromstring(etree.tostring(chance.choice(elements))))

        spoiled = with_xml(made, spoil, f"word/{self.PARTS[seed % len(self.PARTS)]}.xml")

        for read_it in (read_back, read_reference):
            with contextlib.suppress(DocumentRefused, InvalidText):
                read_it(spoiled)

    def test_a_sign_that_nobody_knows_is_told(self, printed):
        """
        A symbol font may hold a limit, ≤ or ≥: a person must look.
        """
        _, _, made = printed

        def put(found):
            sign = etree.SubElement(paragraph_with(found, "Gi aldri mer").runs[0]._r, f"{W}sym")
            sign.set(f"{W}font", "Symbol")
            sign.set(f"{W}char", "D800")

        assert "symbol-unknown" in [one.code for one in read_back(edited(made, put)).findings]


class TestNotOurs:
    def test_a_document_of_others_is_read_as_others_are(self):
        held = io.BytesIO()
        docx.Document().save(held)

        assert read_back(held.getvalue()) is None

    def test_a_file_that_lost_the_text_is_one_of_others(self, printed):
        _, _, made = printed

        assert read_back(rezipped(made, lambda name, part: None if name.startswith("customXml/") else part)) is None

    @pytest.mark.parametrize(
        "data",
        [b"", b"Hei", b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0"],
        ids=["empty", "text", "cut off", "pdf", "doc"],
    )
    def test_what_is_no_word_file_is_refused(self, data):
        with pytest.raises(DocumentRefused):
            read_back(data)

    def test_a_dtd_is_refused(self, printed):
        _, _, made = printed
        dtd = b'<!DOCTYPE a [<!ENTITY b "c">]>'

        hostile = rezipped(
            made, lambda name, part: part.replace(b"?>\n", b"?>\n" + dtd, 1) if name == "word/document.xml" else part
        )

        with pytest.raises(DocumentRefused):
            read_back(hostile)
