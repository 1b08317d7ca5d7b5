"""Where lists begin: step 4 is step 4 also after a table, whatever a reader makes of the list."""

import pytest

from samrutine.exchange.incoming.list_starts import mark_of, set_starts
from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document
from tests.support.documents.odt import odt, paragraph, parts
from tests.support.documents.word import Word, packed, run

LISTS = (
    r"{\*\listtable{\list\listtemplateid1{\listlevel\levelnfc0\levelstartat1{\leveltext \'02\'00.;}{\levelnumbers\'01;}}"
    r"{\listlevel\levelnfc4\levelstartat1{\leveltext \'02\'01.;}{\levelnumbers\'01;}}\listid1}}"
    r"{\*\listoverridetable{\listoverride\listid1\listoverridecount0\ls1}}"
)


def item(number, text, level=0):
    """Write an item as word processors do: its number as text for old readers, and the list that it is in."""
    return rf"\pard\plain {{\listtext\pard\plain {number}\tab}}\ilvl{level}\ls1{{\loch" + "\n" + rf"{text}}}\par" + "\n"


def plain(text):
    """Write a paragraph."""
    return rf"\pard\plain {text}\par" + "\n"


@pytest.fixture
def lines(tmp_path):
    """Give the lines that an RTF file comes in as."""

    def read(*body):
        data = rf"{{\rtf1\ansi\ansicpg1252{LISTS}{''.join(body)}}}".encode("cp1252")
        return [one for one in open_document(data, "a.rtf", Limits(), tmp_path).markdown.splitlines() if one]

    return read


