"""
The tree of commands, in one language.

A command is a function that takes a `Shell` first; `command` gives it the options that all have. Its help and that of
its arguments are in the catalogue `cli`, by name: `command.<name>.help`, `command.<name>.<argument>`, and for arguments
that several commands have, `option.<argument>`. Typer's own words are replaced by ours, so that help and complaints
are in one language.
"""

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from samrutine.cli.shell import Shell
from samrutine.messages import DEFAULT_LANGUAGE, catalogue, say

AREAS: Final = (
    "start", "inbox", "reading", "papers", "texts", "hearings", "use", "preparing", "additions", "intake", "collecting", "feedback",
    "publishing", "people", "reviews", "settings", "serving", "letters", "proving", "recovery", "upkeep",
)  # fmt: skip
"""The modules of commands, which are also the headings of the list of commands, in the order people need them."""

_SHARED: Final = ("home", "as_", "language", "json")

Home = Annotated[str | None, typer.Option("--home")]
As = Annotated[str | None, typer.Option("--as")]
Language = Annotated[str | None, typer.Option("--language")]
Json = Annotated[bool, typer.Option("--json")]


class Words:
    """What our commands and our groups have in common: help in the language of the tree."""

    language: str = DEFAULT_LANGUAGE
    path: str = ""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write how the command is typed."""
        pieces = [say("cli.help.options_metavar", self.language), *self._pieces()]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=say("cli.help.usage", self.language) + ": ")

    def _pieces(self) -> list[str]:
        pieces = []
        for one in getattr(self, "params", ()):
            if one.param_type_name == "argument":
                name = _metavar(self, one)
                pieces.append(name if one.required else f"[{name}]")
        if isinstance(self, TyperGroup):
            pieces.append(say("cli.help.command_metavar", self.language))
        return pieces

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments, the command's own options, and those that all commands have."""
        arguments: list[tuple[str, str]] = []
        own: list[tuple[str, str]] = []
        shared: list[tuple[str, str]] = []
        for one in self.get_params(ctx):  # type: ignore[attr-defined]  # given by Typer's class beside this one
            if one.param_type_name == "argument":
                arguments.append((_metavar(self, one), _help_of(self, one)))
            else:
                name = ", ".join(one.opts)
                if not one.is_flag:
                    name += f" {_metavar(self, one)}"
                target = shared if one.name in (*_SHARED, "help") else own
                target.append((name, _help_of(self, one)))
        for heading, rows in (("arguments", arguments), ("options", own)):
            if rows:
                with formatter.section(say(f"cli.help.{heading}", self.language)):
                    formatter.write_dl(rows)
        if isinstance(self, TyperGroup):
            self.format_commands(ctx, formatter)
        with formatter.section(say("cli.help.shared", self.language)):
            formatter.write_dl(shared)


class Command(Words, TyperCommand):
    """A command whose help is in the catalogue."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Read the line; in a search, a word with a minus before it is to be left out, and no options written together."""
        return super().parse_args(ctx, _with_words_last(self, args) if _takes_minus(self) else args)


