"""What a municipality decides about use. Each method delegates to the verb that it names."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.verbs.base import Verbs, version_number

if TYPE_CHECKING:
    from samrutine.adoptions.additions import Edit
    from samrutine.adoptions.answers import ListRow
    from samrutine.adoptions.filling_in import LocalInformationSet, LocalInformationValue
    from samrutine.adoptions.lists import ListDecided, RowLook
    from samrutine.adoptions.service import Answered


class AdoptionVerbs(Verbs):
    """What a municipality decides about use."""

    def adopt(
        self, procedure: str, municipality: str, *, by: str, version: str | VersionNumber | None = None,
        from_on: date | None = None, case: str | None = None, reason: str | None = None,
        additions: "Mapping[str, str | Edit] | None" = None, decision_id: str | None = None,
    ) -> "Answered":  # fmt: skip
        """Take a version into use in a municipality; see `Adoptions.adopt`."""
        from samrutine.adoptions.additions import answers_given

        return self._parts.adoptions.adopt(
            ProcedureId(procedure), municipality, version=version_number(version), from_on=from_on, case=case, reason=reason,
            by=self._actor(by), now=self._now(), decision_id=self._id(decision_id), additions=answers_given(additions or {}),
        )  # fmt: skip

    def defer(
        self, procedure: str, municipality: str, *, until: date, reason: str, by: str, decision_id: str | None = None
    ) -> "Answered":
        """Put the answer off until a day; what is in force goes on; see `Adoptions.defer`."""
        return self._parts.adoptions.defer(
            ProcedureId(procedure), municipality, until=until, reason=reason, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def decline(
        self, procedure: str, municipality: str, *, reason: str, by: str, decision_id: str | None = None
    ) -> "Answered":
        """Answer that a routine is not taken into use; see `Adoptions.decline`."""
        return self._parts.adoptions.decline(
            ProcedureId(procedure), municipality, reason=reason, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def mark_not_relevant(
        self, procedure: str, municipality: str, *, reason: str, by: str, decision_id: str | None = None
    ) -> "Answered":
        """Answer that a routine concerns nothing the municipality does; see `Adoptions.mark_not_relevant`."""
        return self._parts.adoptions.mark_not_relevant(
            ProcedureId(procedure), municipality, reason=reason, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def use_own_routine(
        self, procedure: str, municipality: str, *, link: str, by: str, reason: str | None = None,
        decision_id: str | None = None,
    ) -> "Answered":  # fmt: skip
        """Answer that the municipality follows a routine of its own; see `Adoptions.use_own_routine`."""
        return self._parts.adoptions.use_own_routine(
            ProcedureId(procedure), municipality, link=link, reason=reason, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def end_use(
        self, procedure: str, municipality: str, *, reason: str, by: str, last_day: date | None = None,
        decision_id: str | None = None,
    ) -> "Answered":  # fmt: skip
        """End the use of a routine in a municipality; see `Adoptions.end_use`."""
        return self._parts.adoptions.end_use(
            ProcedureId(procedure), municipality, last_day=last_day, reason=reason, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def decide_list(
        self, municipality: str, rows: "Sequence[ListRow]", *, by: str, decision_id: str | None = None
    ) -> "ListDecided":
        """Give many answers at once, all or none; see `Lists.decide_list`."""
        return self._parts.lists.decide_list(
            municipality, _rows(rows), by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def look_at_list(self, municipality: str, rows: "Sequence[ListRow]", *, by: str) -> "Sequence[RowLook]":
        """Say what each row of a list would do; see `Lists.look_at_list`."""
        return self._parts.lists.look_at_list(municipality, _rows(rows), by=self._actor(by), today=self.today)

    def set_local_information(
        self, procedure: str, municipality: str, values: Mapping[str, str], *, by: str, decision_id: str | None = None
    ) -> "LocalInformationSet":
        """Fill in local information, at once; see `FillingIn.set_local_information`."""
        return self._parts.filling_in.set_local_information(
            ProcedureId(procedure),
            municipality,
            values,
            by=self._actor(by),
            now=self._now(),
            decision_id=self._id(decision_id),
        )

    def local_information(
        self, procedure: str, municipality: str, *, reader: str | None = None
    ) -> "Sequence[LocalInformationValue]":
        """Give what a routine asks the municipality to fill in, and what stands there; see `FillingIn.local_information`."""
        return self._parts.filling_in.local_information(
            ProcedureId(procedure), municipality, today=self.today, hidden=self._hidden(reader)
        )


def _rows(rows: "Sequence[ListRow]") -> "list[ListRow]":
    """Read answers and versions that are given as text, as a file or a form gives them."""
    from dataclasses import replace

    from samrutine.adoptions.model import AdoptionState
    from samrutine.arguments import one_of

    return [
        replace(row, answer=one_of(AdoptionState, "answer", row.answer), version=version_number(row.version))
        for row in rows
    ]
