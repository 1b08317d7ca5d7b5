"""The verbs of local information: what a routine leaves to each municipality to fill in, such as the duty telephone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlmodel import Session, col, select

from samrutine.actors import ActorId, Verb, municipality_body, roles_for
from samrutine.adoptions.belonging import belonging, hidden_in
from samrutine.adoptions.in_force import known_intervals
from samrutine.adoptions.local_layer import local_values
from samrutine.adoptions.model import reasons_against_filling_in, reasons_of_role
from samrutine.errors import ProcedureNotFound, VersionNotFound
from samrutine.inbox.opening import tell
from samrutine.networks.directory import get_actor, get_municipality
from samrutine.procedures.hiding import NOTHING_HIDDEN, HiddenTexts
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import LocalInformation, ProcedureId, ProcedureText, VersionNumber
from samrutine.procedures.text import read
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import LocalValueRow, ProcedureRow, VersionRow
from samrutine.storage.sql import Database
from samrutine.storage.words import Words


@dataclass(frozen=True, slots=True)
class LocalInformationSet:
    """Local information is filled in, at once and with history."""

    municipality: str
    procedure: ProcedureId
    keys: tuple[str, ...]
    still_missing: tuple[str, ...]
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class LocalInformationValue:
    """One thing that a routine leaves to the municipality. `value` is None when it is not filled in."""

    key: str
    label: str
    required: bool
    value: str | None


class FillingIn:
    """Local information in the municipalities."""

    def __init__(self, database: Database, decisions: Decisions, words: Words) -> None:
        self._database = database
        self._decisions = decisions
        self._words = words

    def set_local_information(
        self, procedure: ProcedureId, municipality: str, values: Mapping[str, str], *,
        by: ActorId, now: datetime, decision_id: DecisionId, also: Callable[[Act], None] | None = None,
    ) -> LocalInformationSet:  # fmt: skip
        """
        Fill in what the routine leaves to the municipality, such as the duty telephone. It applies at once.

        Args:
            values: By key as the routine declares it; an empty text clears the value.
            also: What else is done in the act, once it is decided.

        Raises:
            Refused: The routine declares no such key, a value is longer than `LONGEST_VALUE`, is no telephone where one
                is asked for, or looks like a private person's number or address; or what is in force there, or is to be,
                cannot do without a value that would be cleared.
            NotAllowed: Neither responsible nor decider in that municipality.
            ProcedureNotFound, MunicipalityNotFound: As they say.
        """
        clean = {key: " ".join(value.split()) for key, value in sorted(values.items())}
        request = {"procedure": procedure, "municipality": municipality, "keys": list(clean)}
        with self._decisions.act(decision_id, "set_local_information", request, by=by, now=now, texts=clean) as act:
            session = act.session
            where = get_municipality(session, municipality)
            if not act.is_repeat:
                Eyes.of(act).procedure(procedure)
                row = self._version(session, procedure, None)
                declared = self._declared(session, where.number, row)
                body = municipality_body(where.number)
                actor = get_actor(session, by)
                refuse(reasons_of_role(actor, Verb.PREPARE, where, act.today))
                needed = self._needed(session, where.number, procedure, act.today)
                refuse(reasons_against_filling_in(procedure, where.name, clean, declared=declared, needed=needed))
                filled = {**local_values(session, where.number, procedure), **clean}
                missing = [key for key, field in declared.items() if field.required and not filled.get(key)]
                decision = act.record(
                    "local_information_set", body=body, role=roles_for(actor, Verb.PREPARE, body, act.today)[0], subject=procedure,
                    facts={"municipality": where.number, "procedure": procedure, "keys": list(clean),
                           "cleared": [key for key, value in clean.items() if not value], "still_missing": missing},
                    touches=(f"use:{where.number}:{procedure}",),
                )  # fmt: skip
                for key in clean:
                    for old in session.exec(
                        select(LocalValueRow).where(
                            LocalValueRow.municipality == where.number, LocalValueRow.procedure_id == procedure,
                            LocalValueRow.key == key, col(LocalValueRow.superseded_number).is_(None),
                        )
                    ):  # fmt: skip
                        old.superseded_number = decision.number
                        session.add(old)
                    session.add(
                        LocalValueRow(
                            decided_number=decision.number,
                            municipality=where.number,
                            procedure_id=procedure,
                            key=key,
                            set_at=decision.at,
                        )
                    )
                session.flush()
                tell(act, "local-information-changed", f"procedure:{procedure}", bodies=[(decision.body, Verb.PREPARE)])
                if also is not None:
                    also(act)
        made = act.decisions[0]
        # A decision of the first release does not say what was missing then.
        missing = made.facts.get("still_missing", [])
        return LocalInformationSet(
            made.facts["municipality"], procedure, tuple(made.facts["keys"]), tuple(missing), made.number, act.projected
        )

    def local_information(
        self, procedure: ProcedureId, municipality: str, *, today: date, hidden: HiddenTexts = NOTHING_HIDDEN
    ) -> Sequence[LocalInformationValue]:
        """
        Give what the newest version, and the one in force there, leave to the municipality, with what stands there.

        Args:
            today: The day in Norway.
            hidden: What the reader may not see: an exempt version, and what was filled in beside it.

        Raises:
            ProcedureNotFound, MunicipalityNotFound: As they say.
        """
        with self._database.reading() as session:
            where = get_municipality(session, municipality)
            if procedure in hidden.procedures:
                raise ProcedureNotFound(procedure=procedure)
            declared = self._declared(session, where.number, self._version(session, procedure, None), hidden)
            layer = belonging(session, procedure, where.number, hidden_in(hidden))
            filled = local_values(session, where.number, procedure, hides=partial(layer.hides, today=today))
            return [
                LocalInformationValue(key, field.label, field.required, filled.get(key) or None)
                for key, field in declared.items()
            ]

    def _declared(
        self, session: Session, municipality: str, newest: VersionRow, hidden: HiddenTexts = NOTHING_HIDDEN
    ) -> dict[str, LocalInformation]:
        """Give every key that the newest version or the one in force there declares."""
        digests = {newest.digest} | {one.digest for one in known_intervals(session, municipality, newest.procedure_id)}
        declared: dict[str, LocalInformation] = {}
        for digest in sorted(digests - hidden.digests, key=lambda one: one == newest.digest):
            for field in self._text(session, digest).front.local_information:
                declared[field.key] = field
        return declared

    def _needed(self, session: Session, municipality: str, procedure: str, today: date) -> set[str]:
        """Give the keys that what is in force there today, or is to be, cannot do without."""
        applies = [
            one
            for one in known_intervals(session, municipality, procedure)
            if one.until_on is None or one.until_on > today
        ]
        texts = [self._text(session, digest) for digest in {one.digest for one in applies}]
        return {field.key for text in texts for field in text.front.local_information if field.required}

    def _text(self, session: Session, digest: str) -> ProcedureText:
        # Words are read from SQL here, never from git: an act makes no git call inside its transaction.
        return read(self._words.from_sql(session, digest), digest)

    @staticmethod
    def _procedure(session: Session, procedure: str) -> ProcedureRow:
        row = session.get(ProcedureRow, procedure)
        if row is None:
            raise ProcedureNotFound(procedure=procedure)
        return row

    def _version(self, session: Session, procedure: str, version: VersionNumber | None) -> VersionRow:
        newest = self._procedure(session, procedure)
        wanted = version or VersionNumber(newest.major, newest.minor)
        row = session.get(VersionRow, (procedure, wanted.major, wanted.minor))
        if row is None:
            raise VersionNotFound(procedure=procedure, version=wanted)
        return row
