"""The digest of the text that was read: typed by whoever read it, or asked about on the spot."""

import re
from typing import TYPE_CHECKING, Final

from samrutine.cli.shell import Shell
from samrutine.errors import DigestMissing, InvalidRequest

if TYPE_CHECKING:
    from samrutine.library import Library

SHORTEST_DIGEST = 12
"""How many hexadecimal digits of a digest a person may give instead of all: as many as are printed."""

_DIGEST: Final = re.compile(f"(1:)?[0-9a-f]{{{SHORTEST_DIGEST},64}}…?")
YES = frozenset({"ja", "j", "yes", "y"})


def short(digest: str) -> str:
    """Give as much of a digest as is printed."""
    return digest.partition(":")[2][:SHORTEST_DIGEST]


def digest_read(shell: Shell, library: "Library", proposal: str, digest: str | None, verb: str) -> str:
    """
    Give the digest of what was read.

    A script says it. A person at a terminal may leave it out: then the text is shown, and that very text is asked about,
    with the question `ask.<verb>`.

    Raises:
        DigestMissing: None was given, and nobody sits there to be asked.
    """
    if digest is not None:
        return whole_digest(shell, library, proposal, digest)
    if not shell.is_asked:
        raise DigestMissing(proposal=proposal)
    found, text = library.get_proposal(proposal, reader=shell.actor)
    shell.print(text.decode(), "", shell.say("done.digest", digest=short(found.digest)))
    if shell.ask(verb, title=found.title).casefold() not in YES:
        raise KeyboardInterrupt
    return found.digest


def whole_digest(shell: Shell, library: "Library", proposal: str, digest: str) -> str:
    """
    Give the whole digest when its first twelve digits or more are those of the text as it is now.

    Another digest is passed on as it is, and refused there as that of a text that was changed since it was read.

    Raises:
        InvalidRequest: It is no digest, nor as much of one as is printed.
    """
    if not _DIGEST.fullmatch(digest.strip().casefold()):
        raise InvalidRequest(what="--digest", value=shell.visible(digest)[:60], expected=shell.say("expected.digest"))
    found, _ = library.get_proposal(proposal, reader=shell.actor)
    given = digest.strip().removeprefix("1:").rstrip("…").casefold()
    whole = str(found.digest)
    return whole if len(given) >= SHORTEST_DIGEST and whole.partition(":")[2].startswith(given) else digest
