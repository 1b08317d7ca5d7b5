"""
Every error we raise on purpose, one tree.

    SamrutineError             the fact, and `remedy`: what to do now
    + NotFound                 no such procedure, version, proposal, municipality, network, person or home
    |   + ProcedureNotFound, VersionNotFound, ProposalNotFound, MunicipalityNotFound, NetworkNotFound
    |   + PersonNotFound, SectionNotFound, AdditionNotFound, HomeNotFound, TargetNotFound, FeedbackNotFound
    |   + WishNotFound, SettingNotFound, DocumentNotFound
    |       + NotYetInForce, NoLongerInForce, BetweenUses, ReplacedByAnother
    |   + HearingNotFound, RemarkNotFound, LinkNotValid, TextDeleted, BackupNotFound, AttachmentNotFound
    |       + BackupFolderMissing
    + InvalidText              a text we cannot read, or must not keep; carries the findings
    |   + InvalidAddition      the same of a municipality's own words
    + InvalidRequest           an argument that cannot be right: a date, an id, a number, a name
    |   + ActorMissing, DigestMissing, ArgumentMissing, FileNotRead, CommandMistake, CardTooLong
    |   + LoginTaken, CheckpointsNotSet, NoSuchDay, DaysInWrongOrder, SettingsUnreadable, NoDecisionToBeginAt
    + Refused                  a rule says no; carries the typed reasons
    |   + NotAllowed           the rule is about who asks
    |   + ListRefused          rows of a list may not be decided, so none is; carries the rows
    |   + DocumentRefused      a file cannot be read as a document
    + Conflict                 someone else decided first; nothing was changed
    |   + BaseMoved, VersionChanged, TextChanged, DecisionIdReused, IdTaken, HomeExists, DemoExists, SettingsChanged
    |   + BackupOfAnother, DatabaseNotEmpty
    + StoreUnavailable         git, SQL, index or a destination; safe to retry
        + RegisterBroken, NotThisRegister, DatabaseDamaged, DatabaseBehind
        + DatabaseBusy, StoreDamaged, OtherSchema, DocumentUnavailable, IndexUnusable, IndexBusy
        + BackupDamaged, BackupTooNew, BackupBusy, NoRoom, FolderUnusable, RestoreUnfinished
        + DiskNearlyFull, ClockBehind
        |   + NothingPacked
        + RegisterBehind, KeyUnusable, ToolMissing
        + DeliveryFailed       a publishing destination
            + PublishingPaused
            + DestinationMissing, DestinationNotAFolder, DestinationForbidden, DestinationFull
            + DestinationNotOurs, DestinationBusy, DestinationAhead, DestinationElsewhere,
              DestinationListChanged
            |   + DestinationDamaged

The words are in the catalogues, `messages/<language>/errors.toml`, one table a class: `fact` and `remedy`, both with
named places. A message names no person and quotes no document text, since logs travel.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from samrutine.messages import Reason, say, word


class SamrutineError(Exception):
    """
    Base of all errors we raise on purpose; `str()` gives fact and remedy in English, for logs and developers.

    `text("nb")` gives them for a user. `places` are the values the text names, and become the JSON of an error.
    """

    exit_code: ClassVar[int] = 1
    worded: ClassVar[Mapping[str, str]] = {}
    """Places that are filled with the code's own names, by the catalogue's table of their words."""

    def __init__(self, **places: object) -> None:
        self.places = places
        super().__init__(self.text("en"))

    @property
    def code(self) -> str:
        """The error's stable name in JSON and in the catalogue: the class name in snake case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    def fact(self, language: str = "nb") -> str:
        """Say what is wrong, and which one."""
        return say(f"errors.{self.code}.{self._fact_name}", language, **self._in_words(language))

    def remedy(self, language: str = "nb") -> str:
        """Say what to do now."""
        return say(f"errors.{self.code}.{self._remedy_name}", language, **self._in_words(language))

    @property
    def _fact_name(self) -> str:
        return "fact"

    @property
    def _remedy_name(self) -> str:
        return "remedy"

    def _in_words(self, language: str) -> dict[str, object]:
        told = {one: table for one, table in self.worded.items() if one in self.places}
        return {**self.places, **{one: word(table, str(self.places[one]), language) for one, table in told.items()}}

    def text(self, language: str = "nb") -> str:
        """Fact and remedy, one after the other."""
        return f"{self.fact(language)} {self.remedy(language)}"


