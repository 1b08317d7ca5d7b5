"""Documents that somebody sends in: take in, look at, mend, mask, let through, accept, reject."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from typer import Argument, Option, Typer

from samrutine.cli.arguments import DecisionId, MaybeDigest, MaybeMeaning, MaybeMunicipality, MaybeNetwork, Reason
from samrutine.cli.digests import SHORTEST_DIGEST, YES, short
from samrutine.cli.files import form_of, read_bytes, write_out, write_whole
from samrutine.cli.mistakes import mistake
from samrutine.cli.naming import finding_lines
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command, group
from samrutine.errors import ArgumentMissing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samrutine.intake.model import IncomingId
    from samrutine.intake.report import Report, Reported
    from samrutine.intake.rows import Detail
    from samrutine.intake.service import FileTakenIn, TakenIn
    from samrutine.library import Library
    from samrutine.proposals.prose_diff import ProseDiff

MIB: Final = 1024 * 1024
LARGEST: Final = 50 * MIB
_LINES_SHOWN: Final = 80
_FEW_MORE: Final = 20
LARGEST_TEXT: Final = 10 * MIB
"""More than the library takes, so that it is the library that says that it is too much."""

Which = Annotated[str, Argument(show_default=False)]
Keys = Annotated[list[str] | None, Argument(show_default=False)]
All = Annotated[bool, Option("--all")]
WithHeld = Annotated[bool, Option("--with-held")]
Title = Annotated[str | None, Option("--title")]


def register(app: Typer) -> None:
    """Add the commands."""
    intake = group(app, "intake", area="intake")
    for name, function in (
        ("add", add), ("list", listed), ("show", show), ("report", report), ("pages", pages), ("edit", edit), ("read-again", read_again),
        ("mask", mask), ("looked-at", looked_at), ("look-through", look_through), ("let-through", let_through), ("accept", accept), ("reject", reject), ("where", where_did),
    ):  # fmt: skip
        command(intake, name, area="intake")(function)


def add(
    shell: Shell,
    files: Annotated[list[str], Argument(show_default=False)],
    network: Annotated[str, Option("--network")],
    municipality: MaybeMunicipality = None,
    of_collection: Annotated[str | None, Option("--collection")] = None,
) -> None:
    """Take documents in."""
    given = [(Path(file).name, read_bytes(file, LARGEST)) for file in _files(files)]
    with shell.library() as library:
        taken = library.take_in(
            given, network=network, municipality=municipality, collection=of_collection, by=shell.by
        )
        changed = {one.document.id: _changed(shell, library, one.document.id, one.report) for one in taken.files}
    shell.answer(taken, lambda: _print_taken(shell, taken, changed))


def _changed(shell: Shell, library: "Library", document: str, report: "Report") -> list[str]:
    """Give what a copy of ours changes in its version as lines; none for what is no copy."""
    diff = library.incoming_changes(document, reader=shell.actor) if report.own is not None else None
    return _changed_lines(shell, report, diff)


def _changed_lines(shell: Shell, report: "Report", diff: "ProseDiff | None") -> list[str]:
    if diff is None or report.own is None:
        return []
    return [
        shell.say("intake.changed", procedure=report.own.procedure, version=report.own.version),
        *_words(shell, diff),
    ]


def _words(shell: Shell, diff: "ProseDiff") -> list[str]:
    from samrutine.proposals.prose_terminal import terminal_text

    return terminal_text(diff, shell.language, colour=shell.is_coloured).strip("\n").split("\n")


def _files(given: Sequence[str]) -> list[str]:
    """Give the files, and those in the folders that were named; hidden ones are left alone."""
    found: list[str] = []
    for one in given:
        folder = Path(one)
        if folder.is_dir():
            within = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
            found += [
                str(path) for path in within if not any(part.startswith(".") for part in path.relative_to(folder).parts)
            ]
        else:
            found.append(one)
    return found


def _print_taken(shell: Shell, taken: "TakenIn", changed: "Mapping[IncomingId, list[str]]") -> None:
    if not taken.files:
        shell.print(shell.say("intake.no_files"))
    for one in taken.gravest_first:
        shell.print(f"{shell.bold(shell.visible(one.name))}: {_became(shell, one)}")
        _print_gravest(shell, one.report, one.document.name)
        shell.print(*(f"  {line}" for line in changed[one.document.id]))
    if any(one.document.state == "waiting" for one in taken.files):
        shell.print("", shell.say("intake.what_now"))


def _became(shell: Shell, one: "FileTakenIn") -> str:
    if one.document.state == "refused":
        return shell.say("intake.not_read")
    name = "there_before" if one.was_there else "taken_in"
    state = one.document.state.label(shell.language)
    said = shell.say(f"intake.{name}", document=one.document.id, state=state)
    parts = [
        shell.count(count, number)
        for count, number in (("to_look_at", one.document.to_look_at), ("held_back", one.document.held))
        if number
    ]
    return ". ".join([said, *parts]) + "."


def _print_gravest(shell: Shell, report: "Report", name: str) -> None:
    """Say what somebody must look at before they go on: what may be dangerous or is lost, and why it was not read."""
    from samrutine.intake.report import GRAVE
    from samrutine.messages import say

    if report.refused is not None:
        for part in ("fact", "remedy"):
            said = say(f"intake.refused.{report.refused}.{part}", shell.language, name=shell.visible(name), detail="")
            shell.print(f"  {said}")
    for one in report.findings:
        if one.finding.weight in GRAVE and one.looked_at_by is None:
            shell.print(*(f"  {line}" for line in _finding_lines(shell, one)))


def _finding_lines(shell: Shell, one: "Reported") -> list[str]:
    from samrutine.messages import say

    finding = one.finding
    weight = say(f"intake.weight.{finding.weight}", shell.language)
    place, quoted = finding.place(shell.language), finding.quoted(shell.language)
    where = f" ({shell.visible(place)})" if place else ""
    lines = [f"{one.key} {weight}: {finding.fact(shell.language)}{where}"]
    if quoted:
        lines.append(f"   {shell.visible(quoted)}")
    lines.append(f"   {finding.remedy(shell.language)}")
    if one.looked_at_by is not None:
        lines.append(f"   {shell.say('intake.looked_at')}")
    return lines


def listed(
    shell: Shell, network: MaybeNetwork = None, municipality: MaybeMunicipality = None,
    state: Annotated[str | None, Option("--state")] = None,
) -> None:  # fmt: skip
    """Show the documents that were sent in."""
    from samrutine.intake.model import IncomingState
    from samrutine.messages import say

    chosen = shell.choose(IncomingState, state, "--state", "incoming_state") if state else None
    with shell.library() as library:
        found = library.incoming(network=network, municipality=municipality, state=chosen, reader=shell.actor)

    def text() -> None:
        if not found:
            shell.print(shell.say("intake.nothing"))
            return
        shell.table(
            ("id", "file", "municipality", "state", "gravest", "to_look_at", "held"),
            [
                (
                    one.id, shell.visible(one.name), one.municipality_name or "–", one.state.label(shell.language),
                    say(f"intake.weight.{one.weight}", shell.language) if one.weight else "–",
                    str(one.to_look_at or "–"), str(one.held or "–"),
                )
                for one in found
            ],
        )  # fmt: skip

    shell.answer({"documents": found}, text)


def show(
    shell: Shell, document: Which, output: Annotated[str | None, Option("--output", "-o")] = None, *,
    words: Annotated[bool, Option("--text")] = False, with_held: WithHeld = False,
) -> None:  # fmt: skip
    """Show a document: its report, or its text."""
    form_of(shell, output, ("md",), option="--output")
    with shell.library() as library:
        found = library.incoming_document(document, reader=shell.actor)
        changed = _changed(shell, library, document, found.report)
    if output is not None and output != "-":
        path, held = Path(output), len(found.report.open_held)
        data = (found.text if with_held else _without_held(found)).encode()
        write_whole(shell, path, data, "--output")
        told = {"path": path.resolve(), "size_bytes": len(data), "digest": found.digest}
        said = [shell.say("done.document", path=path, size=len(data))]
        if held:
            said.append(shell.say("intake.file_holds" if with_held else "intake.file_without", path=path, count=held))
        shell.answer(told, "\n".join(said))
    elif words or output == "-":
        shell.answer(found, lambda: shell.print(found.text.rstrip("\n")))
    else:
        shell.answer(found, lambda: _print_detail(shell, found, changed, with_held=with_held, with_text=True))


def _without_held(found: "Detail") -> str:
    """Give the text with what is held back still taken out: a file lies about, and is sent on."""
    from samrutine.intake.masking import masked

    whole = f"{found.document.title}\n{found.text}"
    after, _, _ = masked(whole, found.report.held, [one.key for one in found.report.open_held])
    return after.partition("\n")[2]


def pages(
    shell: Shell, document: Which, output: Annotated[str, Option("--output", "-o")], *, with_held: WithHeld = False
) -> None:  # fmt: skip
    """Write the pages of a document as pictures into a folder."""
    folder = Path(output)
    with shell.library() as library:
        report = library.incoming_document(document, reader=shell.actor).report
        count, held = report.drawn_pages, len(report.open_held)
        if count and held and not with_held:
            raise mistake(shell, "pages_hold", document=document, count=held)
        # Where there are none, asking for the first says why.
        found = [library.incoming_page(document, number, reader=shell.actor) for number in range(1, max(count, 1) + 1)]
    folder.mkdir(parents=True, exist_ok=True)
    told = [(folder / f"side-{number}.png").resolve() for number in range(1, len(found) + 1)]
    for path, data in zip(told, found, strict=True):
        write_whole(shell, path, data, "--output")
    said = [shell.say("intake.pages_written", folder=folder, count=len(told))]
    if held:
        said.append(shell.say("intake.file_holds", path=folder, count=held))
    shell.answer({"paths": told}, "\n".join(said))


def _print_detail(
    shell: Shell, found: "Detail", changed: list[str], *, with_held: bool = False, with_text: bool = False
) -> None:
    from samrutine.intake.report import lists_of
    from samrutine.messages import say

    document, report = found.document, found.report
    state = document.state.label(shell.language)
    shell.print(shell.bold(f"{document.id} {shell.visible(document.title or document.name)}"))
    shell.print(
        shell.say(
            "intake.of", name=shell.visible(document.name), municipality=document.municipality_name or "–", state=state,
            day=shell.instant(document.received_at),
        )
    )  # fmt: skip
    if document.reason:
        shell.print(shell.say("intake.reason", reason=document.reason))
    if document.proposal:
        shell.print(shell.say("intake.proposal", proposal=document.proposal))
    if report.refused is not None:
        _print_gravest(shell, report, document.name)
        return
    for one in report.readings:
        kind = say(f"intake.difference.{one.kind}", shell.language)
        said = [f"«{value}»" if value else shell.say("intake.not_there") for value in (one.one, one.other)]
        places = {"kind": kind, "one": said[0], "other": said[1], "where": one.where or "–"}
        shell.print(shell.say("intake.reading", **{name: shell.visible(value) for name, value in places.items()}))
    for finding in report.findings:
        shell.print("", *_finding_lines(shell, finding))
    if not report.findings:
        shell.print("", shell.say("intake.no_findings"))
    if changed:
        shell.print("", shell.bold(changed[0]), *changed[1:])
    _print_held(shell, found, with_held=with_held)
    _print_counts(shell, report)
    for name, lines in lists_of(report, shell.language, received=document.received_at):
        shell.print("", shell.bold(say(f"quarantine.page.{name}", shell.language)))
        shell.print(*(f"- {shell.visible(line)}" for line in lines))
    if document.state == "waiting":
        _print_signed_for(shell, found, with_held=with_held, with_text=with_text)


def _print_signed_for(shell: Shell, found: "Detail", *, with_held: bool, with_text: bool) -> None:
    """Show the text, or its beginning, and its digest: nobody is to sign for what they have not seen."""
    if with_text:
        _print_text(shell, found, with_held=with_held)
    _print_digest(shell, found)


def _print_text(shell: Shell, found: "Detail", *, with_held: bool) -> None:
    lines = (found.text if with_held else _without_held(found)).strip("\n").split("\n")
    more = len(lines) - _LINES_SHOWN if len(lines) > _LINES_SHOWN + _FEW_MORE else 0
    shell.print("", shell.bold(shell.say("intake.text")))
    shell.print(*(shell.visible(line) for line in (lines[:_LINES_SHOWN] if more else lines)))
    if more:
        shell.print("", shell.say("intake.text_goes_on", document=found.document.id, count=more))


def _print_digest(shell: Shell, found: "Detail") -> None:
    shell.print("", shell.say("done.digest", digest=short(found.digest)))


def _print_held(shell: Shell, found: "Detail", *, with_held: bool = False) -> None:
    """Show what is held back and how much goes with it when it is masked; its words only to whoever asks for them."""
    from samrutine.intake.quarantine import in_place
    from samrutine.messages import say

    report = found.report
    if not report.held:
        return
    goes = in_place(f"{found.document.title}\n{found.text}", report.held)
    shell.print("")
    shell.table(
        ("key_of_point", "what_held", "state", "line", "goes", "reason"),
        [
            (
                one.key, one.what.label(shell.language), say(f"quarantine.state.{one.state}", shell.language),
                str(one.line or "–"), shell.count("sentences", goes[one.key][0]) if one.key in goes else "–",
                one.reason or "–",
            )
            for one in report.held
        ],
    )  # fmt: skip
    if with_held:
        shell.print(*(f"{key}: {shell.visible(f'«{words}»')}" for key, (_, words) in goes.items()))
    elif report.open_held:
        shell.print(shell.say("intake.held_words", document=found.document.id))


def _print_counts(shell: Shell, report: "Report") -> None:
    from samrutine.intake.report import counted

    rows = [(shell.say(f"intake.count.{name}"), str(there), str(here)) for name, there, here in counted(report)]
    if rows:
        shell.print("")
        shell.table(("what_counted", "there", "here"), rows)


def report(
    shell: Shell,
    documents: Annotated[list[str] | None, Argument(show_default=False)] = None,
    network: MaybeNetwork = None,
    municipality: MaybeMunicipality = None,
    output: Annotated[str | None, Option("--output", "-o")] = None,
) -> None:
    """Write the report of documents as a page, for whoever wrote them."""
    form_of(shell, output, ("html",), option="--output")
    with shell.library() as library:
        wanted = documents or [
            one.id for one in library.incoming(network=network, municipality=municipality, reader=shell.actor)
        ]
        found = [library.incoming_document(one, reader=shell.actor) for one in wanted]
        diffs = {one.document.id: library.incoming_changes(one.document.id, reader=shell.actor) for one in found}
        changed = {one.document.id: _changed_lines(shell, one.report, diffs[one.document.id]) for one in found}
        demo = library.is_demo
    if output is None:
        reports = [{"document": one.document, "report": one.report} for one in found]
        shell.answer({"reports": reports}, lambda: _print_all(shell, found, changed))
        return
    from samrutine.exchange.intake_page import render

    data = render(found, shell.language, demo=demo, changes=diffs)
    if output == "-":
        write_out(data)
        return
    path = Path(output)
    write_whole(shell, path, data, "--output")
    shell.answer(
        {"path": path.resolve(), "size_bytes": len(data)}, shell.say("done.document", path=path, size=len(data))
    )


def _print_all(shell: Shell, found: "Sequence[Detail]", changed: "Mapping[IncomingId, list[str]]") -> None:
    from samrutine.intake.report import order_of

    if not found:
        shell.print(shell.say("intake.nothing"))
    for number, one in enumerate(sorted(found, key=lambda each: order_of(each.report))):
        if number:
            shell.print("")
        _print_detail(shell, one, changed[one.document.id])


def edit(
    shell: Shell,
    document: Which,
    file: Annotated[str, Argument(show_default=False)],
    title: Title = None,
    read: Annotated[str | None, Option("--digest")] = None,
) -> None:
    """Put a mended text in place of a document's."""
    data = read_bytes(file, LARGEST_TEXT)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise mistake(shell, "not_utf8", file=shell.visible(file)) from None
    with shell.library() as library:
        made = library.edit_incoming(document, text, title=title, read_digest=read, by=shell.by)
    shell.answer(made, lambda: _print_mended(shell, made, "edited"))


