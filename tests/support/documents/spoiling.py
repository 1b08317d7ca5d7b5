"""A whole Word file, and ways of spoiling it."""

from tests.support.documents.content import HYGIENE, as_word
from tests.support.documents.word import packed

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
DAMAGED = ("damaged", "unreadable")


def whole():
    return as_word(HYGIENE)


def spoiled(change, make=None):
    """Give a file with members changed by `change`, which gets them by name and may give others."""

    def made():
        members = dict((make or whole)().parts())
        return packed(change(members) or members)

    return made


def without(*names):
    def change(members):
        return {name: data for name, data in members.items() if name not in names}

    return change


def changed(name, data):
    def change(members):
        return {**members, name: data(members[name]) if callable(data) else data}

    return change


def ole(*streams):
    return OLE + b"\0" * 504 + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams) + b"\0" * 512
