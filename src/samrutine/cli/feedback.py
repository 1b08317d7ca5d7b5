"""What readers say: something is wrong, or a routine is missing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, Typer

from samrutine.cli.arguments import DecisionId, MaybeMunicipality, MaybeNetwork, MaybeVersion, Municipality, Procedure
from samrutine.cli.mistakes import mistake
from samrutine.cli.parts import headings_of, key_of
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command, group

if TYPE_CHECKING:
    from samrutine.reading.model import Feedback, Wish

Which = Annotated[str, Argument(show_default=False)]
State = Annotated[str | None, Option("--state")]


def register(app: Typer) -> None:
    """Add the commands."""
    said = group(app, "feedback", area="feedback")
    command(said, "give", area="feedback")(give)
    command(said, "list", area="feedback")(listed)
    command(said, "answer", area="feedback")(answer)
    command(said, "take-up", area="feedback")(take_up)
    wish = group(app, "wish", area="feedback")
    command(wish, "make", area="feedback")(make_wish)
    command(wish, "list", area="feedback")(wishes)
    command(wish, "searches", area="feedback")(searches)
    command(wish, "support", area="feedback")(support)
    command(wish, "answer", area="feedback")(answer_wish)
    command(wish, "take-up", area="feedback")(take_up_wish)


# Something is wrong ------------------------------------------------------------------------------------------------------


def give(
    shell: Shell,
    procedure: Procedure,
    text: Annotated[str, Argument(show_default=False)],
    municipality: MaybeMunicipality = None,
    section: Annotated[str | None, Option("--section")] = None,
    version: MaybeVersion = None,
    decision_id: DecisionId = None,
) -> None:
    """Say what is wrong with a routine."""
    with shell.library() as library:
        key = None
        if section:
            document = library.document(procedure, municipality, version=version, reader=shell.actor)
            key = key_of(section, headings_of(document.text).items())
        made = library.give_feedback(
            procedure, text, municipality=municipality, section_key=key, version=version, by=shell.by,
            decision_id=decision_id,
        )  # fmt: skip
    shell.answer(
        made, shell.say("done.feedback", feedback=made.feedback, procedure=made.procedure, version=made.version)
    )


def listed(
    shell: Shell, procedure: Annotated[str | None, Argument(show_default=False)] = None, state: State = None
) -> None:
    """Show what readers said, and what became of it."""
    from samrutine.reading.model import FeedbackState

    chosen = shell.choose(FeedbackState, state, "--state", "said_state") if state else None
    with shell.library() as library:
        found = library.feedback(procedure, state=chosen, reader=shell.actor)
    shell.answer({"feedback": found}, lambda: _print_feedback(shell, found))


def _print_feedback(shell: Shell, found: "Sequence[Feedback]") -> None:
    if not found:
        shell.print(shell.say("feedback.nothing"))
    for number, one in enumerate(found):
        if number:
            shell.print("")
        said = [shell.label("said_state", one.state.value), shell.instant(one.given_at)]
        said += [each for each in (one.municipality, one.section_key, one.name) if each]
        shell.print(f"{shell.bold(f'{one.id} {one.title} {one.version}')} ({', '.join(said)})")
        shell.print(*(f"  {line}" for line in (one.text or shell.say("feedback.erased")).splitlines()))
        if one.answer:
            shell.print(f"  {shell.say('feedback.answer', answer=one.answer)}")
        if one.proposal:
            state = shell.label("proposal_state", one.proposal_state or "")
            shell.print(f"  {shell.say('feedback.proposal', proposal=one.proposal, state=state)}")
        if one.became:
            shell.print(f"  {shell.say('feedback.became', version=one.became)}")


def answer(shell: Shell, feedback: Which, text: Annotated[str, Argument(show_default=False)]) -> None:
    """Answer whoever said that something is wrong."""
    with shell.library() as library:
        made = library.answer_feedback(feedback, text, by=shell.by)
    shell.answer(made, shell.say("done.feedback_answer", feedback=made.feedback, procedure=made.procedure))


def take_up(
    shell: Shell,
    feedback: Which,
    proposal: Annotated[str, Argument(show_default=False)],
    decision_id: DecisionId = None,
) -> None:
    """Say that a proposal is made of feedback."""
    with shell.library() as library:
        made = library.take_up_feedback(feedback, proposal, by=shell.by, decision_id=decision_id)
    places = {"feedback": made.feedback, "proposal": made.proposal, "number": made.number}
    shell.decided(made, shell.say("done.feedback_take_up", **places))


# A routine is missing ----------------------------------------------------------------------------------------------------


def make_wish(
    shell: Shell,
    sentence: Annotated[str, Argument(show_default=False)],
    municipality: MaybeMunicipality = None,
    network: MaybeNetwork = None,
    decision_id: DecisionId = None,
) -> None:
    """Wish for a routine that is missing."""
    with shell.library() as library:
        made = library.wish(sentence, municipality=municipality, network=network, by=shell.by, decision_id=decision_id)

    def text() -> None:
        shell.print(shell.say("done.wish", wish=made.wish))
        if made.similar:
            shell.print(shell.say("wish.similar"))
            shell.print(*(f"  {one.id}: {one.sentence}" for one in made.similar))

    shell.answer(made, text)


def wishes(shell: Shell, state: State = None) -> None:
    """Show what is wished for, what most need first."""
    from samrutine.reading.model import WishState

    chosen = shell.choose(WishState, state, "--state", "said_state") if state else None
    with shell.library() as library:
        found = library.wishes(state=chosen, reader=shell.actor)
    shell.answer({"wishes": found}, lambda: _print_wishes(shell, found))


def _print_wishes(shell: Shell, found: "Sequence[Wish]") -> None:
    if not found:
        shell.print(shell.say("wish.nothing"))
        return
    shell.table(
        ("id", "wish", "needed_by", "state", "met_by"),
        [
            (
                one.id, one.sentence or shell.say("feedback.erased"), ", ".join(one.supporters) or "–",
                shell.label("said_state", one.state.value), one.proposal or one.procedure or one.answer or "–",
            )
            for one in found
        ],
    )  # fmt: skip


def searches(shell: Shell) -> None:
    """Show what was searched for and found nowhere."""
    with shell.library() as library:
        found = library.unanswered_searches(by=shell.by)

    def text() -> None:
        if not found:
            shell.print(shell.say("wish.no_searches"))
            return
        shell.table(
            ("words", "count", "first", "last"),
            [(one.words, str(one.count), shell.day(one.first_on), shell.day(one.last_on)) for one in found],
        )
        shell.print("", shell.say("wish.make_of_search"))

    shell.answer({"searches": found}, text)


def support(shell: Shell, wish: Which, municipality: Municipality) -> None:
    """Say that a municipality needs it too."""
    with shell.library() as library:
        made = library.support_wish(wish, municipality, by=shell.by)
        name = library.get_municipality(made.municipality).name
    said = "done.wish_support" if made.is_new else "done.wish_support_before"
    count = shell.count("towns", made.support)
    shell.answer(made, shell.say(said, municipality=name, wish=made.wish, count=count))


def answer_wish(shell: Shell, wish: Which, text: Annotated[str, Argument(show_default=False)]) -> None:
    """Answer a wish that nothing is made of for now."""
    with shell.library() as library:
        made = library.answer_wish(wish, text, by=shell.by)
    shell.answer(made, shell.say("done.wish_answer", wish=made.wish))


def take_up_wish(
    shell: Shell,
    wish: Which,
    proposal: Annotated[str | None, Option("--proposal")] = None,
    procedure: Annotated[str | None, Option("--procedure")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Say what meets a wish: a proposal, or a routine there is."""
    if (proposal is None) == (procedure is None):
        raise mistake(shell, "what_meets" if proposal is None else "two_meet")
    with shell.library() as library:
        made = library.take_up_wish(wish, proposal=proposal, procedure=procedure, by=shell.by, decision_id=decision_id)
    meets = made.proposal or made.procedure
    shell.decided(made, shell.say("done.wish_take_up", wish=made.wish, meets=meets, number=made.number))
