"""
A home's settings: `samrutine.toml`, overridden by environment variables that begin with SAMRUTINE_.

Nothing that is decided lies here; only where things are and how this machine reaches them.
"""

import json
import re
import stat
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from samrutine.errors import HomeNotFound, InvalidRequest, SettingsUnreadable

SETTINGS_FILE: Final = "samrutine.toml"
DATABASE_FILE: Final = "samrutine.db"


class Checkpointing(BaseModel):
    """How checkpoints are made. Relative paths are from the home."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(
        default="",
        description="The private key that signs checkpoints, made by `ssh-keygen`, outside the home. Empty: none are made.",
    )
    former_key: str = Field(
        default="",
        description=(
            "The key that signed before, while it is changed: it signs the first checkpoint of the new one too. Its public "
            "half is enough where it is lost."
        ),
    )
    timestamp_url: str = Field(
        default="",
        description="Where a time stamping authority (RFC 3161) answers. Empty: checkpoints have no time stamp.",
    )
    timestamp_ca: str = Field(
        default="", description="The file of certificates (PEM) that time stamps are checked against."
    )


class Security(StrEnum):
    """How the way to a mail server is closed to others."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Mail(BaseModel):
    """How letters are sent. Relative paths are from the home."""

    model_config = ConfigDict(extra="forbid")

    server: str = Field(default="", description="The mail server that letters are given to. Empty: none are sent.")
    port: int = Field(default=587, ge=1, le=65535, description="The port where it answers.")
    security: Security = Field(
        default=Security.STARTTLS,
        description=(
            "`starttls`, `tls` from the first byte (port 465), or `none`, for a server on this machine. Where it is asked for "
            "and the server cannot, nothing is sent."
        ),
    )
    user: str = Field(default="", description="The name to sign in there with. Empty: without signing in.")
    password_file: str = Field(
        default="",
        description=(
            "The file that holds the password, outside the home, readable by nobody else. Or set the password in the "
            "environment, as `SAMRUTINE_MAIL_PASSWORD`."
        ),
    )
    sender: str = Field(
        default="",
        description="Whom letters are from: `rutiner@kommune.example`. A letter that cannot be delivered comes there.",
    )
    reply_to: str = Field(default="", description="Where an answer to a letter goes. Empty: to the sender.")


class SignInKind(StrEnum):
    """What kind of service people sign in with: what its claims are called."""

    ENTRA = "entra"
    ANSATTPORTEN = "ansattporten"
    GENERIC = "generic"


