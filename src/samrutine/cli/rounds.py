"""What becomes of a text: read, compare, send, hurry, approve, reject, withdraw."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from samrutine.cli.arguments import DecisionId, MaybeDigest, MaybeMunicipality, MaybeNetwork, Proposal, Reason
from samrutine.cli.digests import digest_read, short
from samrutine.cli.files import form_of, write_whole
from samrutine.cli.naming import finding_lines
from samrutine.cli.shell import Shell
from samrutine.cli.standings import agreed, needed_line, standing_line
from samrutine.errors import ArgumentMissing, HearingNotFound, InvalidRequest
from samrutine.plain import plain, plain_finding

if TYPE_CHECKING:
    from samrutine.library import Library
    from samrutine.proposals.conflicts import Conflict
    from samrutine.proposals.hearing import HearingView
    from samrutine.proposals.model import Proposal as ProposalValue
    from samrutine.proposals.prose_diff import ProseDiff
    from samrutine.proposals.service import Approved, ProposalView


def proposals(
    shell: Shell, state: Annotated[str | None, Option("--state")] = None, network: MaybeNetwork = None
) -> None:
    """List the proposals."""
    # Imported here: help needs no rules.
    from samrutine.proposals.model import ProposalState

    wanted = shell.choose(ProposalState, state, "--state", "proposal_state") if state else None
    if wanted is ProposalState.DRAFT and shell.actor is None:
        shell.tell(shell.say("proposal.drafts_are_shown_to"))
    with shell.library() as library:
        found = library.proposals(state=wanted, network=network, reader=shell.actor)
        networks = library.networks()
        how_far = {} if shell.as_json else {one.id: _how_far(shell, library, one, networks) for one in found}
    shell.answer(
        {"proposals": [_plain_proposal(one) for one in found]},
        lambda: shell.table(
            ("proposal", "title", "network", "proposal_kind", "state", "opened"),
            [
                (
                    one.id, one.title, networks.get(one.network, one.network), one.kind.label(shell.language), f"{_state(shell, one)}{how_far[one.id]}",
                    shell.instant(one.opened_at),
                )
                for one in found
            ],
        ),
    )  # fmt: skip


def _state(shell: Shell, one: "ProposalValue") -> str:
    """Say where a proposal stands, and what stands in its way."""
    from samrutine.proposals.model import OPEN_STATES

    words = [shell.label("proposal_state", one.state.value)]
    if one.hurried_version and one.state in OPEN_STATES:
        words.append(shell.say("proposal.is_hurried", version=one.hurried_version))
    if one.conflicts:
        words.append(shell.count("conflicts", len(one.conflicts)))
    return ", ".join(words)


def _sort(shell: Shell, one: "ProposalValue") -> str:
    """Say what is proposed; of a change how weighty it is, which is a sort of change."""
    from samrutine.proposals.model import ProposalKind

    if one.kind is ProposalKind.CHANGE:
        return shell.label("significance", one.weight.value)
    return one.kind.label(shell.language)


def _how_far(shell: Shell, library: "Library", one: "ProposalValue", networks: Mapping[str, str]) -> str:
    """Say how many have answered or agreed, of a proposal that others are asked about now."""
    from samrutine.proposals.model import ProposalState

    if one.state is ProposalState.APPROVAL:
        standing = library.look_at_proposal(one.id, reader=shell.actor).standing
        return f", {agreed(shell, standing, networks)}" if standing else ""
    heard = _hearing(library, one.id, shell.actor) if one.state is ProposalState.HEARING else None
    if heard is None:
        return ""
    answered = heard.counts.no_remarks + heard.counts.remarks
    return shell.say(
        "proposal.answered", answered=answered, parties=heard.counts.parties, deadline=shell.day(heard.deadline)
    )


def _plain_proposal(found: "ProposalValue") -> dict[str, object]:
    value = plain(found)
    if not isinstance(value, dict):
        raise TypeError(type(value).__name__)
    return value


def proposal(shell: Shell, proposal: Proposal) -> None:
    """Show a proposal: where it stands, what the checks say, and the text."""
    with shell.library() as library:
        found = library.look_at_proposal(proposal, reader=shell.actor)
        heard = _hearing(library, proposal, shell.actor)
        networks = library.networks()
        instead = found.proposal.replaced_by
        named = f"«{_title(shell, library, instead)}» ({instead})" if instead else None
    shell.answer(
        {
            **_plain_proposal(found.proposal), "standing": plain(found.standing), "unheard": found.unheard,
            "hurried_because": found.hurried_because, "rejected_because": found.rejected_because,
            "changed_since_heard": found.changed_since_heard, "hearing": _plain_hearing(heard), "text": found.text.decode(),
            "findings": [plain_finding(finding, shell.language) for finding in found.findings],
        },
        lambda: shell.print(*_lines(shell, found, heard, networks, named)),
    )  # fmt: skip


def _hearing(library: "Library", proposal: str, reader: str | None) -> "HearingView | None":
    try:
        return library.hearing(proposal, reader=reader)
    except HearingNotFound:
        return None


def _plain_hearing(heard: "HearingView | None") -> object:
    if heard is None:
        return None
    return {
        "round": heard.round, "is_open": heard.is_open, "deadline": plain(heard.deadline), "counts": plain(heard.counts)
    }  # fmt: skip


def _lines(
    shell: Shell,
    found: "ProposalView",
    heard: "HearingView | None",
    networks: Mapping[str, str],
    instead: str | None,
) -> list[str]:
    """Write a proposal for people: what it is, how far it has come, what is in its way, and its words."""
    from samrutine.proposals.model import ProposalState

    one = found.proposal
    lines = [
        shell.bold(f"{one.title} ({one.procedure_id})"),
        shell.say(
            "proposal.line", proposal=one.id, kind=_sort(shell, one), network=networks.get(one.network, one.network),
            state=_state(shell, one), base=one.base_version or "–",
        ),
    ]  # fmt: skip
    lines += _said(shell, found, instead)
    if heard is not None:
        lines.append(hearing_line(shell, heard))
    if found.changed_since_heard:
        lines.append(shell.say("proposal.changed_since_heard", proposal=one.id))
    if found.unheard:
        name = "proposal.unheard" if found.heard_digest is None else "proposal.unheard_again"
        lines.append(shell.say(name, reason=found.unheard))
    if found.standing is not None:
        lines.append(standing_line(shell, found.standing, networks))
        if found.standing.is_enough and one.state is ProposalState.APPROVAL:
            lines.append(shell.say("proposal.finish", proposal=one.id))
    if one.void_approvals:
        lines.append(shell.count("void", len(one.void_approvals)))
    lines += conflict_lines(shell, one.conflicts)
    lines += finding_lines(shell, found.findings)
    return [*lines, "", found.text.decode(), shell.say("done.digest", digest=short(one.digest))]


def _said(shell: Shell, found: "ProposalView", instead: str | None) -> list[str]:
    """Write what was said beside a proposal: what it means, what to follow, why it hurried, why it was stopped."""
    lines = []
    if found.proposal.meaning:
        lines.append(shell.say("proposal.meaning", meaning=found.proposal.meaning))
    if instead:
        lines.append(shell.say("proposal.replaced_by", procedure=instead))
    if found.hurried_because:
        lines.append(shell.say("proposal.hurried_because", reason=found.hurried_because))
    if found.rejected_because:
        lines.append(shell.say("proposal.rejected_because", reason=found.rejected_because))
    return lines


def hearing_line(shell: Shell, heard: "HearingView") -> str:
    """Say in one line how far a hearing has come."""
    counts = heard.counts
    name = "open" if heard.is_open else "closed" if heard.closed_on else "over"
    return shell.say(
        f"proposal.hearing_{name}", round=heard.round, deadline=shell.day(heard.deadline), closed=shell.day(heard.closed_on), answered=counts.no_remarks + counts.remarks,
        parties=counts.parties, remarks=counts.remarks, silent=counts.silent,
    )  # fmt: skip


def conflict_lines(shell: Shell, conflicts: "Sequence[Conflict]") -> list[str]:
    """Write each place that two have changed, with both texts under it, and what to do."""
    from samrutine.proposals.conflicts import told

    if not conflicts:
        return []
    lines = [shell.say("conflict.heading")]
    for number, one in enumerate(conflicts, start=1):
        lines.append(f"  {number}. {told(one, shell.language)}")
        for name, words in (("ours", one.ours), ("theirs", one.theirs)):
            said = words.strip().splitlines() or [shell.say("conflict.nothing")]
            lines.append(f"     {shell.say(f'conflict.{name}')} {said[0]}")
            lines += [f"       {line}".rstrip() for line in said[1:]]
    return [*lines, shell.say("conflict.remedy")]


def compare(
    shell: Shell,
    procedure: Annotated[str | None, Argument(show_default=False)] = None,
    old: Annotated[str | None, Argument(show_default=False)] = None,
    new: Annotated[str | None, Argument(show_default=False)] = None,
    proposal: Annotated[str | None, Option("--proposal")] = None,
    html: Annotated[str | None, Option("--html")] = None,
    *,
    municipality: MaybeMunicipality = None,
    since_heard: Annotated[bool, Option("--since-heard")] = False,
) -> None:
    """Show what changed between two versions, or what a proposal changes."""
    form_of(shell, html, ("html",), option="--html")
    if proposal is None and procedure is None:
        raise ArgumentMissing(what=shell.say("metavar.procedure"), expected=shell.say("expected.compare"))
    if (proposal is not None and procedure is not None) or (municipality is not None and (proposal or old)):
        raise InvalidRequest(
            what="compare", value=_asked(procedure, old, proposal, municipality), expected=shell.say("expected.compare")
        )
    with shell.library() as library:
        if proposal is not None:
            one, _ = library.get_proposal(proposal, reader=shell.actor)
            title = _what_is_proposed(shell, library, one)
            diff = library.compare_proposal(proposal, reader=shell.actor, since_heard=since_heard)
        else:
            diff, title = _compared(shell, library, str(procedure), old, new, municipality)
    if html is not None:
        _write_page(shell, diff, title, Path(html))
        return
    from samrutine.proposals.prose_terminal import terminal_text

    words = terminal_text(diff, shell.language, colour=shell.is_coloured)
    shell.answer(
        {"title": title, "is_nothing": diff.is_nothing, "text": terminal_text(diff, shell.language)},
        lambda: shell.print(shell.bold(title), "", words.strip("\n")),
    )


def _asked(procedure: str | None, old: str | None, proposal: str | None, municipality: str | None) -> str:
    options = (("--proposal", proposal), ("--municipality", municipality))
    words = [procedure, old, *(f"{name} {value}" for name, value in options if value)]
    return " ".join(filter(None, words))[:60]


def _what_is_proposed(shell: Shell, library: "Library", one: "ProposalValue") -> str:
    """Say what the changes are of; of a withdrawal that it is one, since its words change nothing."""
    from samrutine.proposals.model import ProposalKind

    if one.kind is not ProposalKind.WITHDRAWAL:
        return shell.say("compare.proposal", title=one.title, proposal=one.id)
    if one.replaced_by is None:
        return shell.say("compare.withdrawal", title=one.title, proposal=one.id)
    return shell.say(
        "compare.withdrawal_replaced", title=one.title, proposal=one.id, procedure=one.replaced_by,
        replacement=_title(shell, library, one.replaced_by),
    )  # fmt: skip


def _title(shell: Shell, library: "Library", procedure: str) -> str:
    titles = {str(one.id): one.title for one in library.procedures(reader=shell.actor)}
    return titles.get(procedure, procedure)


def _compared(
    shell: Shell, library: "Library", procedure: str, old: str | None, new: str | None, municipality: str | None
) -> "tuple[ProseDiff, str]":
    """
    Compare two versions.

    Without a version to compare with it is the newest that stands; without one to compare from it is the last before
    that which stands, or the one that applies in a municipality. One that its network refused is nobody's yardstick.
    """
    from samrutine.procedures.model import HurriedVersion

    versions = library.versions(procedure, reader=shell.actor)
    numbers = [str(one.version) for one in versions]
    stands = [str(one.version) for one in versions if one.hurried is not HurriedVersion.REFUSED]
    after = new or (stands or numbers)[-1]
    if municipality is not None:
        used = library.document(procedure, municipality, reader=shell.actor).header
        where = used.municipality.name if used.municipality else municipality
        old = str(used.version)
        title = shell.say("compare.where", procedure=procedure, old=old, new=after, municipality=where)
        return library.compare(procedure, old, after, reader=shell.actor), title
    if old is None:
        before = numbers[: numbers.index(after)] if after in numbers else numbers
        earlier = [one for one in before if one in stands]
        if not earlier:
            raise InvalidRequest(what="compare", value=procedure, expected=shell.say("expected.two_versions"))
        old = earlier[-1]
    title = shell.say("compare.versions", procedure=procedure, old=old, new=after)
    return library.compare(procedure, old, after, reader=shell.actor), title


def _write_page(shell: Shell, diff: "ProseDiff", title: str, path: Path) -> None:
    from samrutine.exchange.diff_page import diff_page

    data = diff_page(diff, title, shell.language)
    write_whole(shell, path, data, "--html")
    shell.answer(
        {"path": path.resolve(), "size_bytes": len(data)}, shell.say("done.document", path=path, size=len(data))
    )


def send(
    shell: Shell,
    proposal: Proposal,
    digest: MaybeDigest = None,
    unheard: Annotated[str | None, Option("--unheard")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Open the round of approval."""
    with shell.library() as library:
        read = digest_read(shell, library, proposal, digest, "send")
        made = library.send(proposal, digest=read, unheard=unheard, by=shell.by, decision_id=decision_id)
        needed = needed_line(shell, made.standing, library.networks())
    shell.decided(made, shell.say("done.send", proposal=made.proposal, needed=needed, number=made.number))


