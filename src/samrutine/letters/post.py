"""Give a message to the mail server, and say in one word why it was not taken."""

import asyncio
import os
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from samrutine.letters.errors import MailNotSet, MailPasswordUnusable
from samrutine.settings import Mail, Security, read_secret

PASSWORD: Final = "SAMRUTINE_MAIL_PASSWORD"  # noqa: S105 - where it is, not what it is
_SECONDS: Final = 20
_WHOLE_SECONDS: Final = 60
_FOR_GOOD: Final = 500


@dataclass
class NotTaken(Exception):
    """
    The server did not take it.

    Attributes:
        fault: One word: unreachable, too-slow, sign-in, not-secure, refused-now or refused.
        is_final: It will not take it another time either.
        stops: It would take no other one now.
    """

    fault: str
    is_final: bool = False
    stops: bool = False


class Post:
    """The mail server of a home."""

    def __init__(self, mail: Mail, home: Path, *, seconds: float = _SECONDS) -> None:
        self._mail = mail
        self._home = home
        self._seconds = seconds

    @property
    def is_set(self) -> bool:
        """Whether there is a server to give letters to."""
        return bool(self._mail.server and self._mail.sender)

    @property
    def sender(self) -> str:
        """Whom letters are from."""
        return self._mail.sender

    @property
    def reply_to(self) -> str:
        """Where answers go; empty for the sender."""
        return self._mail.reply_to

    def require_set(self, address: str) -> None:
        """
        Refuse to send where nobody has said by what server, from whom, or where the links lead.

        Raises:
            MailNotSet: Something is missing; the message names it.
            MailPasswordUnusable: The file of the password is not as it should be.
        """
        needed = {"mail.server": self._mail.server, "mail.sender": self._mail.sender, "address": address}
        missing = [name for name, value in needed.items() if not value]
        if missing:
            raise MailNotSet(missing=", ".join(missing))
        self._password()

    def send(self, message: EmailMessage, to: str) -> None:
        """
        Send a message; returns when the server has taken it.

        Raises:
            NotTaken: It did not, or it is not known whether it did.
        """
        asyncio.run(self._send(message, to))

    async def _send(self, message: EmailMessage, to: str) -> None:
        # Imported here: the start of every command waits for what is imported above.
        import aiosmtplib

        mail = self._mail
        try:
            await asyncio.wait_for(
                aiosmtplib.send(
                    message, sender=mail.sender, recipients=[to], hostname=mail.server, port=mail.port,
                    username=mail.user or None, password=self._password() if mail.user else None, timeout=self._seconds,
                    use_tls=mail.security is Security.TLS, start_tls=mail.security is Security.STARTTLS,
                ), _WHOLE_SECONDS,
            )  # fmt: skip
        except aiosmtplib.SMTPAuthenticationError as error:
            raise NotTaken("sign-in", stops=True) from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _answered(error.recipients[0].code) from error
        except aiosmtplib.SMTPConnectResponseError as error:
            raise NotTaken("unreachable", stops=True) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _answered(error.code) from error
        except (aiosmtplib.SMTPTimeoutError, TimeoutError) as error:
            raise NotTaken("too-slow", stops=True) from error
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPConnectError, OSError) as error:
            raise NotTaken("unreachable", stops=True) from error
        except aiosmtplib.SMTPException as error:
            raise NotTaken("not-secure", stops=True) from error

    def _password(self) -> str | None:
        """
        Give the password.

        Raises:
            MailPasswordUnusable: It is not there, lies in the home, or others may read it.
        """
        if (given := os.environ.get(PASSWORD)) is not None:
            return given
        if not self._mail.password_file:
            return None
        try:
            return read_secret(self._home, self._mail.password_file)
        except ValueError as error:
            raise MailPasswordUnusable(file=self._home / self._mail.password_file, why=str(error)) from error


def _answered(code: int) -> NotTaken:
    return NotTaken("refused", is_final=True) if code >= _FOR_GOOD else NotTaken("refused-now")