class Group(Words, TyperGroup):
    """A group whose commands are listed under the headings of `AREAS`."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  Typer calls it so
        """Write the commands, by what people come to do."""
        by_area: dict[str, list[tuple[str, str]]] = {}
        for name, one in self.commands.items():
            area = getattr(one, "rich_help_panel", None) or ""
            rows = by_area.setdefault(str(area), [])
            inner = getattr(one, "commands", {})
            rows.extend((f"{name} {below}", each.help or "") for below, each in inner.items())
            if not inner:
                rows.append((name, one.help or ""))
        for area, rows in by_area.items():
            heading = (
                say(f"cli.area.{area}", self.language) if area in AREAS else say("cli.help.commands", self.language)
            )
            with formatter.section(heading):
                formatter.write_dl(rows)


def command(app: typer.Typer, name: str, *, area: str) -> Callable[[Callable[..., int | None]], Callable[..., Any]]:
    """Make a function that takes a `Shell` a command with the options that all commands have."""

    def register(function: Callable[..., int | None]) -> Callable[..., Any]:
        signature = inspect.signature(function, eval_str=True)
        own = list(signature.parameters.values())[1:]

        @wraps(function)
        def run(ctx: typer.Context, **given: Any) -> int | None:
            above: Mapping[str, Any] = ctx.obj or {}
            asked = {one: given.pop(one) or above.get(one) for one in _SHARED}
            shell = Shell(
                home=asked["home"], actor=asked["as_"], language=asked["language"], as_json=bool(asked["json"])
            )
            return function(shell, **given)

        extra = [
            inspect.Parameter(one, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
            for one, annotation, default in (
                ("home", Home, None), ("as_", As, None), ("language", Language, None), ("json", Json, False),
            )
        ]  # fmt: skip
        context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
        ours = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
        del run.__wrapped__  # Typer must see this signature, not the function's
        run.__signature__ = inspect.Signature([context, *ours, *extra])  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in [context, *ours, *extra]}
        return app.command(name, cls=Command, rich_help_panel=area, help="-")(run)

    return register


def group(app: typer.Typer, name: str, *, area: str) -> typer.Typer:
    """Make a group of commands inside another."""
    inner = typer.Typer(cls=Group, rich_markup_mode=None, add_completion=False, no_args_is_help=True)
    app.add_typer(inner, name=name, cls=Group, rich_help_panel=area, help="-")
    return inner


def application() -> typer.Typer:
    """Put all commands together."""
    app = typer.Typer(cls=Group, rich_markup_mode=None, add_completion=False, no_args_is_help=True)

    @app.callback(cls=Group, invoke_without_command=True)
    def above(
        ctx: typer.Context, *, home: Home = None, as_: As = None, language: Language = None, json: Json = False,
        version_of_program: Annotated[bool, typer.Option("--version")] = False,
    ) -> None:  # fmt: skip
        if version_of_program:
            # Imported here: reading what is installed takes longer than most answers.
            from importlib.metadata import version

            sys.stdout.write(f"samrutine {version('samrutine')}\n")
            raise typer.Exit
        if ctx.invoked_subcommand is None:
            ctx.fail("Missing command.")
        ctx.obj = {"home": home, "as_": as_, "language": language, "json": json}

    for area in AREAS:
        import_module(f"samrutine.cli.{area}").register(app)
    return app


@cache
def build(language: str) -> TyperGroup:
    """
    Give the tree of commands with its help in a language. Made once for each: what a line asked for is no part of it.

    Raises:
        KeyError: A command or an argument has no text in the catalogue.
    """
    tree = typer.main.get_command(application())
    if not isinstance(tree, TyperGroup):
        raise TypeError(type(tree).__name__)
    for path, one in commands_of(tree):
        one.language = language
        one.path = path
        one.help = say(f"cli.command.{path}.help" if path else "cli.help.program", language)
        for parameter in one.params:
            if getattr(parameter, "help", None) is None:
                parameter.help = _text_of(path, parameter.name or "", language)
    return tree


def commands_of(tree: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Give every command and group of a tree with its path: "", "adopt", "person add"."""
    yield above, tree
    for name, one in getattr(tree, "commands", {}).items():
        yield from commands_of(one, f"{above} {name}".strip())


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a line cannot be understood."""

    usage: str
    fact: str
    remedy: str


def complaint(error: TyperException, language: str) -> Complaint:
    """Say in our words what Typer says in its own."""
    kind = type(error).__name__
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "samrutine"
    if kind == "NoArgsIsHelpError":
        return Complaint(error.format_message(), "", "")
    parameter = getattr(error, "param", None)
    named = ""
    if parameter is not None and context is not None:
        named = parameter.opts[0] if parameter.param_type_name == "option" else _metavar(context.command, parameter)
    option = str(getattr(error, "option_name", ""))
    near = ", ".join(getattr(error, "possibilities", None) or ())
    match kind:
        case "NoSuchOption" if near:
            fact = say("cli.usage.no_such_option_near", language, option=option, near=near)
        case "NoSuchOption":
            fact = say("cli.usage.no_such_option", language, option=option)
        case "BadOptionUsage":
            fact = say("cli.usage.option_without_value", language, option=option)
        case "MissingParameter":
            fact = say("cli.usage.missing", language, name=named)
        case "BadParameter":
            fact = say("cli.usage.bad_value", language, name=named)
        case _:
            fact = _fact_of_message(error.format_message(), language)
    usage = context.get_usage() if context is not None else ""
    remedy = say("cli.usage.remedy", language, path=path)
    if kind in {"NoSuchOption", "MissingParameter"} and context is not None and _takes_minus(context.command):
        remedy = f"{say('cli.usage.minus', language, path=path)}\n{remedy}"
    return Complaint(usage, fact, remedy)


def _takes_minus(command: Any) -> bool:
    """Whether a minus before a word of the line may mean "without", as in a search."""
    return any(one.name == "words" for one in getattr(command, "params", ()))


def _with_words_last(command: Any, args: Sequence[str]) -> list[str]:
    """Put words with a minus before them after `--`: "-mobbing" is no option `-m` with the value "obbing"."""
    with_value = {
        name
        for one in command.params
        if not getattr(one, "is_flag", False)
        for name in (*one.opts, *one.secondary_opts)
    }
    end = args.index("--") if "--" in args else len(args)
    options, words = args[:end], args[end + 1 :]
    kept: list[str] = []
    left_out: list[str] = []
    for place, one in enumerate(options):
        is_value = place > 0 and options[place - 1] in with_value
        if is_value or not _MINUS_WORD.match(one):
            kept.append(one)
        else:
            # The shell took the quotation marks of what is one expression.
            left_out.append(f'-"{one[1:]}"' if " " in one and '"' not in one else one)
    return [*kept, "--", *left_out, *words] if left_out or words else kept


_MINUS_WORD: Final = re.compile(r"-[^-].")
"""One letter alone is an option."""


def _fact_of_message(message: str, language: str) -> str:
    """Typer has one class for these; only the sentence tells them apart."""
    quoted = message.split("'")
    if message.startswith("No such command") and len(quoted) > 1:
        near = quoted[3] if len(quoted) > 3 else ""  # noqa: PLR2004  the second quoted word is the suggestion
        if near:
            return say("cli.usage.no_such_command_near", language, name=quoted[1], near=near)
        return say("cli.usage.no_such_command", language, name=quoted[1])
    if message.startswith("Missing command"):
        return say("cli.usage.missing_command", language)
    if message.startswith("Got unexpected extra argument"):
        # "Got unexpected extra arguments (en to)": the words are the last that stands in brackets.
        return say("cli.usage.too_many", language, words=message.rpartition(" (")[2].rstrip(").") or "…")
    return message


def _metavar(command: Any, parameter: Any) -> str:
    """Name the value of an argument or option, as it is written in help."""
    texts = catalogue(command.language, "cli")
    own = texts.get(f"metavar.{parameter.name}")
    name = own or str(parameter.name).strip("_").upper()
    return f"{name} …" if parameter.nargs == -1 or getattr(parameter, "multiple", False) else name


def _help_of(command: Any, parameter: Any) -> str:
    if parameter.name == "help":
        return say("cli.help.help", command.language)
    text = parameter.help or ""
    return (
        f"{text} {say('cli.help.required', command.language)}"
        if parameter.required and parameter.param_type_name == "option"
        else text
    )


def _text_of(path: str, name: str, language: str) -> str:
    texts = catalogue(language, "cli")
    name = name.strip("_")
    return texts.get(f"command.{path}.{name}") or texts[f"option.{name}"]
