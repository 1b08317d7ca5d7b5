"""*Løft til felles*: a municipality's addition becomes a proposal to change the shared text."""

import re
from datetime import datetime

from samrutine.actors import ActorId
from samrutine.adoptions.adding import standing
from samrutine.adoptions.additions import placed_in
from samrutine.adoptions.belonging import belonging, hidden_in
from samrutine.adoptions.effective import AdditionKind
from samrutine.adoptions.held import section_history
from samrutine.days import norwegian_day
from samrutine.errors import AdditionNotFound
from samrutine.messages import say
from samrutine.networks.directory import get_municipality
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import ProcedureId, ProcedureText, VersionNumber
from samrutine.procedures.sections import sections
from samrutine.procedures.text import read, unformatted
from samrutine.proposals.drafting import Drafting, Lift, Proposed
from samrutine.proposals.loading import free_text
from samrutine.proposals.model import Significance
from samrutine.storage.decisions import DecisionId
from samrutine.storage.rows import ProcedureRow
from samrutine.storage.sql import Database
from samrutine.storage.words import Words

_NOTE = re.compile(r"\[\^([^\]\s]+)\]")


class Lifting:
    """From one municipality's addition to everybody's text."""

    def __init__(self, database: Database, words: Words, drafting: Drafting) -> None:
        self._database = database
        self._words = words
        self._drafting = drafting

    def lift(
        self, addition: str, *, significance: Significance | None, meaning: str | None, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> Proposed:  # fmt: skip
        """
        Propose the newest shared text with an addition's words at the end of its section, for the network to judge.

        The municipality's addition stays until its own decision: when the version that came of this is taken into use
        there, the addition is asked about, and dropping it is what is offered.

        Args:
            significance: What sort of change it is; when None significant for a professional addition, and minor for a
                practical note.
            meaning: What it means for those who follow the routine; when None a sentence that names section and
                municipality.

        Raises:
            AdditionNotFound: There is none of that id, it was dropped, or the reader may not read its routine, or what was
                laid over it.
            InvalidText, NotAllowed: As `Drafting.propose`.
            DecisionIdReused: The id was used for another act, or for another addition.
        """
        asked = Lift(addition, significance, free_text("meaning", meaning))
        # Before anything is read: the text and the addition may be others by now, and the first call was answered.
        if before := self._drafting.lifted_before(asked, by=by, decision_id=decision_id):
            return before
        with self._database.reading() as session:
            today = norwegian_day(now)
            eyes = Eyes(session, by, today)
            held = standing(eyes, addition)[-1]
            hidden = eyes.hidden_texts()
            layer = belonging(session, held.procedure, held.municipality, hidden_in(hidden))
            if layer.hides(held.decided_number, None, today):
                # It was laid over an exempt text: what it says is not theirs to read, nor to propose.
                raise AdditionNotFound(addition=addition)
            row = session.get_one(ProcedureRow, held.procedure)
            history = section_history(session, [held.procedure])[held.procedure]
            at = placed_in(held, history, VersionNumber(row.major, row.minor))
            words = self._words.read_many(session, {row.digest, held.digest})
            text = read(words[row.digest], held.procedure)
            town = get_municipality(session, held.municipality).name
        added = with_addition(text, at.key, words[held.digest].decode())
        is_professional = held.kind is AdditionKind.PROFESSIONAL_ADDITION
        where = at.heading or text.front.title
        return self._drafting.propose_lifted(
            unformatted(added), asked, changes=ProcedureId(held.procedure),
            significance=significance or (Significance.MAJOR if is_professional else Significance.MINOR),
            meaning=asked.meaning
            or say("documents.addition.lifted", text.front.language.value, section=where, municipality=town),
            by=by, now=now, decision_id=decision_id,
        )  # fmt: skip


def with_addition(text: ProcedureText, section_key: str, addition: str) -> ProcedureText:
    """
    Put an addition's words at the end of a section, before any section below it; at the end of the text for the whole.

    A section that is not there any more counts as the whole text. Footnotes get labels of their own.
    """
    lines = text.body.rstrip("\n").split("\n")
    there = sections(text.body)
    found = next((n for n, section in enumerate(there) if section.key == section_key), None)
    end = there[found + 1].line - 1 if found is not None and found + 1 < len(there) else len(lines)
    taken = set(_NOTE.findall(text.body))
    own = _NOTE.sub(lambda match: f"[^{_free(match[1], taken)}]", addition.strip("\n"))
    body = [*lines[:end], "", *own.split("\n"), "", *lines[end:]]
    return ProcedureText(text.front, "\n".join(body).rstrip("\n") + "\n")


def _free(label: str, taken: set[str]) -> str:
    return label if label not in taken else _free(f"{label}-t", taken)
