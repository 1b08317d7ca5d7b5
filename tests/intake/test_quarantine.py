"""What a document that comes in must not hold: what is found, what is left alone, and that a masked value is nowhere."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.intake import quarantine
from samrutine.intake.masking import NeverLetThrough, NothingHeldBack, let_through, mark, masked, masked_all
from samrutine.intake.quarantine import Held, HeldState, held_anew, held_back, in_place, places
from samrutine.procedures.findings import NOT_KEPT
from tests.support.texts import NATIONAL_ID

PHONE, EMAIL = "900 00 000", "kari.nordmann@gmail.com"
BOLD = f"{NATIONAL_ID[:6]}**{NATIONAL_ID[6:]}**"
VALUES = (
    PHONE, NATIONAL_ID, EMAIL, "kvinne på 84 år", "PIN-kode: 4321", "95 00 00 00", BOLD, "**900** 00 000",
    "Per Prøvesen, diagnose F20", "Bjørg, 85 år", "P.P. har KOLS", "Ring datteren Anne", "Passord: Sommer!", "Fnr 12034112345",
    "Hun bor i Storgata 5", "| Passord | Sommer |",
)  # fmt: skip

A_KEY = f"RSA {'private key'.upper()}"  # not in one piece: no key may stand in the repository


def kinds(text):
    """Give the kinds of what is held back, in order."""
    return [place.what for place in places(text)]


class TestWhatIsFound:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            (f"Ring {PHONE}.", Held.PRIVATE_PHONE),
            (f"Pasient {NATIONAL_ID}.", Held.NATIONAL_ID),
            (f"Send til {EMAIL}.", Held.PRIVATE_EMAIL),
            ("Send til kari@fauske.kommune.no.", Held.UNCLEAR_EMAIL),
            ("Pasienten Kari Nordmann fikk feil medisin.", Held.PATIENT),
            ("Bruker: Ola A. Nordmann", Held.PATIENT),
            ("Hun er født 12.03.1945.", Held.PATIENT),
            ("Fødselsdato: 120345 står ikke, men fødselsdato 12.03.45 gjør det.", Held.PATIENT),
            ("En kvinne på 84 år ble funnet.", Held.PATIENT),
            ("En 84 år gammel mann ble funnet.", Held.PATIENT),
            ("Journalnr. 123456 ble sendt.", Held.PATIENT),
            ("Passord: Sommer2024", Held.SECRET),
            ("PIN-koden er 4321", Held.SECRET),
            ("Kode til medisinrommet: 2580#", Held.SECRET),
            ("https://drift:hemmelig@server.example/del", Held.SECRET),
            (BOLD, Held.NATIONAL_ID),
            ("**900** 00 000", Held.PRIVATE_PHONE),
            ("kari (at) gmail.com", Held.PRIVATE_EMAIL),
            ("**Passord:** Sommer2024", Held.SECRET),
            ("Wifi-passord:Sommer2024", Held.SECRET),
            ("password=abc123", Held.SECRET),
            ("| Dørkode | 4711 |", Held.SECRET),
            ("Kode 1234", Held.SECRET),
            ("Koden er **1234**", Held.SECRET),
            ("alarm: 4711", Held.SECRET),
            ("nøkkelboks kode 4711", Held.SECRET),
            ("api_key=x1-abcdefghij", Held.SECRET),
            ("Bearer abcdef123456789", Held.SECRET),
            ("Bruker **Kari Nordmann**", Held.PATIENT),
            ("Pasient KARI NORDMANN", Held.PATIENT),
            ("| Beboer | Kari Nordmann |", Held.PATIENT),
            ("Pasientens navn er Kari Nordmann", Held.PATIENT),
            ("En 84-årig kvinne ble funnet.", Held.PATIENT),
            ("Fødselsdato: 1950-02-01", Held.PATIENT),
            ("Passord til systemet: Sommer2024!", Held.SECRET),
            ("Passord: Sommer!", Held.SECRET),
            ("Passord: Sommer! Bytt det.", Held.SECRET),
            ("passordet er blomst", Held.SECRET),
            ("Passordet til fagsystemet er Blomst.", Held.SECRET),
            ("| Brukernavn | Passord |\n| --- | --- |\n| kari | blomst |", Held.SECRET),
            ("| Passord | Sommer |", Held.SECRET),
            ("Kari Prøve, f. 1950, har sår.", Held.PATIENT),
            ("Bjørg f. 1950", Held.PATIENT),
            ("Hun, f. 1950, har demens.", Held.PATIENT),
            ("Bjørg, 85 år", Held.PATIENT),
            ("Erling (85 år) falt.", Held.PATIENT),
            ("En mann (82) falt.", Held.PATIENT),
            ("K.H. har KOLS", Held.PATIENT),
            ("Per Prøvesen, diagnose F20", Held.PATIENT),
            ("Per Prøvesen har diabetes.", Held.PATIENT),
            ("Ring datteren Anne.", Held.PATIENT),
            ("Fnr 12034112345", Held.UNCLEAR_ID),
            ("Fnr. 120341 12345", Held.UNCLEAR_ID),
            ("Fødselsnummer: 520341 12345", Held.UNCLEAR_ID),
            ("fødselsnummer 12434112345", Held.UNCLEAR_ID),
            ("personnr 12834112345", Held.UNCLEAR_ID),
            ("Personnummer 99999912345", Held.UNCLEAR_ID),
            ("Beboer 12684112345", Held.UNCLEAR_ID),
            ("Per Prøvesen 12034112345", Held.UNCLEAR_ID),
            ("| Navn | Fødselsnummer |\n| --- | --- |\n| Kari | 12034112345 |", Held.UNCLEAR_ID),
            ("Nøkkelboks 4471 hos Berg.", Held.SECRET),
            ("Nøkkelboks ved døra hos Berg: 4471", Held.SECRET),
            ("Nøkkelboks i Storgata 3 har kode 44 71.", Held.SECRET),
            ("Dørkoden hos Berg er 4471#.", Held.SECRET),
            ("Koden til Berg er 4471", Held.SECRET),
            ("Alarmen hos Berg: 123456", Held.SECRET),
            ("PIN-koden hennes er 1234.", Held.SECRET),
            ("| Navn | Nøkkelboks |\n| --- | --- |\n| Berg | 4471 |", Held.SECRET),
            ("| Nøkkelboks | 4471 bak huset |", Held.SECRET),
            (f"-----BEGIN {A_KEY}-----\nMIIE\n-----END {A_KEY}-----", Held.SECRET),
        ],
    )
    def test_is_held_back(self, text, kind):
        """
        What a routine never needs, and somebody once wrote into one.
        """
        assert kinds(text) == [kind]

    @pytest.mark.parametrize(
        "text",
        [
            "Ring vakttelefonen 75 00 00 00, 113 eller 116117.",
            "Send til postmottak@fauske.kommune.no.",
            "Pasienten skal ha informasjon. Pasienter under 18 år, og kvinner over 50 år, spørres.",
            "Pasient- og brukerrettighetsloven § 3-1. Brukeren selv bestemmer.",
            "Skriv fødselsdato og fødselsnummer i skjemaet: ____",
            "Passord: kontakt IKT. Passordet skal byttes hver 90. dag.",
            "Personer på 65 år og eldre tilbys vaksine. Barn 2 år og 15 måneder.",
            "Gi 40 000 enheter på 12 timer. LOV-2011-06-24-30. Rom 4321.",
            "Koden er beskrevet i ICD-10, A41.9.",
            "Prøvevik kommune. Pasient Reiser har egen rutine.",
            "Pasienten skal ha armbånd. PASIENTEN SKAL HA DET.",
            "ICPC-kode 1234. Kode A41. | Kode | Navn |\n| 12 | Fall |",
            "Konto 12345678903. Kontonummer 12034112345. Per Prøvesen, konto 12034112345.",
            "Målt 12034112345 ganger. Fnr og konto 12034112345.",
            "Endre passord: Innstillinger\n\nEndre passord: gå inn på Min side.",
            "Passordet er personlig. Passordet er hemmelig. Passordet er utløpt.\n\nPassord: personlig",
            "| Rutine | Passord |\n| --- | --- |\n| Krav | Se IKT-reglementet |",
            "Aldersgruppe 65–85 år, barn, 2 år, og kvinner (50–69). Barn, 2 år. Voksne, 18 år og eldre. Oppfølging, 2 år.",
            "Pasienter med KOLS får pusteøvelser. Diagnosekode F20 brukes. Vitamin B12 gis. Helse Nord har diabetes som satsing.",
            "Født før 1950 eller f.eks. 1950 kalorier. Personer født 1945 og tidligere tilbys vaksine.",
            "palliativ@fauske.kommune.no og postmottak@fauske.kommune.no",
            "Nøkkelboks bestilles på tlf 75 60 00 00. Nøkkelboks ble innført i 2019. Alarmen på 113 går til AMK.",
            "| Navn | Nøkkelboks |\n| --- | --- |\n| Berg | Ja |",
            "Alarm ved over 4000 ml. Kode for besøk er A41.9. Låseskap skal stå på rom 12.",
            "| Vekt | 40 | 50 | 60 | 70 |\n| Dose | 90 | 10 | 20 | 30 |",
        ],
    )
    def test_is_left_alone(self, text):
        """
        A warning that is always wrong is soon not read.
        """
        assert kinds(text) == []

    def test_what_no_text_may_hold_is_what_no_proposal_may_hold(self):
        """
        One rule: what could be let through here and was refused there would leave somebody stuck.
        """
        never = {Held.NATIONAL_ID, Held.PRIVATE_PHONE, Held.PRIVATE_EMAIL}

        assert {one for one in Held if one.never_let_through} == never
        assert {one.value for one in never} < NOT_KEPT

    def test_a_value_that_markdown_writes_with_a_mark_goes_whole(self):
        """
        «kari_nordmann» is written with a backslash, and half a name is a name.
        """
        assert masked_all("Skriv til kari\\_n@gmail.com i dag.") == f"Skriv til {mark(Held.PRIVATE_EMAIL)} i dag."


class TestWhatGoes:
    def test_says_how_much_goes_with_a_name_and_which_words(self):
        """
        «Mulig pasientopplysning, linje 2» may be a word or five sentences, and whoever masks must know which.
        """
        text = "Tittel\n\nPasient Kari Nordmann har demens. Hun heter Kari. Ring **900 00 000** om kvelden. Vask.\n\nPassord: hunter2!x\n"

        told = in_place(text, held_back(text))

        assert [(number, words) for number, words in told.values()] == [
            (2, "Pasient Kari Nordmann har demens. Hun heter Kari"),
            (1, "900 00 000"),
            (1, "Passord: hunter2!x"),
        ]


class TestMasking:
    @pytest.mark.parametrize(
        ("text", "after"),
        [
            (f"Nr {BOLD}.", "Nr {mark}."),
            (f"**Nr {NATIONAL_ID[:6]}**{NATIONAL_ID[6:]}", "**Nr {mark}**"),
            (f"| {NATIONAL_ID[:6]} | {NATIONAL_ID[6:]} | a |", "| {mark} |  | a |"),
            (f"{NATIONAL_ID[:6]}<sup>{NATIONAL_ID[6:]}</sup>", "{mark}"),
            (f"{NATIONAL_ID[:6]}[^1]{NATIONAL_ID[6:]}", "{mark}[^1]"),
        ],
    )
    def test_leaves_marks_whole_and_cells_where_they_are(self, text, after):
        """
        A border that went with the number would put the rest of the row below other headings.
        """
        assert masked_all(text) == after.format(mark=mark(Held.NATIONAL_ID))

    @pytest.mark.parametrize(
        ("text", "after"),
        [
            (
                "Les dette. Kari Prøve, f. 12.03.1941, bor i Storgata 5 og bruker Fentanyl. Ring datteren Anne. Meld avvik.",
                "Les dette. {patient}. Meld avvik.",
            ),
            ("Pasienten Kari Prøve falt. Hun bor i Storgata 5. Meld avvik.", "{patient}. Meld avvik."),
            ("1. **Kari Prøve**, f. 12.03.1941, får *Fentanyl*.\n2. Meld avvik.", "1. {patient}.\n2. Meld avvik."),
            ("- [ ] Bjørg, 85 år, får Fentanyl\n- Meld", "- [ ] {patient}\n- Meld"),
            ("| Kari Prøve | Fentanyl | f. 12.03.1941 | x |", "| {patient} |  |  | x |"),
            ("Dr. Prøve så en mann (82) kl. 8. Meld avvik.", "{patient}. Meld avvik."),
        ],
    )
    def test_takes_the_whole_of_what_tells_who_a_patient_is(self, text, after):
        """
        A day of birth that goes alone leaves the street, the medicine and the daughter.
        """
        assert masked_all(text) == after.format(patient=mark(Held.PATIENT))

    @pytest.mark.parametrize(
        ("value", "kind"), [(PHONE, Held.PRIVATE_PHONE), (NATIONAL_ID, Held.NATIONAL_ID), ("4711", Held.SECRET)]
    )
    def test_what_stands_in_a_patients_sentence_is_of_the_gravest_kind_in_it(self, value, kind):
        """
        What no text may hold is not let through with the sentence around it, and goes with it.
        """
        text = f"En kvinne på 84 år har kode {value} i Storgata 5."

        assert kinds(text) == [kind]
        assert masked_all(text) == f"{mark(Held.PATIENT)}."

    def test_what_stands_beside_a_patient_that_was_taken_out_is_held_still(self):
        """
        The number is the patient's as much when the name is gone.
        """
        text = "Kari Prøve, f. 12.03.1941. Nr. 12034112345."

        after, held, _ = masked(text, held_back(text), ["k1"])

        assert [(one.key, one.state) for one in held] == [("k2", HeldState.OPEN), ("k1", HeldState.MASKED)]
        assert [place.what for place in places(after)] == [Held.UNCLEAR_ID]

    @pytest.mark.parametrize(
        "part",
        [
            *(
                "a",
                "A",
                "1",
                "|",
                ". ",
                "Ab ",
                "A.",
                "passord ",
                "f. ",
                "| passord |\n",
                "Ola, ",
                "12034112345 ",
                "Fnr 1",
            ),
            *("Kari Prøve ", "Passord: a ", "kode A12 ", "Mor Ola. ", "(", "_*", "- "),
        ],
    )
    def test_takes_no_longer_for_any_text(self, part):
        """
        Twice as much takes twice as long, and a whole handbook a few seconds.
        """
        text = part * (250_000 // len(part))
        before = time.process_time()

        places(text)

        assert time.process_time() - before < 5

    def test_takes_no_longer_for_a_list_of_persons(self):
        """
        Whoever sends the duty list instead of the routine must not stop the library for everybody.
        """
        text = f"Navn {PHONE} " * 8_000
        before = time.process_time()

        held = held_back(text)
        again = held_anew(text, text, held)

        assert again == held
        assert len(held) == 8_000
        assert time.process_time() - before < 10

    def test_takes_only_what_is_named_and_keeps_the_names_of_the_rest(self):
        """
        Somebody goes through a list; the names in it must not move.
        """
        text = f"Ring {PHONE} eller {PHONE}. {EMAIL}."

        after, held, reasons = masked(text, held_back(text), ["k1"])

        assert reasons == ()
        assert after == f"Ring {mark(Held.PRIVATE_PHONE)} eller {PHONE}. {EMAIL}."
        assert {one.key: one.state for one in held} == {
            "k1": HeldState.MASKED, "k2": HeldState.OPEN, "k3": HeldState.OPEN,
        }  # fmt: skip

    def test_an_unknown_name_changes_nothing(self):
        """
        Half of what was asked is worse than nothing.
        """
        text = f"Ring {PHONE}."

        assert masked(text, held_back(text), ["k1", "k7"]) == (text, held_back(text), (NothingHeldBack("k7"),))

    @given(
        st.lists(st.one_of(st.sampled_from(VALUES), st.text("abc æøå.,:|*_`[]()\n", max_size=12)), max_size=12),
        st.data(),
    )
    def test_what_is_masked_is_found_no_more_and_the_rest_stands(self, parts, data):
        """
        Whatever stands around a value, and however many times.
        """
        text = " ; ".join(parts)
        held = held_back(text)
        keys = data.draw(st.lists(st.sampled_from([one.key for one in held]), unique=True)) if held else []

        after, now, reasons = masked(text, held, keys)

        assert reasons == ()
        assert {one.key for one in now if one.state is HeldState.MASKED} == set(keys)
        assert len(places(after)) == len(held) - len(keys)
        assert sorted(one.key for one in now) == sorted(one.key for one in held)
        assert places(masked_all(text)) == ()

    def test_an_edit_keeps_what_was_let_through_and_finds_what_is_new(self):
        """
        Whoever mends a comma must not be asked about the same example again.
        """
        text = "Eksempel: en kvinne på 84 år."
        held, _ = let_through(held_back(text), ["k1"], by="a-1", reason="Oppdiktet.")

        now = held_anew(text, f"Nytt. {text} Ring {PHONE}.", held)

        assert [(one.key, one.state, one.by) for one in now] == [
            ("k1", HeldState.LET_THROUGH, "a-1"), ("k2", HeldState.OPEN, None),
        ]  # fmt: skip
        assert [one.state for one in held_anew(f"Nytt. {text} Ring {PHONE}.", "Borte.", now)] == [HeldState.GONE] * 2

    def test_what_is_held_back_by_the_rules_of_today_is_asked_about(self, monkeypatch):
        """
        A new release looks for more, and documents that wait were looked through by the old one.
        """
        text = f"Ring {PHONE} til beboere. En kvinne på 84 år."
        held, _ = let_through(held_back(text), ["k2"], by="a-1", reason="Oppdiktet.")
        monkeypatch.setattr(quarantine, "_SECRET", (re.compile("beboere"),))

        now = held_anew(text, text, held)

        assert [(one.key, one.what, one.state) for one in now] == [
            ("k1", Held.PRIVATE_PHONE, HeldState.OPEN), ("k3", Held.SECRET, HeldState.OPEN),
            ("k2", Held.PATIENT, HeldState.LET_THROUGH),
        ]  # fmt: skip

    def test_what_the_rules_of_today_leave_alone_is_gone(self, monkeypatch):
        """
        And it may look for less.
        """
        held = held_back("PIN-kode: 4321. En kvinne på 84 år.")
        monkeypatch.setattr(quarantine, "_SECRET", ())

        now = held_anew("PIN-kode: 4321. En kvinne på 84 år.", "En kvinne på 84 år.", held)

        assert [(one.key, one.state) for one in now] == [("k2", HeldState.OPEN), ("k1", HeldState.GONE)]

    def test_what_no_text_may_hold_is_not_let_through(self):
        """
        The proposal would refuse it, and whoever let it through would not know why.
        """
        held = held_back(f"{NATIONAL_ID}")

        assert let_through(held, ["k1"], by="a-1", reason="Ja.") == (held, (NeverLetThrough("k1", "national-id"),))
