"""What another service says of somebody, and which roles that is here: rules of values alone."""

from datetime import timedelta

import pytest

from samrutine.actors import Role
from samrutine.identity.elsewhere_model import Untrusted, reasons_against_claims, roles_told, told_by
from samrutine.settings import SignInElsewhere
from tests.support.clock import NOW

ISSUER = "https://innlogging.example"
TENANT, OTHER_TENANT = "7f3c0000-0000-0000-0000-000000000001", "7f3c0000-0000-0000-0000-000000000002"
FAUSKE = "municipality:1841"


def setting(**given):
    """A service of the settings."""
    values = {"key": "fauske", "name": "Fauske", "issuer": ISSUER, "client_id": "samrutine"} | given
    return SignInElsewhere(**values)


ENTRA = setting(
    kind="entra",
    organisations={TENANT: "1841"},
    roles={"Samrutine.Ansatt": "employee", "Samrutine.Ansvarlig": "responsible"},
)
ANSATTPORTEN = setting(
    kind="ansattporten", organisations={"000000019": "1841"}, roles={"rutiner-les": "employee", "rutiner-ansvar": "responsible"},
    resources=["rutiner-les", "rutiner-ansvar"],
)  # fmt: skip
GENERIC = setting(
    organisations={"fauske": "1841", "boe": "1840"}, roles={"*": "employee", "leder": "decider"}, organisation_claim="org.name",
    roles_claim="https://rutiner.example/roller",
)  # fmt: skip


def claims(**given):
    """Claims as they must be, with some that are otherwise; "–" takes one away."""
    at = int(NOW.timestamp())
    said = {
        "iss": ISSUER,
        "sub": "9c1f",
        "aud": "samrutine",
        "exp": at + 300,
        "iat": at,
        "nonce": "n",
        "name": "Kari Prøve",
    } | given
    return {name: value for name, value in said.items() if value != "–"}


def told(service, **given):
    """What a service says."""
    return told_by(service, claims(**given), issuer=ISSUER, nonce="n", now=NOW)


def wrong(**given):
    """Which claims are not as they must be."""
    return reasons_against_claims(setting(), claims(**given), issuer=ISSUER, nonce="n", now=NOW)


class TestClaims:
    AT = int(NOW.timestamp())

    @pytest.mark.parametrize(
        ("given", "against"),
        [
            ({}, []),
            ({"iss": "https://annen.example"}, ["iss"]),
            ({"iss": "–"}, ["iss"]),
            ({"iss": ISSUER + "/"}, ["iss"]),
            ({"aud": "annen"}, ["aud"]),
            ({"aud": "–"}, ["aud", "azp"]),
            ({"aud": ["samrutine"]}, []),
            ({"aud": ["samrutine", "annen"]}, ["azp"]),
            ({"aud": ["samrutine", "annen"], "azp": "samrutine"}, []),
            ({"aud": ["samrutine", "annen"], "azp": "annen"}, ["azp"]),
            ({"azp": "annen"}, ["azp"]),
            ({"exp": AT - 59}, []),
            ({"exp": AT - 60}, ["exp"]),
            ({"exp": "–"}, ["exp"]),
            ({"exp": "i morgen"}, ["exp"]),
            ({"exp": True}, ["exp"]),
            ({"nbf": AT + 60}, []),
            ({"nbf": AT + 61}, ["nbf"]),
            ({"nbf": "nå"}, ["nbf"]),
            ({"iat": AT + 61}, ["iat"]),
            ({"iat": "–"}, ["iat"]),
            ({"nonce": "annen"}, ["nonce"]),
            ({"nonce": "–"}, ["nonce"]),
        ],
    )
    def test_each_must_be_as_it_must(self, given, against):
        """
        A token of another service, another program, another day or another sign-in is none of ours.
        """
        assert wrong(**given) == against

    def test_a_service_for_all_tenants_is_believed_of_those_that_are_known(self):
        """
        Entra signs for every tenant there is with the same keys.
        """
        common = "https://login.example/{tenantid}/v2.0"
        for tenant, against in ((TENANT, []), (OTHER_TENANT, ["iss"])):
            said = claims(iss=common.replace("{tenantid}", tenant), tid=tenant, oid="1")

            assert reasons_against_claims(ENTRA, said, issuer=common, nonce="n", now=NOW) == against

    def test_what_is_not_to_be_trusted_is_nobodys(self):
        with pytest.raises(Untrusted, match="exp"):
            told(GENERIC, exp=int((NOW - timedelta(days=1)).timestamp()))


