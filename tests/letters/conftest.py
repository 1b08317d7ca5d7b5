"""A mail server that keeps what it gets, and does as a test tells it; and a home that sends letters through it."""

import asyncio
import re
import socket
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

ADDRESS = "http://localhost"


def free_port():
    """Give a port that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Box:
    """What came in, and what the server answers: taken, or a code; or it closes the connection, or says nothing."""

    def __init__(self):
        self.empty()

    def empty(self):
        """Take everything again, and forget what came."""
        self.raw, self.to, self.answers, self.at_data, self.before = [], [], [], None, None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  aiosmtpd calls it so
        """Answer to whom a letter is."""
        said = self.answers.pop(0) if self.answers else "250 OK"
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  as above
        """Keep a letter."""
        self.raw.append(bytes(envelope.content))
        self.to += envelope.rcpt_tos
        if self.at_data == "close":
            server.transport.close()
        if self.at_data == "hang":
            await asyncio.sleep(5)
        return self.at_data if self.at_data and self.at_data[0].isdigit() else "250 OK"

    @property
    def letters(self):
        """The letters, read as a mail program reads them."""
        return [message_from_bytes(one, policy=policy.default) for one in self.raw]


@pytest.fixture(scope="session")
def smtp_server():
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    yield box, server.port
    server.stop()


@pytest.fixture
def box(smtp_server):
    """An empty box."""
    smtp_server[0].empty()
    return smtp_server[0]


def set_mail(home, port, **more):
    """Write into a home's settings by what server letters go."""
    path = Path(home.path) / "samrutine.toml"
    asked = {"server": "127.0.0.1", "port": port, "security": "none", "sender": "rutiner@salten.example", **more}
    mail = "".join(f"{name} = {value!r}\n".replace("'", '"') for name, value in asked.items())
    text = re.sub(r"(?m)^address = .*\n", "", path.read_text(encoding="utf-8").partition("\n[mail]")[0])
    path.write_text(f'address = "{ADDRESS}"\n{text}\n[mail]\n{mail}', encoding="utf-8")


@pytest.fixture
def home(home_with_routine, box, smtp_server):
    """A home with one routine to consider, whose decider and responsible in Fauske have addresses."""
    set_mail(home_with_routine, smtp_server[1])
    with home_with_routine.opened() as library:
        for login, name in (("beslutter.fauske", "Kåre Ås"), ("ansvarlig.fauske", "Bjørg Øen")):
            give_address(library, login, f"{login}@fauske.example", name)
    return home_with_routine


def give_address(library, login, address, name=None):
    """Let somebody have an address: no verb changes one."""
    from sqlmodel import select

    from samrutine.storage.rows import PersonRow

    with library._parts.database.writing() as session:
        person = session.exec(select(PersonRow).where(PersonRow.login == login)).one()
        person.email, person.name = address, name or person.name
        session.add(person)
