"""Texts as they come in: fetch, import, propose, merge, retire, revise, refresh. What becomes of them is in `rounds`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from typer import Argument, Option, Typer

from samrutine.cli import rounds
from samrutine.cli.arguments import DecisionId, MaybeDigest, MaybeMeaning, MaybeVersion, Procedure, Proposal, Reason
from samrutine.cli.attached import Attach, attached, attachment
from samrutine.cli.digests import digest_read, short, whole_digest
from samrutine.cli.files import form_of, read_bytes, write_out, write_whole
from samrutine.cli.mistakes import mistake
from samrutine.cli.naming import finding_lines
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command
from samrutine.errors import ArgumentMissing, DigestMissing, InvalidRequest, InvalidText
from samrutine.plain import plain, plain_error, plain_finding

if TYPE_CHECKING:
    from samrutine.library import Library
    from samrutine.proposals.drafting import Proposed
    from samrutine.proposals.intake import Imported

_DOCUMENTS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"{\\rtf")
"""How files of Word, OpenDocument, PDF and RTF begin: whoever proposes one would be told of bytes that are no letters."""


def register(app: Typer) -> None:
    """Add the commands."""
    for name, function in (
        ("text", text), ("attachment", attachment), ("import", import_folder), ("propose", propose), ("merge", merge), ("retire", retire),
        ("proposals", rounds.proposals), ("proposal", rounds.proposal), ("compare", rounds.compare), ("revise", revise),
        ("refresh", refresh), ("send", rounds.send), ("hurry", rounds.hurry), ("approve", rounds.approve),
        ("reject", rounds.reject), ("withdraw", rounds.withdraw),
    ):  # fmt: skip
        command(app, name, area="texts")(function)


def text(
    shell: Shell,
    procedure: Annotated[str | None, Argument(show_default=False)] = None,
    version: MaybeVersion = None,
    proposal: Annotated[str | None, Option("--proposal")] = None,
    output: Annotated[str | None, Option("--output", "-o")] = None,
    *,
    overwrite: Annotated[bool, Option("--overwrite")] = False,
) -> None:
    """Write the text of a routine or a proposal to a file, to change it there."""
    if procedure is None and proposal is None:
        raise ArgumentMissing(what=shell.say("metavar.procedure"), expected=shell.say("expected.text"))
    if proposal is not None and (procedure is not None or version is not None):
        raise InvalidRequest(
            what="text", value=f"{procedure or f'--version {version}'} --proposal {proposal}"[:60], expected=shell.say("expected.text")
        )  # fmt: skip
    if output == "-" and shell.as_json:
        raise InvalidRequest(what="--output", value="-", expected=shell.say("expected.file_with_json"))
    form_of(shell, output, ("md",), option="--output")
    with shell.library() as library:
        found, words = _words(shell, library, procedure, version, proposal)
    if output == "-" or (output is None and not shell.as_json):
        write_out(words)
        return
    if output is None:
        shell.answer({**found, "text": words.decode()})
        return
    path = Path(output)
    if not overwrite and path.is_file() and path.read_bytes() != words:
        # Perhaps an afternoon's work lies there, that nobody has proposed yet.
        raise mistake(shell, "file_there", file=shell.visible(str(path)))
    write_whole(shell, path, words, "--output")
    shell.answer({**found, "path": path.resolve(), "size_bytes": len(words)}, _fetched(shell, path, found))


def _words(
    shell: Shell, library: "Library", procedure: str | None, version: str | None, proposal: str | None
) -> tuple[dict[str, object], bytes]:
    """Give what was asked for, and its words."""
    if proposal is not None:
        one, words = library.get_proposal(proposal, reader=shell.actor)
        return {"proposal": one.id, "procedure": one.procedure_id, "digest": one.digest}, words
    kept = library.version_text(str(procedure), version, reader=shell.actor)
    return {"procedure": kept.procedure, "version": str(kept.version), "digest": kept.digest}, kept.text


def _fetched(shell: Shell, path: Path, found: dict[str, object]) -> str:
    """Say what the file holds, and how to keep it once it is changed."""
    name = "fetched_proposal" if "proposal" in found else "fetched_text"
    return shell.say(f"done.{name}", **{**found, "path": path, "digest": short(str(found["digest"]))})


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
    shell.print(*(f"  {line}" for line in finding_lines(shell, made.findings)))


def propose(
    shell: Shell,
    file: Annotated[str, Argument(show_default=False)],
    changes: Annotated[str | None, Option("--changes")] = None,
    significance: Annotated[str, Option("--significance")] = "major",
    meaning: MaybeMeaning = None,
    from_version: Annotated[str | None, Option("--from-version")] = None,
    attach: Attach = None,
    decision_id: DecisionId = None,
) -> None:
    """Keep a text as a draft."""
    # Imported here: help needs no rules.
    from samrutine.proposals.model import Significance

    kind = shell.choose(Significance, significance, "--significance", "significance")
    data, files = _bytes_of(shell, file), attached(attach)
    with shell.library() as library:
        made = library.propose(
            data,
            by=shell.by,
            name=Path(file).name,
            changes=changes,
            significance=kind,
            meaning=meaning,
            from_version=from_version,
            attachments=files,
            decision_id=decision_id,
        )
    _proposed(shell, made, "draft_unchanged" if made.unchanged else "draft", file)


def merge(
    shell: Shell,
    file: Annotated[str, Argument(show_default=False)],
    source: Annotated[list[str], Option("--source")],
    meaning: MaybeMeaning = None,
    decision_id: DecisionId = None,
) -> None:
    """Keep a text that is made of several municipalities' own routines."""
    sources = [_source(one) for one in source]
    if len(sources) == 1:
        raise InvalidRequest(what="--source", value=source[0][:60], expected=shell.say("expected.sources"))
    data = _bytes_of(shell, file)
    with shell.library() as library:
        made = library.propose_merge(
            data, sources=sources, by=shell.by, name=Path(file).name, meaning=meaning, decision_id=decision_id
        )
    _proposed(shell, made, "draft_unchanged" if made.unchanged else "draft", file)