def hurry(
    shell: Shell, proposal: Proposal, reason: Reason, digest: MaybeDigest = None, decision_id: DecisionId = None
) -> None:
    """Give the text its number before the network has agreed."""
    with shell.library() as library:
        read = digest_read(shell, library, proposal, digest, "hurry")
        made = library.hurry(proposal, digest=read, reason=reason, by=shell.by, decision_id=decision_id)
    shell.decided(
        made,
        shell.say(
            "done.hurry", procedure=made.procedure, version=made.version, proposal=made.proposal, number=made.number
        ),
    )


def approve(shell: Shell, proposal: Proposal, digest: MaybeDigest = None, decision_id: DecisionId = None) -> None:
    """Agree, as a member of the network, to the text that was read."""
    with shell.library() as library:
        read = digest_read(shell, library, proposal, digest, "approve")
        made = library.approve(proposal, digest=read, by=shell.by, decision_id=decision_id)
        now, _ = library.get_proposal(proposal, reader=shell.actor)
        text = _approved(shell, made, library.networks(), hurried=now.hurried_version is not None)
        if made.version is not None and (where := _follows_in(library, made, shell.actor)):
            text += " " + shell.say("done.version_follows", where=where)
    shell.decided(made, text)


def _follows_in(library: "Library", made: "Approved", reader: str | None) -> str:
    """Name the municipalities where a standing decision took the version into use by itself; nothing where none did."""
    names = {str(one.number): one.name for one in library.municipalities()}
    # Nobody has had the time to decide it by hand.
    used = library.in_force(procedure=made.procedure, reader=reader)
    return ", ".join(names[one.municipality] for one in used if one.version == made.version)