class NotFound(SamrutineError):
    """What was asked for does not exist, or may not be seen by the one who asks."""

    exit_code = 4


class ProcedureNotFound(NotFound):
    """No procedure has this id. Places: procedure."""


class VersionNotFound(NotFound):
    """The procedure has no such version. Places: procedure, version."""


class AttachmentNotFound(NotFound):
    """No file of that name belongs to the version. Places: procedure, version, file."""


class ProposalNotFound(NotFound):
    """No proposal has this id. Places: proposal."""


class HearingNotFound(NotFound):
    """The proposal has not been heard, or not so many times. Places: proposal."""


class RemarkNotFound(NotFound):
    """No hearing has a remark of this id. Places: remark."""


class LinkNotValid(NotFound):
    """A personal link opens nothing: wrong, expired, revoked or never made; nobody is told which."""


class MunicipalityNotFound(NotFound):
    """No municipality has this number or name. Places: municipality."""


class NetworkNotFound(NotFound):
    """No network has this id or name. Places: network, networks (the ids there are)."""


class PersonNotFound(NotFound):
    """Nobody has this actor id or sign-in name. Places: person."""


class SectionNotFound(NotFound):
    """The version has no section with this key. Places: procedure, section."""


class AdditionNotFound(NotFound):
    """No municipality has an addition of this id, or it was dropped. Places: addition."""


class TargetNotFound(NotFound):
    """The municipality has no publishing target of this name. Places: target, municipality."""


class DocumentNotFound(NotFound):
    """The procedure is not in force there on that day, so it has no effective document. Places: procedure, municipality, day."""


class NotYetInForce(DocumentNotFound):
    """The day is before the first on which the procedure applied there. Places: procedure, municipality, day, from_on."""


class NoLongerInForce(DocumentNotFound):
    """The day is after the last on which it applied there. Places: procedure, municipality, day, last_day."""


class BetweenUses(DocumentNotFound):
    """It applied there before the day and after it, but not on it. Places: procedure, municipality, day, last_day, from_on."""


class ReplacedByAnother(DocumentNotFound):
    """It is withdrawn and does not apply there any more; another is to be used. Places: procedure, municipality, day, replaced_by."""


class TextDeleted(NotFound):
    """The proposal came to nothing, and its text was kept for a time only. Places: proposal, closed_on, months."""


class FeedbackNotFound(NotFound):
    """No feedback has this id. Places: feedback."""


class WishNotFound(NotFound):
    """No wish has this id. Places: wish."""


class SettingNotFound(NotFound):
    """The library's settings have no such file. Places: file, files (those there are, one a line)."""


class HomeNotFound(NotFound):
    """The folder is not a samrutine home. Places: home."""


class BackupNotFound(NotFound):
    """The folder holds no finished backup, or none of that name. Places: folder, name, names (those there are)."""


class BackupFolderMissing(BackupNotFound):
    """There is no such folder. Places: folder."""


class InvalidText(SamrutineError):
    """
    A text we cannot read, or must not keep. Places: name (of the file or draft), count.

    `findings` say line and remedy for each fault.
    """

    exit_code = 3

    def __init__(self, name: str, findings: Sequence[object]) -> None:
        self.findings = tuple(findings)
        super().__init__(name=name, count=len(self.findings))

    def text(self, language: str = "nb") -> str:
        """Fact, each finding on a line of its own, and the remedy."""
        lines = [finding.text(language) for finding in self.findings if hasattr(finding, "text")]
        return "\n".join([self.fact(language), *lines, self.remedy(language)])


class InvalidAddition(InvalidText):
    """A municipality's own words that we cannot read, or must not keep. Places: name (of the routine), count."""


