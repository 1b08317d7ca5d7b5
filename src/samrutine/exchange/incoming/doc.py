"""Old Word (doc) in: by LibreOffice where it is installed, else a clear refusal."""

import shutil
import subprocess
from pathlib import Path

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.docx import read_docx
from samrutine.exchange.incoming.draft import Draft
from samrutine.exchange.incoming.model import FileKind, Finding, Limits, NotRead


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
    profile = (folder / "profile").as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", "docx"]
    try:
        subprocess.run(  # noqa: S603 - a program of the machine, no shell, names of our own
            [*command, "--outdir", str(folder), str(source)],
            capture_output=True,
            check=True,
            timeout=limits.seconds,
            env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        )
        made = (folder / "in.docx").read_bytes()
    except subprocess.TimeoutExpired as error:
        raise DocumentRefused(NotRead("took-too-long", name)) from error
    except (subprocess.CalledProcessError, OSError) as error:
        raise DocumentRefused(NotRead("unreadable", name)) from error
    draft = read_docx(made, FileKind.DOC, name, limits, folder)
    draft.findings.append(Finding("weaker-reading"))
    return draft