def _print_mended(shell: Shell, made: "Detail", done: str) -> None:
    shell.print(shell.say(f"intake.{done}", document=made.document.id))
    if made.report.open_held:
        _print_held(shell, made)
    _print_digest(shell, made)


def read_again(shell: Shell, document: Which) -> None:
    """Read the file once more, and begin anew with what came out of it."""
    with shell.library() as library:
        made = library.read_incoming_again(document, by=shell.by)
    shell.answer(made, lambda: _print_mended(shell, made, "read_again"))


def mask(shell: Shell, document: Which, keys: Keys = None, *, everything: All = False) -> None:
    """Take out of a text what is held back."""
    with shell.library() as library:
        chosen = _chosen(shell, library.incoming_document(document, reader=shell.by), keys, everything=everything)
        made = library.mask_incoming(document, chosen, by=shell.by)
    shell.answer(made, lambda: _print_mended(shell, made, "masked"))


def _chosen(shell: Shell, found: "Detail", keys: list[str] | None, *, everything: bool) -> list[str]:
    if bool(keys) == everything:
        raise mistake(shell, "which_held")
    return keys or [one.key for one in found.report.open_held]


def looked_at(
    shell: Shell, document: Which, keys: Annotated[list[str], Argument(show_default=False)], digest: MaybeDigest = None
) -> None:
    """Say of findings that one has looked at them."""
    with shell.library() as library:
        read = _digest_read(shell, library, document, digest)
        made = library.look_at_incoming(document, keys, read_digest=read, by=shell.by)
    shell.answer(made, lambda: _print_mended(shell, made, "seen"))


