"""People: who there is, in which roles, with which delegations."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, Typer

from samrutine.actors import LIBRARY, Role, body_in_words, municipality_body, network_body
from samrutine.cli import privacy, tokens
from samrutine.cli.arguments import DecisionId, FromDay, MaybeMunicipality, MaybeNetwork, Municipality, UntilDay
from samrutine.cli.mistakes import mistake
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command, group
from samrutine.procedures.model import DecisionLevel

if TYPE_CHECKING:
    from samrutine.library import Library
    from samrutine.networks.service import Person
    from samrutine.networks.vacancies import Vacancy

Who = Annotated[str, Argument(show_default=False)]


def register(app: Typer) -> None:
    """Add the commands."""
    person = group(app, "person", area="people")
    command(person, "add", area="people")(add)
    command(person, "password", area="people")(password)
    tokens.register(person)
    command(app, "people", area="people")(people)
    command(app, "grant", area="people")(grant)
    command(app, "delegate", area="people")(delegate)
    command(app, "revoke", area="people")(revoke)
    command(app, "vacancies", area="people")(vacancies)
    command(app, "my-data", area="people")(privacy.my_data)
    command(app, "erase", area="people")(privacy.erase)
    command(app, "erase-text", area="people")(privacy.erase_text)
    command(app, "retention", area="people")(privacy.retention)
    command(app, "traces", area="people")(privacy.traces)
    command(app, "redact", area="people")(privacy.redact)
    command(app, "erased", area="people")(privacy.erased)


def add(
    shell: Shell,
    login: Annotated[str, Argument(show_default=False)],
    name: Annotated[str, Option("--name")],
    email: Annotated[str | None, Option("--email")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Add a person."""
    with shell.library() as library:
        made = library.add_person(login, name, email=email, by=shell.by, decision_id=decision_id)
    shell.decided(made, shell.say("done.person_add", login=made.login, actor=made.actor, number=made.number))


def password(shell: Shell, login: Annotated[str, Argument(show_default=False)]) -> None:
    """Give somebody the password that they sign in with."""
    with shell.library() as library:
        is_own = library.person(login).actor == library.person(shell.by).actor
        current = shell.ask_unseen("current_password") if is_own else None
        library.set_password(login, shell.ask_unseen("new_password"), current=current, by=shell.by)
    shell.answer({"login": login}, shell.say("done.person_password", login=login))


def people(shell: Shell) -> None:
    """List people."""
    with shell.library() as library:
        found = library.people()
        names = _names(library)

    def text() -> None:
        shell.table(
            ("login", "name", "roles", "delegations"),
            [
                (one.login or one.actor, one.name or "–", _roles(shell, one, names), _delegations(shell, one, names))
                for one in found
            ],
        )

    shell.answer({"people": found}, text)


def _names(library: "Library") -> dict[str, str]:
    return {municipality_body(one.number): one.name for one in library.municipalities()}


def _words(body: str, names: dict[str, str], shell: Shell) -> str:
    """Name a body as people do: "Fauske", "smittevern", "biblioteket"."""
    return names.get(body) or body.partition(":")[2] or body_in_words(body, shell.language)


def _roles(shell: Shell, person: "Person", names: dict[str, str]) -> str:
    held = []
    for one in person.grants:
        name = shell.label("role", one.role.value)
        if one.is_deputy:
            name = shell.say("vacancies.as_deputy", role=name)
        said = shell.say("role_in", role=name, body=_words(one.body, names, shell))
        held.append(" ".join((said, *_until(shell, one.until_on))))
    return ", ".join(held) or "–"


def _delegations(shell: Shell, person: "Person", names: dict[str, str]) -> str:
    held = (
        f"{names.get(municipality_body(one.municipality), one.municipality)}: {one.position} "
        f"({', '.join((shell.label('level', one.level), *_until(shell, one.until_on)))})"
        for one in person.registered
    )
    return ", ".join(held) or "–"


def _until(shell: Shell, until_on: date | None) -> tuple[str, ...]:
    return (shell.say("until_day", last_day=shell.day(until_on - timedelta(days=1))),) if until_on else ()


