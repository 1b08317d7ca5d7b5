"""What is true at a target after a delivery: the receipt, name by name. Values and rules only."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from samrutine.errors import DocumentUnavailable
from samrutine.networks.model import MunicipalityNumber
from samrutine.procedures.model import Digest, ProcedureId, VersionNumber
from samrutine.publishing.model import (
    Action,
    ChainHead,
    FoundFile,
    Manifest,
    ManifestEntry,
    Plan,
    PlanLine,
    PublicationState,
    Sha256,
    TargetId,
)


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """
    What became of one name. `sha256` and `size_bytes` are of what lies there after the delivery, None for nothing.

    `procedure_id` and `version` are None for the index. `effective_digest` is what was wanted, or what we had there
    when it was withdrawn. `problem` says why a document could not be made.
    """

    path: str
    procedure_id: ProcedureId | None
    version: VersionNumber | None
    effective_digest: Digest
    action: Action
    state: PublicationState
    sha256: Sha256 | None
    size_bytes: int | None
    problem: DocumentUnavailable | None = None

    @property
    def overwrites(self) -> bool:
        """Whether a copy that somebody had changed by hand gave way, since a person said that it shall."""
        gave_way = {PublicationState.VERIFIED, PublicationState.WITHDRAWN}
        return self.action is Action.CHANGED_THERE and self.state in gave_way


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    What lay at a target when it was read back, name by name.

    `manifest` is what the target then held of ours; keep it, and give it to the next delivery as `remembered`, in case
    somebody has tidied the manifest away. `head` is the chain's head in the edition, which may be newer than the
    manifest's when nothing else had changed. `took_over` is the ended target whose manifest lay there before: its
    folder was moved.
    """

    target: TargetId
    municipality: MunicipalityNumber
    head: ChainHead
    read_back_at: datetime
    lines: tuple[ReceiptLine, ...]
    manifest: Manifest
    took_over: TargetId | None = None

    @property
    def leaves_nothing(self) -> bool:
        """Whether nothing of ours was left there, changed by others or not."""
        return not self.manifest.files

    @property
    def state(self) -> PublicationState:
        """The worst of the lines: failed, drifted, else verified (also when all that was left was withdrawn)."""
        return _worst(line.state for line in self.lines)

    def state_of(self, procedure: ProcedureId) -> PublicationState | None:
        """Give the worst state of one procedure's files; None when the receipt does not name it."""
        states = [line.state for line in self.lines if line.procedure_id == procedure]
        return state_together(states) if states else None

    def counts(self) -> dict[Action, int]:
        """Count the lines by action, every action named."""
        counted = dict.fromkeys(Action, 0)
        for line in self.lines:
            counted[line.action] += 1
        return counted


def state_together(states: Collection[PublicationState]) -> PublicationState:
    """Give the state of a procedure from those of its files, of which there is at least one: the worst."""
    if all(state is PublicationState.WITHDRAWN for state in states):
        return PublicationState.WITHDRAWN
    return _worst(states)


def receipt_for(
    carried_out: Plan,
    manifest: Manifest,
    found: Mapping[str, FoundFile],
    *,
    not_made: Mapping[str, DocumentUnavailable] | None = None,
    now: datetime,
) -> Receipt:
    """
    Say what is true at a target, from what lies there after a delivery.

    Args:
        carried_out: The plan that was carried out.
        manifest: What the target's manifest now says.
        found: What now lies there under the plan's names, read after the delivery.
        not_made: The paths whose document could not be made, and why; what lay there before still does.
        now: When it was read back; aware.
    """
    failures = not_made or {}
    before = carried_out.lying.target if carried_out.lying is not None else carried_out.edition.target
    return Receipt(
        target=carried_out.edition.target,
        municipality=carried_out.edition.municipality,
        head=carried_out.edition.head,
        read_back_at=now,
        lines=tuple(
            _receipt_line(line, manifest.files.get(line.path), found.get(line.path), failures.get(line.path))
            for line in carried_out.lines
        ),
        manifest=manifest,
        took_over=before if before != carried_out.edition.target else None,
    )


def _receipt_line(
    line: PlanLine, ours: ManifestEntry | None, found: FoundFile | None, problem: DocumentUnavailable | None
) -> ReceiptLine:
    document = line.wanted.document if line.wanted is not None else None
    before = line.ours
    return ReceiptLine(
        path=line.path,
        procedure_id=document.procedure_id if document else before.procedure_id if before else None,
        version=document.version if document else before.version if before else None,
        effective_digest=_digest_of(line),
        action=line.action,
        state=_state_after(line, ours, found, failed=problem is not None),
        sha256=found.sha256 if found else None,
        size_bytes=found.size_bytes if found else None,
        problem=problem,
    )


def _digest_of(line: PlanLine) -> Digest:
    if line.wanted is not None:
        return line.wanted.effective_digest
    return line.ours.effective_digest if line.ours is not None else Digest("")


def _state_after(
    line: PlanLine, ours: ManifestEntry | None, found: FoundFile | None, *, failed: bool
) -> PublicationState:
    if failed or line.action is Action.FOREIGN:
        return PublicationState.FAILED
    if line.wanted is None:
        return PublicationState.WITHDRAWN if found is None else PublicationState.DRIFTED
    as_wanted = (
        ours is not None
        and found is not None
        and found.sha256 == ours.sha256
        and ours.effective_digest == line.wanted.effective_digest
    )
    return PublicationState.VERIFIED if as_wanted else PublicationState.DRIFTED


_WORST_FIRST: Final = (
    PublicationState.FAILED,
    PublicationState.DRIFTED,
    PublicationState.QUEUED,
    PublicationState.DELIVERED,
)


def _worst(states: Iterable[PublicationState]) -> PublicationState:
    there = frozenset(states)
    return next((state for state in _WORST_FIRST if state in there), PublicationState.VERIFIED)