class SignInElsewhere(BaseModel):
    """A service that people sign in with, by OpenID Connect. Relative paths are from the home."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(
        pattern=r"^[a-z0-9-]{1,30}$", description="What the service is called in addresses here; never changed."
    )
    name: str = Field(min_length=1, max_length=60, description="What people call it: «Fauske kommune».")
    issuer: str = Field(
        description="Its address; what it says of itself lies below it, at `.well-known/openid-configuration`."
    )
    client_id: str = Field(min_length=1, description="What it calls this library.")
    secret_file: str = Field(
        default="", description="The file that holds the secret it gave, outside the home. Empty: none."
    )
    kind: SignInKind = Field(default=SignInKind.GENERIC, description="`entra`, `ansattporten` or `generic`.")
    scopes: str = Field(default="openid profile email", description="What is asked for.")
    organisations: dict[str, str] = Field(
        default_factory=dict,
        description=(
            "Which municipality here each organisation there is: by tenant id, organisation number, or what "
            "`organisation_claim` holds."
        ),
    )
    roles: dict[str, str] = Field(
        default_factory=dict,
        description=(
            "Which role here each role there is: `employee`, `responsible` or `decider`. `*` is anybody of the organisation."
        ),
    )
    let_in_by: str = Field(
        default="",
        description=(
            "In whose name those who are new are let in, and roles given and taken back: the editor, or a municipality's "
            "responsible. Empty: nobody is let in, and those who are here connect the service themselves."
        ),
    )
    organisation_claim: str = Field(
        default="", description="Of a `generic` service: the claim that names the organisation."
    )
    roles_claim: str = Field(default="", description="Of a `generic` service: the claim that names roles.")
    resources: list[str] = Field(
        default_factory=list, description="Of Ansattporten: the resources of Altinn that are asked for."
    )


class Settings(BaseSettings):
    """What an operator may set."""

    model_config = SettingsConfigDict(env_prefix="SAMRUTINE_", extra="forbid")

    database_url: str = Field(
        default="",
        description="PostgreSQL as `postgresql+psycopg://user@host/name`; empty for SQLite in the home.",
    )
    address: str = Field(
        default="",
        description=(
            "Where this library's pages stand, as `https://rutiner.example`. Printed on every document, and in its QR code. "
            "Empty when readers cannot reach it: then documents say whom to ask."
        ),
    )

    accessibility_statement: str = Field(
        default="",
        description=(
            "Where the accessibility statement (tilgjengelighetserklæring) of these pages lies, as the body that answers for them "
            "made it at uustatus.no. Linked to from the foot of every page."
        ),
    )

    least_free_mb: int = Field(
        default=100, ge=0,
        description=(
            "Megabytes that stay free on the disk of the home: with less, nothing is decided, and people read on. 0 asks for "
            "nothing."
        ),
    )  # fmt: skip
    clock_wrong_until: int = Field(
        default=0, ge=0,
        description=(
            "The newest decision that was dated by a clock which was ahead. Up to it, times are not held against the clock."
        ),
    )  # fmt: skip

    checkpoints: Checkpointing = Field(
        default_factory=Checkpointing,
        description="How checkpoints of the register are signed: a table, `[checkpoints]`.",
    )
    mail: Mail = Field(default_factory=Mail, description="How letters are sent by e-mail: a table, `[mail]`.")
    sign_in: list[SignInElsewhere] = Field(
        default_factory=list,
        description="Services that people sign in with, beside name and password: a table each, `[[sign_in]]`.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment first, then the file."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


def read_settings(home: Path) -> Settings:
    """
    Read a home's settings.

    Raises:
        HomeNotFound: The folder holds no `samrutine.toml`. `samrutine init` makes one.
        SettingsUnreadable: The file is no TOML; the message names the line.
        InvalidRequest: It holds a key we do not know; the message names it.
    """
    path = home / SETTINGS_FILE
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise HomeNotFound(home=home) from None
    except UnicodeDecodeError as error:
        raise SettingsUnreadable(file=SETTINGS_FILE, line=error.object.count(b"\n", 0, error.start) + 1) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsUnreadable(file=SETTINGS_FILE, line=_line_of(error, path)) from error
    unknown = sorted(set(written) - set(Settings.model_fields))
    if unknown:
        raise InvalidRequest(what=SETTINGS_FILE, value=", ".join(unknown), expected=", ".join(Settings.model_fields))
    try:
        return Settings(**written)
    except ValidationError as error:
        faults = error.errors()
        wrong = ", ".join(".".join(map(str, part["loc"])) for part in faults)
        # A key that is misspelt inside a table looks to pydantic like a value of the wrong kind.
        misspelt = any(part["type"] == "extra_forbidden" for part in faults)
        raise InvalidRequest(
            what=SETTINGS_FILE, value=wrong, expected=_known(faults) if misspelt else "text"
        ) from error


def _line_of(error: tomllib.TOMLDecodeError, path: Path) -> int:
    """Give the line of a mistake. Python says it in English words only; and of a file that ends too soon, that it does."""
    told = re.search(r"\(at line (\d+),", str(error))
    return int(told[1]) if told else len(path.read_text(encoding="utf-8").splitlines())


def _known(faults: Iterable[Mapping[str, Any]]) -> str:
    """Give the keys that may stand in the tables where an unknown one stands."""
    tables = {str(part["loc"][0]) for part in faults if part["type"] == "extra_forbidden"}
    kinds: dict[str, type[BaseModel]] = {"checkpoints": Checkpointing, "mail": Mail, "sign_in": SignInElsewhere}
    return ", ".join(f"{table}.{key}" for table in sorted(tables) for key in kinds[table].model_fields)


def read_secret(home: Path, file: str) -> str:
    """
    Give what a file holds that only whoever runs the machine may read.

    Args:
        file: Where it lies; from the home when it is no whole path.

    Raises:
        ValueError: "missing", "in_home" (a backup would take it along) or "open" (others may read it).
    """
    path = home / file
    try:
        found = path.stat()
    except OSError:
        raise ValueError("missing") from None
    if path.resolve().is_relative_to(home.resolve()):
        raise ValueError("in_home")
    if not stat.S_ISREG(found.st_mode) or found.st_mode & 0o077:
        raise ValueError("open")
    return path.read_text(encoding="utf-8").strip()


def database_url(home: Path, settings: Settings) -> str:
    """Give the database's URL: the one set, or SQLite in the home."""
    return settings.database_url or f"sqlite:///{home / DATABASE_FILE}"


def require_not_overruled(settings: Settings, url: str) -> None:
    """
    Refuse to go on where the environment names another database than was asked for.

    Raises:
        InvalidRequest: It does.
    """
    if settings.database_url != url:
        raise InvalidRequest(what="SAMRUTINE_DATABASE_URL", value="…", expected="--database-url")


def as_toml(value: object) -> str:
    """Write a setting's value as TOML, which JSON is but for a table of settings."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {as_toml(one)}" for name, one in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