def look_through(shell: Shell, documents: Annotated[list[str], Argument(show_default=False)]) -> None:
    """Say of all that must be looked at in several documents that one has looked at it."""
    made = []
    with shell.library() as library:
        reads = []
        for one in documents:
            document, _, digest = one.partition("=")
            if not digest and not shell.is_asked:
                raise mistake(shell, "no_digests_of_documents", document=document)
            reads.append((document, _digest_read(shell, library, document, digest or None)))
        # A text that is another by now stops them all before anything is noted.
        found = {document: library.incoming_document(document, reader=shell.actor) for document, _ in reads}
        for document, read in sorted(reads, key=lambda one: found[one[0]].digest == one[1]):
            keys = found[document].report.to_look_at
            made.append(library.look_at_incoming(document, keys, read_digest=read, by=shell.by))
    said = (shell.say("intake.seen", document=one.document.id) for one in made)
    shell.answer({"documents": made}, "\n".join(said))


def let_through(
    shell: Shell, document: Which, keys: Annotated[list[str], Argument(show_default=False)], reason: Reason
) -> None:
    """Say that what is held back may stand."""
    with shell.library() as library:
        made = library.let_through(document, keys, reason, by=shell.by)
    shell.answer(made, lambda: _print_mended(shell, made, "let_through"))


