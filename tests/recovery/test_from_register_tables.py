"""What comes back, as data: nothing may be forgotten in it."""

from pathlib import Path

from samrutine.messages import catalogue
from samrutine.projections.faults import KINDS as FAULTS
from samrutine.recovery.from_register_tables import EXPLAINS, KINDS, TABLES, Left
from samrutine.storage.rows import Row


class TestWhatComesBack:
    def test_every_kind_of_decision_has_a_rule(self):
        """
        A kind without one would come back as a link of the chain with nothing after it. Say in `KINDS` what it leaves.
        """
        assert KINDS.keys() == catalogue("nb", "register").keys()

    def test_every_table_says_what_becomes_of_it(self):
        """
        A new table must say whether its rows come back before anybody needs to know.
        """
        assert TABLES.keys() == {table.name for table in Row.metadata.sorted_tables}

    def test_every_table_of_a_rule_comes_back(self):
        """
        What is said to follow from a decision must not be said to be gone.
        """
        left = {name for name, table in TABLES.items() if table.left is not None}

        assert not {name for kind in KINDS.values() for name in kind} & left
        assert {name for kind in KINDS.values() for name in kind} <= TABLES.keys()

    def test_every_column_that_is_not_as_it_was_is_a_column(self):
        """
        A column that was renamed would be compared no more, and nobody would notice.
        """
        for name, table in TABLES.items():
            assert table.columns.keys() <= {one.name for one in Row.metadata.tables[name].columns}, name

    def test_only_what_is_the_record_and_derived_comes_back_or_is_listed(self):
        """
        What is for ever comes back, unless the register must not know it: receipts and addresses.
        """
        gone = {name for name, table in TABLES.items() if table.left not in {None, Left.TARGETS}}

        assert "permanent" not in {Row.metadata.tables[name].info["retention"] for name in gone}

    def test_every_reason_has_words_in_both_languages(self):
        """
        The answer lists them for whoever must tell nine municipalities.
        """
        for language in ("nb", "en"):
            words = catalogue(language, "words")
            assert {f"not_back.{one.value}" for one in Left} <= words.keys()

    def test_the_faults_it_explains_are_faults(self):
        """
        A code that was renamed would explain nothing any more.
        """
        assert {code for codes in EXPLAINS.values() for code in codes} <= FAULTS.keys()

    def test_nothing_else_in_the_package_lists_the_kinds_again(self):
        """
        One place: else one of them is forgotten.
        """
        folder = Path(__file__).parents[2] / "src" / "samrutine" / "recovery"
        listing = [one.name for one in folder.glob("*.py") if '"proposal_refreshed": _leaves' in one.read_text()]

        assert listing == ["from_register_tables.py"]
