"""Invented texts for the tests of procedures: one complete routine, and parts to change in it."""

from datetime import date

from samrutine.networks.model import NetworkId
from samrutine.procedures.model import (
    AccessClass,
    DecisionLevel,
    FrontMatter,
    InternalControl,
    Kind,
    Language,
    LegalBasis,
    LocalInformation,
    LocalInformationType,
    ProcedureText,
    Source,
    procedure_id,
)

HEAD = """\
---
id: handhygiene
title: Håndhygiene
kind: routine
language: nb
network: smittevern
subjects: [smittevern]
access: open
legal_basis:
  - law: LOV-1994-08-05-55
    name: smittevernloven
    section: § 7-1
    checked: true
sources:
  - body: Prøvevik kommune
    title: Veileder
    url: https://provevik.example/veileder
    read_on: 2026-07-28
responsible_role: avdelingsleder
decision_level: unit-leader
professional_approval: [kommuneoverlege]
review_interval_months: 24
---
"""

BODY = """\
## Formål

Hindre smitte.

## Omfang

Alle ansatte.

## Ansvar

Avdelingsleder.

## Framgangsmåte

1. Vask hendene.
2. Tørk dem.

## Avvik

Meld avvik.
"""


def a_file(body: str = BODY, head: str = HEAD) -> bytes:
    """Put front matter and a body together as a writer would."""
    return f"{head}\n{body}".encode()


def a_head(**changed: str) -> str:
    """Change lines of the front matter, one a key; an empty value takes the line out."""
    rows = HEAD.split("\n")
    for key, value in changed.items():
        at = next((n for n, row in enumerate(rows) if row.startswith(f"{key}:")), len(rows) - 2)
        new = [f"{key}: {value}"] if value else []
        rows[at : at + (1 if rows[at].startswith(f"{key}:") else 0)] = new
    return "\n".join(rows)


def a_text(body: str = BODY, **changed: object) -> ProcedureText:
    """Make a text as a value."""
    values: dict[str, object] = {
        "id": procedure_id("handhygiene"),
        "title": "Håndhygiene",
        "kind": Kind.ROUTINE,
        "language": Language.NB,
        "network": NetworkId("smittevern"),
        "subjects": ("smittevern",),
        "access": AccessClass.OPEN,
        "internal_control": (InternalControl.HEALTH,),
        "legal_basis": (LegalBasis("LOV-1994-08-05-55", "smittevernloven", "§ 7-1", None, checked=True),),
        "sources": (Source("Prøvevik kommune", "Veileder", None, date(2026, 7, 28)),),
        "responsible_role": "avdelingsleder",
        "decision_level": DecisionLevel.UNIT_LEADER,
        "professional_approval": ("kommuneoverlege",),
        "review_interval_months": 24,
    }
    return ProcedureText(FrontMatter(**{**values, **changed}), body)  # type: ignore[arg-type]  # builders are free


A_PHONE = LocalInformation("vakttelefon", "Vakttelefon", LocalInformationType.SERVICE_PHONE, required=True)
