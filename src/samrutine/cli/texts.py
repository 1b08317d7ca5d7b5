"""Texts on their way: import, propose, revise, send, approve, withdraw."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, Typer

from samrutine.cli.arguments import DecisionId, MaybeDigest, MaybeMeaning, MaybeNetwork, Proposal, Reason
from samrutine.cli.plain import plain, plain_error, plain_finding
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command
from samrutine.errors import DigestMissing, FileNotRead, InvalidText

if TYPE_CHECKING:
    from samrutine.library import Library
    from samrutine.proposals.drafting import Proposed
    from samrutine.proposals.intake import Imported
    from samrutine.proposals.model import Proposal as ProposalValue

SHORTEST_DIGEST = 12
"""How many hexadecimal digits of a digest a person may give instead of all: as many as are printed."""


def register(app: Typer) -> None:
    """Add the commands."""
    for name, function in (
        ("import", import_folder), ("propose", propose), ("proposals", proposals), ("proposal", proposal),
        ("revise", revise), ("send", send), ("approve", approve), ("withdraw", withdraw),
    ):  # fmt: skip
        command(app, name, area="texts")(function)


def import_folder(shell: Shell, folder: Annotated[str, Argument(show_default=False)]) -> int:
    """Bring in every Markdown file of a folder as drafts."""
    total = sum(1 for _ in Path(folder).rglob("*.md")) if Path(folder).is_dir() else 0
    with shell.library() as library, shell.progress("import", total) as begun:
        found = library.import_folder(folder, by=shell.by, on_file=begun)
    shell.answer(_plain_import(found, shell.language), lambda: _print_import(shell, found))
    return InvalidText.exit_code if found.refused else 0


def _plain_import(found: "Imported", language: str) -> dict[str, object]:
    return {
        "drafts": [
            {"file": one.file, "proposal": one.proposed.proposal, "procedure": one.proposed.procedure,
             "digest": one.proposed.digest, "unchanged": one.proposed.unchanged,
             "findings": [plain_finding(finding, language) for finding in one.proposed.findings]}
            for one in found.drafts if one.proposed
        ],
        "approved": [
            {"file": one.file, "proposal": one.proposed.proposal, "procedure": one.proposed.procedure,
             "digest": one.proposed.digest, "version": str(one.proposed.version)}
            for one in found.approved if one.proposed
        ],
        "refused": [{"file": one.file, "error": plain_error(one.error, language)} for one in found.refused if one.error],
    }  # fmt: skip


def _print_import(shell: Shell, found: "Imported") -> None:
    for one in found.drafts:
        if one.proposed is not None:
            name = "draft_unchanged" if one.proposed.unchanged else "draft"
            shell.print(shell.say(f"done.{name}", file=shell.visible(one.file), proposal=one.proposed.proposal))
            _print_findings(shell, one.proposed)
    for one in found.approved:
        if one.proposed is not None:
            shell.print(_is_version(shell, shell.visible(one.file), one.proposed))
    for one in found.refused:
        if one.error is not None:
            shell.print("", shell.bold(shell.say("done.refused", file=shell.visible(one.file))))
            shell.print(*(shell.visible(line) for line in one.error.text(shell.language).splitlines()))
    counted = shell.say("done.import", drafts=len(found.drafts), refused=len(found.refused))
    known = f" {shell.say('done.import_approved', approved=len(found.approved))}" if found.approved else ""
    shell.print("", counted + known)


def _is_version(shell: Shell, file: str, made: "Proposed") -> str:
    return shell.say("done.draft_approved", file=file, procedure=made.procedure, version=made.version)


def _print_findings(shell: Shell, made: "Proposed") -> None:
    for finding in made.findings:
        shell.print(f"  {shell.label('severity', finding.severity.value)}: {finding.text(shell.language)}")


def propose(
    shell: Shell,
    file: Annotated[str, Argument(show_default=False)],
    changes: Annotated[str | None, Option("--changes")] = None,
    significance: Annotated[str, Option("--significance")] = "major",
    meaning: MaybeMeaning = None,
    decision_id: DecisionId = None,
) -> None:
    """Keep a text as a draft."""
    # Imported here: help needs no rules.
    from samrutine.proposals.model import Significance

    kind = shell.choose(Significance, significance, "--significance", "significance")
    data = _bytes_of(file)
    with shell.library() as library:
        made = library.propose(
            data,
            by=shell.by,
            name=Path(file).name,
            changes=changes,
            significance=kind,
            meaning=meaning,
            decision_id=decision_id,
        )
    _proposed(shell, made, "draft_unchanged" if made.unchanged else "draft", file)


def revise(
    shell: Shell,
    proposal: Proposal,
    file: Annotated[str, Argument(show_default=False)],
    digest: MaybeDigest = None,
    meaning: MaybeMeaning = None,
    decision_id: DecisionId = None,
) -> None:
    """Replace a draft's text."""
    data = _bytes_of(file)
    if digest is None:
        raise DigestMissing(proposal=proposal)
    with shell.library() as library:
        made = library.revise(
            proposal, data, read_digest=_whole(shell, library, proposal, digest), by=shell.by, name=Path(file).name, meaning=meaning,
            decision_id=decision_id,
        )  # fmt: skip
    _proposed(shell, made, "revised", file)


