"""The Markdown copy: readable as it stands, and the same words when read again."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samrutine.exchange import markdown
from samrutine.exchange.tree import BulletList, Heading, OrderedList, Paragraph, Table, plain, tree


def read_again(document):
    """The blocks of the Markdown we wrote."""
    return tree(markdown.render(document).decode(), {}).blocks


class TestTheCopy:
    def test_begins_with_the_title_and_the_control_header(self, a_document):
        """A text file on a memory stick must say what it is in its first lines."""
        lines = markdown.render(a_document()).decode().splitlines()

        assert lines[0] == "# Tuberkuloseprogram"
        assert "| Versjon | 2.1 |" in lines
        assert "Dette er en kopi. Sjekk at den gjelder: <https://rutiner.provevik.example/tuberkuloseprogram>" in lines

    def test_has_the_values_and_no_local_fields(self, a_document):
        """It is the effective document, not the source."""
        text = markdown.render(a_document()).decode()

        assert "**75 00 00 00**" in text
        assert "{{" not in text

    def test_keeps_structure_when_read_again(self, a_document):
        """Whoever leaves with the Markdown leaves with everything."""
        kinds = [type(block) for block in read_again(a_document())]

        assert kinds.count(Table) == 2
        assert {Heading, Paragraph, OrderedList, BulletList} <= set(kinds)

    def test_links_to_other_routines_lead_to_their_markdown(self, a_document):
        """The files lie beside each other."""
        assert "[rutinen](forste-samtale.md)" in markdown.render(a_document()).decode()

    def test_two_lists_in_a_row_stay_two(self, a_document):
        """Otherwise the numbers of the second would go on from the first."""
        blocks = read_again(a_document("1. a\n2. b\n\n1) c\n\n- d\n\n* e"))

        lists = [
            [plain(item.blocks[0].content) for item in b.items]
            for b in blocks
            if isinstance(b, OrderedList | BulletList)
        ]
        assert lists[:4] == [["a", "b"], ["c"], ["d"], ["e"]]

    @pytest.mark.parametrize("start", ["1. mars", "12) a", "# a", "- a", "+ a", "--- a", "=== a", "###### a"])
    def test_a_line_that_begins_like_a_list_or_a_heading_stays_a_line(self, a_document, start):
        """«1. mars» is a date, and must not become the first step of something."""
        sign = next(n for n, character in enumerate(start) if not character.isdigit())
        document = a_document(f"{start[:sign]}\\{start[sign:]}", front=BARE)

        assert "".join(plain_all(body_of(read_again(document)))) == start
        assert isinstance(body_of(read_again(document))[0], Paragraph)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
    @given(st.text(alphabet=st.sampled_from("\\`*_[]<>|~&#+-=.():!^{}1ab \"'/æ"), min_size=1))
    def test_any_words_come_back_as_they_were(self, a_document, text):
        """A dose with a star or an underscore must not change when the copy is read."""
        words = " ".join(text.split())
        document = a_document("Ord.", front={"title": "Tittel", "responsible_role": words, "also_called": ()})

        table = next(block for block in read_again(document) if isinstance(block, Table))

        assert next(plain(row[1]) for row in table.rows if plain(row[0]) == "Ansvarlig rolle") == words

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
    @given(st.text(alphabet=st.sampled_from("\\`*_[]<>|~&#+-=.():!^{}1ab \"'/æ\n"), min_size=1))
    def test_a_body_of_any_marks_keeps_its_words(self, a_document, body):
        """The same for the text itself, however strangely it is written."""
        letters = [c for c in "".join(plain_all(tree(body, {}).blocks)) if c in "1abæ"]

        again = [c for c in "".join(plain_all(body_of(read_again(a_document(body, front=BARE))))) if c in "1abæ"]

        assert again == letters


BARE = {"legal_basis": (), "sources": (), "internal_control": (), "local_information": ()}


def body_of(blocks):
    """What stands between the copy note and the footer."""
    at = next(
        n
        for n, block in enumerate(blocks)
        if isinstance(block, Paragraph) and "Dette er en kopi" in plain(block.content)
    )
    return blocks[at + 1 : -2]


def plain_all(blocks):
    """Every word of blocks, at any depth."""
    for block in blocks:
        match block:
            case Paragraph() | Heading():
                yield plain(block.content)
            case Table():
                yield from (plain(cell) for row in (block.header, *block.rows) for cell in row)
            case BulletList() | OrderedList():
                for item in block.items:
                    yield from plain_all(item.blocks)
            case _ if hasattr(block, "blocks"):
                yield from plain_all(block.blocks)
            case _:
                yield getattr(block, "text", "")
