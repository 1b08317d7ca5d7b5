"""
Seal what must be read again and must not be read in a database, or in a copy of one.

The key lies in a file of its own beside the database, made when it is first needed, and no backup has it: whoever has a
backup alone has nothing.
"""

import base64
import fcntl
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from samrutine.errors import StoreUnavailable
from samrutine.storage.durable import sync_folder

KEY_FILE: Final = "second-step.key"
"""Its name in the home."""
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class Sealing:
    """Seals with the key of a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def sealed(self, text: str, whose: str) -> str:
        """
        Seal a text so that it is opened for the same person only.

        Raises:
            StoreUnavailable: The key cannot be read, or made.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE_BYTES)
        data = nonce + AESGCM(self._made_key()).encrypt(nonce, text.encode(), whose.encode())
        return base64.urlsafe_b64encode(data).decode()

    def opened(self, sealed: str, whose: str) -> str | None:
        """Give a text that was sealed; None where the key is gone, or is another than it was sealed with."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            key, data = self._path.read_bytes(), base64.urlsafe_b64decode(sealed)
        except (OSError, ValueError):
            return None
        if len(key) != _KEY_BYTES or len(data) <= _NONCE_BYTES:
            return None
        try:
            return AESGCM(key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], whose.encode()).decode()
        except InvalidTag:
            return None

    def keyed(self, text: str) -> str:
        """
        Give a hash of a text that nobody can guess their way to without the key; the same for the same text.

        Raises:
            StoreUnavailable: The key cannot be read, or made.
        """
        return hmac.new(self._made_key(), b"keyed\0" + text.encode(), hashlib.sha256).hexdigest()

    def _made_key(self) -> bytes:
        """Give the key; the first who needs it makes it, and others wait meanwhile."""
        try:
            with os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                if len(key := file.read()) == _KEY_BYTES:
                    return key
                # Nothing is sealed before the whole key lies on the disk, so what a killed one left is of no use to anybody.
                key = secrets.token_bytes(_KEY_BYTES)
                file.seek(0)
                file.truncate()
                file.write(key)
                file.flush()
                os.fsync(file.fileno())
            sync_folder(self._path.parent)
        except OSError as error:
            raise StoreUnavailable(store=str(self._path), detail=error.strerror or type(error).__name__) from error
        return key
