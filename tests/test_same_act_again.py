"""A second call with the id of the first is the same act, whatever has become since of what it was about."""

from datetime import timedelta

import pytest
from sqlmodel import select

from samrutine import Refused
from samrutine.errors import PersonNotFound
from samrutine.storage.rows import HearingLinkRow
from tests.support.stories import UNHEARD, change_with_everyone, not_projecting, why_not
from tests.support.texts import SECTIONS, a_routine

SMITTEVERN = "network:smittevern"


def twice(call, meanwhile):
    """Call, let something happen, and call again; gives both answers."""
    first = call()
    meanwhile()
    return first, call()


def same(answers):
    """Whether two answers say the same of the act: that it repeats everything or not may differ."""
    first, again = answers
    return (type(first), first.number) == (type(again), again.number)


@pytest.fixture
def library(any_library_with_routine):
    with not_projecting(any_library_with_routine):
        yield any_library_with_routine


@pytest.fixture
def clock(any_home_with_routine):
    return any_home_with_routine.clock


class TestAProposal:
    @pytest.mark.parametrize("verb", ["send", "approve", "open_hearing", "hurry"])
    def test_whose_text_was_deleted_since(self, library, clock, verb):
        """
        The answer was lost, and the matter came to nothing years ago: what was decided is still what was decided.
        """
        draft = library.propose(a_routine("ny", title="Ny"), by="skribent")
        one, how = draft.proposal, {"digest": draft.digest, "decision_id": "igjen"}
        if verb == "approve":
            library.send(one, digest=draft.digest, unheard=UNHEARD, by="leder")
        calls = {
            "send": lambda: library.send(one, unheard=UNHEARD, by="leder", **how),
            "approve": lambda: library.approve(one, by="medlem.beiarn", **how),
            "open_hearing": lambda: library.open_hearing(one, parties=["municipality:1841"], by="leder", **how),
            "hurry": lambda: library.hurry(one, reason="Utbrudd.", by="leder", **how),
        }

        def meanwhile():
            library.reject(one, reason="Ikke nødvendig.", by="leder")
            clock.forward(days=731)
            library.retention(by="redaktor", delete=True)

        assert same(twice(calls[verb], meanwhile))

    def test_that_its_reader_may_not_know_of_since(self, library):
        """
        Who left the network is told what they agreed to, and nothing more.
        """
        exempt = a_routine("nokkel", title="Nøkkel", access="exempt")
        draft = library.propose(exempt, by="medlem.saltdal")
        library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")

        answers = twice(
            lambda: library.approve(draft.proposal, digest=draft.digest, by="medlem.beiarn", decision_id="ja"),
            lambda: library.revoke("medlem.beiarn", "member", SMITTEVERN, by="redaktor"),
        )

        assert same(answers)

    def test_that_was_refreshed_before_its_routine_was_made_exempt(self, library):
        """
        Its author may not know of the routine now; of their own act they may.
        """
        data = a_routine(extra="Bruk krem.")
        draft = library.propose(data, changes="handhygiene", meaning="Krem.", by="skribent")
        change_with_everyone(library, a_routine(sections={**SECTIONS, "Omfang": "Gjelder alle."}))

        answers = twice(
            lambda: library.refresh(
                draft.proposal, read_digest=draft.digest, by="skribent", decision_id="hent"
            ),
            lambda: change_with_everyone(library, a_routine(access="exempt"), by="medlem.saltdal"),
        )  # fmt: skip

        assert same(answers)


