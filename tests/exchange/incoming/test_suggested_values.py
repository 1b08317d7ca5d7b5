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