class TestRtf:
    def test_a_list_that_goes_on_after_something_else_keeps_its_numbers(self, lines):
        """
        Steps 3 and 4 became a new list of 1 and 2, with nothing said.
        """
        found = lines(
            item("1.", "Ring 113."), item("2.", "Gi adrenalin."), plain("Viktig: vent ikke."), item("3.", "Gi ny dose."),
            item("4.", "Legg flatt."),
        )  # fmt: skip

        assert found == ["1. Ring 113.", "2. Gi adrenalin.", "Viktig: vent ikke.", "3. Gi ny dose.", "4. Legg flatt."]

    def test_a_list_that_goes_on_after_its_own_points_is_one_list(self, lines):
        found = lines(
            item("1.", "Ring."), item("2.", "Gi."), item("a.", "I låret.", 1), item("b.", "Gjennom tøy.", 1), item("3.", "Vent."),
        )  # fmt: skip

        assert found == ["1. Ring.", "2. Gi.", "   1. I låret.", "   2. Gjennom tøy.", "3. Vent."]

    @pytest.mark.parametrize("between", ["", plain("")], ids=["directly", "after an empty line"])
    @pytest.mark.parametrize("table_first", [False, True], ids=["said before the cells", "said after them"])
    def test_a_list_before_a_table_stays_under_its_heading(self, lines, between, table_first):
        """
        Pandoc puts such a list where the text begins: what is for adults stood above what is for children.
        """
        says = r"\trowd\cellx2000\cellx4000"
        row = r"\pard\intbl Adrenalin\cell \pard\intbl 0,3 mg\cell "
        table = f"{says}{row}\row " if table_first else f"{row}{says}\row "

        found = lines(
            plain("Før."), item("1.", "Gi 40 mg."), item("2.", "Gi 50 mg."), between, table, plain("Mellom."),
            item("1.", "Gi 20 mg."), table, plain("Etter."),
        )  # fmt: skip

        kept = [one for one in found if "--" not in one and one != "|  |  |"]
        cells = "| Adrenalin | 0,3 mg |"
        assert kept == [
            "Før.", "1. Gi 40 mg.", "2. Gi 50 mg.", cells, "Mellom.", "1. Gi 20 mg.", cells, "Etter.",
        ]  # fmt: skip

    def test_items_stay_in_their_cell_with_their_marks(self, lines):
        """
        They left it for the beginning of the text, in the opposite order, and the cell was empty.
        """

        def in_cell(mark, text):
            return rf"{{\listtext\pard\plain {mark}\tab}}\pard\plain\intbl\ls1\ilvl0 {text}"

        row = (
            r"\trowd\cellx2000\cellx4000"
            + in_cell("1.", r"Gi 10 mg\par ") + in_cell("2.", r"Vent 5 min\cell ")
            + in_cell(r"\'b7", r"Gi 2 mg\par ") + in_cell(r"\'b7", r"Ring lege\cell ") + r"\row "
        )  # fmt: skip

        found = lines(plain("Før."), row, plain("Etter."))

        assert [found[0], found[-1]] == ["Før.", "Etter."]
        assert "| 1. Gi 10 mg; 2. Vent 5 min | • Gi 2 mg • Ring lege |" in found

    def test_a_list_that_begins_anew_is_another(self, lines):
        found = lines(item("1.", "Ring."), item("2.", "Gi."), item("1.", "Rydd."), item("2.", "Skriv."))

        assert found == ["1. Ring.", "2. Gi.", "1) Rydd.", "2) Skriv."]

    def test_the_last_of_several_figures_is_the_number_of_the_item(self, lines):
        assert lines(item("2.4", "Ring."), item("2.5", "Vent.")) == ["4. Ring.", "5. Vent."]

    def test_a_number_that_a_word_stands_before_is_the_number_of_the_item(self, lines):
        """
        «Trinn 4:» after something else became step 1.
        """
        found = lines(
            item("Trinn 1:", "Ring."), item("1.a)", "Vakt.", 1), item("Trinn 2:", "Gi."), plain("Vent."), item("Trinn 3:", "Se."),
            item("iv)", "Skriv."),
        )  # fmt: skip

        assert found == ["1. Trinn 1: Ring.", "   1. Vakt.", "2. Trinn 2: Gi.", "Vent.", "3. Trinn 3: Se.", "4. Skriv."]

    @pytest.mark.parametrize(
        ("mark", "told"),
        [("\\u10007?", ["list-label"]), ("\\u8226?", []), ("IKKE", ["list-label"]), ("-", []), ("\\u-4095?", [])],
        ids=["a cross", "a dot", "a word", "a stroke", "a sign of some font"],
    )
    def test_what_stands_before_an_item_is_kept_where_it_says_something(self, tmp_path, mark, told):
        """
        A cross before what one must not do.
        """
        data = rf"{{\rtf1\ansi\ansicpg1252{LISTS}{item(mark, 'Flytt henne.')}{item(mark, 'Gi drikke.')}}}".encode(
            "cp1252"
        )
        incoming = open_document(data, "a.rtf", Limits(), tmp_path)

        labels = [one for one in incoming.findings if one.code == "list-label"]
        assert [one.code for one in labels] == told
        assert all(incoming.markdown.count(one.detail) == 2 for one in labels)

    @pytest.mark.parametrize("mark", ["listtext", "pntext"])
    def test_a_number_stays_where_no_list_is_told_of(self, lines, mark):
        """
        Without the list that it belongs to, it is a number in a line.
        """
        body = rf"\pard\plain {{\{mark} 7.\tab}}Ring.\par"

        assert [one.replace("\\", "") for one in lines(body, plain("Slutt."))] == ["7. Ring.", "Slutt."]


def a_list(*items, says=""):
    """Write a list of ODT; each item is its words, or its words with what is said of it."""
    written = (one if isinstance(one, tuple) else (one, "") for one in items)
    each = "".join(f"<text:list-item {said}>{paragraph(text)}</text:list-item>" for text, said in written)
    return f'<text:list text:style-name="Tall" {says}>{each}</text:list>'


