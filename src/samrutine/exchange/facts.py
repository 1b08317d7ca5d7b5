"""What is said of a document in the file itself, for a quality system or an archive that reads it: Word and PDF say the same."""

from collections.abc import Iterator
from dataclasses import dataclass

from samrutine.adoptions.effective import EffectiveDocument, effective_digest
from samrutine.exchange.page import Page


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What is said of a document in the file's properties, and repeated on each page. Empty strings are left out.

    The names of the properties are ours and the same in every language, for a quality system that reads them.
    """

    id: str
    title: str
    version: str
    status: str
    approved: str
    valid_to: str
    municipality: str
    municipality_number: str
    in_force_from: str
    version_digest: str
    effective_digest: str

    def named(self) -> Iterator[tuple[str, str]]:
        """Give name and value of each property that has one."""
        for name in self.__slots__:
            if value := getattr(self, name):
                yield f"samrutine.{name}", value


def facts(document: EffectiveDocument, printed: Page) -> Facts:
    """Gather a document's properties."""
    header, say = document.header, printed.say
    until = ""
    if header.last_day is not None:
        until = say("page.valid_to", day=say.day(header.last_day))
    elif header.next_review is not None:
        until = say("name_and_value", name=say("fact.next_review"), value=say.day(header.next_review))
    return Facts(
        id=header.procedure_id,
        title=printed.title,
        version=str(header.version or ""),
        status=printed.status,
        approved=printed.lines[0],
        valid_to=until,
        municipality=header.municipality.name if header.municipality else "",
        municipality_number=header.municipality.number if header.municipality else "",
        in_force_from=header.in_force_from.isoformat() if header.in_force_from else "",
        version_digest=header.version_digest,
        effective_digest=effective_digest(document),
    )
