"""The settings are decisions: who may change which, what must not go away, and what follows."""

from datetime import timedelta

import pytest

from samrutine.errors import InvalidRequest, InvalidText, NotAllowed, Refused, SettingsChanged
from samrutine.networks.settings_rules import NothingChanged, NotOwnNetworks, StillNeeded
from samrutine.storage.git import MAIN
from tests.support.stories import propose_and_send
from tests.support.texts import NATIONAL_ID, a_routine

SYNONYMS = "vocabulary/synonyms.toml"
NETWORKS = "networks.toml"
POLICIES = "policies.toml"
PARTIES = "parties.toml"
MUNICIPALITIES = "municipalities.toml"


def settle(library, path, old, new, *, by="redaktor", reason="Prøvd", **how):
    """Replace words in one file of the settings."""
    there = {one.path: one for one in library.settings()}[path]
    text = there.content.decode()
    assert old in text
    changed = text.replace(old, new, 1).encode()
    return library.settle({path: changed}, read={path: how.get("read", there.digest)}, reason=reason, by=by)


def row_of(text, name):
    """Give the row of networks.toml that has this id, up to the next."""
    start = text.index(f'id = "{name}"')
    return text[start : text.find("[[", start)]


class TestSettling:
    def test_a_change_is_a_decision_and_stands_on_main(self, any_library):
        """
        What the texts lean on is open to everybody who can read the texts, with its history.
        """
        library = any_library
        files = {one.path: one for one in library.settings()}
        new = files[SYNONYMS].content + "# Gjennomgått.\n".encode()

        answer = library.settle(
            {SYNONYMS: new}, read={SYNONYMS: files[SYNONYMS].digest}, reason="Ny runde", by="redaktor"
        )

        store = library._parts.store
        assert answer.files == (SYNONYMS,)
        assert store.read(store.tree(store.tip(MAIN))[f"library/{SYNONYMS}"]) == new
        assert {one.path: one.content for one in library.settings()}[SYNONYMS] == new
        assert library.verify().is_clean

    def test_the_same_act_twice_is_one_change(self, any_library):
        """
        Whoever lost the line presses the button again.
        """
        library = any_library
        there = {one.path: one for one in library.settings()}[SYNONYMS]
        how = {"read": {SYNONYMS: there.digest}, "reason": "Ny runde", "by": "redaktor", "decision_id": "endring-1"}

        first = library.settle({SYNONYMS: there.content + b"# Ny.\n"}, **how)
        again = library.settle({SYNONYMS: there.content + b"# Ny.\n"}, **how)

        assert again == first

    def test_what_somebody_settled_meanwhile_is_not_undone_unread(self, library):
        """
        Two editors with the same list open must not take each other's words away.
        """
        read = {one.path: one for one in library.settings()}[SYNONYMS].digest
        settle(library, SYNONYMS, "#", "# Først.\n#")

        with pytest.raises(SettingsChanged) as caught:
            settle(library, SYNONYMS, "#", "# Sist.\n#", read=read)

        assert caught.value.places == {"file": SYNONYMS}

    def test_a_file_with_a_fault_changes_nothing(self, library):
        """
        A comma too many must not leave the library without networks.
        """
        before = library.settings()

        with pytest.raises(InvalidText):
            settle(library, NETWORKS, "[[network]]", "[[network]", by="redaktor")

        assert library.settings() == before

    def test_a_file_that_no_library_has_is_refused(self, library):
        """
        A misspelt name would else lie there and do nothing.
        """
        with pytest.raises(InvalidRequest):
            library.settle({"nettverk.toml": b""}, read={}, reason="Prøvd", by="redaktor")

    def test_nothing_changed_is_said(self, library):
        """
        A decision that decides nothing only makes the history longer.
        """
        with pytest.raises(Refused) as caught:
            settle(library, SYNONYMS, "#", "#")

        assert list(caught.value.reasons) == [NothingChanged()]

    def test_an_open_round_keeps_the_policy_it_was_opened_with(self, library):
        """
        Nobody changes the number of hands while they are being counted.
        """
        proposal = propose_and_send(library, a_routine())

        settle(library, POLICIES, "approvals = 4\nmunicipalities = 3", "approvals = 9\nmunicipalities = 8")

        (open_round,) = [one for one in library.proposals(reader="redaktor") if one.id == proposal.id]
        assert open_round.policy.approvals == 4


