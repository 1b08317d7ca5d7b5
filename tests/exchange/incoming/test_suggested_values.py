"""What a margin that says several things on one line suggests."""

from datetime import date

import pytest

from samrutine.exchange.incoming.metadata import day_in, suggested_in


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
            ("valid_from", "01.06.2025"),
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

        assert [(one.field, one.value) for one in suggested_in(line, "footer")] == [
            ("approved_by", "Kommuneoverlege"),
            ("valid_from", "01.06.2025"),
        ]

    @pytest.mark.parametrize(
        ("line", "found"),
        [
            ("Godkjent av Kommuneoverlege·Gyldig til 01.06.2027", [("approved_by", "Kommuneoverlege"), ("valid_to", "01.06.2027")]),
            ("Neste revisjon 15. august 2026", [("next_review", "15. august 2026")]),
            ("Revideres innen 2026-08-15 · Side 2 av 3", [("next_review", "2026-08-15")]),
            ("Gjelder fra og med neste år for alle ansatte", []),
            ("Rutinen skal være godkjent av Kommunestyret før den tas i bruk.", []),
        ],
    )  # fmt: skip
    def test_labels_without_a_colon_are_read_where_a_day_or_somebody_follows(self, line, found):
        assert [(one.field, one.value) for one in suggested_in(line, "footer")] == found

    @pytest.mark.parametrize(
        ("value", "day"),
        [
            ("15.08.2026", date(2026, 8, 15)),
            ("15. august 2026", date(2026, 8, 15)),
            ("2026-08-15", date(2026, 8, 15)),
            ("15/8-26", date(2026, 8, 15)),
            ("31.02.2026", None),
            ("2026", None),
            ("Ved behov", None),
        ],
    )
    def test_a_day_is_read_as_people_write_it(self, value, day):
        assert day_in(value) == day