class InvalidRequest(SamrutineError):
    """
    An argument that cannot be right. Places: what, value, expected.

    `what` and `expected` are the code's own names, or what a person is to type; people are told the word for a name.
    """

    exit_code = 2
    worded: ClassVar[Mapping[str, str]] = {"what": "asked", "expected": "expected"}


class NoSuchDay(InvalidRequest):
    """A day is written as days are, and the calendar has none such. Places: what, value."""


class CardTooLong(InvalidRequest):
    """A section is longer than a pocket card. Places: procedure, section, millimetres, percent (both beyond the card)."""


class NoDecisionToBeginAt(InvalidRequest):
    """What is newer than a decision was asked for, and there is none of that number. Places: value, last."""


class DaysInWrongOrder(InvalidRequest):
    """What is to hold until a day would begin on it or after. Places: first, until."""


class SettingsUnreadable(InvalidRequest):
    """A file of settings that is no TOML from some line on. Places: file, line."""


class ActorMissing(InvalidRequest):
    """The act needs somebody who does it, and nobody was named."""


class DigestMissing(InvalidRequest):
    """What is read is what is approved, so the digest of what was read must be given. Places: proposal."""


class ArgumentMissing(InvalidRequest):
    """Something that is needed was not given, and there was nobody to ask. Places: what, expected."""


class FileNotRead(InvalidRequest):
    """
    A file that was named is not there, or cannot be read. Places: file, detail.

    Attributes:
        why: "missing", "forbidden" or "folder", which have sentences of their own; else "other".
    """

    def __init__(self, *, why: str = "other", **places: object) -> None:
        self.why = why
        super().__init__(**places)

    @property
    def _fact_name(self) -> str:
        return "fact" if self.why == "other" else self.why


class CheckpointsNotSet(InvalidRequest):
    """No key is set to sign checkpoints with."""


class LoginTaken(InvalidRequest):
    """Somebody else signs in by that name. Places: login."""


class CommandMistake(InvalidRequest):
    """A command was typed as nobody can mean it, or not confirmed. Places: fact, remedy, as sentences."""


class Refused(SamrutineError):
    """A rule says no. `reasons` are the typed reasons, in the order a person would give them."""

    exit_code = 3

    def __init__(self, reasons: Sequence[Reason], **places: object) -> None:
        self.reasons = tuple(reasons)
        super().__init__(**places)

    @property
    def told(self) -> tuple[Reason, ...]:
        """The reasons that people are told: all, or the first that settles the matter whatever the others say."""
        return next(((one,) for one in self.reasons if one.settled), self.reasons)

    def fact(self, language: str = "nb") -> str:
        """Say each reason."""
        return " ".join(_of_reason(one, "fact", language) for one in self.told)

    def remedy(self, language: str = "nb") -> str:
        """Say what to do about each reason, each remedy once."""
        return " ".join(dict.fromkeys(_of_reason(one, "remedy", language) for one in self.told))

    def text(self, language: str = "nb") -> str:
        """Say each reason with what to do about it, on a line of its own; those with one way out share a line."""
        facts: dict[str, list[str]] = {}
        for one in self.told:
            facts.setdefault(_of_reason(one, "remedy", language), []).append(_of_reason(one, "fact", language))
        return "\n".join(" ".join([*why, remedy]) for remedy, why in facts.items())


def _of_reason(reason: Reason, part: str, language: str) -> str:
    return say(f"{reason.key}.{part}", language, **reason.places_in(language))


class NotAllowed(Refused):
    """The rule that says no is about who asks."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of a list that may not be decided: its number from 1, the procedure it is about, and why."""

    row: int
    procedure: str
    error: SamrutineError


