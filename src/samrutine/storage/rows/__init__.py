"""
What lies in SQL: one class a table, no rules. A file for each concept; everybody imports from here.

Every table names its retention class in `info`, which the first migration copies into `table_retention`, so that an
operator sees what is kept how long without reading code:

    permanent   the municipality's record: decisions, versions, intervals, receipts; never deleted by code
    person      a name and an address; erased on request or when the last role ended, unless the person decided
    working     drafts, what waits, notifications; deleted by the rule when the work is over
    hearing     what was answered in a hearing; deleted by the rule when the matter is closed and the time is up
    reading     what readers said: feedback and wishes; deleted by the rule when they are dealt with
    derived     can be made again from the rest

Times are instants in UTC; dates are days in Norway. A body is written `municipality:1841`, `network:smittevern` or
`library`. A decision is named by its number in the chain.
"""

from samrutine.storage.rows.base import Instant, Row, kept
from samrutine.storage.rows.chain import (
    ChainHeadRow,
    CounterRow,
    DeadLetterRow,
    DecisionRow,
    DecisionTextRow,
    OutboxPositionRow,
    OutboxRow,
)
from samrutine.storage.rows.checklists import ChecklistHelperRow, ChecklistMarkRow, ChecklistRunRow
from samrutine.storage.rows.collection import CollectionAnswerRow, CollectionRow, OfferRow, TriageRow
from samrutine.storage.rows.identity import (
    AccountRow,
    ApiTokenRow,
    BegunElsewhereRow,
    ConnectedRow,
    HalfSignInRow,
    MeetingLinkRow,
    PasswordLinkRow,
    SecondStepRow,
    WebSessionRow,
)
from samrutine.storage.rows.inbox import NotificationRow, WaitingRow
from samrutine.storage.rows.intake import IncomingDocumentRow, OldAddressRow
from samrutine.storage.rows.letters import CalendarFeedRow, LetterChoiceRow, LetterLinkRow, LetterRow
from samrutine.storage.rows.people import ActorRow, DelegationRow, PersonRow, RoleGrantRow
from samrutine.storage.rows.proposals import (
    ApprovalRow,
    HearingLinkRow,
    HearingPartyRow,
    HearingRow,
    ProposalFileRow,
    ProposalOriginRow,
    ProposalRow,
    RemarkRow,
)
from samrutine.storage.rows.publishing import PublicationRow, TargetRow
from samrutine.storage.rows.reading import (
    BarrierRow,
    FeedbackRow,
    ReviewRow,
    UnansweredSearchRow,
    WishRow,
    WishSupportRow,
)
from samrutine.storage.rows.settings import LibraryFileRow, LibraryRow, MunicipalityRow, NetworkRow, TableRetentionRow
from samrutine.storage.rows.texts import AttachmentRow, ProcedureRow, SectionRow, VersionRow, WordsRow
from samrutine.storage.rows.use import (
    AdditionRow,
    AdoptionRow,
    EffectiveDocumentRow,
    InForceRow,
    InventoryRow,
    LocalValueRow,
    MadeKnownRow,
    StandingDecisionRow,
)

__all__ = [
    "AccountRow",
    "ActorRow",
    "AdditionRow",
    "AdoptionRow",
    "ApiTokenRow",
    "ApprovalRow",
    "AttachmentRow",
    "BarrierRow",
    "BegunElsewhereRow",
    "CalendarFeedRow",
    "ChainHeadRow",
    "ChecklistHelperRow",
    "ChecklistMarkRow",
    "ChecklistRunRow",
    "CollectionAnswerRow",
    "CollectionRow",
    "ConnectedRow",
    "CounterRow",
    "DeadLetterRow",
    "DecisionRow",
    "DecisionTextRow",
    "DelegationRow",
    "EffectiveDocumentRow",
    "FeedbackRow",
    "HalfSignInRow",
    "HearingLinkRow",
    "HearingPartyRow",
    "HearingRow",
    "InForceRow",
    "IncomingDocumentRow",
    "Instant",
    "InventoryRow",
    "LetterChoiceRow",
    "LetterLinkRow",
    "LetterRow",
    "LibraryFileRow",
    "LibraryRow",
    "LocalValueRow",
    "MadeKnownRow",
    "MeetingLinkRow",
    "MunicipalityRow",
    "NetworkRow",
    "NotificationRow",
    "OfferRow",
    "OldAddressRow",
    "OutboxPositionRow",
    "OutboxRow",
    "PasswordLinkRow",
    "PersonRow",
    "ProcedureRow",
    "ProposalFileRow",
    "ProposalOriginRow",
    "ProposalRow",
    "PublicationRow",
    "RemarkRow",
    "ReviewRow",
    "RoleGrantRow",
    "Row",
    "SecondStepRow",
    "SectionRow",
    "StandingDecisionRow",
    "TableRetentionRow",
    "TargetRow",
    "TriageRow",
    "UnansweredSearchRow",
    "VersionRow",
    "WaitingRow",
    "WebSessionRow",
    "WishRow",
    "WishSupportRow",
    "WordsRow",
    "kept",
]
