"""A text as a tree of printable parts: what is kept, what is dropped, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.exchange.tree import (
    BulletList,
    Heading,
    Link,
    LocalValue,
    NoteMark,
    OrderedList,
    Paragraph,
    Styled,
    Table,
    Words,
    phone_address,
    plain,
    tree,
    web_address,
)
from samrutine.procedures.model import LocalInformationType
from samrutine.procedures.sections import sections


def only(body, local=None):
    """The one block of a body."""
    (block,) = tree(body, local or {}).blocks
    return block


class TestLinks:
    @pytest.mark.parametrize(
        "target",
        [
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            "data:text/html,x",
            "file:///etc/passwd",
            "vbscript:x",
            "//other.example",
            "/etc",
            "#nowhere",
        ],
    )
    def test_an_unsafe_or_dead_target_is_no_link_but_its_words_stay(self, target):
        """A document is opened in many programs, and not all of them ask before they follow."""
        paragraph = only(f"Les [dette]({target}) nå.")

        assert not [part for part in paragraph.content if isinstance(part, Link)]
        assert "dette" in plain(paragraph.content)

    @pytest.mark.parametrize("target", ["https://www.fhi.no/tb", "http://www.fhi.no", "mailto:post@provevik.example"])
    def test_web_and_mail_addresses_are_links(self, target):
        """The source must be one click away."""
        assert only(f"[dette]({target})").content == (Link((Words("dette"),), address=target),)

    @pytest.mark.parametrize("target", ["rutine:forste-samtale", "forste-samtale.md", "../skole/forste-samtale.md"])
    def test_another_routine_is_linked_by_its_id(self, target):
        """A folder of Markdown and a published folder lie differently; the id is the same in both."""
        assert only(f"[dette]({target})").content == (Link((Words("dette"),), procedure="forste-samtale"),)

    def test_a_section_is_linked_by_its_key(self):
        """«See Ansvar» must lead there on paper's screen sibling."""
        blocks = tree("## Ansvar og plikt\n\n[der](#ansvar-og-plikt)", {}).blocks

        assert blocks[1] == Paragraph((Link((Words("der"),), section_key="ansvar-og-plikt"),))

    def test_an_address_with_unseen_characters_is_no_link(self):
        """What is shown and where it leads must be the same."""
        assert web_address("https://a.example/\u202egnp.exe") is None

    @pytest.mark.parametrize(
        ("value", "address"),
        [
            ("75 00 00 00", "tel:75000000"),
            ("+47 75000000", "tel:+4775000000"),
            ("113", "tel:113"),
            ("75 00 00 00 (dag)", None),
        ],
    )
    def test_a_phone_number_can_be_called_from_a_phone(self, value, address):
        """The nurse stands in a corridor; but a number with words beside it is not dialled by guess."""
        assert phone_address(value) == address


class TestWords:
    def test_html_is_words(self):
        """Markup in a text is a mistake or an attack, and neither may take effect."""
        assert "<script>" in plain(only("a <script>alert(1)</script> b").content)

    def test_characters_that_turn_the_reading_order_are_spelled_out(self):
        """Otherwise a reader sees "2–8" where the approved text says "8–2"."""
        assert plain(only("a\u202eb").content) == "a[U+202E]b"

    @given(st.text(alphabet=st.characters(categories=["L", "Nd"]), min_size=1))
    def test_letters_of_every_script_are_kept(self, letters):
        """Names are written as people write them."""
        assert plain(only(f"x{letters}x").content) == f"x{letters}x"

    def test_a_thousand_stars_are_no_reason_to_fail(self):
        """Somebody will paste it, and the rest of the library must still be published."""
        (block,) = tree("*a **b " * 1000 + "c** d*" * 1000, {}).blocks

        assert plain(block.content).count("a") == 1000


class TestLocalFields:
    def test_a_field_gets_its_value(self):
        """The employee reads the number, not the name of the blank."""
        value = LocalValue("vakttelefon", "Telefon til vakta", LocalInformationType.SERVICE_PHONE, "75 00 00 00")

        assert only("Ring {{vakttelefon}}!", {"vakttelefon": value}).content == (Words("Ring "), value, Words("!"))

    def test_an_undeclared_field_is_a_visible_gap(self):
        """A blank that nobody can fill must be seen, not vanish."""
        assert only("Ring {{vakta}}").content[1] == LocalValue("vakta", "vakta", LocalInformationType.TEXT, None)


