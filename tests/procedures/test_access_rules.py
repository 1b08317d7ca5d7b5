"""Who may read what, by class and role: the rule itself."""

from datetime import timedelta

import pytest

from samrutine.actors import Role, municipality_body, network_body
from samrutine.procedures.access_rules import INSIDE, Reader, may_read, may_read_draft
from samrutine.procedures.model import AccessClass
from tests.support.builders import PROVEVIK, TODAY, a_decider, a_leader, a_member, an_actor, an_editor

OWNERS = ("smittevern", "omsorg")
EMPLOYEE = an_actor("actor-ansatt", (Role.EMPLOYEE, municipality_body(PROVEVIK)))
RESPONSIBLE = an_actor("actor-ansvarlig", (Role.RESPONSIBLE, municipality_body(PROVEVIK)))


class TestByClass:
    @pytest.mark.parametrize("reader", [Reader(anonymous=True), INSIDE, Reader(EMPLOYEE)])
    def test_what_is_open_is_for_anybody(self, reader):
        """
        The law's rule is openness; most routines are nobody's secret.
        """
        readable = may_read(reader, AccessClass.OPEN, OWNERS, TODAY)

        assert readable

    def test_what_is_internal_is_for_everybody_inside_and_not_for_the_open_web(self):
        """
        An employee need not say who they are to find the routine, but the street may not read it.
        """
        inside = may_read(INSIDE, AccessClass.INTERNAL, OWNERS, TODAY)
        outside = may_read(Reader(anonymous=True), AccessClass.INTERNAL, OWNERS, TODAY)

        assert (inside, outside) == (True, False)

    @pytest.mark.parametrize(
        ("actor", "readable"),
        [
            (None, False),
            (EMPLOYEE, False),
            (a_member(network="smittevern"), True),
            (a_leader(network="smittevern"), True),
            (a_member(network="omsorg"), True),
            (a_member(network="psykisk-helse"), False),
            (RESPONSIBLE, True),
            (a_decider(), True),
            (an_editor(), True),
        ],
        ids=[
            "unknown", "employee", "owner's member", "owner's leader", "co-network's member", "other network's member",
            "responsible", "decider", "editor",
        ],
    )  # fmt: skip
    def test_what_is_exempt_is_for_those_who_write_it_and_those_who_must_decide_on_it(self, actor, readable):
        """
        A routine on securing a place is no secret to whoever must take it into use.
        """
        answer = may_read(Reader(actor), AccessClass.EXEMPT, OWNERS, TODAY)

        assert answer is readable

    def test_a_role_that_ended_yesterday_opens_nothing(self):
        """
        Who left the network left its papers too.
        """
        before = a_member(until=TODAY)
        coming = a_decider(since=TODAY + timedelta(days=1))

        assert not may_read(Reader(before), AccessClass.EXEMPT, OWNERS, TODAY)
        assert not may_read(Reader(coming), AccessClass.EXEMPT, OWNERS, TODAY)


class TestDrafts:
    @pytest.mark.parametrize(
        ("actor", "readable"),
        [
            (None, False),
            (EMPLOYEE, False),
            (an_actor("actor-kari"), True),
            (a_member("actor-ola", network="omsorg"), True),
            (a_member("actor-ola", network="psykisk-helse"), False),
            (RESPONSIBLE, False),
            (a_decider(), False),
            (an_editor(), True),
        ],
        ids=[
            "unknown", "employee", "author", "co-network's member", "other network's member", "responsible", "decider",
            "editor",
        ],
    )  # fmt: skip
    def test_a_draft_is_for_its_author_its_networks_and_the_editor(self, actor, readable):
        """
        Half-thought thoughts are written down only where they are left in peace.
        """
        answer = may_read_draft(Reader(actor), "actor-kari", OWNERS, TODAY)

        assert answer is readable

    def test_a_leader_of_the_network_in_another_municipality_reads_it_too(self):
        """
        The network is one, whichever municipality its members work in.
        """
        leader = an_actor("actor-leder", (Role.LEADER, network_body("smittevern")))

        assert may_read_draft(Reader(leader), "actor-kari", OWNERS, TODAY)
