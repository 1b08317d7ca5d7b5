"""What a margin that says several things on one line suggests."""

from samrutine.exchange.incoming.metadata import suggested_in


class TestSeveralThingsOnOneLine:
    def test_a_value_ends_where_a_dot_parts_it_from_the_next(self):
        """
        The document number becomes a name the routine is found by, and must not carry the version with it.
        """
        line = "Dokumentnr: PAL-007 · Versjon 2.4 · Godkjent av: Kommuneoverlege · Gyldig fra 01.06.2025 · Side 1 av 2"

        found = [(one.field, one.value) for one in suggested_in(line, "header")]

        assert found == [
            ("document_number", "PAL-007"),
            ("approved_by", "Kommuneoverlege"),
            ("version", "2.4"),
        ]

    def test_the_number_of_the_page_is_no_part_of_a_value(self):
        """
        A footer that only has room between its words writes the page right behind whoever approved.
        """
        found = [(one.field, one.value) for one in suggested_in("Godkjent av: Kommuneoverlege Side 1 av 2", "footer")]

        assert found == [("approved_by", "Kommuneoverlege")]

    def test_what_holds_from_is_no_part_of_a_value(self):
        """
        Some write the day without a colon, right behind whoever approved.
        """
        line = "Godkjent av: Kommuneoverlege Gyldig fra 01.06.2025"

        assert [(one.field, one.value) for one in suggested_in(line, "footer")] == [("approved_by", "Kommuneoverlege")]
