"""
Old Word (doc) in: by LibreOffice where it is installed, else a clear refusal.

LibreOffice runs in the bounds of the process that reads, with a home of its own that is gone afterwards. It insists on one
thing outside of it: a socket in the machine's folder for what does not last, by which a second LibreOffice would find the
first. `outside` says where, so that it may be made, and `clear` takes it away.
"""

import contextlib
import hashlib
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.docx import read_docx
from samrutine.exchange.incoming.draft import Draft
from samrutine.exchange.incoming.kinds import is_old_word
from samrutine.exchange.incoming.model import FileKind, Finding, Limits, NotRead

_SOCKETS: Final = Path("/tmp")  # noqa: S108 - LibreOffice's own choice, and no file of ours is put there
_SETTINGS: Final = (Path("/etc/libreoffice"), Path("/var/spool/libreoffice"))
_BUILD = re.compile(r"^buildid=(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outside:
    """What reading a file needs beside its own folder."""

    programs: tuple[Path, ...] = ()
    sockets: tuple[Path, ...] = ()


def outside(data: bytes) -> Outside:
    """Tell what a file needs outside its own folder: something for old Word where LibreOffice is, else nothing."""
    program = shutil.which("soffice")
    if program is None or not is_old_word(data):
        return Outside()
    return Outside((Path(program).resolve().parents[1], *_SETTINGS), (_SOCKETS,))


def clear(folder: Path) -> None:
    """Take away what LibreOffice made outside the folder; nothing when it was not run."""
    if not _profile(folder).exists():
        return
    for left in made_outside(folder):
        with contextlib.suppress(OSError):
            left.unlink()


def made_outside(folder: Path) -> tuple[Path, ...]:
    """Tell what LibreOffice, run in the folder, has made outside of it and not taken away: a socket, or nothing."""
    # It names the socket by the address of its settings, letter by letter, and leaves out the zeros in front.
    digest = hashlib.md5(_profile(folder).as_uri().encode("utf-16-le"), usedforsecurity=False).digest()
    name = "".join(f"{byte:x}" for byte in digest)
    return tuple(_SOCKETS.glob(f"OSL_PIPE_*SingleOfficeIPC_{name}"))


def read_doc(data: bytes, name: str, limits: Limits, folder: Path) -> Draft:
    """
    Read an old Word document by way of LibreOffice.

    Raises:
        DocumentRefused: LibreOffice is not here, or could not read the file in time.
    """
    program = shutil.which("soffice")
    if program is None:
        raise DocumentRefused(NotRead("needs-libreoffice", name))
    source = folder / "in.doc"
    source.write_bytes(data)
    _pretend_it_was_used(_profile(folder), Path(program))
    profile = _profile(folder).as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", "docx"]
    try:
        subprocess.run(  # noqa: S603 - a program of the machine, no shell, names of our own
            [*command, "--outdir", str(folder), str(source)],
            capture_output=True,
            check=True,
            cwd=folder,
            timeout=limits.seconds,
            env={"HOME": str(folder), "TMPDIR": str(folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        )
        made = (folder / "in.docx").read_bytes()
    except subprocess.TimeoutExpired as error:
        raise DocumentRefused(NotRead("took-too-long", name)) from error
    except (subprocess.CalledProcessError, OSError) as error:
        raise DocumentRefused(NotRead("unreadable", name)) from error
    draft = read_docx(made, FileKind.DOC, name, limits, folder)
    draft.findings.append(Finding("weaker-reading"))
    return draft


def _profile(folder: Path) -> Path:
    return folder / "profile"


def _pretend_it_was_used(profile: Path, program: Path) -> None:
    # On its first start in a home LibreOffice looks for extensions, ends, and starts anew, and then finds a socket that it
    # may not take away. It does not when the home says that this very build was there before.
    with contextlib.suppress(OSError):
        said = _BUILD.search((program.resolve().parent / "versionrc").read_text(encoding="utf-8"))
        place = profile / "user" / "extensions"
        place.mkdir(parents=True)
        (place / "buildid").write_text(said[1].strip() if said else "", encoding="utf-8")