def grant(
    shell: Shell,
    who: Who,
    role: Annotated[str, Argument(show_default=False)],
    municipality: MaybeMunicipality = None,
    network: MaybeNetwork = None,
    from_on: FromDay = None,
    until_on: UntilDay = None,
    deputy_of: Annotated[str | None, Option("--deputy-of")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Give a person a role in a municipality, a network, or (an editor) the library; perhaps as another's deputy."""
    wanted = shell.choose(Role, role, shell.say("metavar.role"), "role")
    with shell.library() as library:
        names = _names(library)
        made = library.grant(
            who, wanted, _body(shell, library, municipality, network), by=shell.by, from_on=shell.read_day(from_on, "--from"),
            until_on=shell.read_day(until_on, "--until"), deputy_of=deputy_of, decision_id=decision_id,
        )  # fmt: skip
    shell.decided(
        made,
        shell.say(
            "done.grant_deputy" if made.is_deputy else "done.grant", who=who, deputy_of=deputy_of, role=shell.label("role", made.role.value), body=_words(made.body, names, shell),
            from_on=shell.day(made.from_on), number=made.number,
        ),
    )  # fmt: skip


def delegate(
    shell: Shell,
    who: Who,
    municipality: Municipality,
    level: Annotated[str, Option("--level")],
    position: Annotated[str, Option("--position")],
    from_on: FromDay = None,
    until_on: UntilDay = None,
    reference: Annotated[str | None, Option("--reference")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Register that a person may decide use on a level in a municipality."""
    wanted = shell.choose(DecisionLevel, level, "--level", "level")
    with shell.library() as library:
        made = library.delegate(
            who, municipality, wanted, position, by=shell.by, from_on=shell.read_day(from_on, "--from"),
            until_on=shell.read_day(until_on, "--until"), reference=reference, decision_id=decision_id,
        )  # fmt: skip
        name = library.get_municipality(made.municipality).name
    text = shell.say(
        "done.delegate", who=who, municipality=name, level=shell.label("level", made.level.value),
        position=made.position, number=made.number,
    )  # fmt: skip
    last_day = made.until_on - timedelta(days=1) if made.until_on else None
    lasts = shell.say("done.delegate_until" if last_day else "done.delegate_no_end", last_day=shell.day(last_day))
    shell.decided(made, f"{text} {lasts}")


def revoke(
    shell: Shell,
    who: Who,
    role: Annotated[str, Argument(show_default=False)],
    municipality: MaybeMunicipality = None,
    network: MaybeNetwork = None,
    decision_id: DecisionId = None,
) -> None:
    """Take a role back, with the delegations that rest on it."""
    wanted = shell.choose(Role, role, shell.say("metavar.role"), "role")
    with shell.library() as library:
        body = _body(shell, library, municipality, network)
        where = library.get_municipality(municipality).number if municipality else None
        ending = privacy.ended_with(shell, library, who, where) if where and wanted is Role.DECIDER else ""
        made = library.revoke(who, wanted, body, by=shell.by, decision_id=decision_id)
        words = _words(made.body, _names(library), shell)
    role_word = shell.label("role", made.role.value)
    text = shell.say("done.revoke", who=who, role=role_word, body=words, number=made.number)
    shell.decided(made, f"{text} {ending}".strip())


def vacancies(shell: Shell, day: Annotated[str | None, Option("--day")] = None) -> None:
    """Show the roles that nobody holds in their own right."""
    with shell.library() as library:
        found = library.vacancies(on=shell.read_day(day, "--day"))

    def text() -> None:
        if not found:
            shell.print(shell.say("vacancies.none"))
            return
        shell.table(
            ("where", "role", "deputy"),
            [
                (
                    one.name or shell.label("body", "library"),
                    shell.label("role", one.role.value),
                    _stands_in(shell, one),
                )
                for one in found
            ],
        )

    shell.answer({"vacancies": found}, text)


def _stands_in(shell: Shell, one: "Vacancy") -> str:
    if not one.has_deputy:
        return shell.say("vacancies.nobody")
    if one.until_on is None:
        return shell.say("vacancies.deputy")
    return shell.say("vacancies.deputy_until", last_day=shell.day(one.until_on - timedelta(days=1)))


def _body(shell: Shell, library: "Library", municipality: str | None, network: str | None) -> str:
    """Give the body that two options name between them: a municipality, a network, or else the library."""
    if municipality and network:
        raise mistake(shell, "two_bodies")
    if municipality:
        return municipality_body(library.get_municipality(municipality).number)
    return network_body(network) if network else LIBRARY