def _proposed(shell: Shell, made: "Proposed", name: str, file: str) -> None:
    def text() -> None:
        if made.version is not None:
            shell.print(_is_version(shell, Path(file).name, made))
        else:
            shell.print(shell.say(f"done.{name}", file=Path(file).name, proposal=made.proposal))
        _print_findings(shell, made)
        shell.print(shell.say("done.digest", digest=_short(made.digest)))

    findings = [plain_finding(one, shell.language) for one in made.findings]
    shell.answer(
        {
            "proposal": made.proposal, "procedure": made.procedure, "digest": made.digest, "findings": findings,
            "number": made.number, "unchanged": made.unchanged, "version": plain(made.version), "projected": made.projected,
        },
        text,
    )  # fmt: skip


def _bytes_of(file: str) -> bytes:
    """Read a file, or standard input for "-"; no more than we would look at."""
    import sys

    from samrutine.procedures.bounds import LARGEST

    try:
        if file == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(file).open("rb") as handle:
            return handle.read(LARGEST + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileNotRead(file=Shell.visible(file), detail=reason) from error


def proposals(
    shell: Shell, state: Annotated[str | None, Option("--state")] = None, network: MaybeNetwork = None
) -> None:
    """List the proposals."""
    # Imported here: help needs no rules.
    from samrutine.proposals.model import ProposalState

    wanted = shell.choose(ProposalState, state, "--state", "proposal_state") if state else None
    with shell.library() as library:
        found = library.proposals(state=wanted, network=network, reader=shell.actor)
    shell.answer(
        {"proposals": [_plain_proposal(one) for one in found]},
        lambda: shell.table(
            ("proposal", "title", "network", "proposal_kind", "state", "opened"),
            [
                (
                    one.id, one.title, one.network, shell.label("proposal_kind", one.kind.value),
                    shell.label("proposal_state", one.state.value), shell.instant(one.opened_at),
                )
                for one in found
            ],
        ),
    )  # fmt: skip


def _plain_proposal(found: "ProposalValue") -> dict[str, object]:
    value = plain(found)
    if not isinstance(value, dict):
        raise TypeError(type(value).__name__)
    return value


def proposal(shell: Shell, proposal: Proposal) -> None:
    """Show a proposal: where it stands, what the checks say, and the text."""
    with shell.library() as library:
        found = library.look_at_proposal(proposal, reader=shell.actor)
    one = found.proposal
    standing = found.standing

    def text() -> None:
        shell.print(shell.bold(f"{one.title} ({one.procedure_id})"))
        shell.print(
            shell.say(
                "proposal.line", proposal=one.id, kind=shell.label("proposal_kind", one.kind.value), network=one.network,
                state=shell.label("proposal_state", one.state.value), significance=shell.label("significance", one.significance.value),
                base=one.base_version or "–",
            )
        )  # fmt: skip
        if one.meaning:
            shell.print(shell.say("proposal.meaning", meaning=one.meaning))
        if standing is not None:
            shell.print(shell.say("proposal.standing", given=standing.given, needed=standing.needed))
            if standing.leader_missing:
                shell.print(shell.say("proposal.leader_missing"))
            if standing.municipalities_missing:
                shell.print(shell.count("municipalities", standing.municipalities_missing))
        if one.void_approvals:
            shell.print(shell.count("void", len(one.void_approvals)))
        for finding in found.findings:
            shell.print(f"{shell.label('severity', finding.severity.value)}: {finding.text(shell.language)}")
        shell.print("", found.text.decode(), shell.say("done.digest", digest=_short(one.digest)))

    shell.answer(
        {
            **_plain_proposal(one), "standing": plain(standing), "text": found.text.decode(),
            "findings": [plain_finding(finding, shell.language) for finding in found.findings],
        },
        text,
    )  # fmt: skip


def send(
    shell: Shell,
    proposal: Proposal,
    digest: MaybeDigest = None,
    unheard: Annotated[str | None, Option("--unheard")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Open the round of approval."""
    with shell.library() as library:
        read = _read(shell, library, proposal, digest, "send")
        made = library.send(proposal, digest=read, unheard=unheard, by=shell.by, decision_id=decision_id)
    shell.decided(made, shell.say("done.send", proposal=made.proposal, needed=made.needed, number=made.number))


def approve(shell: Shell, proposal: Proposal, digest: MaybeDigest = None, decision_id: DecisionId = None) -> None:
    """Agree, as a member of the network, to the text that was read."""
    with shell.library() as library:
        read = _read(shell, library, proposal, digest, "approve")
        made = library.approve(proposal, digest=read, by=shell.by, decision_id=decision_id)
    places = {"proposal": made.proposal, "procedure": made.procedure, "number": made.number}
    if made.version is not None:
        text = shell.say("done.version", version=made.version, **places)
    else:
        text = shell.say("done.approve", given=made.standing.given, needed=made.standing.needed, **places)
    shell.decided(made, text)


def withdraw(shell: Shell, proposal: Proposal, reason: Reason, decision_id: DecisionId = None) -> None:
    """Give a proposal up."""
    with shell.library() as library:
        made = library.withdraw(proposal, reason=reason, by=shell.by, decision_id=decision_id)
    shell.decided(
        made,
        shell.say("done.withdraw", proposal=made.proposal, procedure=made.procedure, number=made.number),
    )


def _read(shell: Shell, library: "Library", proposal: str, digest: str | None, verb: str) -> str:
    """
    Give the digest of what was read.

    A script says it. A person at a terminal may leave it out: then the text is shown, and that very text is asked about.
    """
    if digest is not None:
        return _whole(shell, library, proposal, digest)
    if not shell.is_asked:
        raise DigestMissing(proposal=proposal)
    found, text = library.get_proposal(proposal, reader=shell.actor)
    shell.print(text.decode(), "", shell.say("done.digest", digest=_short(found.digest)))
    if shell.ask(verb, title=found.title).casefold() not in {"ja", "j", "yes", "y"}:
        raise KeyboardInterrupt
    return found.digest


def _whole(shell: Shell, library: "Library", proposal: str, digest: str) -> str:
    """
    Give the whole digest when its first twelve digits or more are those of the text as it is now.

    Anything else is passed on as it is, and refused there as a text that was changed since it was read.
    """
    found, _ = library.get_proposal(proposal, reader=shell.actor)
    given = digest.strip().removeprefix("1:").rstrip("…").casefold()
    whole = str(found.digest)
    return whole if len(given) >= SHORTEST_DIGEST and whole.partition(":")[2].startswith(given) else digest


def _short(digest: str) -> str:
    return digest.partition(":")[2][:SHORTEST_DIGEST]