def _source(given: str) -> tuple[str, str]:
    """Read "Fauske=Rutine for avvik": whose routine, and its link or title."""
    town, sign, routine = given.partition("=")
    if not sign or not town.strip() or not routine.strip():
        raise InvalidRequest(what="--source", value=given[:60], expected="'Fauske=Rutine for avvik'")
    return town.strip(), routine.strip()


def retire(
    shell: Shell,
    procedure: Procedure,
    reason: Reason,
    replaced_by: Annotated[str | None, Option("--replaced-by")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Propose that a routine be withdrawn, perhaps for another."""
    with shell.library() as library:
        made = library.propose_withdrawal(
            procedure, reason=reason, replaced_by=replaced_by, by=shell.by, decision_id=decision_id
        )
    places = {"proposal": made.proposal, "procedure": made.procedure, "number": made.number}
    text = shell.say("done.retire", **places)
    if made.replaced_by:
        text += " " + shell.say("done.retire_for", replaced_by=made.replaced_by)
    shell.decided(made, f"{text}\n{shell.say('done.digest', digest=short(made.digest))}")


def revise(
    shell: Shell,
    proposal: Proposal,
    file: Annotated[str, Argument(show_default=False)],
    digest: MaybeDigest = None,
    meaning: MaybeMeaning = None,
    unheard: Annotated[str | None, Option("--unheard")] = None,
    attach: Attach = None,
    decision_id: DecisionId = None,
) -> None:
    """Replace a draft's text."""
    data, files = _bytes_of(shell, file), attached(attach)
    if digest is None:
        raise DigestMissing(proposal=proposal)
    with shell.library() as library:
        made = library.revise(
            proposal, data, read_digest=whole_digest(shell, library, proposal, digest), by=shell.by, name=Path(file).name, meaning=meaning,
            unheard=unheard, attachments=files, decision_id=decision_id,
        )  # fmt: skip
    _proposed(shell, made, "revised", file)


def _proposed(shell: Shell, made: "Proposed", name: str, file: str) -> None:
    # Imported here: help needs no rules.
    from samrutine.procedures.findings import Severity

    has_errors = any(one.severity is Severity.ERROR for one in made.findings)

    def text() -> None:
        if made.version is not None:
            shell.print(_is_version(shell, Path(file).name, made))
        else:
            shell.print(shell.say(f"done.{name}", file=Path(file).name, proposal=made.proposal))
        _print_findings(shell, made)
        shell.print(shell.say("done.digest", digest=short(made.digest)))
        if made.version is None:
            shell.print(_next(shell, made.proposal, made.digest, is_ready=not has_errors))

    findings = [plain_finding(one, shell.language) for one in made.findings]
    shell.answer(
        {
            "proposal": made.proposal, "procedure": made.procedure, "digest": made.digest, "findings": findings,
            "number": made.number, "unchanged": made.unchanged, "version": plain(made.version), "projected": made.projected,
        },
        text,
    )  # fmt: skip


def _next(shell: Shell, proposal: str, digest: str, *, is_ready: bool) -> str:
    """Say what the digest is for, and what to type next: mend what is wrong, or have it heard or approved."""
    return shell.say("next.proposed" if is_ready else "next.mend", proposal=proposal, digest=short(digest))


def _bytes_of(shell: Shell, file: str) -> bytes:
    """
    Read a text; no more than we would look at.

    Raises:
        CommandMistake: It is a document, whose words must be read by `intake`.
    """
    from samrutine.procedures.bounds import LARGEST

    data = read_bytes(file, LARGEST)
    if data.startswith(_DOCUMENTS):
        raise mistake(shell, "is_document", file=shell.visible(file))
    return data


def refresh(shell: Shell, proposal: Proposal, digest: MaybeDigest = None, decision_id: DecisionId = None) -> None:
    """Merge the newest version into a proposal that was begun from an earlier one."""
    with shell.library() as library:
        read = digest_read(shell, library, proposal, digest, "refresh")
        made = library.refresh(proposal, read_digest=read, by=shell.by, decision_id=decision_id)
    lines = [
        shell.say("done.refresh", proposal=made.proposal, base=made.base, number=made.number),
        *rounds.conflict_lines(shell, made.conflicts),
        shell.say("done.digest", digest=short(made.digest)),
    ]
    if not made.conflicts:
        lines.append(_next(shell, made.proposal, made.digest, is_ready=True))
    shell.decided(made, "\n".join(lines))