class TestOdt:
    @pytest.fixture
    def lines(self, tmp_path):
        """Give the lines that an ODT file comes in as."""

        def read(*body):
            incoming = open_document(odt("".join(body)), "a.odt", Limits(), tmp_path)
            return [one for one in incoming.markdown.splitlines() if one]

        return read

    def test_an_item_that_says_its_own_number_has_it(self, lines):
        """
        Only the first item was asked: steps 7 and 8 became 2 and 3.
        """
        found = lines(a_list("Ring.", ("Gi.", 'text:start-value="7"'), "Vent."), paragraph("Slutt."))

        assert found == ["1. Ring.", "7) Gi.", "8) Vent.", "Slutt."]

    @pytest.mark.parametrize(
        "says",
        ['text:continue-list="q1"', 'text:continue-numbering="true"'],
        ids=["by its id", "as the last of its look"],
    )
    def test_a_list_that_goes_on_keeps_its_numbers(self, lines, says):
        found = lines(
            a_list("Ring.", "Gi.", "Vent.", says='xml:id="q1"'), paragraph("Mellom."), a_list("Legg flatt.", "Skriv.", says=says)
        )  # fmt: skip

        assert found == ["1. Ring.", "2. Gi.", "3. Vent.", "Mellom.", "4. Legg flatt.", "5. Skriv."]

    def test_a_list_goes_on_where_the_one_it_names_ended(self, lines):
        """
        Another list of the same look stands between them.
        """
        found = lines(
            a_list("Ring.", "Gi.", says='xml:id="q1"'), paragraph("Mellom."), a_list("Se."), paragraph("Videre."),
            a_list("Vent.", says='text:continue-list="q1"'),
        )  # fmt: skip

        assert found == ["1. Ring.", "2. Gi.", "Mellom.", "1. Se.", "Videre.", "3. Vent."]

    @pytest.mark.parametrize(
        ("level", "shown"),
        [
            ('<text:list-level-style-number text:level="1" style:num-format="1" style:num-prefix="Trinn " style:num-suffix=":"/>',
             ["1. Trinn 1: Ring.", "2. Trinn 2: Gi."]),
            ('<text:list-level-style-number text:level="1" style:num-format="a" style:num-prefix="Fase "/>',
             ["1. Fase a Ring.", "2. Fase b Gi."]),
            ('<text:list-level-style-bullet text:level="1" text:bullet-char="✗"/>', ["- ✗ Ring.", "- ✗ Gi."]),
            (('<text:list-level-style-bullet text:level="1" text:bullet-char="&#xf0fb;"><style:text-properties '
             'fo:font-family="Wingdings"/></text:list-level-style-bullet>'), ["- ✗ Ring.", "- ✗ Gi."]),
            ('<text:list-level-style-bullet text:level="1" text:bullet-char="–"/>', ["- Ring.", "- Gi."]),
            ('<text:list-level-style-number text:level="1" style:num-format="1" style:num-prefix="(" style:num-suffix=")"/>',
             ["1. Ring.", "2. Gi."]),
        ],
        ids=["a word and a number", "a word and a letter", "a cross", "a cross of Wingdings", "a stroke", "brackets"],
    )  # fmt: skip
    def test_what_stands_before_an_item_is_kept_where_it_says_something(self, tmp_path, level, shown):
        """
        And told of once, for each kind.
        """
        look = f'<text:list-style style:name="Egen">{level}</text:list-style>'
        body = a_list("Ring.", "Gi.").replace('"Tall"', '"Egen"')
        content = parts(body)["content.xml"].replace("<office:automatic-styles>", f"<office:automatic-styles>{look}", 1)
        incoming = open_document(odt("", more={"content.xml": content}), "a.odt", Limits(), tmp_path)

        assert incoming.markdown.splitlines() == shown
        says = any(mark in shown[0] for mark in ("Trinn", "Fase", "✗"))
        assert [one.code for one in incoming.findings].count("list-label") == int(says)

    def test_a_list_that_names_one_that_is_not_there_begins_at_one(self, lines):
        assert lines(a_list("Ring.", says='text:continue-list="borte"')) == ["1. Ring."]