class ListRefused(Refused):
    """
    One or more rows of a list may not be decided, so none is. Places: count, total.

    `rows` are those that may not, in the order of the list; `reasons` are all of theirs.
    """

    def __init__(self, rows: Sequence[RefusedRow], *, total: int) -> None:
        self.rows = tuple(rows)
        reasons = [reason for one in rows if isinstance(one.error, Refused) for reason in one.error.reasons]
        super().__init__(reasons, count=len(self.rows), total=total)

    def fact(self, language: str = "nb") -> str:
        """Say how many, and each with its number, its procedure and why, on a line of its own."""
        lines = [
            say("errors.list_refused.row", language, row=one.row, procedure=one.procedure, why=one.error.fact(language))
            for one in self.rows
        ]
        return "\n".join([say("errors.list_refused.fact", language, **self.places), *lines, ""])

    def remedy(self, language: str = "nb") -> str:
        """Say what to do about each, each remedy once."""
        remedies = dict.fromkeys(one.error.remedy(language) for one in self.rows)
        return " ".join([*remedies, say("errors.list_refused.remedy", language)])

    def text(self, language: str = "nb") -> str:
        """Fact and remedy, one after the other."""
        return f"{self.fact(language)} {self.remedy(language)}"


class DocumentRefused(Refused):
    """
    A file cannot be read as a document, or must not be. Nothing of it was kept. Places: name.

    `why` is the code of the reason, one of `REFUSALS` in `exchange.incoming.model`.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__([reason], name=reason.places.get("name", ""))
        self.why = reason.key.rpartition(".")[2]


class Conflict(SamrutineError):
    """Someone else decided first; nothing was changed."""

    exit_code = 5


class BaseMoved(Conflict):
    """The procedure got a newer version after this proposal was begun. Places: procedure, base, current."""


class VersionChanged(Conflict):
    """The version that was read is not the routine's newest. Places: procedure, version, current."""


class TextChanged(Conflict):
    """The text is not the one that was read. Places: proposal."""


class DecisionIdReused(Conflict):
    """The decision id belongs to another act. Places: decision."""


class SettingsChanged(Conflict):
    """A file of the settings is not as it was read. Places: file."""


class IdTaken(Conflict):
    """The id belongs to another procedure or draft. Places: procedure."""


class HomeExists(Conflict):
    """The folder already is a home, or holds something else. Places: home."""


class DemoExists(Conflict):
    """There is a demo in this home already. Places: home."""


class BackupOfAnother(Conflict):
    """The backups in the folder are another library's; nothing was written. Places: folder."""


class DatabaseNotEmpty(Conflict):
    """The database that a backup was to be put back into holds tables already. Places: database."""


class StoreUnavailable(SamrutineError):
    """Git, SQL, the index or a destination did not do its work; safe to retry. Places: store, detail."""

    exit_code = 6


class DatabaseBusy(StoreUnavailable):
    """Another process held the database longer than we wait. Places: seconds."""


class RegisterBehind(StoreUnavailable):
    """The register does not yet hold every decision that is made. Places: position, head."""


class KeyUnusable(StoreUnavailable):
    """
    The key for checkpoints cannot be used as it lies. Places: key.

    Attributes:
        why: "missing", "in_home", "open" (others may read it), "refused" by ssh-keygen, or "changed" without a word of which
            it was before: each has a sentence of its own.
    """

    def __init__(self, *, why: str, **places: object) -> None:
        self.why = why
        super().__init__(**places)

    @property
    def _fact_name(self) -> str:
        return self.why

    @property
    def _remedy_name(self) -> str:
        # A key that was changed lies as it should.
        return "changed_remedy" if self.why == "changed" else "remedy"


class ToolMissing(StoreUnavailable):
    """A program that this needs is not installed. Places: tool, package."""


class StoreDamaged(StoreUnavailable):
    """What a store holds is not what was decided. Places: store, detail."""


class DatabaseBehind(StoreUnavailable):
    """
    The register in git has decisions that follow this database's last, and that it lacks: it is an older copy.

    Nothing is decided, and nothing is repaired: either would put genuine decisions aside. Places: here, there (numbers).
    """


class DatabaseDamaged(StoreDamaged):
    """
    The database is gone, or its file does not hold together: nothing mends it but a backup. Places: detail.

    `verify` and `repair` read it too, so to name them would lead in a circle.
    """


class RegisterBroken(StoreUnavailable):
    """A register is not whole, so nothing is taken from it. Places: what, where."""

    worded: ClassVar[Mapping[str, str]] = {"what": "register_broken"}


class NotThisRegister(StoreUnavailable):
    """The register is another library's, or went another way from some decision on. Places: number."""


