"""Numbers, phones and addresses of persons. Every number here is made up; the identity numbers are synthetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.procedures.personal_data import Found, PersonalData, is_national_id, personal_data

FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def a_number(day: int, month: int, year: int = 50, added: tuple[int, int] = (0, 0)) -> str:
    """Make the first number with right control digits for this date, added to as the series asks."""
    for individual in range(999, 0, -1):
        nine = [int(d) for d in f"{day + added[0]:02}{month + added[1]:02}{year:02}{individual:03}"]
        tenth = -sum(n * w for n, w in zip(nine, FIRST, strict=True)) % 11
        eleventh = -sum(n * w for n, w in zip([*nine, tenth], SECOND, strict=True)) % 11
        if tenth < 10 and eleventh < 10:
            return "".join(map(str, [*nine, tenth, eleventh]))
    raise AssertionError


def what(text: str) -> list[PersonalData]:
    """What is found in a text."""
    return [found.what for found in personal_data(text)]


class TestNationalIdentityNumbers:
    @pytest.mark.parametrize(
        "added",
        [(0, 0), (40, 0), (0, 40), (0, 65), (0, 80), (40, 80)],
        ids=["birth", "D", "H", "synthetic 65", "synthetic 80", "synthetic D"],
    )
    def test_every_series_is_found(self, added):
        """
        People without a birth number have a D-number, and tests use synthetic ones.
        """
        assert what(f"Pasient {a_number(24, 12, added=added)}.") == [PersonalData.NATIONAL_ID]

    @pytest.mark.parametrize(
        "shape",
        ["{0}{1}{2}{3}", "{0}{1}{2} {3}", "{0}{1}{2}\u00a0{3}", "{0}.{1}.{2} {3}", "{0} {1} {2} {3}", "{0}{1}{2}-{3}"],
    )
    def test_every_way_to_write_it_is_found(self, shape):
        """
        Case systems print it with a space.
        """
        number = a_number(24, 12)

        assert what(shape.format(number[:2], number[2:4], number[4:6], number[6:])) == [PersonalData.NATIONAL_ID]

    @given(st.integers(0, 9), st.integers(0, 10))
    def test_a_wrong_control_digit_makes_it_another_number(self, digit, place):
        """
        Account numbers and case numbers have eleven digits too.
        """
        number = a_number(24, 12)
        other = number[:place] + str(digit) + number[place + 1 :]

        assert is_national_id(other) == (other == number)

    @pytest.mark.parametrize("text", ["1" + a_number(24, 12), a_number(24, 12) + "0"])
    def test_a_part_of_a_longer_number_is_none(self, text):
        """
        Bar codes and archive numbers are longer.
        """
        assert PersonalData.NATIONAL_ID not in what(text)


class TestPhones:
    @pytest.mark.parametrize(
        "text",
        [
            "90000000",
            "900 00 000",
            "90 00 00 00",
            "+47 40000000",
            "+4740000000",
            "0047 400 00 000",
            "tlf.: 90 00 00 00.",
            "tel:90000000",
            "(41 00 00 00)",
        ],
    )
    def test_a_mobile_number_is_private(self, text):
        """
        Numbers that begin with 4 and 9 follow a person.
        """
        assert what(text) == [PersonalData.PRIVATE_PHONE]

    @pytest.mark.parametrize("text", ["75 00 00 00", "+47 22 00 00 00", "77000000"])
    def test_a_landline_is_asked_about(self, text):
        """
        It is mostly a service's, and mostly differs between municipalities.
        """
        assert what(text) == [PersonalData.SERVICE_PHONE]

    @pytest.mark.parametrize(
        "text",
        [
            "Ring 110, 112 eller 113.",
            "Legevakt 116117 eller 116 117.",
            "Giftinformasjonen 08888",
            "Alarmtelefonen 116 111",
            "Grønt nummer 800 40 000",
            "Lest 2026-07-28 og 28.07.2026, 20260728",
            "LOV-2011-06-24-30, FOR-1994-12-15-1187 og FOR-2009-02-13-205",
            "Org.nr. 999 999 999",
            "https://provevik.example/id90000000/40000000",
            "1:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "§§ 2-1, 2-3, 4-1 og 4-2",
            "45 000 000 kroner i 2025 og 2026",
        ],
    )
    def test_emergency_numbers_dates_laws_and_addresses_are_no_phones(self, text):
        """
        A warning that is always wrong is soon not read.
        """
        assert what(text) == []


class TestEmail:
    @pytest.mark.parametrize(
        "text",
        [
            "kari.prove@provevik.example",
            "Ola-Per.Prøve@provevik.example",
            "kari.helseprøve@provevik.example",
            "ola.rusprøve@provevik.example",
            "vakt@gmail.com",
            "x@online.no",
            "a_b@hotmail.co.uk",
        ],
    )
    def test_a_persons_address_is_found(self, text):
        """
        People quit, and the address stays in the routine.
        """
        assert what(f"Skriv til {text}.") == [PersonalData.PRIVATE_EMAIL]

    @pytest.mark.parametrize(
        "text",
        [
            "postmottak@provevik.example",
            "helse.omsorg@provevik.example",
            "palliativ@provevik.example",
            "nord.hjemmetjenesten@provevik.example",
            "smittevern@provevik.example",
            "post@provevik.example",
        ],
    )
    def test_a_role_has_an_address_of_its_own(self, text):
        """
        That is the address to write.
        """
        assert what(f"Skriv til {text}.") == []

    def test_a_name_alone_is_asked_about(self):
        """
        It may be a person or an office.
        """
        assert what("prove@provevik.example") == [PersonalData.UNCLEAR_EMAIL]


def test_the_place_is_told_and_never_the_value():
    """
    Findings end up in logs and on other people's screens.
    """
    found = personal_data(f"En\nRing 90 00 00 00 om {a_number(1, 2)}")

    assert found == (Found(PersonalData.PRIVATE_PHONE, 2, 6), Found(PersonalData.NATIONAL_ID, 2, 21))
