"""A hearing: open, answer, remind, reply, close and sum up; and answering by a personal link."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from typer import Argument, Option, Typer

from samrutine.actors import municipality_body
from samrutine.cli.arguments import DecisionId, MaybeDigest, MaybeMunicipality, MaybeNetwork, Proposal
from samrutine.cli.digests import digest_read, short
from samrutine.cli.files import form_of, write_out, write_whole
from samrutine.cli.mistakes import mistake, require_yes
from samrutine.cli.overview import wrapped
from samrutine.cli.parts import headings_of, key_of, print_words
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command, group
from samrutine.errors import InvalidRequest, MunicipalityNotFound

if TYPE_CHECKING:
    from samrutine.library import Library
    from samrutine.proposals.hearing import HeardParty, HearingView, MadeRemark, Remark
    from samrutine.proposals.hearing_links import HearingByLink
    from samrutine.proposals.hearing_parties import ToHear

LINK_VARIABLE = "SAMRUTINE_LINK"
"""Where a personal link may stand instead of on standard input: never among the arguments, which others can see."""

_LINK: Final = re.compile(r"\bl-[0-9a-f]{16}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")

SUMMARY_FORMS: Final = ("md", "html")

PARTY_KINDS: Final = {
    "municipality": "municipality", "kommune": "municipality", "network": "network", "nettverk": "network",
    "fagnettverk": "network", "party": "party", "part": "party", "outside": "outside", "utenfor": "outside",
}  # fmt: skip
"""What a party may be, in any of our languages."""

Round = Annotated[int | None, Option("--round", min=1)]
RemarkWords = Annotated[list[str] | None, Option("--remark")]
Section = Annotated[str | None, Option("--section")]
Paragraph = Annotated[int | None, Option("--paragraph", min=1)]
NoRemarks = Annotated[bool, Option("--no-remarks")]
Yes = Annotated[bool, Option("--yes")]


def register(app: Typer) -> None:
    """Add the commands."""
    hearing = group(app, "hearing", area="hearings")
    for name, function in (
        ("parties", parties), ("open", open_hearing), ("show", show), ("answer", answer), ("invite", invite),
        ("revoke-link", revoke_link), ("remind", remind), ("close", close), ("reply", reply), ("summary", summary),
    ):  # fmt: skip
        command(hearing, name, area="hearings")(function)
    command(app, "answer-by-link", area="hearings")(answer_by_link)


def parties(shell: Shell, proposal: Proposal, *, everybody: Annotated[bool, Option("--all")] = False) -> None:
    """Show whom the library suggests to hear, or everybody it knows, and how each is named."""
    with shell.library() as library:
        found = library.suggested_parties(proposal, reader=shell.actor)

    def text() -> None:
        through = shell.say("hearing.through_municipality")
        rows = [_party_row(shell, one) for one in found.parties]
        rows += [(name, through, "–") for name in found.services]
        rows += [_party_row(shell, one) for one in found.others if everybody]
        shell.table(("party", "answers_by", "party_typed"), rows, whole=(2,))
        if found.grounds:
            shell.print("", shell.say("hearing.why"))
        for why, names in found.grounds:
            shell.print(*wrapped(f"{why} ({', '.join(names)})", shell.width - 2))
        how = shell.say("hearing.how_to_choose" if everybody else "hearing.more_parties", proposal=proposal)
        shell.print("", how)

    shell.answer({"parties": found.parties, "through": found.through, "why": found.why, "others": found.others}, text)


def _party_row(shell: Shell, one: "ToHear") -> tuple[str, str, str]:
    """Say whom, how they answer, and what to type to choose them: a municipality's name, or the kind and the id."""
    kind, _, which = one.body.partition(":")
    typed = one.name if kind == "municipality" else f"{shell.label('party_kind', kind)}:{which}"
    return one.name, shell.say("hearing.by_link" if one.is_outside else "hearing.by_account"), typed


