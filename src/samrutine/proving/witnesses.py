"""What signed checkpoints bear witness of: that there were these decisions, whatever a register says now."""

from collections.abc import Iterator

from samrutine.errors import StoreDamaged
from samrutine.proving.checkpoints import ALLOWED_SIGNERS, BRANCH, Kept
from samrutine.proving.signing import is_signed
from samrutine.storage.git import GitStore


def noted(store: GitStore) -> Iterator[tuple[int, str]]:
    """
    Give the number and hash of the decision that each well-signed checkpoint names, the oldest first.

    Signatures are checked with the public key beside them: whoever puts a library together again may have no other. What
    cannot be read, or is not signed by it, bears witness of nothing; `verify` names it.

    Raises:
        ToolMissing: There is no ssh-keygen, and there are checkpoints.
    """
    tip = store.tip(BRANCH)
    files = store.tree(tip) if tip else {}
    if ALLOWED_SIGNERS not in files:
        return
    signers = store.read(files[ALLOWED_SIGNERS])
    for name in sorted(path.removesuffix(".json") for path in files if path.endswith(".json")):
        if f"{name}.sig" in files:
            content, signature = store.read(files[f"{name}.json"]), store.read(files[f"{name}.sig"])
            try:
                one = Kept(name, content, signature, None)
            except StoreDamaged:
                continue
            if is_signed(content, signature, signers):
                yield one.number, one.hash
