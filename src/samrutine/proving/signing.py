"""
Sign with a key of OpenSSH, and check a signature: `ssh-keygen -Y`, which is wherever git is.

The key lies outside the home and outside every backup of it, readable by nobody but the user who signs: a key beside
what it vouches for vouches for nothing.
"""

import os
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from samrutine.errors import KeyUnusable, ToolMissing

NAMESPACE: Final = "samrutine-checkpoint"
"""What a signature is for: one made for git or for mail is none of ours, and ours is none of theirs."""

IDENTITY: Final = "samrutine"
SECONDS: Final = 30


@dataclass(frozen=True)
class Signer:
    """
    The key that checkpoints are signed with.

    Attributes:
        key: The private key's file. Beside it, with `.pub`, is the public one.
        home: The library's home, where the key must not lie.
    """

    key: Path
    home: Path

    def require_usable(self) -> None:
        """
        Look at how the key lies before it is used.

        Raises:
            KeyUnusable: It is not there, lies in the home, others may read it, or it has no public half beside it.
        """
        try:
            found = self.key.stat()
        except OSError:
            raise KeyUnusable(key=self.key, why="missing") from None
        if self.key.resolve().is_relative_to(self.home.resolve()):
            raise KeyUnusable(key=self.key, why="in_home")
        if not stat.S_ISREG(found.st_mode) or found.st_mode & 0o077:
            raise KeyUnusable(key=self.key, why="open")
        if not self._public.is_file():
            raise KeyUnusable(key=self._public, why="missing")

    @property
    def _public(self) -> Path:
        return self.key.with_name(f"{self.key.name}.pub")

    @cached_property
    def public(self) -> str:
        """The public key: its type and itself."""
        try:
            return " ".join(self._public.read_text(encoding="ascii").split()[:2])
        except (OSError, ValueError):
            raise KeyUnusable(key=self._public, why="missing") from None

    @property
    def allowed_signers(self) -> bytes:
        """The public key as `ssh-keygen -Y verify` reads it: whoever trusts us keeps this line."""
        return allowed(self.public)

    def sign(self, content: bytes) -> bytes:
        """
        Give the signature of some bytes.

        Raises:
            KeyUnusable: ssh-keygen will not sign with it: it asks for a passphrase, or is no key.
            ToolMissing: There is no ssh-keygen.
        """
        outcome = _run(["-Y", "sign", "-q", "-n", NAMESPACE, "-f", str(self.key)], content)
        if outcome.returncode or not outcome.stdout.startswith(b"-----BEGIN SSH SIGNATURE-----"):
            raise KeyUnusable(key=self.key, why="refused")
        return outcome.stdout


def allowed(public: str) -> bytes:
    """Give the line by which `ssh-keygen -Y verify` trusts a public key for checkpoints, and for nothing else."""
    return f'{IDENTITY} namespaces="{NAMESPACE}" {public}\n'.encode()


def is_signed(content: bytes, signature: bytes, allowed_signers: bytes) -> bool:
    """
    Whether one of these signers signed just these bytes.

    Raises:
        ToolMissing: There is no ssh-keygen.
    """
    with tempfile.TemporaryDirectory() as folder:
        signers, signed = Path(folder, "signers"), Path(folder, "signature")
        signers.write_bytes(allowed_signers)
        signed.write_bytes(signature)
        asked = ["-Y", "verify", "-q", "-f", str(signers), "-I", IDENTITY, "-n", NAMESPACE, "-s", str(signed)]
        return _run(asked, content).returncode == 0


def _run(arguments: list[str], given: bytes) -> "subprocess.CompletedProcess[bytes]":
    # Nobody answers for a passphrase here: without a terminal and without a helper ssh-keygen says no instead of waiting.
    environment = {**os.environ, "SSH_ASKPASS_REQUIRE": "force", "SSH_ASKPASS": "/bin/false", "LC_ALL": "C"}
    environment.pop("SSH_AUTH_SOCK", None)
    try:
        return subprocess.run(  # noqa: S603  arguments are ours and paths of our own; what is signed goes in by the stream
            ["ssh-keygen", *arguments],  # noqa: S607  found where the system keeps it
            input=given, capture_output=True, check=False, env=environment, timeout=SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(arguments, 1, b"", b"")
    except OSError as error:
        raise ToolMissing(tool="ssh-keygen", package="openssh-client") from error