class OtherSchema(StoreUnavailable):
    """The database was written by another version of samrutine. Places: found, expected."""


class IndexUnusable(StoreUnavailable):
    """The search index is missing, damaged or of another form; build it anew. Places: detail."""


class IndexBusy(StoreUnavailable):
    """Another process wrote to the search index longer than we wait. Places: seconds."""


class BackupDamaged(StoreUnavailable):
    """
    A file of a backup is not as it was written; nothing was put back. Places: file, why, whole.

    `why` is "missing", "size", "sha256", "unreadable", "manifest" or "content", which have words of their own. `whole` is the
    newest set in the folder that is whole: "–" where there is none, "" where nobody looked.
    """

    def __init__(self, *, file: object, why: str, whole: str = "") -> None:
        self.why = why
        self.whole = whole
        super().__init__(file=file, why=why, whole=whole)

    @property
    def _fact_name(self) -> str:
        return self.why

    @property
    def _remedy_name(self) -> str:
        # To take another set than the one that was asked for is for a person to choose.
        return {"": "remedy", "–": "none_remedy"}.get(self.whole, "whole_remedy")


class BackupTooNew(StoreUnavailable):
    """A newer samrutine wrote the backup. Places: backup, found, known (the form or the schema)."""


class BackupBusy(StoreUnavailable):
    """Another backup to the same folder, or another restore into the same home, is under way. Places: folder."""


class NoRoom(StoreUnavailable):
    """The disk is full, or has too little room for what is to come. Places: folder."""


class FolderUnusable(StoreUnavailable):
    """A folder that a backup, or what is put back, was to lie in cannot be written to. Places: folder, why."""

    worded: ClassVar[Mapping[str, str]] = {"why": "folder_unusable"}


class RestoreUnfinished(StoreUnavailable):
    """A backup was being put back into the home, and was stopped. Places: home."""


class DiskNearlyFull(StoreUnavailable):
    """The disk of the home has less room than is kept free, so nothing is decided. Places: folder, free, needed (MB)."""


class NothingPacked(DiskNearlyFull):
    """There is no room for new packs of git's; what makes room was done. Places: folder, free, needed (MB)."""


class ClockBehind(StoreUnavailable):
    """The machine's clock stands before the newest decision. Places: now, newest, number."""


class DeliveryFailed(StoreUnavailable):
    """A destination could not be written or read. Places: target, detail."""


class PublishingPaused(DeliveryFailed):
    """
    The library was put back from a backup, and nobody has looked at what lies at the target since.

    Places: target, municipality (its name), paused_at.
    """


class DestinationMissing(DeliveryFailed):
    """The place does not exist, or the folder it should lie in. Places: target."""


class DestinationNotAFolder(DeliveryFailed):
    """A file lies where the folder should be. Places: target."""


class DestinationForbidden(DeliveryFailed):
    """We may not read or write there. Places: target."""


class DestinationFull(DeliveryFailed):
    """There is no more room. Places: target."""


class DestinationNotOurs(DeliveryFailed):
    """What lies there belongs to another target, or is not as samrutine wrote it; nothing was touched. Places: target."""


class DestinationDamaged(DestinationNotOurs):
    """A file lies there that cannot be read as the package it is to be; nothing was touched. Places: target."""


class DestinationBusy(DeliveryFailed):
    """Another delivery to the same place is under way, or came between. Places: target."""


class DestinationAhead(DeliveryFailed):
    """
    What lies there rests on decisions that this library does not have; nothing was touched. Places: target, there, here.

    The library has been put back to an older copy, or this is not the library that published there.
    """


class DestinationElsewhere(DeliveryFailed):
    """
    What lies there rests on a decision of another hash than this library's of that number; nothing was touched.

    Two servers publish there: one of them was put back from the other's backup. Places: target, there.
    """


class DestinationListChanged(DeliveryFailed):
    """
    The list of contents there says something else of a copy than our receipt; nothing was touched. Places: target.

    Somebody else wrote in it. What it says of versions and bytes is not believed.
    """


class DocumentUnavailable(StoreUnavailable):
    """A document could not be made in the format asked for. Places: procedure, format, detail."""
