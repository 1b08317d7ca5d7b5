"""The effective document as a value, and its digest."""

import os
import subprocess
import sys
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.adoptions import effective
from samrutine.adoptions.effective import (
    AdditionKind,
    ControlHeader,
    DocumentStatus,
    EffectiveDocument,
    Hurried,
    LocalAddition,
    effective_digest,
    short_digest,
)
from samrutine.networks.model import Municipality, MunicipalityNumber, NetworkId
from samrutine.procedures.model import (
    Digest,
    FrontMatter,
    Kind,
    Language,
    LocalInformation,
    LocalInformationType,
    ProcedureId,
    ProcedureText,
    VersionNumber,
)

PHONE = LocalInformation("vakttelefon", "Telefon til vakta", LocalInformationType.SERVICE_PHONE, required=True)


def a_header(**given: Any) -> ControlHeader:
    """A routine that Prøvevik has taken into use."""
    header = ControlHeader(
        procedure_id=ProcedureId("smittevask"),
        title="Smittevask",
        kind=Kind.ROUTINE,
        version=VersionNumber(1, 0),
        version_digest=Digest("1:" + "0" * 64),
        approved_by="Fagnettverk for smittevern",
        approved_on=date(2026, 11, 3),
        municipality=Municipality(MunicipalityNumber("9999"), "Prøvevik", "provevik"),
        in_force_from=date(2026, 12, 1),
        in_force_until=None,
        decided_by_position="kommunalsjef",
        decided_on=date(2026, 11, 21),
        next_review=date(2028, 11, 3),
        status=DocumentStatus.IN_FORCE,
        address="https://rutiner.provevik.example/smittevask",
        demo=False,
        made_at=datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    )
    return replace(header, **given)


def a_document(**given: Any) -> EffectiveDocument:
    """A document with one local field."""
    front = FrontMatter(
        id=ProcedureId("smittevask"), title="Smittevask", kind=Kind.ROUTINE, language=Language.NB,
        network=NetworkId("smittevern"), local_information=(PHONE,),
    )  # fmt: skip
    text = ProcedureText(front, "## Formål\n\nRing {{vakttelefon}}.\n")
    return EffectiveDocument(**{"header": a_header(), "text": text, **given})


OTHER: dict[str, Any] = {
    "hurried": Hurried.UNAPPROVED,
    "withdrawn": True,
    "replaced_by": ProcedureId("en-ny"),
    "procedure_id": ProcedureId("en-annen"),
    "title": "Smittevask ",
    "kind": Kind.PROCEDURE,
    "version": VersionNumber(1, 1),
    "version_digest": Digest("1:" + "1" * 64),
    "approved_by": None,
    "approved_on": date(2026, 11, 4),
    "municipality": None,
    "in_force_from": date(2026, 12, 2),
    "in_force_until": date(2027, 1, 1),
    "decided_by_position": "kommunedirektør",
    "decided_on": date(2026, 11, 22),
    "next_review": None,
    "status": DocumentStatus.ENDED,
    "address": "https://rutiner.provevik.example/andre",
    "demo": True,
    "made_at": datetime(2026, 11, 21, 12, 0, 1, tzinfo=UTC),
}