class TestStructure:
    def test_heading_keys_are_those_of_the_sections(self):
        """An addition and a link find the same section here as everywhere else."""
        body = "## A\n\n### B\n\n## A\n\n## [C][d]\n\n[d]: https://x.example\n"

        keys = [block.key for block in tree(body, {}).blocks if isinstance(block, Heading)]

        assert keys == [section.key for section in sections(body)]

    def test_a_skipped_level_is_closed_up(self):
        """A screen reader announces levels; one missing sounds like lost text. And only the title is level 1."""
        blocks = tree("# A\n\n##### B\n\n### C\n\n## D", {}).blocks

        assert [block.level for block in blocks] == [2, 3, 3, 2]

    def test_a_heading_within_a_quotation_stays_out_of_the_outline(self):
        """It is no part of the routine that one can refer to."""
        (quote,) = tree("> ## Sitat", {}).blocks

        assert quote.blocks == (Paragraph((Styled("strong", (Words("Sitat"),)),)),)

    def test_items_to_tick_off_know_their_state(self):
        """A box is not a bullet."""
        items = only("- [ ] en\n- [x] to\n- tre").items

        assert [item.done for item in items] == [False, True, None]
        assert items[0].blocks == (Paragraph((Words("en"),)),)

    def test_an_ordered_list_begins_where_the_writer_began(self):
        """«See step 5» must still be right."""
        assert only("5. fem\n6. seks").start == 5
        assert only("0. null").start == 0
        assert isinstance(only("1. en"), OrderedList)

    def test_tight_and_loose_lists_differ(self):
        """Air between the items is the writer's choice."""
        assert only("- a\n- b").tight
        assert not only("- a\n\n- b").tight
        assert isinstance(only("- a"), BulletList)

    def test_a_column_without_a_word_is_one_to_fill_in(self):
        """A form is printed and written on; as narrow as its heading, there is no room for an answer."""
        table = only("| Opplysning | Svar |\n|-|-|\n| Navn |  |\n| Sted |  |")

        assert table.to_fill_in == (False, True)
        assert sum(table.shares) in {99, 100}
        assert table.shares[1] > 80

    def test_a_name_and_a_date_get_room_beside_long_questions(self):
        """However long the questions are, the answers have a third of the page."""
        table = only(f"| Spørsmål | Navn | Når |\n|-|-|-|\n| {'Hva liker barnet? ' * 20} |  |  |")

        assert sum(table.shares[1:]) >= 33
        assert min(table.shares) >= 15

    @pytest.mark.parametrize(
        "text",
        ["| a | b |\n|-|-|\n| 1 |  |\n|  | 2 |", "| a | b |\n|-|-|", "| a | b |\n|-|-|\n| 1 | {{felt}} |"],
        ids=["some are empty", "no rows", "a local field"],
    )
    def test_a_table_with_words_in_every_column_is_as_wide_as_its_words(self, text):
        """An empty cell in a table of facts says «none»; nobody is to write there."""
        local = {"felt": LocalValue("felt", "Felt", LocalInformationType.TEXT, None)}

        assert tree(text, local).blocks[0].shares == ()

    @given(st.lists(st.tuples(st.integers(0, 300), st.booleans()), min_size=1, max_size=12))
    def test_the_shares_of_a_form_are_a_whole_page_and_none_is_nothing(self, columns):
        """A column of no width would be printed as a line."""
        cells = [() if empty else (Words("x" * (length + 1)),) for length, empty in columns]
        header = tuple((Words("y" * (length % 40)),) for length, _ in columns)

        shares = Table((None,) * len(columns), header, (tuple(cells),)).shares

        assert bool(shares) == any(empty for _, empty in columns)
        assert all(share > 0 for share in shares)
        assert not shares or 100 - len(columns) <= sum(shares) <= 100 + len(columns)

    def test_a_table_keeps_header_rows_and_alignment(self):
        """Numbers stand under each other."""
        table = only("| a | b | c | d |\n|:-|:-:|-:|-|\n| 1 | 2 | 3 | 4 |")

        assert isinstance(table, Table)
        assert table.alignments == ("left", "center", "right", None)
        assert [plain(cell) for cell in table.rows[0]] == ["1", "2", "3", "4"]

    def test_a_note_is_marked_first_once_and_may_refer_to_itself(self):
        """A ring of notes is odd, but must not hang the printer."""
        read = tree("a[^x] b[^x]\n\n[^x]: se [^x]", {}, first_note=4)

        marks = [part for part in read.blocks[0].content if isinstance(part, NoteMark)]
        assert marks == [NoteMark(4, first=True), NoteMark(4, first=False)]
        assert [note.number for note in read.notes] == [4]