class TestWord:
    """Lists of one kind count together in Word, however many numbers they have: LibreOffice gives each item one."""

    @pytest.fixture
    def lines(self, tmp_path):
        """Give the lines that a Word file comes in as: its items by the number of their list."""

        def read(*items, numbering):
            word = Word("Fall").heading(1, "Tiltak")
            for number, text in items:
                word.raw(listed(number, text) if number else f"<w:p>{run(text)}</w:p>", words=(text,))
            members = word.parts()
            members["word/numbering.xml"] = numbered(numbering)
            incoming = open_document(packed(members), "a.docx", Limits(), tmp_path)
            return [one for one in incoming.markdown.splitlines() if one and not one.startswith("#")]

        return read

    def test_items_with_a_number_of_their_own_each_are_one_list(self, lines):
        """
        Steps 2, 3 and 4 were each a step 1.
        """
        found = lines(
            (10, "Ring."), (11, "Gi."), (12, "Vent."), numbering={10: (1, True), 11: (1, False), 12: (1, False)}
        )

        assert found == ["1. Ring.", "2. Gi.", "3. Vent."]

    def test_a_list_that_says_so_begins_anew(self, lines):
        found = lines(
            (10, "Ring."), (11, "Gi."), (0, "Etterpå:"), (12, "Rydd."), (13, "Skriv."),
            numbering={10: (1, True), 11: (1, False), 12: (1, True), 13: (1, False)},
        )  # fmt: skip

        assert found == ["1. Ring.", "2. Gi.", "Etterpå:", "1. Rydd.", "2. Skriv."]

    def test_lists_of_two_kinds_count_apart(self, lines):
        found = lines((10, "Ring."), (0, "Og:"), (11, "Rydd."), numbering={10: (1, False), 11: (2, False)})

        assert found == ["1. Ring.", "Og:", "1. Rydd."]

    def test_boxes_without_any_other_mark_are_items(self, lines):
        """
        For pandoc a list whose mark is nothing is the rest of the item before it: one box, and seven paragraphs.
        """
        found = lines((10, "☐ Hansker"), (10, "☐ Frakk"), numbering={10: (3, False)})

        assert found == ["- [ ] Hansker", "- [ ] Frakk"]


def listed(number, text):
    """Write an item of Word's."""
    return f'<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr></w:pPr>{run(text)}</w:p>'


def numbered(lists):
    """Write Word's numbering: two kinds of numbers and one without a mark, and for each list its kind and whether it begins anew."""
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{kind}"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl></w:abstractNum>'
        for kind, form, text in ((1, "decimal", "%1."), (2, "decimal", "%1."), (3, "bullet", ""))
    )
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbers = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{kind}"/>{anew if begins else ""}</w:num>'
        for number, (kind, begins) in lists.items()
    )
    return f'<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{kinds}{numbers}</w:numbering>'


def words(*texts):
    """Give an item of pandoc's."""
    parts = [{"t": "Str", "c": word} for word in " ".join(texts).split()]
    spaced = [one for part in parts for one in (part, {"t": "Space"})][:-1]
    return [{"t": "Plain", "c": spaced}]


class TestSetStarts:
    def test_no_mark_is_left_in_lists_with_dots_or_in_text(self):
        tree = {"blocks": [{"t": "BulletList", "c": [words(mark_of(3), "Ring")]}, *words(mark_of(5), "Vent")]}

        set_starts(tree)

        assert tree == {"blocks": [{"t": "BulletList", "c": [words("Ring")]}, *words("5.", "Vent")]}

    def test_lists_without_marks_are_left_as_they_are(self):
        look = [{"t": "Decimal"}, {"t": "Period"}]
        tree = {"blocks": [{"t": "OrderedList", "c": [[3, *look], [words("a"), words("b")]]}]}

        set_starts(tree)

        assert tree == {"blocks": [{"t": "OrderedList", "c": [[3, *look], [words("a"), words("b")]]}]}