class TestWho:
    @pytest.mark.parametrize(
        ("service", "given", "subject"),
        [
            (GENERIC, {}, "9c1f"), (ENTRA, {"tid": TENANT, "oid": "a1"}, f"{TENANT}:a1"), (ANSATTPORTEN, {"pid": "x"}, "x"),
        ],
    )  # fmt: skip
    def test_is_known_by_what_never_changes(self, service, given, subject):
        """
        An address of e-mail is given to the next one who has that name.
        """
        assert told(service, **given).subject == subject

    @pytest.mark.parametrize(
        ("service", "given"),
        [
            (GENERIC, {"sub": "–"}),
            (GENERIC, {"sub": 7}),
            (ENTRA, {"tid": TENANT}),
            (ENTRA, {"oid": "a1"}),
            (ANSATTPORTEN, {}),
        ],
    )
    def test_is_nobody_without_it(self, service, given):
        with pytest.raises(Untrusted):
            told(service, **given)

    def test_has_the_name_and_the_sign_in_names_that_the_service_says(self):
        said = told(
            GENERIC,
            name="–",
            given_name="Kari",
            family_name="Prøve",
            preferred_username="Kari@Fauske.example",
            email="k@f.example",
        )

        assert (said.name, said.logins) == ("Kari Prøve", ("kari@fauske.example", "k@f.example"))


def party(number="000000019"):
    """An organisation, as Ansattporten names it."""
    return {"orgno": {"authority": "iso6523-actorid-upis", "ID": f"0192:{number}"}, "name": "Fauske kommune"}


class TestRoles:
    @pytest.mark.parametrize(
        ("service", "given", "roles"),
        [
            (GENERIC, {"org": {"name": "fauske"}}, [(Role.EMPLOYEE, FAUSKE)]),
            (GENERIC, {"org": {"name": "fauske"}, "https://rutiner.example/roller": ["leder", "annet"]},
             [(Role.DECIDER, FAUSKE), (Role.EMPLOYEE, FAUSKE)]),
            (GENERIC, {"org": {"name": ["fauske", "boe"]}}, [(Role.EMPLOYEE, "municipality:1840"), (Role.EMPLOYEE, FAUSKE)]),
            (GENERIC, {"org": {"name": "oslo"}}, []),
            (GENERIC, {"org": "fauske"}, []),
            (GENERIC, {}, []),
            (ENTRA, {"tid": TENANT, "oid": "1", "roles": ["Samrutine.Ansatt"]}, [(Role.EMPLOYEE, FAUSKE)]),
            (ENTRA, {"tid": TENANT, "oid": "1"}, []),
            (ENTRA, {"tid": OTHER_TENANT, "oid": "1", "roles": ["Samrutine.Ansatt"]}, []),
            (ANSATTPORTEN, {"pid": "x", "authorization_details": [{"resource": "rutiner-les", "authorized_parties": [party()]}]},
             [(Role.EMPLOYEE, FAUSKE)]),
            (ANSATTPORTEN, {"pid": "x", "authorization_details": [{"resource": "rutiner-ansvar", "reportees": [{"ID": "0192:000000019"}]}]},
             [(Role.RESPONSIBLE, FAUSKE)]),
            (ANSATTPORTEN, {"pid": "x", "authorization_details": [{"resource": "skatt", "authorized_parties": [party()]}]}, []),
            (ANSATTPORTEN, {"pid": "x", "authorization_details": [{"resource": "rutiner-les", "authorized_parties": [party("999")]}]}, []),
            (ANSATTPORTEN, {"pid": "x", "authorization_details": "rutiner-les"}, []),
            (ANSATTPORTEN, {"pid": "x", "authorization_details": [7, {"resource": "rutiner-les", "authorized_parties": [7]}]}, []),
        ],
    )  # fmt: skip
    def test_are_those_that_the_settings_give_for_what_the_service_says(self, service, given, roles):
        """
        Who works elsewhere, or is something else, is nobody here.
        """
        assert list(roles_told(service, told(service, **given))) == roles

    def test_of_the_library_and_of_networks_are_given_by_no_service(self):
        """
        Whoever runs a directory in one municipality must not become the editor of nine.
        """
        service = setting(
            organisations={"f": "1841"},
            roles={"*": "editor", "leder": "member"},
            organisation_claim="o",
            roles_claim="r",
        )

        assert roles_told(service, told(service, o="f", r="leder")) == ()
