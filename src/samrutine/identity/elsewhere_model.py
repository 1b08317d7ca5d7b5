"""
Signing in with another service: what it says of somebody, and who that is here. Values and rules.

Three kinds of services are known. Entra tells which municipality by its tenant and roles by its app roles; Ansattporten tells
for which organisations somebody may act (`authorization_details`, as RFC 9396 names it); any other by claims that the settings
name. Nobody is ever known by an address of e-mail: whoever gives those away could be anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from samrutine.actors import Role, belongs, municipality_body
from samrutine.identity.model import SignedIn
from samrutine.reasons import Because
from samrutine.settings import SignInElsewhere, SignInKind

AWAITED: Final = timedelta(minutes=10)
"""How long somebody may take at the other service."""
LEEWAY: Final = timedelta(seconds=60)
"""What clocks may differ by."""
MOST_BEGUN: Final = 5_000
"""Sign-ins that are awaited at once: whoever begins more is a program, and pushes out its own."""
GIVEN: Final = frozenset({Role.EMPLOYEE, Role.RESPONSIBLE, Role.DECIDER})
"""Roles that another service may give. What concerns a network or the library is given to a person by name."""
ANYBODY: Final = "*"
_ENTRA: Final = ("tid", "oid")
_PARTIES: Final = ("authorized_parties", "reportees")


@dataclass(frozen=True, slots=True)
class Way:
    """A service that one can sign in with, as people see it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class BegunElsewhere:
    """
    A sign-in with another service has begun.

    Attributes:
        address: Where the browser goes.
        token: What this browser holds until it comes back; given this once. Whoever comes back without it is not let in.
    """

    address: str
    token: str


@dataclass(frozen=True, slots=True)
class CameBack:
    """
    Somebody came back from another service.

    Attributes:
        signed_in: None for somebody who was signed in already, and connected the service to who they are here.
        next_page: Where they wanted to go.
    """

    signed_in: SignedIn | None
    next_page: str


@dataclass(frozen=True, slots=True)
class Connected:
    """A service that somebody signs in with; `key` names it."""

    key: str
    name: str
    since: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """
    What a service says of somebody.

    Attributes:
        subject: Who they are there, for ever: a number or letters of no meaning, or a national identity number. Never kept.
        organisations: Which they work for, or may act for, as the service names them.
        roles: What they are there, as the service names it.
        logins: Names that they may sign in by here, the likeliest first.
    """

    subject: str
    name: str
    logins: tuple[str, ...]
    organisations: frozenset[str]
    roles: frozenset[str]


@dataclass(frozen=True)
class NotKnownHere(Because):
    """The service knows them, and here nobody has let them in: it gives no role in any municipality here."""

    about_who = True

    service: str


@dataclass(frozen=True)
class ConnectedToAnother(Because):
    """Somebody else signs in here with that account of the service."""

    settled = True

    service: str


@dataclass(frozen=True)
class NameTakenHere(Because):
    """
    Somebody signs in here by a name that the service gives this person, and nobody knows whether they are the same.

    Whoever it is signs in with the password once, and connects the two.
    """

    about_who = True

    service: str


@dataclass(frozen=True)
class SignInNotCompleted(Because):
    """The sign-in with a service did not come back as it should: too late, in another browser, or not to be trusted."""

    about_who = True

    service: str


@dataclass(frozen=True)
class ServiceSilent(Because):
    """The service does not answer, or not as it should."""

    service: str


class Untrusted(Exception):
    """What came from a service is not to be trusted; `args` say why, in words without anything of the person."""


def told_by(setting: SignInElsewhere, claims: Mapping[str, Any], *, issuer: str, nonce: str, now: datetime) -> Told:
    """
    Give what a service's claims say of somebody.

    Raises:
        Untrusted: They are not as they must be, or do not say who it is.
    """
    wrong = reasons_against_claims(setting, claims, issuer=issuer, nonce=nonce, now=now)
    if wrong:
        raise Untrusted(", ".join(wrong))
    given = " ".join(filter(None, (_text(claims.get("given_name")), _text(claims.get("family_name")))))
    logins = tuple(
        dict.fromkeys(
            one.casefold() for key in ("preferred_username", "upn", "email") if (one := _text(claims.get(key)))
        )
    )
    organisations, roles = _belongs_to(setting, claims)
    return Told(_subject(setting, claims), _text(claims.get("name")) or given, logins, organisations, roles)


