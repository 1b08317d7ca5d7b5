"""Which differences are only where one is, and which are what is done."""

import pytest

from samrutine.intake.local import blanked
from samrutine.procedures.model import LocalInformationType as Type


def found(*texts, names=frozenset()):
    """Give what differs between texts: the type of each gap, and the words in it; None when something else differs."""
    given = {f"v{n}": text for n, text in enumerate(texts)}
    outcome = blanked(given, names)
    return None if outcome is None else [(one.type, list(one.values.values())) for one in outcome.differences]


class TestLocalDifferences:
    def test_a_phone_is_local(self):
        """
        Each has its own duty phone.
        """
        assert found("Ring 75 00 00 01 først.", "Ring 75 00 00 02 først.", "Ring 75 00 00 01 først.") == [
            (Type.SERVICE_PHONE, ["75 00 00 01", "75 00 00 02", "75 00 00 01"])
        ]

    def test_what_a_position_is_called_is_local(self):
        """
        The same duty, under three titles.
        """
        assert found("Meld fra til enhetsleder.", "Meld fra til soneleder.", "Meld fra til leder for tjenesten.") == [
            (Type.FUNCTION, ["enhetsleder", "soneleder", "leder for tjenesten"])
        ]

    def test_a_place_and_a_system_are_local(self):
        """
        The key hangs somewhere else, and the journal has another name.
        """
        assert found(
            "Utstyret ligger på Nordnes legekontor, skriv i Gerica.",
            "Utstyret ligger på Bakkebo sykehjem, skriv i Profil.",
            "Utstyret ligger på Bakkebo sykehjem, skriv i fagsystemet.",
        ) == [
            (Type.TEXT, ["Nordnes legekontor", "Bakkebo sykehjem", "Bakkebo sykehjem"]),
            (Type.TEXT, ["Gerica", "Profil", "fagsystemet"]),
        ]

    def test_names_that_are_told_are_known_in_small_letters_too(self):
        """
        Who writes «sone vest» without a capital means the same.
        """
        assert found("Ring vest.", "Ring øst.") is None
        assert found("Ring vest.", "Ring øst.", names=frozenset({"vest", "ost"})) == [(Type.TEXT, ["vest", "øst"])]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Gi 5 mg morfin.", "Gi 10 mg morfin."),
            ("Ring etter 15 minutter.", "Ring etter 30 minutter."),
            ("Soneleder skal ringe.", "Soneleder skal ikke ringe."),
            ("Oppbevares ved 2–8 °C.", "Oppbevares ved 15–25 °C."),
            ("Mål blodtrykk.", "Mål puls."),
            ("Ring legevakt.", "Ring 113."),
            ("Gi Paracet.", "Gi druesukker."),
            ("Gi Paracet til natten.", "Gi Ibux til natten."),
            ("For brukere på Marevan måles INR.", "For brukere på Eliquis måles INR."),
            ("Lege avgjør om tvang.", "Sykepleier avgjør om tvang."),
            ("Gjelder i sykehjemmet.", "Gjelder i hjemmetjenesten."),
            ("Helsesykepleier setter vaksinen.", "Sykepleier setter vaksinen."),
            ("Vask hendene.", "Vask hendene på Nordnes."),
            ("Gi Metoprolol ved behov, ring soneleder.", "Ring soneleder."),
        ],
        ids=[
            "dose",
            "time",
            "negation",
            "temperature",
            "another word",
            "phone or role",
            "medicine",
            "two medicines",
            "those who take it",
            "another profession",
            "another service",
            "another education",
            "more",
            "left out",
        ],
    )
    def test_what_is_done_is_never_local(self, one, other):
        """
        A dose filled in by each municipality would be a dose that no network has approved.
        """
        assert found(one, other) is None

    def test_two_that_differ_in_different_places_are_compared_with_the_first(self):
        """
        One calls the leader something else, another has another phone; both are gaps, for all three.
        """
        assert found(
            "Ring enhetsleder på 75 00 00 01.", "Ring soneleder på 75 00 00 01.", "Ring enhetsleder på 75 00 00 02."
        ) == [
            (Type.FUNCTION, ["enhetsleder", "soneleder", "enhetsleder"]),
            (Type.SERVICE_PHONE, ["75 00 00 01", "75 00 00 01", "75 00 00 02"]),
        ]

    def test_the_text_around_is_kept_to_the_letter(self):
        """
        The shared sentence is what remains.
        """
        outcome = blanked({"a": "Ring 75 00 00 01, så leder.", "b": "Ring 75 00 00 02, så leder."})

        assert outcome is not None
        assert outcome.around == ("Ring ", ", så leder.")
