"""Routines as a writer would send them in: Markdown with front matter, as bytes. All invented."""

NATIONAL_ID = "01819000049"
"""A synthetic one: its month is 81, which no person has, and its check digits are right."""

SECTIONS = {
    "Formål": "Hindre smitte mellom pasienter og ansatte.",
    "Omfang": "Gjelder alle ansatte.",
    "Ansvar": "Avdelingslederen har ansvaret.",
    "Framgangsmåte": "1. Vask hendene.\n2. Tørk dem godt.",
    "Avvik": "Meld avvik i kvalitetssystemet.",
}

FRONT = """\
---
id: {id}
title: {title}
kind: routine
language: nb
network: {network}
subjects: [{subject}]
access: {access}
{access_basis}internal_control: [health]
legal_basis:
  - law: LOV-1994-08-05-55
    name: smittevernloven
    section: § 7-1
    checked: true
sources:
  - body: Prøvevik kommune
    title: Veileder i håndhygiene
    url: https://provevik.example/veileder
    read_on: 2026-07-28
responsible_role: avdelingsleder
decision_level: {level}
professional_approval: [kommuneoverlege]
review_interval_months: {months}
{local}---
"""


def a_routine(
    procedure="handhygiene", *, title="Håndhygiene", network="smittevern", subject="smittevern",
    level="head-of-service", months=24, access="open", required=(), optional=(), extra="", sections=None,
):  # fmt: skip
    """
    Give a routine that passes every check.

    `required` and `optional` are keys of local information; each is named in the text, as it must be. `extra` is put at
    the end of the purpose, so that a changed text is one word away.
    """
    keys = [*((key, True) for key in required), *((key, False) for key in optional)]
    local = ""
    if keys:
        local = "local_information:\n" + "".join(
            f"  - key: {key}\n    label: {key.capitalize()}\n    type: service-phone\n    required: {str(must).lower()}\n"
            for key, must in keys
        )
    basis = 'access_basis: "offl. § 24 tredje ledd"\n' if access == "exempt" else ""
    head = FRONT.format(
        id=procedure, title=title, network=network, subject=subject, level=level, months=months, access=access,
        access_basis=basis, local=local,
    )  # fmt: skip
    chosen = dict(SECTIONS if sections is None else sections)
    first = next(iter(chosen))
    chosen[first] += f" {extra}" if extra else ""
    chosen[first] += "".join(f" Ring {{{{{key}}}}}." for key, _ in keys)
    body = "\n\n".join(f"## {heading}\n\n{words}" for heading, words in chosen.items())
    return f"{head}\n{body}\n".encode()
