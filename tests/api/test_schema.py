"""Every operation asked in ways that nobody thought of, by two people of two municipalities."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from samrutine.web.api import WHERE
from samrutine.web.api.limits import Limits
from tests.api.conftest import Programs
from tests.support.stories import approve_with_everyone
from tests.support.texts import a_routine

CHECKS = (
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
)  # fmt: skip
TRIES = 5
"""Requests for each operation and person."""
OF_FAUSKE, OF_BEIARN, EXEMPT = "Kladd fra Fauske", "Kladd fra Beiarn", "Innerst i skapet"
HIDDEN = {"ansatt.fauske": (OF_BEIARN, EXEMPT), "beslutter.beiarn": (OF_FAUSKE,)}
"""What somebody may not know of: the other municipality's drafts, and what is exempt where they have no role for it."""


@pytest.fixture(scope="module")
def asked(request, tmp_path_factory):
    """A library in which both have a draft, and there is an exempt routine, on both databases: each refuses other texts."""
    home = request.getfixturevalue(f"{request.param}_templates").copied_to(
        tmp_path_factory.mktemp("schema") / "home", "routine"
    )
    with home.opened() as library:
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        approve_with_everyone(library, a_routine("skap", title=EXEMPT, access="exempt"))
        drafts = {
            by: library.propose(a_routine(name, title=title), by=by)
            for by, name, title in (("ansatt.fauske", "en", OF_FAUSKE), ("medlem.beiarn", "to", OF_BEIARN))
        }
    made = Programs(home)
    made.drafts = drafts
    made.api.state.limits = made.api.state.limits_of_strangers = Limits(burst=1_000_000)
    yield made
    made.app.state.libraries.close()


@pytest.fixture(scope="module")
def operations(asked):
    """Each operation that the description names."""
    described = schemathesis.openapi.from_asgi(f"{WHERE}/openapi.json", asked.app, headers={"host": "localhost"})
    return [one.ok() for one in described.get_all_operations()]


def known_values(asked):
    """Ids and texts that there are, so that not everything is only not found."""
    proposals = [one.proposal for one in asked.drafts.values()]
    tags = [f'"{one.digest}"' for one in asked.drafts.values()]
    return {
        "procedure": ["handhygiene", "skap", "en"], "municipality": ["1841", "Beiarn"], "proposal": proposals, "network": ["smittevern"],
        "version": ["1.0"], "from": ["1.0"], "on": ["2026-11-23"], "if-match": tags, "state": ["draft", "approved"], "q": ["skap", "kladd"],
        "form": ["md", "html"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "login"),
    [("sqlite", "ansatt.fauske"), ("sqlite", "beslutter.beiarn"), ("postgresql", "beslutter.beiarn")],
    indirect=["asked"],
)
def test_no_operation_fails_or_tells_what_its_program_may_not_know(asked, operations, login):
    """
    A program is asked for nothing twice by accident: whoever writes one tries everything, and so does whoever breaks in by one.
    """
    known, headers = known_values(asked), {"Authorization": f"Bearer {asked.token(login)}", "host": "localhost"}
    statuses = set()

    def ask(operation):
        @given(case=operation.as_strategy(), data=some.data())
        @settings(
            max_examples=TRIES, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None,
            derandomize=True,
        )  # fmt: skip
        def asking(case, data):
            if data.draw(some.integers(0, 3)):
                for given_ones in (case.path_parameters, case.query, case.headers):
                    for name in given_ones:
                        if name.lower() in known:
                            given_ones[name] = data.draw(some.sampled_from(known[name.lower()]))
            response = case.call(headers=headers)
            case.validate_response(response, checks=CHECKS)
            statuses.add(response.status_code)
            told = response.content.decode("utf-8", "replace")
            sent = repr(case.body) + repr(case.query)
            assert not [one for one in HIDDEN[login] if one in told and one not in sent], operation.label

        asking()

    for one in operations:
        ask(one)

    assert {200, 404, 422} <= statuses
    assert len(operations) > 50


@pytest.mark.parametrize("asked", ["sqlite"], indirect=True)
def test_what_no_program_asks_for_needs_no_token(asked):
    """
    The description holds nothing of the library, and whoever writes a program begins with it.
    """
    described = asked.anybody.get("/openapi.json").json()

    assert described["servers"] == [{"url": WHERE}]
    assert all(
        operation["description"] and operation["security"] and operation["tags"]
        for path in described["paths"].values()
        for operation in path.values()
    )
