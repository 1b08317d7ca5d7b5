"""Where a backup and a home may lie: neither in the other, and neither in somebody's home, which may be lost as a whole."""

from dataclasses import dataclass
from pathlib import Path

from samrutine.errors import Refused
from samrutine.reasons import Because
from samrutine.settings import SETTINGS_FILE


@dataclass(frozen=True)
class BackupInHome(Because):
    """The backup would lie in a home, and is to outlive it."""


@dataclass(frozen=True)
class HomeInBackup(Because):
    """The home would lie among the backups: whoever copies or clears them away takes it along."""


@dataclass(frozen=True)
class HomeInHome(Because):
    """The home would lie in another home, among files that are that library's."""


def require_apart(folder: Path, home: Path) -> None:
    """
    Refuse a folder for backups and a home of which one lies in the other.

    Raises:
        Refused: One does, or the folder lies in some other home.
    """
    place, ours = folder.resolve(), home.resolve()
    if ours in (place, *place.parents) or _is_in_home(place):
        raise Refused([BackupInHome()])
    if place in ours.parents:
        raise Refused([HomeInBackup()])


def require_in_no_home(home: Path) -> None:
    """
    Refuse a place for a home that is inside another.

    Raises:
        Refused: It is.
    """
    if _is_in_home(home.resolve().parent):
        raise Refused([HomeInHome()])


def _is_in_home(place: Path) -> bool:
    return any((one / SETTINGS_FILE).is_file() for one in (place, *place.parents))