class TestTheDigest:
    def test_is_the_same_for_equal_documents(self):
        """A receipt says that this document was read; a document made anew from the same decisions is the same one."""
        assert effective_digest(a_document()) == effective_digest(a_document())

    @pytest.mark.parametrize("name", [field.name for field in fields(ControlHeader)])
    def test_changes_with_every_part_of_the_control_header(self, name):
        """A copy with another date or another decision is another document, even if the text is the same."""
        document = a_document()

        changed = replace(document, header=replace(document.header, **{name: OTHER[name]}))

        assert effective_digest(changed) != effective_digest(document)

    @pytest.mark.parametrize(
        "given",
        [
            {"local_values": (("vakttelefon", "75 00 00 00"),)},
            {"additions": (LocalAddition(AdditionKind.PRACTICAL_NOTE, "formal", "Nøkkelen henger i skapet."),)},
            {"language": Language.NN},
            {"text": replace(a_document().text, body="## Formål\n\nRing vakta.\n")},
        ],
        ids=["a phone filled in", "an addition", "another language", "another word"],
    )
    def test_changes_with_what_stands_under_the_header(self, given):
        """The municipality's own phone number is part of what the employee reads."""
        assert effective_digest(a_document(**given)) != effective_digest(a_document())

    def test_does_not_depend_on_the_order_values_were_fetched_in(self):
        """A database may give rows in any order; a publishing run must not see a change in that."""
        values = (("a", "1"), ("b", "2"))

        assert effective_digest(a_document(local_values=values)) == effective_digest(
            a_document(local_values=values[::-1])
        )

    @given(st.text(), st.text())
    def test_of_two_bodies_is_equal_only_when_they_are(self, one, other):
        """No two texts may pass for each other, whatever stands in them."""
        first, second = (a_document(text=replace(a_document().text, body=body)) for body in (one, other))

        assert (effective_digest(first) == effective_digest(second)) == (one == other)

    def test_changes_when_the_template_does(self, monkeypatch):
        """Copies set with an older template are behind, and publishing must notice."""
        before = effective_digest(a_document())

        monkeypatch.setattr(effective, "TEMPLATE_FORM", effective.TEMPLATE_FORM + 1)

        assert effective_digest(a_document()) != before

    def test_is_the_same_in_another_process(self):
        """Two servers compare digests, and Python's own hashes differ from process to process."""
        code = "import test_effective as t; print(t.effective_digest(t.a_document()))"
        environment = {**os.environ, "PYTHONPATH": os.path.dirname(__file__), "PYTHONHASHSEED": "77"}  # noqa: PTH120 - for PYTHONPATH

        answer = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )

        assert answer.stdout.strip() == effective_digest(a_document())

    def test_is_the_same_for_one_instant_told_in_two_zones(self):
        """One database answers in UTC, another in the zone of its server."""
        oslo = datetime(2026, 11, 21, 13, 0, tzinfo=timezone(timedelta(hours=1)))

        assert effective_digest(a_document(header=a_header(made_at=oslo))) == effective_digest(a_document())

    def test_has_a_short_form_for_the_footer(self):
        """Two papers on a desk are told apart by eye."""
        assert short_digest(Digest("1:0123456789abcdef")) == "0123456789ab"


def test_an_instant_without_a_zone_is_refused():
    """It would be another instant on another machine, and the same decisions would print other bytes."""
    with pytest.raises(ValueError, match="made_at"):
        a_header(made_at=datetime(2026, 11, 21, 12, 0))  # noqa: DTZ001 - the fault that is tested


class TestTheLastDay:
    def test_is_the_day_before_the_end(self):
        """Intervals end where the next begins; people say the last day it applied."""
        assert a_header(in_force_until=date(2027, 1, 1)).last_day == date(2026, 12, 31)

    @pytest.mark.parametrize("until", [None, date(2026, 12, 1)], ids=["no end", "ended before it began"])
    def test_is_none_when_there_is_none(self, until):
        """A use that was ended before its first day never applied."""
        assert a_header(in_force_until=until).last_day is None


class TestLocalInformation:
    def test_an_empty_value_is_not_filled_in(self):
        """Somebody who saved a blank has not told the nurse whom to call."""
        document = a_document(local_values=(("vakttelefon", "  "),))

        assert document.local_value("vakttelefon") is None
        assert document.not_filled_in == (PHONE,)

    def test_a_value_fills_its_field(self):
        """What the municipality wrote is what stands there."""
        document = a_document(local_values=(("vakttelefon", "75 00 00 00"),))

        assert document.local_value("vakttelefon") == "75 00 00 00"
        assert document.not_filled_in == ()
