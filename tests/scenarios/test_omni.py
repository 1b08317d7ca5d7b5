"""The OMNI routine against bullying: school owns it, the health stations must say yes too, each municipality decides."""

from samrutine.adoptions.model import AdoptionState
from tests.support.stories import UNHEARD, account_of, not_projecting, told, waits_for
from tests.support.texts import a_routine

OMNI = a_routine(
    "omni", title="OMNI mot mobbing", network="oppvekst", subject="skole",
    extra="Skolen og helsestasjonen snakker sammen samme dag.",
).replace(b"network: oppvekst\n", b"network: oppvekst\nco_networks: [helsestasjon]\n")  # fmt: skip


def people_take_their_seats(library):
    """Oppvekst has a leader and three members from four municipalities; helsestasjon has one nurse from Saltdal."""
    library.grant("ansatt.fauske", "leader", "network:oppvekst", by="redaktor")
    for one in ("medlem.beiarn", "medlem.gildeskal", "medlem.hamaroy"):
        library.grant(one, "member", "network:oppvekst", by="redaktor")
    library.grant("medlem.saltdal", "member", "network:helsestasjon", by="redaktor")


def test_one_routine_needs_the_yes_of_both_networks_and_then_of_each_municipality(any_home):
    """
    The school cannot promise what the health station does, and neither can promise it for Fauske.
    """
    with any_home.opened() as library:
        with library.together():
            people_take_their_seats(library)

        # A teacher in Meløy writes it. The leader of oppvekst sends it; it waits for both networks.
        draft = library.propose(OMNI, by="skribent")
        library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="ansatt.fauske")
        asked = "godkjenne faglig: OMNI mot mobbing"
        assert waits_for(library, "medlem.beiarn") == [f"{asked} (Fagnettverk for oppvekst)"]
        assert waits_for(library, "medlem.saltdal") == [f"{asked} (Fagnettverk for helsestasjon og skolehelsetjeneste)"]
        assert waits_for(library, "skribent") == []

        # Everybody whom oppvekst needs has agreed. It is not enough: the nurse has not read it.
        with not_projecting(library):
            for one in ("medlem.beiarn", "medlem.gildeskal", "medlem.hamaroy", "ansatt.fauske"):
                so_far = library.approve(draft.proposal, digest=draft.digest, by=one)
        assert (so_far.version, so_far.standing.networks_missing) == (None, ("helsestasjon",))

        # She reads it and agrees. Now it is faglig godkjent, and applies nowhere.
        last = library.approve(draft.proposal, digest=draft.digest, by="medlem.saltdal")
        assert str(last.version) == "1.0"
        assert library.in_force() == []
        assert "Forslaget ditt er faglig godkjent" in told(library, "skribent")

        # Fauske takes it into use. Beiarn has one of its own, which is as good an answer.
        library.adopt("omni", "Fauske", by="beslutter.fauske")
        library.use_own_routine("omni", "Beiarn", link="https://beiarn.provevik.example/omni", by="beslutter.beiarn")
        assert waits_for(library, "beslutter.beiarn") == waits_for(library, "beslutter.fauske") == []
        assert waits_for(library, "beslutter.steigen") == ["ta stilling til: OMNI mot mobbing (Steigen)"]
        assert library.matrix().cells["omni", "1839"].state is AdoptionState.OWN_ROUTINE

        # Whoever asks later sees both networks behind it.
        today = any_home.clock.today
        assert account_of(library, "omni", "Fauske", today) == (
            "1.0 fra 23.11.2026, besluttet av kommunalsjef helse og omsorg"
        )
        behind = library.account("omni", "Fauske", today).approvals
        assert sorted({one.network for one in behind}) == ["helsestasjon", "oppvekst"]
        assert library.verify().is_clean
