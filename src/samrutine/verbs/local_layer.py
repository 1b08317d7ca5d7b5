"""What a municipality lays over the shared text. Each method delegates to the verb that it names."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.verbs.base import Verbs, version_number

if TYPE_CHECKING:
    from samrutine.adoptions.account import Account
    from samrutine.adoptions.adding import AdditionDecided
    from samrutine.adoptions.effective import AdditionKind
    from samrutine.adoptions.inspecting import Inspection
    from samrutine.adoptions.side_by_side import (
        AdditionShown,
        AdditionToAnswer,
        LocalEffect,
        LocalInformationChange,
    )
    from samrutine.proposals.drafting import Proposed
    from samrutine.proposals.model import Significance


class LocalLayerVerbs(Verbs):
    """What a municipality lays over the shared text, and the account of what applied."""

    def add_addition(
        self, procedure: str, municipality: str, section_key: str, kind: "str | AdditionKind", text: str, *, by: str,
        reason: str | None = None, source: str | None = None, departs: bool = False, decision_id: str | None = None,
    ) -> "AdditionDecided":  # fmt: skip
        """Add something of the municipality's own to a section; see `Additions.add`."""
        from samrutine.adoptions.adding import NewAddition
        from samrutine.adoptions.effective import AdditionKind
        from samrutine.arguments import one_of

        new = NewAddition(section_key, one_of(AdditionKind, "kind", kind), text, reason, source, departs)
        return self._parts.additions.add(
            ProcedureId(procedure), municipality, new, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def change_addition(
        self, addition: str, text: str, *, by: str, reason: str | None = None, source: str | None = None,
        departs: bool | None = None, decision_id: str | None = None,
    ) -> "AdditionDecided":  # fmt: skip
        """Replace an addition's words; see `Additions.change`."""
        return self._parts.additions.change(
            addition, text=text, reason=reason, source=source, departs=departs, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def drop_addition(
        self, addition: str, *, by: str, reason: str | None = None, decision_id: str | None = None
    ) -> "AdditionDecided":
        """Take an addition away; see `Additions.drop`."""
        return self._parts.additions.drop(
            addition, reason=reason, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def lift(
        self, addition: str, *, by: str, significance: "str | Significance | None" = None, meaning: str | None = None,
        decision_id: str | None = None,
    ) -> "Proposed":  # fmt: skip
        """Propose that an addition becomes common, *løft til felles*; see `Lifting.lift`."""
        from samrutine.arguments import one_of
        from samrutine.proposals.model import Significance

        return self._parts.lifting.lift(
            addition, significance=one_of(Significance, "significance", significance) if significance else None,
            meaning=meaning, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def additions(
        self, procedure: str, municipality: str | None = None, *, reader: str | None = None
    ) -> "Sequence[AdditionShown]":
        """Show the additions to a routine side by side; see `LocalLayers.additions`."""
        return self._parts.local_layers.additions(ProcedureId(procedure), municipality, reader=reader, today=self.today)

    def additions_to_answer(
        self, procedure: str, municipality: str, version: str | VersionNumber | None = None, *,
        from_on: date | None = None, reader: str | None = None,
    ) -> "Sequence[AdditionToAnswer]":  # fmt: skip
        """Say which additions an adoption must answer, and may; see `LocalLayers.to_answer`."""
        return self._parts.local_layers.to_answer(
            ProcedureId(procedure),
            municipality,
            version_number(version),
            from_on=from_on,
            reader=reader,
            today=self.today,
        )

    def effect_on_local(
        self,
        procedure: str,
        municipality: str,
        version: str | VersionNumber | None = None,
        *,
        reader: str | None = None,
    ) -> "LocalEffect":
        """Say what a version means for a municipality's local layer; see `LocalLayers.effect`."""
        return self._parts.local_layers.effect(
            ProcedureId(procedure), municipality, version_number(version), reader=reader, today=self.today
        )

    def local_information_history(
        self, procedure: str, municipality: str, *, reader: str | None = None
    ) -> "Sequence[LocalInformationChange]":
        """Give every change of a municipality's local information; see `LocalLayers.information_history`."""
        return self._parts.local_layers.information_history(
            ProcedureId(procedure), municipality, reader=reader, today=self.today
        )

    def account(
        self,
        procedure: str,
        municipality: str,
        on: date,
        *,
        known_at: datetime | None = None,
        reader: str | None = None,
    ) -> "Account":
        """Account for what applied in a municipality on a day, and on whose authority; see `Accounts.account`."""
        return self._parts.inspecting.accounts.account(
            ProcedureId(procedure), municipality, on, known_at=known_at, reader=reader, today=self.today
        )

    def inspection(
        self, municipality: str, on: date | None = None, *, subject: str | None = None, reader: str | None = None
    ) -> "Inspection":
        """Put together what an inspector asks for: all that applied on a day, with the account of each; see `Inspecting.inspection`."""
        return self._parts.inspecting.inspection(
            municipality, on or self.today, subject=subject, reader=reader, now=self._now(), today=self.today
        )