def accept(  # noqa: PLR0913  each says one thing of what the document is to become
    shell: Shell,
    document: Which,
    digest: MaybeDigest = None,
    looked_at: Annotated[list[str] | None, Option("--looked-at")] = None,
    procedure: Annotated[str | None, Option("--id")] = None,
    changes: Annotated[str | None, Option("--changes")] = None,
    title: Title = None,
    kind: Annotated[str | None, Option("--kind")] = None,
    subject: Annotated[list[str] | None, Option("--subject")] = None,
    responsible: Annotated[str | None, Option("--role")] = None,
    level: Annotated[str | None, Option("--level")] = None,
    access: Annotated[str | None, Option("--access")] = None,
    months: Annotated[int | None, Option("--review-months", min=1)] = None,
    significance: Annotated[str, Option("--significance")] = "major",
    meaning: MaybeMeaning = None,
    old_number: Annotated[str | None, Option("--old-number")] = None,
    old_address: Annotated[str | None, Option("--old-address")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Make a proposal of a document."""
    from samrutine.procedures.findings import Severity
    from samrutine.procedures.model import AccessClass, DecisionLevel, Kind
    from samrutine.proposals.model import Significance

    front: dict[str, object] = {
        "kind": shell.choose(Kind, kind, "--kind", "kind").value if kind else None,
        "subjects": subject,
        "responsible_role": responsible,
        "decision_level": shell.choose(DecisionLevel, level, "--level", "level").value if level else None,
        "access": shell.choose(AccessClass, access, "--access", "access").value if access else None,
        "review_interval_months": months,
    }
    with shell.library() as library:
        found = library.incoming_document(document, reader=shell.actor)
        is_new = changes is None and (found.report.own is None or procedure is not None)
        if is_new and responsible is None:
            # What nobody has looked at stops it too: one try tells all.
            left = [
                one for one in found.report.findings if one.key in set(found.report.to_look_at) - set(looked_at or ())
            ]
            shell.tell(*(line for one in left for line in _finding_lines(shell, one)))
            raise mistake(shell, "no_responsible_role")
        if is_new and not (title or found.document.title):
            raise ArgumentMissing(what="--title", expected=shell.say("expected.title"))
        made = library.accept_incoming(
            document, read_digest=_digest_read(shell, library, document, digest), looked_at=looked_at or (), procedure=procedure, changes=changes, title=title,
            front={name: value for name, value in front.items() if value is not None}, meaning=meaning,
            significance=shell.choose(Significance, significance, "--significance", "significance"),
            old_number=old_number, old_address=old_address, by=shell.by, decision_id=decision_id,
        )  # fmt: skip
        is_change = found.report.own is not None and not is_new
        diff = library.compare_proposal(made.proposal, reader=shell.actor) if is_change else None

    def text() -> None:
        name = "accepted_unchanged" if made.unchanged else "accepted"
        places = {"document": made.document, "proposal": made.proposal, "procedure": made.procedure}
        shell.print(shell.say(f"intake.{name}", **places))
        if diff is not None:
            shell.print(
                shell.say("intake.changes", proposal=made.proposal), *(f"  {line}" for line in _words(shell, diff))
            )
        shell.print(*(f"  {line}" for line in finding_lines(shell, made.findings)))
        if any(one.severity is Severity.ERROR for one in made.findings):
            shell.print(shell.say("intake.mend", proposal=made.proposal))

    shell.answer(made, text)


def _digest_read(shell: Shell, library: "Library", document: str, digest: str | None) -> str:
    """Give the digest of what was read: what a script says, or that of what a person at a terminal is shown now."""
    found = library.incoming_document(document, reader=shell.actor)
    if digest is not None:
        given = digest.strip().removeprefix("1:").rstrip("…").casefold()
        whole = found.digest.partition(":")[2]
        return found.digest if len(given) >= SHORTEST_DIGEST and whole.startswith(given) else digest
    if not shell.is_asked:
        raise mistake(shell, "no_digest_of_document", document=document)
    _print_detail(shell, found, _changed(shell, library, document, found.report))
    shell.print("", found.text, "")
    if shell.ask("accept", title=found.document.title).casefold() not in YES:
        raise KeyboardInterrupt
    return found.digest


def reject(shell: Shell, document: Which, reason: Reason) -> None:
    """Say that the library does not want a document."""
    with shell.library() as library:
        made = library.reject_incoming(document, reason, by=shell.by)
    shell.answer(made, shell.say("intake.rejected", document=made.id))


def where_did(shell: Shell, address: Annotated[str, Argument(show_default=False)]) -> None:
    """Show which routine lay at an address before it came here."""
    with shell.library() as library:
        found = library.where_did(address, reader=shell.actor)
    shell.answer(found, shell.say("intake.moved", procedure=found.procedure, title=found.title))