def roles_told(setting: SignInElsewhere, told: Told) -> tuple[tuple[Role, str], ...]:
    """Give the roles that the settings give for what a service says, each in its municipality, in a settled order."""
    numbers = {setting.organisations[one] for one in told.organisations if one in setting.organisations}
    named = {setting.roles[one] for one in (*told.roles, ANYBODY) if one in setting.roles}
    given = sorted((role for role in GIVEN if role.value in named), key=lambda role: role.value)
    return tuple(
        (role, body) for number in sorted(numbers) for role in given if belongs(role, body := municipality_body(number))
    )


def reasons_against_claims(
    setting: SignInElsewhere, claims: Mapping[str, Any], *, issuer: str, nonce: str, now: datetime
) -> Sequence[str]:
    """
    Say what of a token's claims is not as it must be: OpenID Connect Core 1.0, § 3.1.3.7. Empty means that all is.

    Its signature is looked at elsewhere.
    """
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    party = claims.get("azp")
    at, leeway = now.timestamp(), LEEWAY.total_seconds()
    expires, begins, issued = (_instant(claims.get(key)) for key in ("exp", "nbf", "iat"))
    checks = (
        ("iss", claims.get("iss") == _issuer_of(setting, issuer, claims)),
        ("aud", setting.client_id in audiences),
        ("azp", party == setting.client_id if party is not None else len(audiences) == 1),
        ("exp", expires is not None and at < expires + leeway),
        ("nbf", claims.get("nbf") is None or (begins is not None and begins - leeway <= at)),
        ("iat", issued is not None and issued - leeway <= at),
        ("nonce", isinstance(claims.get("nonce"), str) and claims.get("nonce") == nonce),
    )
    return [name for name, is_right in checks if not is_right]


def _issuer_of(setting: SignInElsewhere, issuer: str, claims: Mapping[str, Any]) -> str:
    # Entra has one address for all tenants, and says whose token it is by its tenant.
    tenant = _text(claims.get("tid"))
    known = setting.kind is SignInKind.ENTRA and tenant in setting.organisations
    return issuer.replace("{tenantid}", tenant) if known else issuer


def _instant(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _subject(setting: SignInElsewhere, claims: Mapping[str, Any]) -> str:
    names = {SignInKind.ENTRA: _ENTRA, SignInKind.ANSATTPORTEN: ("pid",), SignInKind.GENERIC: ("sub",)}[setting.kind]
    parts = [_text(claims.get(name)) for name in names]
    if not all(parts):
        raise Untrusted(f"no {', '.join(names)}")
    return ":".join(parts)


def _belongs_to(setting: SignInElsewhere, claims: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    match setting.kind:
        case SignInKind.ENTRA:
            return frozenset({_text(claims.get("tid"))}), frozenset(_texts(claims.get("roles")))
        case SignInKind.ANSATTPORTEN:
            return _parties(setting, claims.get("authorization_details"))
        case SignInKind.GENERIC:
            return (
                frozenset(_texts(_at(claims, setting.organisation_claim))),
                frozenset(_texts(_at(claims, setting.roles_claim))),
            )


def _parties(setting: SignInElsewhere, details: object) -> tuple[frozenset[str], frozenset[str]]:
    """Give the organisations that somebody may act for, of the resources that were asked for; and those resources."""
    organisations: set[str] = set()
    resources: set[str] = set()
    for detail in details if isinstance(details, list) else ():
        if not isinstance(detail, dict) or (resource := _text(detail.get("resource"))) not in setting.resources:
            continue
        parties = [one for key in _PARTIES for one in (detail.get(key) or ()) if isinstance(one, dict)]
        found = {number for one in parties if (number := _number_of(one))}
        organisations |= found
        resources |= {resource} if found else set()
    return frozenset(organisations), frozenset(resources)


def _number_of(party: Mapping[str, Any]) -> str:
    """Give the organisation's number, which stands after the register's: `0192:000000019`."""
    number = party.get("orgno")
    said = _text(number.get("ID")) if isinstance(number, dict) else _text(party.get("ID"))
    return said.rpartition(":")[2]


def _at(claims: Mapping[str, Any], path: str) -> object:
    """Give what stands at a place, by the names down to it with a full stop between; a name may hold stops itself."""
    if not path:
        return None
    if path in claims:
        return claims[path]
    first, _, rest = path.partition(".")
    inner = claims.get(first)
    return _at(inner, rest) if isinstance(inner, dict) and rest else None


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    return [_text(one) for one in (value if isinstance(value, list) else [value]) if _text(one)]
