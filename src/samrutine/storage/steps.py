"""
Named steps of every act, so that a proof can stop the process at each of them.

`reach` costs one comparison and does nothing in use. A crash test sets a watcher that kills the process when a given
step is reached; a trace sets one that prints. Names are stable: `docs/reference/steps.md` lists them, and a test
fails when a step has no crash run.
"""

from collections.abc import Callable
from typing import Final

STEPS: Final = (
    "decide: head locked",
    "decide: rule checked",
    "decide: written, not committed",
    "decide: committed",
    "note: written, not committed",
    "note: file written",
    "project: lock held",
    "project: objects written",
    "project: branch moved",
    "project: words read back",
    "project: index written",
    "project: position written, not committed",
    "project: done",
    "redact: history written anew",
    "redact: reflog emptied",
    "redact: packs written anew",
    "redact: database written anew",
    "maintain: database checked",
    "maintain: log emptied",
    "maintain: git packed",
    "repair: git cleared",
    "repair: rows written, not committed",
    "repair: done",
    "publish: planned",
    "publish: delivered",
    "publish: receipts written",
    "backup: begun",
    "backup: tables written",
    "backup: bundles written",
    "backup: files copied",
    "backup: manifest written",
    "restore: begun",
    "restore: rows written, not committed",
    "restore: database made",
    "restore: git put back",
    "restore: projected",
    "restore: answered",
    "restore: done",
    "recover: chain and words written, not committed",
    "recover: rows written, not committed",
    "rebuild: git fetched",
    "rebuild: database made",
    "rebuild: projected",
)

_watcher: Callable[[str], None] | None = None


def reach(step: str) -> None:
    """Say that the act has come to `step`; one of `STEPS`, or a connector's own."""
    if _watcher is not None:
        _watcher(step)


def watch(watcher: Callable[[str], None] | None) -> None:
    """Call `watcher` at every step from now on in this process; None ends it."""
    global _watcher  # noqa: PLW0603  one process, one watcher, set by proofs only
    _watcher = watcher
