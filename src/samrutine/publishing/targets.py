"""
Where a municipality may have its documents published: the rules for a target's name and its place.

Pure but for `real_place`, which asks the disk where a path leads.
"""

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from samrutine.errors import InvalidRequest
from samrutine.procedures.personal_data import PersonalData, personal_data
from samrutine.reasons import Because

LONGEST_NAME: Final = 40
LONGEST_LOCATION: Final = 1_000
PUBLISHED: Final = "publisert"
"""The one folder of a home in which targets may lie. The demo publishes there."""

# \w is a letter of any alphabet, a digit or "_": æøå and the letters of the Sami languages are among them.
_NAME: Final = re.compile(r"[^\W_](?:[\w -]{0,38}[\w-])?")


@dataclass(frozen=True)
class PrivateTargetName(Because):
    """The name of a target looks like a person's number or phone; it stands in every answer about the target."""


@dataclass(frozen=True)
class PlaceIsTheLibrarys(Because):
    """The place is the home, lies inside it, or holds it. `folder` is where inside the home it may lie."""

    folder: str


@dataclass(frozen=True)
class PlaceTaken(Because):
    """Another target publishes to the same place; each would take the other's files for a stranger's."""


def target_name(value: str) -> str:
    """
    Give a target's name as it is kept, in NFC.

    Raises:
        InvalidRequest: It is empty, over 40 characters, or holds other than letters, digits, spaces, "-" and "_".
    """
    name = unicodedata.normalize("NFC", value)
    if _NAME.fullmatch(name) is None:
        raise InvalidRequest(
            what="name", value=ascii(value[:LONGEST_NAME])[1:-1], expected=f"a–å 0–9 - _, 1–{LONGEST_NAME}"
        )
    return name


def target_location(value: str) -> str:
    """
    Give a target's location as it is kept: absolute, without "..", doubled slashes and a slash at the end.

    Raises:
        InvalidRequest: It is not absolute, is over 1,000 characters, or holds what cannot be printed.
    """
    if not value.isprintable() or len(value) > LONGEST_LOCATION or not value.startswith("/"):
        raise InvalidRequest(
            what="location", value=ascii(value[:LONGEST_NAME])[1:-1], expected=f"/…, 1–{LONGEST_LOCATION}"
        )
    return "/" + os.path.normpath(value).lstrip("/")


def real_place(location: str) -> Path:
    """Follow the links of a path to where it leads now. What does not exist yet leads to itself."""
    return Path(os.path.realpath(location))


def reasons_against_name(name: str) -> list[Because]:
    """Say why a target may not be called this; empty means it may."""
    # The telephone of a service is a strange name, and harms nobody.
    private = any(found.what is not PersonalData.SERVICE_PHONE for found in personal_data(name))
    return [PrivateTargetName()] if private else []


def reasons_against_place(place: Path, home: Path) -> list[Because]:
    """
    Say why nothing may be published to a place; empty means it may.

    Whoever may set a target must not be able to write among the library's own files, nor to send the whole home to
    a share by choosing the folder above it.

    Args:
        place: Where the location really leads; see `real_place`.
        home: Where the home really is.
    """
    if home / PUBLISHED in place.parents:
        return []
    if place == home or home in place.parents or place in home.parents:
        return [PlaceIsTheLibrarys(PUBLISHED)]
    return []