class TestWhoMay:
    def test_a_leader_settles_what_is_the_networks_own(self, any_library):
        """
        The network knows best what it is for; it need not ask RKK to write a sentence.
        """
        library = any_library
        text = {one.path: one for one in library.settings()}[NETWORKS].content.decode()
        own = row_of(text, "smittevern")

        answer = settle(library, NETWORKS, own, own.replace('policy = "felles"', 'policy = "flertall"'), by="leder")

        assert answer.files == (NETWORKS,)
        assert library.verify().is_clean

    @pytest.mark.parametrize(
        ("path", "old", "new", "part"),
        [
            (NETWORKS, 'name = "Fagnettverk for omsorgstjenester"', 'name = "Omsorg"', "networks"),
            (NETWORKS, 'subjects = ["smittevern"]', 'subjects = ["smittevern", "omsorg"]', "subjects"),
            (POLICIES, "approvals = 4", "approvals = 5", "policies"),
            (MUNICIPALITIES, 'name = "Fauske', 'name = "Fauske by', "municipalities"),
        ],
        ids=["another network", "another's subject", "a policy others follow", "the municipalities"],
    )
    def test_a_leader_settles_nothing_of_others(self, library, path, old, new, part):
        """
        What nine networks lean on is not for one of them to move.
        """
        with pytest.raises(NotAllowed) as caught:
            settle(library, path, old, new, by="leder")

        assert caught.value.reasons[0] == NotOwnNetworks(part)

    @pytest.mark.parametrize("weeks", [None, 1], ids=["deleted", "changed"])
    def test_a_policy_that_nobody_follows_is_the_librarys(self, library, weeks):
        """
        It is there for the network that takes it up tomorrow, and no leader's to lose.
        """
        text = {one.path: one for one in library.settings()}[POLICIES].content.decode()
        last = text[text.rindex("[[policy]]") :]
        assert 'id = "alle"' in last

        with pytest.raises(NotAllowed) as caught:
            settle(library, POLICIES, last, last.replace("weeks = 6", f"weeks = {weeks}") if weeks else "", by="leder")

        assert caught.value.reasons[0] == NotOwnNetworks("policies")

    def test_a_policy_that_was_there_is_not_changed_by_the_one_who_takes_it_up(self, library):
        """
        Taking up the common rule is the network's own; rewriting it on the way is not.
        """
        files = {one.path: one for one in library.settings()}
        networks, policies = files[NETWORKS].content.decode(), files[POLICIES].content.decode()
        own = row_of(networks, "smittevern")
        changed = {
            NETWORKS: networks.replace(own, own.replace('policy = "felles"', 'policy = "flertall"')).encode(),
            POLICIES: policies.replace("Flertall av kommunene", "De fleste").encode(),
        }

        with pytest.raises(NotAllowed) as caught:
            library.settle(changed, read={path: files[path].digest for path in changed}, reason="Prøvd", by="leder")

        assert caught.value.reasons[0] == NotOwnNetworks("policies")

    def test_who_is_heard_on_a_subject_that_another_network_has_too_is_not_one_leaders(self, library):
        """
        Both networks' texts would go out without those who were cut.
        """
        library.add_person("barn", "Barn", by="redaktor")
        library.grant("barn", "leader", "network:helsestasjon", by="redaktor")
        text = {one.path: one for one in library.settings()}[PARTIES].content.decode()

        def cut(subject):
            start = text.index(f'subject = "{subject}"')
            heard = text[start : text.index("]", start)]
            return heard, f'subject = "{subject}"\nparties = ["kommunene"'

        with pytest.raises(NotAllowed) as caught:
            settle(library, PARTIES, *cut("barn-og-unge"), by="barn")
        own = settle(library, PARTIES, *cut("flyktninger"), by="barn")

        assert caught.value.reasons[0] == NotOwnNetworks("party_templates")
        assert own.files == (PARTIES,)

    @pytest.mark.parametrize("words", [NATIONAL_ID, "kari.eksempel@gmail.com"])
    @pytest.mark.parametrize("by", ["redaktor", "leder"])
    def test_nobody_is_named_in_a_comment(self, library, words, by):
        """
        The files lie on main with all that stands in them, and git forgets nothing.
        """
        there = {one.path: one for one in library.settings()}[POLICIES]

        with pytest.raises(Refused) as caught:
            library.settle(
                {POLICIES: there.content + f"# {words} ville det\n".encode()}, read={POLICIES: there.digest},
                reason="Prøvd", by=by,
            )  # fmt: skip

        assert words not in caught.value.text("nb")
        assert POLICIES in caught.value.text("nb")

    def test_a_member_settles_nothing(self, library):
        """
        Settings are for the leader and the editor.
        """
        with pytest.raises(NotAllowed):
            settle(library, SYNONYMS, "#", "# Ny.\n#", by="medlem.beiarn")


class TestWhatMustStay:
    def test_a_municipality_does_not_go_away(self, library):
        """
        What it decided stands for ten years, and somebody must be able to ask by its name.
        """
        text = {one.path: one for one in library.settings()}[MUNICIPALITIES].content.decode()
        start = text.rindex("[[municipality]]")

        with pytest.raises(Refused) as caught:
            settle(library, MUNICIPALITIES, text[start:], "")

        assert isinstance(caught.value.reasons[0], StillNeeded)

    def test_a_network_with_people_does_not_go_away(self, library):
        """
        Its members would approve in the name of nobody.
        """
        text = {one.path: one for one in library.settings()}[NETWORKS].content.decode()
        row = "[[network]]\n" + row_of(text, "smittevern")

        with pytest.raises((Refused, InvalidText)) as caught:
            settle(library, NETWORKS, row, "")

        assert "smittevern" in str(caught.value)


class TestANewMunicipality:
    def test_has_every_routine_to_consider(self, any_library_with_routine):
        """
        Whoever joins sees what there is to decide about, and the matrix has no holes.
        """
        library = any_library_with_routine
        text = {one.path: one for one in library.settings()}[MUNICIPALITIES].content.decode()
        last = text[text.rindex("[[municipality]]") :]
        new = '\n[[municipality]]\nnumber = "9999"\nname = "Prøvevik"\nslug = "provevik"\n'

        answer = settle(library, MUNICIPALITIES, last, last.rstrip() + "\n" + new)

        assert answer.new_municipalities == ("9999",)
        assert [one.procedure for one in library.waiting("municipality:9999")] == ["handhygiene"]
        assert {one.due_on for one in library.waiting("municipality:9999")} == {library.today + timedelta(days=60)}
        assert library.matrix().cells["handhygiene", "9999"].state == "to-consider"
        assert library.verify().is_clean
