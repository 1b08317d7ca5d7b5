"""
A message to an archive: `arkivmelding`, as Noark 5 systems take it by Fiks Arkiv and eFormidling.

One case folder with one registry entry: the list of decisions is its main document, and each document that it put in use is
enclosed. What is written follows from what is archived alone, so the same decisions give the same bytes, and a second message
about them has the same ids: an archive can see that it has it.

Source: the schema of the namespace below as it is published, its form with `registrering` for the entry.
"""

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from xml.sax.saxutils import escape

NAMESPACE: Final = "http://www.arkivverket.no/standarder/noark5/arkivmelding"
MESSAGE_NAME: Final = "arkivmelding.xml"
SYSTEM: Final = "samrutine"

_OURS: Final = uuid.UUID("0d1c4b5e-64d0-5a5b-9a5a-3f3a6c1d7c11")
"""Ids of messages are made in this space, from what the message is about."""
_LONGEST_TITLE: Final = 500
_CONTROLS: Final = {n: None for n in range(32) if n not in {9, 10, 13}}


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """
    A file that is archived.

    Attributes:
        name: What the file is called beside the message.
        title: What people call the document.
        kind: What sort of document, in words.
        format: The format, in the words of archives: "PDF/A-2a".
        media_type: The same for programs.
        data: The bytes.
        exempt: The provision that exempts it from public access; None for what is open.
    """

    name: str
    title: str
    kind: str
    format: str
    media_type: str
    data: bytes
    exempt: str | None = None


@dataclass(frozen=True, slots=True)
class ArchiveMessage:
    """
    What is told to the archive.

    Attributes:
        about: What the message is about, for its ids: equal for the same decisions, and for no others.
        case: The title of the case folder.
        title: The title of the registry entry.
        municipality: Whose.
        decided_on: The day of the decisions.
        at: The instant of the last of them, aware.
        by: The position that decided; never a person.
        files: The list of decisions first, then what is enclosed.
    """

    about: str
    case: str
    title: str
    municipality: str
    decided_on: date
    at: datetime
    by: str
    files: Sequence[ArchivedFile]


def write(message: ArchiveMessage) -> bytes:
    """Write a message as XML in UTF-8: a line an element, and no byte that does not follow from it."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<arkivmelding xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">')
    lines += _indented(_message(message))
    return ("\n".join([*lines, "</arkivmelding>"]) + "\n").encode()


def _message(message: ArchiveMessage) -> Iterator[str]:
    at = message.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    folder = _id(message, "mappe")
    yield _element("system", SYSTEM)
    yield _element("meldingId", _id(message, "melding"))
    yield _element("tidspunkt", at)
    yield _element("antallFiler", len(message.files))
    yield '<mappe xsi:type="saksmappe">'
    yield from _indented(_case(message, folder, at))
    yield "</mappe>"


def _case(message: ArchiveMessage, folder: str, at: str) -> Iterator[str]:
    yield _element("systemID", folder)
    yield _element("tittel", message.case)
    yield _element("opprettetDato", at)
    yield _element("opprettetAv", SYSTEM)
    yield '<registrering xsi:type="journalpost">'
    yield from _indented(_entry(message, folder, at))
    yield "</registrering>"
    yield _element("saksdato", message.decided_on.isoformat())
    yield _element("administrativEnhet", message.municipality)
    yield _element("saksansvarlig", message.by)
    yield _element("saksstatus", "Avsluttet")


def _entry(message: ArchiveMessage, folder: str, at: str) -> Iterator[str]:
    yield _element("systemID", _id(message, "registrering"))
    yield _element("opprettetDato", at)
    yield _element("opprettetAv", SYSTEM)
    yield _element("referanseForelderMappe", folder)
    for number, file in enumerate(message.files, 1):
        yield "<dokumentbeskrivelse>"
        yield from _indented(_document(message, number, file, at))
        yield "</dokumentbeskrivelse>"
    yield _element("tittel", message.title)
    yield "<korrespondansepart>"
    yield from _indented(
        (
            _element("korrespondanseparttype", "Intern avsender"),
            _element("korrespondansepartNavn", message.municipality),
        )
    )
    yield "</korrespondansepart>"
    yield _element("journalposttype", "Organinternt dokument uten oppfølging")
    yield _element("journalstatus", "Ferdigstilt fra saksbehandler")
    yield _element("dokumentetsDato", message.decided_on.isoformat())
    yield _element("antallVedlegg", len(message.files) - 1)


def _document(message: ArchiveMessage, number: int, file: ArchivedFile, at: str) -> Iterator[str]:
    yield _element("systemID", _id(message, f"dokument {number}"))
    yield _element("dokumenttype", file.kind)
    yield _element("dokumentstatus", "Dokumentet er ferdigstilt")
    yield _element("tittel", file.title)
    yield _element("opprettetDato", at)
    yield _element("opprettetAv", SYSTEM)
    yield _element("tilknyttetRegistreringSom", "Hoveddokument" if number == 1 else "Vedlegg")
    yield _element("dokumentnummer", number)
    yield _element("tilknyttetDato", at)
    yield _element("tilknyttetAv", SYSTEM)
    if file.exempt is not None:
        yield "<skjerming>"
        yield from _indented((
            _element("tilgangsrestriksjon", "Unntatt etter offentleglova"),
            _element("skjermingshjemmel", file.exempt),
            _element("skjermingMetadata", "Tittel"),
            _element("skjermingDokument", "Skjerming av hele dokumentet"),
        ))  # fmt: skip
        yield "</skjerming>"
    yield "<dokumentobjekt>"
    yield from _indented(_file(file, at))
    yield "</dokumentobjekt>"


def _file(file: ArchivedFile, at: str) -> Iterator[str]:
    yield _element("versjonsnummer", 1)
    yield _element("variantformat", "Arkivformat" if file.format.startswith("PDF/A") else "Produksjonsformat")
    yield _element("format", file.format)
    yield _element("mimeType", file.media_type)
    yield _element("opprettetDato", at)
    yield _element("opprettetAv", SYSTEM)
    yield _element("referanseDokumentfil", file.name)
    yield _element("sjekksum", hashlib.sha256(file.data).hexdigest())
    yield _element("sjekksumAlgoritme", "SHA-256")
    yield _element("filstoerrelse", len(file.data))


def _id(message: ArchiveMessage, what: str) -> str:
    return str(uuid.uuid5(_OURS, f"{message.about} {what}"))


def _element(name: str, value: object) -> str:
    words = " ".join(str(value).translate(_CONTROLS).split())
    return f"<{name}>{escape(words[:_LONGEST_TITLE])}</{name}>"


def _indented(lines: Sequence[str] | Iterator[str]) -> list[str]:
    return [f"  {line}" for line in lines]