class TestSettings:
    def test_that_no_longer_fit_the_others(self, library):
        """
        The policy that the first call chose is gone; the first call was answered all the same.
        """
        files = {one.path: one for one in library.settings()}
        policies, networks = files["policies.toml"], files["networks.toml"]
        extra = policies.content + policies.content[policies.content.rindex(b"[[policy]]") :].replace(
            b'"alle"', b'"ekstra"'
        )
        chosen = networks.content.replace(b'policy = "felles"', b'policy = "ekstra"', 1)

        def settle(path, content, **how):
            read = {one.path: one.digest for one in library.settings() if one.path == path}
            return library.settle({path: content}, read=how.pop("read", read), reason="Prøvd", by="redaktor", **how)

        settle("policies.toml", extra)
        answers = twice(
            lambda: settle("networks.toml", chosen, read={"networks.toml": networks.digest}, decision_id="valg"),
            lambda: (settle("networks.toml", networks.content), settle("policies.toml", policies.content)),
        )

        assert same(answers)


class TestPeople:
    @pytest.mark.parametrize("verb", ["grant", "delegate", "revoke"])
    def test_who_were_erased_since(self, library, verb):
        """
        The sign-in name is gone; the act it was written in is not.
        """
        library.add_person("nina", "Nina Ny", email=None, by="redaktor")
        library.grant("nina", "employee", "municipality:1840", by="redaktor")
        calls = {
            "grant": lambda: library.grant("nina", "member", SMITTEVERN, by="redaktor", decision_id="igjen"),
            "revoke": lambda: library.revoke(
                "nina", "employee", "municipality:1840", by="redaktor", decision_id="igjen"
            ),
            "delegate": lambda: library.delegate(
                "nina", "1840", "unit-leader", "enhetsleder", by="redaktor", decision_id="igjen"
            ),
        }

        assert same(twice(calls[verb], lambda: library.erase_person("nina", reason="Sluttet.", by="redaktor")))
        with pytest.raises(PersonNotFound):
            library.grant("nina", "employee", "municipality:1840", by="redaktor")

    def test_who_were_erased_are_given_nothing(self, library):
        """
        A role that nobody can sign in to would count as somebody in post for ever.
        """
        nina = library.add_person("nina", "Nina Ny", email=None, by="redaktor").actor
        library.erase_person("nina", reason="Sluttet.", by="redaktor")

        with pytest.raises(Refused) as granted:
            library.grant(nina, "leader", SMITTEVERN, by="redaktor")
        with pytest.raises(Refused) as delegated:
            library.delegate(nina, "1840", "unit-leader", "enhetsleder", by="redaktor")

        assert why_not(granted) == why_not(delegated) == ["NobodyToGiveTo"]

    def test_whoever_answers_by_a_personal_link_is_given_nothing(self, library):
        """
        It is one letter's address for one question.
        """
        draft = library.propose(a_routine("ny", title="Ny"), by="skribent")
        opened = library.open_hearing(draft.proposal, digest=draft.digest, parties=["outside:Brukerrådet"], by="leder")
        library.invite_outsider(draft.proposal, opened.outside[0], by="leder")
        with library._parts.database.reading() as session:
            (owner,) = session.exec(select(HearingLinkRow.actor_id)).all()

        with pytest.raises(Refused) as caught:
            library.grant(owner, "member", SMITTEVERN, by="redaktor")

        assert why_not(caught) == ["NobodyToGiveTo"]


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (
            lambda it, _: it.add_addition(
                "handhygiene", "Fauske", "ansvar", "practical-note", "Skap 3.", by="ansvarlig.fauske"
            ),
            "AdditionUnchanged",
        ),
        (lambda it, until: it.set_standing("Fauske", until=until, by="beslutter.fauske"), "SameStandingDecision"),
        (lambda it, _: it.grant("skribent", "member", SMITTEVERN, by="redaktor"), "RoleHeldAlready"),
    ],
    ids=["an addition", "a standing decision", "a role"],
)
def test_the_same_once_more_without_an_id_is_refused_and_said(library_with_routine, act, reason):
    """
    Whoever is unsure whether it was done does it again: twice in the register, and twice on the paper.
    """
    library = library_with_routine
    until = library.today + timedelta(days=30)
    act(library, until)

    with pytest.raises(Refused) as refused:
        act(library, until)

    assert why_not(refused) == [reason]
