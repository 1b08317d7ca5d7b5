"""What municipalities sent in and the shared draft does not say: offered to each, and taken by it as something of its own."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from samrutine.actors import ActorId
from samrutine.adoptions.adding import AdditionDecided, Additions, NewAddition
from samrutine.adoptions.effective import AdditionKind
from samrutine.adoptions.filling_in import FillingIn, LocalInformationSet
from samrutine.collecting.errors import OfferNotFound
from samrutine.collecting.model import Offer, OfferId, reasons_against_taking
from samrutine.days import norwegian_day
from samrutine.errors import ProposalNotFound
from samrutine.intake.chosen import Offered
from samrutine.networks.directory import get_municipality
from samrutine.procedures.access import require_readable_proposal
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import ProcedureId
from samrutine.proposals.model import ProposalState
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, DecisionId
from samrutine.storage.rows import OfferRow, ProposalRow
from samrutine.storage.sql import Database


@dataclass(frozen=True, slots=True)
class TakenAs:
    """
    How a municipality takes an offer; what is None is as it was offered.

    Attributes:
        kind: A practical note, or a professional addition. Local information is never taken as something else.
        section_key: Another section, where the draft's has another name by now; "" for the whole text.
        reason: Why, in the municipality's words; asked for of a professional addition.
        source: What a professional addition rests on.
    """

    kind: AdditionKind | None = None
    section_key: str | None = None
    reason: str | None = None
    source: str | None = None


class Offers:
    """What a shared draft leaves to each municipality."""

    def __init__(self, database: Database, additions: Additions, filling_in: FillingIn) -> None:
        self._database = database
        self._additions = additions
        self._filling_in = filling_in

    def offered(
        self, proposal: str, municipality: str | None, *, reader: str | None, today: date
    ) -> Sequence[Offer]:  # fmt: skip
        """
        Give what a draft that was made of several routines offers a municipality, in the order it stood in them.

        Args:
            municipality: Only that one; all when None.
            reader: Whose eyes: who may read the proposal.

        Raises:
            ProposalNotFound: There is none of that id, or the reader may not know of it.
            MunicipalityNotFound, PersonNotFound: As they say.
        """
        with self._database.reading() as session:
            if session.get(ProposalRow, proposal) is None:
                raise ProposalNotFound(proposal=proposal)
            require_readable_proposal(session, proposal, reader, today)
            query = select(OfferRow).where(OfferRow.proposal_id == proposal)
            if municipality is not None:
                query = query.where(OfferRow.municipality == get_municipality(session, municipality).number)
            return [
                _offer(row) for row in session.exec(query.order_by(col(OfferRow.municipality), col(OfferRow.place)))
            ]

    def take(
        self, offer: OfferId, taken_as: TakenAs, *, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> AdditionDecided | LocalInformationSet:
        """
        Take an offer, when the routine is faglig godkjent: it is filled in as local information, or becomes an addition.

        Returns:
            What `FillingIn.set_local_information` or `Additions.add` gives; the same for a second call with the same id.

        Raises:
            OfferNotFound: There is none of that id, or the actor may not know of its draft.
            Refused: It was taken before, the routine is not faglig godkjent yet, or as they say.
            NotAllowed, SectionNotFound, InvalidText: As they say.
        """
        with self._database.reading() as session:
            row, proposal = _known(session, Eyes(session, by, norwegian_day(now)), offer)
            # Whether it was taken is asked in the act: a second call of the same act has taken it.
            is_approved = proposal.state == ProposalState.APPROVED
            refuse(reasons_against_taking(None, proposal=row.proposal_id, is_approved=is_approved))
            text, procedure, town = row.text or "", ProcedureId(row.procedure_id), row.municipality
            kind, field, departs = AdditionKind(row.kind), row.field, row.departs
            section = row.section_key if taken_as.section_key is None else taken_as.section_key

        def keep(act: Act) -> None:
            row = act.session.get_one(OfferRow, offer, with_for_update=True, populate_existing=True)
            refuse(reasons_against_taking(row.taken_number, proposal=row.proposal_id, is_approved=True))
            row.taken_number = act.number
            act.session.add(row)

        if kind is AdditionKind.LOCAL_INFORMATION:
            return self._filling_in.set_local_information(
                procedure, town, {field: text}, by=by, now=now, decision_id=decision_id, also=keep
            )
        new = NewAddition(section, taken_as.kind or kind, text, taken_as.reason, taken_as.source, departs)
        return self._additions.add(
            procedure, town, new, by=by, now=now, decision_id=decision_id, also=keep
        )  # fmt: skip


def keep_offers(session: Session, proposal: str, procedure: str, offered: Iterable[Offered]) -> None:
    """Keep what a draft offers, in the act that makes the draft. What a network sent in of its own is offered to nobody."""
    towns = [one for one in offered if not one.municipality.startswith("network:")]
    for place, one in enumerate(towns):
        id_ = f"o-{hashlib.sha256(f'{proposal}:{place}'.encode()).hexdigest()[:12]}"
        session.add(
            OfferRow(
                id=id_, proposal_id=proposal, municipality=one.municipality, procedure_id=procedure, place=place,
                kind=one.kind.value, section_key=one.section, field=one.field, text=one.text, departs=one.departs,
                document_id=one.variant,
            )
        )  # fmt: skip


def _known(session: Session, eyes: Eyes, offer: str) -> tuple[OfferRow, ProposalRow]:
    """Give an offer and its proposal; of a proposal that they may not know of it is not there for them."""
    row = session.get(OfferRow, offer)
    try:
        # Asked for one that is not there too, so that the work says no more than the answer.
        proposal = eyes.proposal(row.proposal_id if row is not None else "")
    except ProposalNotFound:
        raise OfferNotFound(offer=offer) from None
    assert row is not None  # noqa: S101  no proposal has the empty id
    return row, proposal


def _offer(row: OfferRow) -> Offer:
    return Offer(
        OfferId(row.id), row.proposal_id, ProcedureId(row.procedure_id), row.municipality, AdditionKind(row.kind),
        row.section_key, row.field, row.text, row.departs, row.document_id, row.taken_number,
    )  # fmt: skip
