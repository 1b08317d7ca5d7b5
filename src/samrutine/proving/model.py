"""
What a proof is made of: its files by name, and the seal by which one changed byte is noticed.

A proof is checked by `check_proof.py`, which lies in it and knows nothing of samrutine. The names here are those it
reads.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

FORM: Final = 1
CLAIM: Final = "proof.json"
CHECKER: Final = "check_proof.py"
README: Final = "LES-MEG.txt"
TEXT: Final = "text.md"
COMMIT: Final = "register/commit"
CHECKPOINT: Final = "checkpoint.json"
SIGNATURE: Final = "checkpoint.sig"
TIMESTAMP: Final = "checkpoint.tsr"

_ZIP_TIME: Final = (2000, 1, 1, 0, 0, 0)


class Question(NamedTuple):
    """What is to be proven: what applied of one routine in one municipality on a day, as known at an instant."""

    procedure: str
    municipality: str
    on: date
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """
    A proof, whole.

    Attributes:
        files: Every file by its name, `/` between folders.
        commit: The commit of the branch `register` that it is a proof from.
        in_force: The version that applied, or None when none did.
        left_out: Digests of words that the reader may not see, or that were redacted: proven to have stood, not shown.
        checkpointed: Whether a signed checkpoint names the commit, and lies in the proof.
        later: How many decisions in it about the routine came after the instant as known at which it answers.
    """

    question: Question
    files: Mapping[str, bytes]
    commit: str
    in_force: str | None
    left_out: tuple[str, ...]
    checkpointed: bool
    later: int

    def zipped(self) -> bytes:
        """Give all files as one ZIP file. The same proof gives the same bytes, with the same release of zlib."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in sorted(self.files.items()):
                about = zipfile.ZipInfo(name, _ZIP_TIME)
                about.external_attr = 0o644 << 16
                archive.writestr(about, content, zipfile.ZIP_DEFLATED)
        return packed.getvalue()


def sealed(question: Question, commit: str, left_out: Collection[str], files: Mapping[str, bytes]) -> bytes:
    """
    Write `proof.json`: what is asked, every file's SHA-256, and a seal over all of it.

    The seal lets nobody trust it: whoever changes a file can seal anew. It is for the one changed byte, and what a reader
    trusts is the commit, which they know from elsewhere.
    """
    known_at = question.known_at.astimezone(UTC).isoformat(timespec="microseconds") if question.known_at else None
    claim = {
        "form": FORM, "product": "samrutine", "procedure": question.procedure, "municipality": question.municipality,
        "on": question.on.isoformat(), "known_at": known_at, "commit": commit, "withheld": sorted(left_out),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}, "seal": "",
    }  # fmt: skip
    unsealed = json.dumps(claim, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    seal = hashlib.sha256(unsealed.encode()).hexdigest()
    return unsealed.replace('"seal": ""', f'"seal": "{seal}"').encode()