def open_hearing(
    shell: Shell,
    proposal: Proposal,
    digest: MaybeDigest = None,
    party: Annotated[list[str] | None, Option("--party")] = None,
    deadline: Annotated[str | None, Option("--deadline")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Open a round of hearing of a draft."""
    with shell.library() as library:
        asked = [_party(shell, library, proposal, one) for one in party or ()] or None
        read = digest_read(shell, library, proposal, digest, "open_hearing")
        made = library.open_hearing(
            proposal, digest=read, parties=asked, deadline=shell.read_day(deadline, "--deadline"), by=shell.by,
            decision_id=decision_id,
        )  # fmt: skip
        named = _names(library.hearing(proposal, reader=shell.actor), made.outside)
    text = shell.say(
        "done.hearing_open", proposal=made.proposal, round=made.round, deadline=shell.day(made.deadline),
        parties=made.parties, number=made.number,
    )  # fmt: skip
    if named:
        text += "\n" + shell.say("done.hearing_needs_links", proposal=made.proposal) + _listed(named)
    shell.decided(made, text)


def _listed(names: Sequence[str]) -> str:
    """Give names in rows, each on its own line: a hearing may have dozens."""
    return "".join(f"\n  {one}" for one in names)


def _party(shell: Shell, library: "Library", proposal: str, given: str) -> str:
    """Read whom to hear: by the bare name people use, or a kind and a name with the kind in any of our languages."""
    kind, sign, which = given.partition(":")
    if sign:
        known = PARTY_KINDS.get(kind.strip().casefold())
        if known is None or not which.strip():
            raise mistake(shell, "party_form", given=shell.visible(given)[:60], proposal=proposal)
        return f"{known}:{which.strip()}"
    try:
        return municipality_body(library.get_municipality(given.strip()).number)
    except MunicipalityNotFound:
        suggested = library.suggested_parties(proposal, reader=shell.by)
        wanted = " ".join(given.split()).casefold()
        for one in (*suggested.parties, *suggested.others):
            if one.name.casefold() == wanted:
                return one.body
        raise mistake(shell, "party_form", given=shell.visible(given)[:60], proposal=proposal) from None


def _names(view: "HearingView", parties: Sequence[str]) -> list[str]:
    return [one.name for one in view.parties if one.id in parties]


def show(
    shell: Shell, proposal: Proposal, which: Round = None, *, words: Annotated[bool, Option("--text")] = False
) -> None:
    """Show how far a hearing has come, and the remarks that whoever asks may see; or the text that is heard."""
    with shell.library() as library:
        found = library.hearing(proposal, reader=shell.actor, which=which)
    shell.answer(_plain(found), lambda: _print_text(shell, found) if words else _print(shell, found))


def _print_text(shell: Shell, found: "HearingView") -> None:
    shell.print(found.text.decode(), shell.say("done.digest", digest=short(found.digest)))


def _headings(found: "HearingView") -> dict[str, str]:
    """Give what people call each part of the text that is heard, by its key."""
    from samrutine.procedures.text import read

    return headings_of(read(found.text, found.proposal))


def _plain(found: "HearingView") -> dict[str, object]:
    return {
        "proposal": found.proposal, "procedure": found.procedure, "title": found.title, "network": found.network,
        "round": found.round, "rounds": found.rounds, "digest": found.digest, "opened_on": found.opened_on,
        "deadline": found.deadline, "closed_on": found.closed_on, "is_open": found.is_open, "counts": found.counts, "parties": found.parties,
        "through": found.through, "sees_remarks": found.sees_remarks, "unreplied": found.unreplied,
        "meaning": found.meaning,
        "text": found.text.decode(),
    }  # fmt: skip


def _print(shell: Shell, found: "HearingView") -> None:
    counts = found.counts
    shell.print(
        shell.bold(shell.say("hearing.title", title=found.title, proposal=found.proposal)),
        shell.say(
            f"hearing.{'open' if found.is_open else 'closed' if found.closed_on else 'over'}", closed=shell.day(found.closed_on), round=found.round, rounds=found.rounds,
            network=found.network_name, opened=shell.day(found.opened_on), deadline=shell.day(found.deadline),
        ),
        shell.say(
            "hearing.counts", parties=counts.parties, remarks=counts.remarks, no_remarks=counts.no_remarks,
            silent=counts.silent, none=counts.none,
        ),
        "",
    )  # fmt: skip
    shell.table(
        ("party", "answer", "remarks", "reminders", "party_id"),
        [_row(shell, one) for one in found.parties],
        whole=(4,),
    )
    headings = _headings(found)
    for one in found.parties:
        for remark in one.remarks:
            shell.print("", *_remark_lines(shell, one.name, remark, headings))
    if found.unreplied and found.sees_remarks:
        shell.print("", shell.count("unreplied", found.unreplied))


def _row(shell: Shell, one: "HeardParty") -> tuple[str, ...]:
    reminded = f"{one.reminders} ({shell.day(one.reminded_on)})" if one.reminders else "–"
    answered = one.answer.label(shell.language)
    if not one.has_answered and not one.may_answer:
        answered += f" ({shell.say('hearing.nobody_there')})"
    return one.name, answered, str(one.remark_count or "–"), reminded, one.id


def _remark_lines(shell: Shell, party: str, one: "MadeRemark", headings: Mapping[str, str]) -> list[str]:
    about = shell.say("hearing.whole") if one.section_key is None else headings.get(one.section_key, one.section_key)
    if one.paragraph:
        about += ", " + shell.say("hearing.paragraph", number=one.paragraph)
    lines = [
        shell.bold(f"{one.id}  {party}: {about}"),
        f"  {one.text if one.text is not None else shell.say('hearing.deleted')}",
    ]
    if one.outcome is None:
        lines.append(f"  → {shell.say('hearing.waits')}")
    else:
        lines.append(f"  → {one.outcome.label(shell.language)}{f': {one.reply}' if one.reply else ''}")
    return lines


def answer(
    shell: Shell,
    proposal: Proposal,
    municipality: MaybeMunicipality = None,
    network: MaybeNetwork = None,
    remark: RemarkWords = None,
    section: Section = None,
    paragraph: Paragraph = None,
    *,
    no_remarks: NoRemarks = False,
    yes: Yes = False,
    decision_id: DecisionId = None,
) -> None:
    """Answer for a municipality or a network."""
    if (municipality is None) == (network is None):
        raise mistake(shell, "which_body" if municipality is None else "two_bodies")
    _require_answer(shell, remark, section, paragraph, no_remarks=no_remarks)
    # Imported here: help needs no rules.
    from samrutine.networks.model import network_named

    with shell.library() as library:
        body = (
            f"network:{network_named(network, library.networks())}"
            if network
            else municipality_body(library.get_municipality(str(municipality)).number)
        )
        view = library.hearing(proposal, reader=shell.actor)
        if no_remarks:
            _require_taking_back(shell, next((one for one in view.parties if one.body == body), None), yes=yes)
        said = _remarks(remark, _key(view, section) if section else None, paragraph)
        made = library.answer_hearing(
            proposal, body, no_remarks=no_remarks, remarks=said, by=shell.by, decision_id=decision_id
        )
    shell.decided(made, _answered(shell, len(made.remarks), made.number))


def _require_answer(
    shell: Shell, words: Sequence[str] | None, section: str | None, paragraph: int | None, *, no_remarks: bool
) -> None:
    """Take either remarks or the word that there are none; a paragraph is one of a section's."""
    if bool(words) is no_remarks:
        raise mistake(shell, "remark_and_none" if no_remarks else "no_answer")
    if no_remarks and (section or paragraph):
        raise mistake(shell, "none_about_a_part")
    if paragraph and not section:
        raise mistake(shell, "paragraph_of_nothing")


def _require_taking_back(shell: Shell, party: "HeardParty | None", *, yes: bool) -> None:
    """Ask before remarks that wait for a reply are taken back by an answer of none."""
    if waiting := sum(one.waits_for_reply for one in party.remarks) if party else 0:
        require_yes(shell, "take_back", yes=yes, what=shell.count("your_remarks", waiting))


def _remarks(words: Sequence[str] | None, key: str | None, paragraph: int | None) -> "list[Remark]":
    """Read the remarks, all about one place; "-" is read from standard input."""
    from samrutine.proposals.hearing import Remark

    return [Remark(sys.stdin.read() if one == "-" else one, key, paragraph) for one in words or ()]


def _key(view: "HearingView", section: str) -> str:
    """Find the part that is called so, by its heading or its key."""
    return key_of(section, _headings(view).items())


def _answered(shell: Shell, remarks: int, number: int) -> str:
    given = shell.count("remarks", remarks) if remarks else shell.say("hearing.no_remarks")
    return shell.say("done.hearing_answer", what=given, number=number)


def invite(
    shell: Shell,
    proposal: Proposal,
    party: Annotated[str, Argument(show_default=False)],
    expires: Annotated[str | None, Option("--expires")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Make a personal link for a party outside, shown this once."""
    with shell.library() as library:
        made = library.invite_outsider(
            proposal, party, by=shell.by, expires=shell.read_day(expires, "--expires"), decision_id=decision_id
        )
    name = "done.invite" if made.token else "done.invite_again"
    shell.decided(
        made,
        shell.say(
            name, party=Shell.visible(party), token=made.token, link=made.link, expires=shell.day(made.expires),
            number=made.number,
        ),
    )  # fmt: skip


def revoke_link(
    shell: Shell, link_id: Annotated[str, Argument(show_default=False)], decision_id: DecisionId = None
) -> None:
    """End a personal link at once."""
    with shell.library() as library:
        made = library.revoke_link(link_id, by=shell.by, decision_id=decision_id)
    shell.decided(made, shell.say("done.revoke_link", link=made.link, number=made.number))


def remind(shell: Shell, proposal: Proposal, decision_id: DecisionId = None) -> None:
    """Remind those who have not answered."""
    with shell.library() as library:
        made = library.remind(proposal, by=shell.by, decision_id=decision_id)
        view = library.hearing(proposal, reader=shell.actor)
    lines = []
    if made.inside:
        lines.append(shell.say("done.reminded") + _listed(_names(view, made.inside)))
    if made.outside:
        lines.append(shell.say("done.reminded_outside") + _listed(_names(view, made.outside)))
    shell.decided(made, "\n".join([*lines, shell.say("done.decision", number=made.number)]))


def close(shell: Shell, proposal: Proposal, decision_id: DecisionId = None) -> None:
    """Close the round."""
    with shell.library() as library:
        made = library.close_hearing(proposal, by=shell.by, decision_id=decision_id)
        parties = library.hearing(proposal, reader=shell.actor).parties
    waiting = [remark.id for one in parties for remark in one.remarks if remark.waits_for_reply]
    text = shell.say(
        "done.hearing_close", proposal=made.proposal, remarks=made.remarks, no_remarks=made.no_remarks,
        silent=made.silent, none=made.none, number=made.number,
    )  # fmt: skip
    if waiting:
        text += f"\n{shell.count('unreplied', len(waiting))} {shell.say('done.unreplied_ids', ids=', '.join(waiting))}"
    else:
        text += "\n" + shell.say("done.hearing_close_next", proposal=made.proposal)
    shell.decided(made, text)


def reply(
    shell: Shell,
    remark: Annotated[str, Argument(show_default=False)],
    outcome: Annotated[str, Argument(show_default=False)],
    sentence: Annotated[str | None, Option("--reply")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Say what becomes of a remark."""
    # Imported here: help needs no rules.
    from samrutine.proposals.hearing import RemarkOutcome
    from samrutine.proposals.hearing_rules import REPLIES

    chosen = shell.choose(RemarkOutcome, outcome, shell.say("metavar.outcome"), "remark_outcome", among=REPLIES)
    with shell.library() as library:
        made = library.reply_to_remark(remark, chosen, reply=sentence, by=shell.by, decision_id=decision_id)
    shell.decided(
        made,
        shell.say("done.reply", remark=made.remark, outcome=made.outcome.label(shell.language), number=made.number),
    )


def summary(
    shell: Shell,
    proposal: Proposal,
    page_form: Annotated[str | None, Option("--format")] = None,
    output: Annotated[str | None, Option("--output", "-o")] = None,
    which: Round = None,
) -> None:
    """Make the summary of remarks as a document."""
    form = form_of(shell, output, SUMMARY_FORMS, option="--output", said=page_form)
    if output in {None, "-"} and shell.as_json:
        raise InvalidRequest(what="--output", value=output or "-", expected=shell.say("expected.file_with_json"))
    with shell.library() as library:
        data = library.hearing_summary(proposal, form, reader=shell.actor, which=which, language=shell.language)
    if output is None or output == "-":
        write_out(data)
        return
    path = Path(output)
    write_whole(shell, path, data, "--output")
    shell.answer(
        {"path": path.resolve(), "size_bytes": len(data)}, shell.say("done.document", path=path, size=len(data))
    )


def answer_by_link(
    shell: Shell,
    remark: RemarkWords = None,
    section: Section = None,
    paragraph: Paragraph = None,
    *,
    no_remarks: NoRemarks = False,
    yes: Yes = False,
    decision_id: DecisionId = None,
) -> None:
    """Read what a personal link opens, or answer by it."""
    token = _token(shell)
    if not no_remarks and not remark:
        with shell.library() as library:
            found = library.read_by_link(token)
        shell.answer(
            {**_plain(found.hearing), "party": found.party, "expires": found.expires}, lambda: _read(shell, found)
        )
        return
    _require_answer(shell, remark, section, paragraph, no_remarks=no_remarks)
    with shell.library() as library:
        opened = library.read_by_link(token)
        if no_remarks:
            _require_taking_back(shell, opened.party, yes=yes)
        said = _remarks(remark, _key(opened.hearing, section) if section else None, paragraph)
        made = library.answer_by_link(token, no_remarks=no_remarks, remarks=said, decision_id=decision_id)
    shell.decided(made, _answered(shell, len(made.remarks), made.number))


def _token(shell: Shell) -> str:
    """
    Give the personal link, from the environment or from standard input: its first line, or the first that holds a link.

    So the whole message that came with the link may be given. What follows on standard input is left for a remark. Not
    from the arguments: those stand in the shell's history, and in the list of what runs on the machine.
    """
    if os.environ.get(LINK_VARIABLE):
        given = os.environ[LINK_VARIABLE]
    elif shell.is_asked:
        from getpass import getpass

        given = getpass(shell.say("ask.link") + " ")
    else:
        first = given = sys.stdin.readline()
        while given and not _LINK.search(given):
            given = sys.stdin.readline()
        given = given or first
    if found := _LINK.search(given):
        return found[0]
    if not given.strip():
        raise mistake(shell, "no_link")
    return given.strip()


def _read(shell: Shell, found: "HearingByLink") -> None:
    from samrutine.procedures.text import read

    view = found.hearing
    shell.print(
        shell.bold(shell.say("hearing.title", title=view.title, proposal=view.proposal)),
        shell.say(
            "hearing.link", party=found.party.name, deadline=shell.day(view.deadline), expires=shell.day(found.expires),
            answer=found.party.answer.label(shell.language),
        ),
    )  # fmt: skip
    if view.meaning:
        shell.print(shell.say("proposal.meaning", meaning=view.meaning))
    shell.print("")
    print_words(shell, read(view.text, view.proposal))
    shell.print("", shell.say("hearing.how_to_answer"))
    for remark in found.party.remarks:
        shell.print("", *_remark_lines(shell, found.party.name, remark, _headings(view)))
