"""A network asks for what municipalities have, and makes one of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, Typer

from samrutine.cli.arguments import DecisionId, MaybeMunicipality, MaybeNetwork, MaybeReason, Municipality, Proposal
from samrutine.cli.mistakes import mistake, reader_of
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command, group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samrutine.collecting.model import Collection, Comparison, Group, Member, Sender
    from samrutine.intake.chosen import Choice

Which = Annotated[str, Argument(show_default=False)]
Documents = Annotated[list[str], Argument(show_default=False)]


def register(app: Typer) -> None:
    """Add the commands."""
    collect = group(app, "collect", area="collecting")
    command(collect, "ask", area="collecting")(ask)
    command(collect, "list", area="collecting")(listed)
    command(collect, "show", area="collecting")(show)
    command(collect, "none", area="collecting")(none)
    command(collect, "done", area="collecting")(done)
    command(collect, "remind", area="collecting")(remind)
    command(collect, "close", area="collecting")(close)
    command(collect, "alike", area="collecting")(alike)
    command(collect, "compare", area="collecting")(compare)
    command(collect, "triage", area="collecting")(triage)
    command(collect, "draft", area="collecting")(draft)
    command(collect, "offers", area="collecting")(offers)
    command(collect, "take", area="collecting")(take)


# Asking ------------------------------------------------------------------------------------------------------------------


def ask(
    shell: Shell,
    what: Annotated[str, Argument(show_default=False)],
    network: Annotated[str, Option("--network")],
    deadline: Annotated[str, Option("--deadline")],
    decision_id: DecisionId = None,
) -> None:
    """Ask all municipalities for the routines that they have about something."""
    day = shell.read_day(deadline, "--deadline")
    assert day is not None  # noqa: S101  a text that is given is read or refused
    with shell.library() as library:
        made = library.ask_for_routines(network, what, deadline=day, by=shell.by, decision_id=decision_id)
    count = shell.count("towns", len(made.municipalities))
    shell.answer(
        made, shell.say("done.collect_ask", count=count, day=shell.day(made.deadline), collection=made.collection)
    )


def listed(shell: Shell, network: MaybeNetwork = None) -> None:
    """Show what networks ask and have asked for."""
    with shell.library() as library:
        found = library.collections(network, reader=shell.actor)
    shell.answer({"collections": found}, lambda: _print_collections(shell, found))


def _print_collections(shell: Shell, found: "Sequence[Collection]") -> None:
    if not found:
        shell.print(shell.say("collect.nothing"))
        return
    shell.table(
        ("id", "asked_for", "deadline", "sent", "missing"),
        [
            (one.id, _what(shell, one), shell.day(one.deadline), str(one.documents), _missing(shell, one))
            for one in found
        ],
    )


def _what(shell: Shell, one: "Collection") -> str:
    return one.what or shell.say("feedback.erased")


def _missing(shell: Shell, one: "Collection") -> str:
    from samrutine.collecting.model import Sent

    return str(len(one.those(Sent.MISSING))) if one.is_open else shell.say("collect.closed")


def show(shell: Shell, collection: Which) -> None:
    """Show who has sent what, who has none, and who is missing."""
    with shell.library() as library:
        found = library.collection(collection, reader=shell.actor)

    def text() -> None:
        shell.print(shell.bold(f"{found.id} {_what(shell, found)} ({found.network_name})"))
        asked, due = shell.day(found.asked_on), shell.day(found.deadline)
        shell.print(shell.say("collect.dates", asked=asked, deadline=due))
        if found.closed_on:
            shell.print(shell.say("collect.closed_on", day=shell.day(found.closed_on)))
        shell.print("")
        shell.table(
            ("municipality", "state", "sent"),
            [(one.name, _standing(shell, one), str(one.documents)) for one in found.senders],
        )

    shell.answer(found, text)


def _standing(shell: Shell, one: "Sender") -> str:
    said = shell.label("sent", one.sent.value)
    if one.days_late:
        said = f"{said}, {shell.count('days_late', one.days_late)}"
    return f"{said}: {one.reason}" if one.reason else said


def none(shell: Shell, collection: Which, municipality: Municipality, reason: MaybeReason = None) -> None:
    """Say that a municipality has no such routine."""
    _answer(shell, collection, municipality, has_none=True, reason=reason)


def done(shell: Shell, collection: Which, municipality: Municipality, reason: MaybeReason = None) -> None:
    """Say that a municipality has sent what it has."""
    _answer(shell, collection, municipality, has_none=False, reason=reason)


def _answer(shell: Shell, collection: str, municipality: str, *, has_none: bool, reason: str | None) -> None:
    with shell.library() as library:
        made = library.answer_collection(collection, municipality, has_none=has_none, reason=reason, by=shell.by)
        name = library.get_municipality(made.municipality).name
    said = "done.collect_none" if has_none else "done.collect_done"
    shell.answer(made, shell.say(said, municipality=name, collection=made.collection))


def remind(shell: Shell, collection: Which) -> None:
    """Remind the municipalities from which nothing has come."""
    with shell.library() as library:
        made = library.remind_collection(collection, by=shell.by)
        names = ", ".join(library.get_municipality(one).name for one in made.municipalities)
    shell.answer(made, shell.say("done.collect_remind", names=names))


def close(shell: Shell, collection: Which) -> None:
    """Ask nobody any more."""
    with shell.library() as library:
        made = library.close_collection(collection, by=shell.by)
    name = "done.collect_close" if made.missing else "done.collect_close_all"
    shell.answer(made, shell.say(name, collection=made.collection, count=shell.count("towns", len(made.missing))))


# What came ---------------------------------------------------------------------------------------------------------------


def alike(
    shell: Shell, collection: Annotated[str | None, Argument(show_default=False)] = None, network: MaybeNetwork = None
) -> None:
    """Show which of the routines that were sent in are the same."""
    if (collection is None) == (network is None):
        raise mistake(shell, "collection_or_network")
    with shell.library() as library:
        found = library.alike(collection, network=network, reader=reader_of(shell))

    def text() -> None:
        if not found.names:
            shell.print(shell.say("collect.nothing_sent"))
        for one in found.groups:
            _print_group(shell, one)
        if found.alone:
            shell.print(shell.bold(shell.say("collect.alone")))
            shell.print(*(f"  {_member(shell, one)}" for one in found.alone), "")
        if found.near:
            shell.print(shell.bold(shell.say("collect.near")))
            pairs = [(found.names[one.one], found.names[one.other]) for one in found.near]
            shell.print(*(f"  {_member(shell, one)} – {_member(shell, other)}" for one, other in pairs))

    shell.answer(found, text)


def _print_group(shell: Shell, one: "Group") -> None:
    shell.print(
        shell.bold(one.name),
        shell.say("collect.why", percent=round(100 * one.likeness), sections=_sections(shell, one)),
    )
    if one.in_library:
        shell.print(shell.say("collect.in_library"))
    shell.print(*(f"  {_member(shell, each)}" for each in one.members), "")


def _sections(shell: Shell, one: "Group") -> str:
    return ", ".join(dict.fromkeys(pair.one for pair in one.sections if pair.one)) or shell.say("collect.whole")


def _member(shell: Shell, one: "Member") -> str:
    where = one.municipality or shell.say("collect.library" if one.procedure else "collect.network")
    said = f", {shell.label('triage', one.triage.value)}" if one.triage else ""
    return f"{one.id} {one.title} ({where}{said})"


def compare(
    shell: Shell, documents: Documents, html: Annotated[str | None, Option("--html")] = None, *,
    everything: Annotated[bool, Option("--all")] = False,
) -> None:  # fmt: skip
    """Hold routines against each other, paragraph by paragraph."""
    from samrutine.cli.files import form_of

    form_of(shell, html, ("html",), option="--html")
    with shell.library() as library:
        found = library.side_by_side(documents, reader=reader_of(shell))
    if html is not None:
        from samrutine.cli.files import write_out, write_whole
        from samrutine.exchange.compare_page import compare_page
        from samrutine.messages import say

        title = say("collecting.page.title", shell.language, count=len(found.variants))
        page = compare_page(title, [one.id for one in found.variants], _names(shell, found), found.rows, shell.language)
        if html == "-":
            write_out(page)
            return
        write_whole(shell, Path(html), page, "--html")
        shell.answer({"file": html}, shell.say("done.collect_compare", file=Shell.visible(html)))
        return

    shell.answer(found, lambda: _print_compared(shell, found, everything=everything))


def _print_compared(shell: Shell, found: "Comparison", *, everything: bool) -> None:
    """Print what differs, under its headings; what all say is folded unless everything is wanted."""
    from itertools import groupby

    from samrutine.exchange.compare_page import lines_of, summary_of
    from samrutine.intake.pieces import PieceKind
    from samrutine.intake.variants import Compared

    names = _names(shell, found)
    shell.print(*summary_of(found.rows, names, shell.language))
    section = ""
    runs = groupby(found.rows, key=lambda row: (row.section, row.compared is Compared.SAME and not everything))
    for (under, is_folded), run in runs:
        rows = list(run)
        if under != section:
            section = under
            is_notes = rows[0].kind is PieceKind.NOTE
            shell.print("", shell.bold(shell.say("collect.notes") if is_notes and not section else section))
        # The heading was just printed.
        shown = [row for row in rows if not (row.kind is PieceKind.HEADING and row.compared is Compared.SAME)]
        if is_folded and shown:
            shell.print(shell.say("collect.folded", rows=_span(shown[0].number, shown[-1].number)))
        elif not is_folded:
            for row in shown:
                shell.print(*lines_of(row, names, shell.language))
    shell.print("", shell.say("collect.digest", digest=found.digest[:12]))


def _span(first: int, last: int) -> str:
    return f"{first + 1}." if first == last else f"{first + 1}.–{last + 1}."


def _names(shell: Shell, found: "Comparison") -> dict[str, str]:
    from samrutine.collecting.model import names_of

    return names_of(found.variants, library=shell.say("collect.library"), network=shell.say("collect.network"))


def triage(
    shell: Shell,
    document: Which,
    outcome: Annotated[str, Argument(show_default=False)],
    reason: MaybeReason = None,
    beside: Annotated[list[str] | None, Option("--beside")] = None,
) -> None:
    """Say what becomes of a document that was sent in."""
    from samrutine.intake.triage import Triage

    chosen = shell.choose(Triage, outcome, "outcome", "triage")
    with shell.library() as library:
        made = library.triage(document, chosen, reason=reason, beside=beside or (), by=shell.by)
    shell.answer(
        made,
        shell.say("done.collect_triage", document=made.document, outcome=shell.label("triage", made.outcome.value)),
    )


def draft(  # noqa: PLR0913  each says one thing of what the draft is to be
    shell: Shell,
    documents: Documents,
    choose: Annotated[list[str] | None, Option("--choose")] = None,
    read: Annotated[str | None, Option("--read")] = None,
    title: Annotated[str | None, Option("--title")] = None,
    id_: Annotated[str | None, Option("--id")] = None,
    subject: Annotated[str | None, Option("--subject")] = None,
    access: Annotated[str | None, Option("--access")] = None,
    responsible: Annotated[str | None, Option("--role")] = None,
    decision_id: DecisionId = None,
    *,
    doses_read: Annotated[bool, Option("--doses-read")] = False,
) -> None:
    """Make a shared draft of a group, from the paragraphs that were chosen."""
    from samrutine.procedures.model import AccessClass

    choices = dict(_choice(shell, one) for one in choose or ())
    chosen = shell.choose(AccessClass, access, "--access", "access") if access else None
    with shell.library() as library:
        made = library.draft_from(
            documents, choices, title=title, procedure=id_, subject=subject, access=chosen, responsible_role=responsible,
            doses_read=doses_read, read=read, by=shell.by, decision_id=decision_id,
        )  # fmt: skip
        offered = library.offered(made.proposal, reader=shell.actor)
    said = shell.say("done.collect_draft", proposal=made.proposal, procedure=made.procedure, count=len(offered))
    shell.decided(made, said)


def _choice(shell: Shell, given: str) -> "tuple[int, Choice]":
    """Read "3=1" (the first wording of paragraph 3), "3=fields" or "3=none"; people count from 1."""
    from samrutine.intake.chosen import Keep

    row, _, choice = given.partition("=")
    if not row.strip().isdecimal() or int(row) < 1 or not choice.strip():
        raise mistake(shell, "choice", given=given[:40])
    if choice.strip().isdecimal():
        return int(row) - 1, int(choice) - 1
    return int(row) - 1, shell.choose(Keep, choice, "--choose", "kept_of_row")


# What is offered ---------------------------------------------------------------------------------------------------------


def offers(shell: Shell, proposal: Proposal, municipality: MaybeMunicipality = None) -> None:
    """Show what a shared draft offers the municipalities as something of their own."""
    with shell.library() as library:
        found = library.offered(proposal, municipality, reader=reader_of(shell))
        names: dict[str, str] = {one.number: one.name for one in library.municipalities()}

    def text() -> None:
        if not found:
            shell.print(shell.say("collect.nothing_offered"))
        for one in found:
            place = one.field or one.section_key or shell.say("collect.whole")
            said = [shell.label("addition_kind", one.kind.value), place]
            said += [shell.say("collect.departs")] if one.departs else []
            said += [shell.say("collect.taken", number=one.taken_number)] if one.taken_number else []
            shell.print(f"{shell.bold(f'{one.id} {names[one.municipality]}')} ({', '.join(said)})")
            shell.print(*(f"  {line}" for line in (one.text or shell.say("feedback.erased")).strip().splitlines()))

    shell.answer({"offers": found}, text)


def take(
    shell: Shell,
    offer: Which,
    kind: Annotated[str | None, Option("--kind")] = None,
    section: Annotated[str | None, Option("--section")] = None,
    reason: MaybeReason = None,
    grounds: Annotated[str | None, Option("--source")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Take an offer, as local information or an addition."""
    from samrutine.adoptions.additions import ADDED_BY_PEOPLE
    from samrutine.adoptions.effective import AdditionKind

    chosen = shell.choose(AdditionKind, kind, "--kind", "addition_kind", among=ADDED_BY_PEOPLE) if kind else None
    with shell.library() as library:
        made = library.take_offer(
            offer, kind=chosen, section_key=section, reason=reason, source=grounds, by=shell.by, decision_id=decision_id
        )
        name = library.get_municipality(made.municipality).name
    shell.decided(made, shell.say("done.collect_take", municipality=name, procedure=made.procedure, number=made.number))
