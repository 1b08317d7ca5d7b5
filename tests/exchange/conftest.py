"""Builders of documents: each takes what matters to the case and invents the rest."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from samrutine.adoptions.effective import ControlHeader, DocumentStatus, EffectiveDocument
from samrutine.networks.model import Municipality, MunicipalityNumber, NetworkId
from samrutine.procedures.model import (
    Digest,
    FrontMatter,
    InternalControl,
    Kind,
    Language,
    LegalBasis,
    LocalInformation,
    LocalInformationType,
    ProcedureId,
    ProcedureText,
    Source,
    VersionNumber,
)

BODY = """\
## Formål

Rutinen skal sikre at *alle* som har **rett** til tilbudet får det i tide[^1]. Se [Ansvar](#ansvar) eller ring
{{vakttelefon}}. Tegn som skal stå: á ŋ å æ ø → – « » § ☐.

[^1]: Forskriften sier hvem som har ansvaret, *ikke* hvordan.

## Ansvar

| Hvem            | Gjør hva                 | Frist |
|:----------------|:------------------------:|------:|
| Kommuneoverlege | Har det faglige ansvaret | 3     |
| {{kontakt}}     | ~~Skaffer bolig~~        | 30    |

### Når leder er borte

Stedfortreder overtar. Er du i tvil\\
ring `vakttelefonen`.

## Framgangsmåte

3. Registrer hvem som skal undersøkes.
4. Avtal time:
   - innen 14 dager,
   - innen fire uker.

> Mistenker du smitte, skal personen undersøkes samme dag.

- [ ] Personen er informert
- [x] Tolk er bestilt

## Avvik

Meld avvik i kvalitetssystemet. Les [veilederen](https://www.fhi.no/tb) og [rutinen](rutine:forste-samtale).
"""


def build_document(
    body: str = BODY, *, header: dict[str, Any] | None = None, front: dict[str, Any] | None = None, **rest: Any
) -> EffectiveDocument:
    """Make a document; `front` and `header` replace single values, the other arguments are the document's own."""
    matter = FrontMatter(
        id=ProcedureId("tuberkuloseprogram"),
        title="Tuberkuloseprogram",
        kind=Kind.PLAN,
        language=Language.NB,
        network=NetworkId("smittevern"),
        audience=("kommuneoverlege", "helsesykepleier"),
        internal_control=(InternalControl.HEALTH,),
        legal_basis=(
            LegalBasis("FOR-2009-02-13-205", "forskrift om tuberkulosekontroll", "§ 2-1", date(2009, 2, 13), True),
            LegalBasis("LOV-2011-06-24-30", "helse- og omsorgstjenesteloven", "§ 3-3"),
        ),
        sources=(Source("Folkehelseinstituttet", "Veilederen", "https://www.fhi.no/v", date(2026, 7, 28)),),
        responsible_role="kommuneoverlege",
        local_information=(
            LocalInformation("vakttelefon", "Telefon til vakta", LocalInformationType.SERVICE_PHONE, True),
            LocalInformation("kontakt", "Kontakt på boligkontoret", LocalInformationType.FUNCTION),
        ),
    )
    matter = replace(matter, **(front or {}))
    control = ControlHeader(
        procedure_id=matter.id,
        title=matter.title,
        kind=matter.kind,
        version=VersionNumber(2, 1),
        version_digest=Digest("1:" + "ab12" * 16),
        approved_by="Fagnettverk for smittevern",
        approved_on=date(2026, 11, 3),
        municipality=Municipality(MunicipalityNumber("9999"), "Prøvevik", "provevik"),
        in_force_from=date(2026, 12, 1),
        in_force_until=None,
        decided_by_position="kommunalsjef helse og omsorg",
        decided_on=date(2026, 11, 21),
        next_review=date(2028, 11, 3),
        status=DocumentStatus.IN_FORCE,
        address="https://rutiner.provevik.example/tuberkuloseprogram",
        demo=False,
        made_at=datetime(2026, 11, 21, 13, 5, 7, tzinfo=UTC),
    )
    rest.setdefault("local_values", (("vakttelefon", "75 00 00 00"),))
    return EffectiveDocument(replace(control, **(header or {})), ProcedureText(matter, body), **rest)


@pytest.fixture
def a_document() -> Callable[..., EffectiveDocument]:
    """`build_document`, for the tests."""
    return build_document