def _approved(shell: Shell, made: "Approved", networks: Mapping[str, str], *, hurried: bool) -> str:
    places = {"proposal": made.proposal, "procedure": made.procedure, "number": made.number}
    if made.withdrawn:
        return shell.say("done.retired", **places)
    if made.version is not None:
        return shell.say("done.confirmed" if hurried else "done.version", version=made.version, **places)
    return f"{shell.say('done.approve', **places)} {standing_line(shell, made.standing, networks)}"


def reject(shell: Shell, proposal: Proposal, reason: Reason, decision_id: DecisionId = None) -> None:
    """Stop a proposal on the network's behalf."""
    with shell.library() as library:
        made = library.reject(proposal, reason=reason, by=shell.by, decision_id=decision_id)
    places = {"proposal": made.proposal, "procedure": made.procedure, "number": made.number}
    text = shell.say("done.reject", **places)
    if made.refused is not None:
        name = "done.reject_hurried" if made.stands else "done.reject_only"
        text += " " + shell.say(name, refused=made.refused, stands=made.stands, procedure=made.procedure)
    shell.decided(made, text)


def withdraw(shell: Shell, proposal: Proposal, reason: Reason, decision_id: DecisionId = None) -> None:
    """Give a proposal up."""
    with shell.library() as library:
        made = library.withdraw(proposal, reason=reason, by=shell.by, decision_id=decision_id)
    shell.decided(
        made,
        shell.say("done.withdraw", proposal=made.proposal, procedure=made.procedure, number=made.number),
    )
