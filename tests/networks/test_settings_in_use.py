"""What texts lean on does not go away; and what went away all the same stops nobody who can do nothing about it."""

import re

import pytest

from samrutine.errors import Refused
from samrutine.networks.settings_rules import StillNeeded
from samrutine.proposals import service
from tests.support.stories import APPROVERS, UNHEARD, approve_with_everyone, not_projecting, why_not
from tests.support.texts import a_routine

BOTH = a_routine("ny", title="Ny").replace(b"subjects: [smittevern]", b"subjects: [smittevern, skole]")
SHARED = a_routine("ny", title="Ny").replace(b"network: smittevern\n", b"network: smittevern\nco_networks: [ledelse]\n")


def without_subject(library, subject="skole"):
    """Give the files of the settings as they would be without a subject."""
    files = {one.path: one.content.decode() for one in library.settings()}
    row = r"\[\[{}\]\]\n{} = \"{}\"\n(?:[a-z_]+ = [^\n]*\n(?:[ \]][^\n]*\n)*)+"
    return {
        "subjects.toml": re.sub(row.format("subject", "id", subject), "", files["subjects.toml"]),
        "networks.toml": files["networks.toml"].replace(f'"{subject}", ', "").replace(f', "{subject}"', ""),
        "parties.toml": re.sub(row.format("template", "subject", subject), "", files["parties.toml"]),
    }


def settle(library, files, **how):
    """Settle these files as they are read now."""
    read = {one.path: one.digest for one in library.settings() if one.path in files}
    contents = {path: text.encode() for path, text in files.items()}
    return library.settle(contents, read=how.pop("read", read), reason="Ny inndeling", by="redaktor", **how)


@pytest.fixture
def lenient(monkeypatch):
    """Settings that changed as a release before this rule let them."""
    monkeypatch.setattr("samrutine.networks.settings_rules._missed", lambda *_: iter(()))


class TestWhatTextsLeanOn:
    @pytest.mark.parametrize("is_approved", [True, False], ids=["a routine's", "an open proposal's"])
    def test_is_every_subject_and_not_the_first_alone(self, any_library, is_approved):
        """
        Else the text has a fault that nobody put there, and cannot be approved, or changed without it.
        """
        if is_approved:
            approve_with_everyone(any_library, BOTH)
        else:
            any_library.propose(BOTH, by="skribent")

        with pytest.raises(Refused) as caught:
            settle(any_library, without_subject(any_library))

        assert [type(one) for one in caught.value.reasons] == [StillNeeded]

    def test_is_no_subject_of_a_proposal_that_is_over(self, any_library):
        """
        What came to nothing leans on nothing.
        """
        draft = any_library.propose(BOTH, by="skribent")
        any_library.withdraw(draft.proposal, reason="Ikke nødvendig.", by="skribent")

        assert settle(any_library, without_subject(any_library)).files

    def test_is_a_co_network_too(self, library):
        """
        It was asked to agree, and would be asked the next time.
        """
        library.propose(SHARED, by="skribent")
        files = {one.path: one.content.decode() for one in library.settings()}
        start = files["networks.toml"].index('[[network]]\nid = "ledelse"')
        end = files["networks.toml"].find("[[", start + 2)
        end = end if end > 0 else len(files["networks.toml"])
        fewer = files["networks.toml"][:start] + files["networks.toml"][end:]
        theirs = re.search(r"subjects = \[([^\]]*)\]", files["networks.toml"][start:end])[1]
        fewer = fewer.replace('subjects = ["smittevern"', f'subjects = ["smittevern", {theirs.rstrip().rstrip(",")}', 1)

        with pytest.raises(Refused) as caught:
            settle(library, {"networks.toml": fewer})

        assert "StillNeeded" in why_not(caught)


class TestSettledMeanwhile:
    @pytest.mark.usefixtures("lenient")
    def test_stops_no_confirmation_of_a_hasteversjon(self, any_library):
        """
        Its text stands and cannot be mended; the network may still say that it was right.
        """
        library = any_library
        draft = library.propose(BOTH, by="skribent")
        library.hurry(draft.proposal, digest=draft.digest, reason="Utbrudd.", by="leder")
        settle(library, without_subject(library))

        with not_projecting(library):
            for one in APPROVERS:
                answer = library.approve(draft.proposal, digest=draft.digest, by=one)

        assert answer.version is not None

    @pytest.mark.usefixtures("lenient")
    def test_between_the_check_and_the_lock_is_seen(self, any_library, monkeypatch):
        """
        What was checked against the old settings is no longer checked.
        """
        library = any_library
        draft = library.propose(BOTH, by="skribent")
        library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")
        for one in APPROVERS[:-1]:
            library.approve(draft.proposal, digest=draft.digest, by=one)
        look = service.look_at_text

        def and_settle(*arguments, **named):
            seen = look(*arguments, **named)
            settle(library, without_subject(library))
            return seen

        monkeypatch.setattr(service, "look_at_text", and_settle)

        with pytest.raises(Refused) as caught:
            library.approve(draft.proposal, digest=draft.digest, by="leder")

        assert why_not(caught) == ["TextHasFaults"]
