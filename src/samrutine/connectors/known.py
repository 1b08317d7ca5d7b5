"""
The destinations there are, by the name that a target has.

Each is imported when first used: a search from the shell needs neither a typesetter nor a ZIP file.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from samrutine.publishing.connector import Connector


def _folder(location: str) -> "Connector":
    from samrutine.connectors.folder import Folder

    return Folder(Path(location))


def _package(location: str) -> "Connector":
    from samrutine.connectors.package import Package

    return Package(Path(location))


CONNECTORS: "Final[Mapping[str, Callable[[str], Connector]]]" = {"folder": _folder, "package": _package}
