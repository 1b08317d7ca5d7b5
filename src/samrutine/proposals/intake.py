"""Bring in a folder of Markdown files as drafts: each on its own, so that one bad file stops no other."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from samrutine.errors import InvalidRequest, SamrutineError, StoreUnavailable
from samrutine.procedures.bounds import LARGEST
from samrutine.proposals.drafting import Proposed


@dataclass(frozen=True, slots=True)
class FileBrought:
    """What became of one file: a draft, a version that it is already, or the error that kept it out."""

    file: str
    proposed: Proposed | None
    error: SamrutineError | None


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a folder."""

    files: tuple[FileBrought, ...]

    @property
    def drafts(self) -> tuple[FileBrought, ...]:
        """The files that are drafts now."""
        return tuple(one for one in self.files if one.proposed is not None and one.proposed.version is None)

    @property
    def approved(self) -> tuple[FileBrought, ...]:
        """The files whose text is the newest version of its routine already; there is nothing to do about them."""
        return tuple(one for one in self.files if one.proposed is not None and one.proposed.version is not None)

    @property
    def refused(self) -> tuple[FileBrought, ...]:
        """The files that were kept out, with the error of each."""
        return tuple(one for one in self.files if one.error is not None)


def import_folder(
    folder: Path, propose: Callable[[bytes, str], Proposed], *, on_file: Callable[[str], None] | None = None
) -> Imported:
    """
    Propose every `.md` file below a folder, in the order of their names. Hidden files and links are left alone.

    A second call gives the same drafts, unchanged; of what was approved meanwhile it gives the version.

    Args:
        propose: Keeps one text, given its bytes and its name, as a draft.
        on_file: Told each name as it is begun.

    Raises:
        InvalidRequest: There is no such folder.
        StoreUnavailable: The library itself cannot be written; the rest is not tried. Call again: what came in is in.
    """
    if not folder.is_dir():
        raise InvalidRequest(what="folder", value=folder, expected="a folder")
    found = []
    for path in sorted(folder.rglob("*.md")):
        name = path.relative_to(folder).as_posix()
        if (
            path.is_symlink()
            or not path.is_file()
            or any(part.startswith(".") for part in path.relative_to(folder).parts)
        ):
            continue
        if on_file is not None:
            on_file(name)
        try:
            with path.open("rb") as handle:
                data = handle.read(LARGEST + 1)
            found.append(FileBrought(name, propose(data, name), None))
        except StoreUnavailable:
            raise
        except SamrutineError as error:
            found.append(FileBrought(name, None, error))
        except OSError as error:
            reason = InvalidRequest(
                what=name, value=error.strerror or type(error).__name__, expected="a file that can be read"
            )
            found.append(FileBrought(name, None, reason))
    return Imported(tuple(found))
