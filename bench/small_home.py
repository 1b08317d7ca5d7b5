"""Libraries to measure on: the shipped municipalities and networks, invented people and routines."""

from collections.abc import Sequence
from pathlib import Path

from samrutine import Library

EDITOR = "redaktor"
DECIDER = "beslutter"
MEMBERS = ("beiarn", "fauske", "gildeskal", "hamaroy")
NETWORK = "smittevern"
STARTER = Path(__file__).resolve().parent.parent / "procedures"


def a_text(number: int) -> bytes:
    """An invented routine of a page."""
    steps = "\n".join(f"{step}. Gjør punkt {step} i rutine {number}, og skriv det ned." for step in range(1, 9))
    return f"""\
---
id: rutine-{number:03d}
title: Rutine {number:03d}
kind: routine
language: nb
network: {NETWORK}
subjects: [smittevern]
audience: [helsesykepleier]
access: open
internal_control: [health]
legal_basis:
  - law: LOV-1994-08-05-55
    name: smittevernloven
    section: § 7-1
    checked: true
sources:
  - body: Prøvevik kommune
    title: Veileder
    url: https://provevik.example/veileder
    read_on: 2026-01-15
responsible_role: avdelingsleder
decision_level: head-of-service
professional_approval: [kommuneoverlege]
review_interval_months: 24
---

## Formål

Hindre smitte, utgave {number}.

## Omfang

Alle ansatte.

## Ansvar

Avdelingsleder.

## Framgangsmåte

{steps}

## Avvik

Meld avvik.
""".encode()


def a_home(home: Path, *, procedures: int = 0, texts: Sequence[bytes] = ()) -> None:
    """Make a library in which so many invented routines are faglig godkjent, or these texts are."""
    with Library.init(home, editor_login=EDITOR, editor_name="Redaktør") as library:
        library.add_person(DECIDER, "Prøve", by=EDITOR)
        for one in library.municipalities():
            for level in ("unit-leader", "head-of-service", "chief-executive", "political"):
                library.delegate(DECIDER, one.number, level, "kommunalsjef", by=EDITOR)
        for slug in MEMBERS:
            library.add_person(f"medlem.{slug}", "Prøve", by=EDITOR)
            number = next(one.number for one in library.municipalities() if one.slug == slug)
            library.grant(f"medlem.{slug}", "employee", f"municipality:{number}", by=EDITOR)
        joined: set[str] = set()
        for data in texts or [a_text(number) for number in range(1, procedures + 1)]:
            approve(library, data, joined)


def approve(library: Library, data: bytes, joined: set[str]) -> None:
    """Propose a text and have its network agree to it; the members join the network first."""
    proposed = library.propose(data, by=EDITOR, meaning="Ny.")
    proposal, _ = library.get_proposal(proposed.proposal, reader="redaktor")
    if proposal.network not in joined:
        joined.add(proposal.network)
        for slug in MEMBERS:
            library.grant(f"medlem.{slug}", "member", f"network:{proposal.network}", by=EDITOR)
        library.grant("medlem.fauske", "leader", f"network:{proposal.network}", by=EDITOR)
    library.send(proposal.id, digest=proposal.digest, unheard="Måling.", by=EDITOR)
    for slug in MEMBERS:
        approved = library.approve(proposal.id, digest=proposal.digest, by=f"medlem.{slug}")
        if approved.version is not None:
            break


def adopt_all(library: Library, municipality: str, *, but: str | None = None, only: Sequence[str] | None = None) -> int:
    """
    Fill in what the routines ask a municipality for, and take all of them into use there.

    Returns:
        How many that were; `but` is left out, and all but `only` where these are named.
    """
    procedures = [one.id for one in library.procedures() if one.id != but and (only is None or one.id in only)]
    for procedure in procedures:
        asked = library.document(procedure).text.front.local_information
        if asked:
            library.set_local_information(
                procedure, municipality, {field.key: "75 00 00 00" for field in asked}, by=DECIDER
            )
        library.adopt(procedure, municipality, by=DECIDER, case="26/1")
    return len(procedures)


def starter_texts() -> list[bytes]:
    """The twelve starter routines, as shipped."""
    return [path.read_bytes() for path in sorted(STARTER.rglob("*.md"))]
