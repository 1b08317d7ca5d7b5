"""
Write the pages of docs/reference that follow from the code, and fail with --check when one of them is stale.

A page is either generated from first line to last, or is written by hand with generated parts between marks:

    <!-- generated: keys -->
    …
    <!-- end -->

Always English, whatever the machine's language is; texts of the catalogues stand in both languages.
"""

import ast
import contextlib
import inspect
import itertools
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

TOP = Path(__file__).parents[1]
SOURCE = TOP / "src" / "samrutine"
LIBRARY = SOURCE.resolve().parents[1] / "library"
REFERENCE = TOP / "docs" / "reference"
NOTE = "<!-- Written by tools/reference.py from the code; `make docs` writes it again. -->"


def main(arguments: list[str]) -> int:
    """Write the pages that differ, or with --check only name them."""
    stale = {path: text for path, text in pages() if not path.exists() or path.read_text(encoding="utf-8") != text}
    for path, text in stale.items():
        if "--check" in arguments:
            print(f"{path.relative_to(TOP)} is stale. Run: make docs", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(TOP))
    return 1 if stale and "--check" in arguments else 0


def pages() -> Iterator[tuple[Path, str]]:
    """Give each page with the text it should have."""
    for name, build in WHOLE.items():
        title, *lines = build()
        yield REFERENCE / name, "\n".join([f"# {title}", "", NOTE, "", *lines]).rstrip() + "\n"
    for name, parts in IN_PARTS.items():
        path = REFERENCE / name
        text = path.read_text(encoding="utf-8")
        for part, build in parts.items():
            marked = re.compile(rf"(<!-- generated: {part} -->\n).*?(<!-- end -->)", re.DOTALL)
            if len(marked.findall(text)) != 1:
                raise SystemExit(f"{name}: one part called {part} is expected")
            made = "\n".join(build()).strip()
            text = marked.sub(lambda found, made=made: f"{found[1]}\n{made}\n\n{found[2]}", text)
        yield path, text


# The API -----------------------------------------------------------------------------------------------------------------


def api_page() -> list[str]:
    """List every operation of the API with what it is given, as its own description says."""
    described = description_of_the_api()
    lines = [
        "API",
        f"`{described['servers'][0]['url']}`. The same is at `/api/v1/openapi.json`, with the form of every answer. How one",
        "begins is in [the guide](../guides/programmer.md).",
        "",
        *described["info"]["description"].splitlines(),
        "",
        "## Refusals",
        "",
        '`{"error": {"code", "fact", "remedy", "places"}}`, and `reasons` or `findings` where there are some. The codes of rules are in',
        "[errors](errors.md) and [reasons](reasons.md); these are the API's own.",
        "",
        *table(["code", "fact"], ([f"`{name}`", fact] for name, fact in _api_faults())),
        "",
        "## Statuses",
        "",
        *table(["status", "means"], ([f"{status}", one["description"]] for status, one in _api_statuses())),
        "",
    ]
    operations = [
        (tag, method.upper(), path, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        for tag in operation["tags"][:1]
    ]
    for tag in dict.fromkeys(one[0] for one in operations):
        lines += [f"## {tag.capitalize()}", ""]
        for _, method, path, operation in (one for one in operations if one[0] == tag):
            lines += [f"### {method} {path}", "", *operation["description"].splitlines(), ""]
            lines += [*_api_given(described, operation), ""]
    return lines


def description_of_the_api() -> dict[str, Any]:
    """Give the OpenAPI description, which needs no home."""
    from samrutine.web.api.app import create_api
    from samrutine.web.serving import Libraries

    return create_api(Libraries(TOP)).openapi()


def _api_faults() -> Iterator[tuple[str, str]]:
    from samrutine.messages import catalogue

    for key, text in catalogue("en", "api").items():
        if key.endswith(".fact"):
            yield key.partition(".")[0], text


def _api_statuses() -> Iterator[tuple[int | str, dict[str, Any]]]:
    from samrutine.web.api.answers import FAULTS

    yield 304, {"description": "As the program has it (`If-None-Match`)."}
    yield from FAULTS.items()


def _api_given(described: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    """List what one operation is given: its own parameters, and the fields of its body."""
    everywhere = {"accept-language", "if-none-match", "idempotency-key"}
    rows = [
        [f"`{one['name']}`", one["in"] + (", needed" if one.get("required") else ""), one.get("description", "")]
        for one in operation.get("parameters", ())
        if one["name"] not in everywhere
    ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = body.get("$ref", "").rpartition("/")[2]
    schema = described["components"]["schemas"].get(name, {})
    rows += [
        [f"`{field}`", "body" + (", needed" if field in schema.get("required", ()) else ""), one.get("description", "")]
        for field, one in schema.get("properties", {}).items()
    ]
    return table(["given", "where", ""], rows) if rows else []


# The command line ------------------------------------------------------------------------------------------------------


def cli_page() -> list[str]:
    """List every command with its arguments and options, as the program itself knows them."""
    lines = [
        "Command line",
        "`samrutine [global options] COMMAND …`. The words of help and answers are in bokmål unless `LANG` or",
        "`SAMRUTINE_LANGUAGE` begins with `en`; here they stand in English. `samrutine COMMAND --help` shows the same.",
        "",
        "With `--json` the answer is one JSON object on standard output, and it comes last; progress and messages go to",
        'standard error. A refusal is then `{"error": {…}}` with the code that [errors](errors.md) lists.',
        "",
        "## Exit codes",
        "",
        "| code | means |",
        "|---|---|",
        "| 0 | done |",
        "| 1 | something nobody foresaw; a defect of ours |",
        *(f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items()),
        "| 130 | interrupted from the keyboard |",
        "",
    ]
    root = command_tree()
    lines += ["## Options that every command has", "", *_options(root, shared=True), ""]
    for path, command in commands(root):
        usage = command.get_usage(_context(command, path)).partition(": ")[2]
        lines += [f"## {path}", "", _plain(command.help), "", "```text", *usage.splitlines(), "```", ""]
        lines += [*_options(command, shared=False), ""]
    return lines


EXIT_CODES = {
    2: "the command was written wrongly, or a value cannot be right",
    3: "a rule says no, or a text has faults",
    4: "what was asked for does not exist",
    5: "somebody else decided first, and nothing was changed; or only published copies are not as delivered",
    6: "git, the database, the index or a destination did not answer; safe to try again",
}


def command_tree() -> Any:
    """Give the whole command line as Click knows it."""
    from samrutine.cli.tree import build

    return build("en")


def commands(root: Any) -> Iterator[tuple[str, Any]]:
    """Give every command with its full name, in the order that help shows them."""
    from samrutine.cli.tree import commands_of

    for path, command in commands_of(root):
        if path and not getattr(command, "commands", None) and not command.hidden:
            yield f"samrutine {path}", command


def _context(command: Any, name: str) -> Any:
    return command.context_class(command, info_name=name)


def _options(command: Any, *, shared: bool) -> list[str]:
    from samrutine.cli import tree

    rows = []
    for parameter in command.params:
        if (parameter.name in tree._SHARED) != shared or getattr(parameter, "hidden", False):  # noqa: SLF001  its own page
            continue
        value = tree._metavar(command, parameter)  # noqa: SLF001  the name that help shows
        if parameter.param_type_name == "argument":
            shown = value
        else:
            shown = ", ".join(parameter.opts) + ("" if parameter.is_flag else f" {value}")
        required = parameter.required and parameter.param_type_name == "option"
        rows.append([f"`{shown}`", _plain(parameter.help) + (" Required." if required else "")])
    return table(["", ""], rows) if rows else []


# Settings, errors, reasons, findings, faults -----------------------------------------------------------------------------


def settings_page() -> list[str]:
    """List every setting of a home."""
    from samrutine.settings import SETTINGS_FILE, Settings

    rows = [
        [
            f"`{name}`",
            f"`SAMRUTINE_{name.upper()}`",
            "empty" if field.default in {"", None} else f"`{field.default}`",
            field.description or "",
        ]
        for name, field in Settings.model_fields.items()
        if not any(hasattr(kind, "model_fields") for kind in (field.annotation, *get_args(field.annotation)))
    ]
    # A table of its own in the file; no environment variable for each of its keys.
    rows += [
        [f"`[{name}]` `{key}`", "–", f"`{below.default}`" if below.default else "empty", below.description or ""]
        for name, field in Settings.model_fields.items()
        for key, below in getattr(field.annotation, "model_fields", {}).items()
    ]
    # Of these there may be several.
    rows += [
        [
            f"`[[{name}]]` `{key}`",
            "–",
            f"`{below.default}`" if below.default and not below.is_required() else "empty",
            below.description or "",
        ]
        for name, field in Settings.model_fields.items()
        for kind in get_args(field.annotation)
        for key, below in getattr(kind, "model_fields", {}).items()
    ]
    found = sorted(_environment_variables() - {f"SAMRUTINE_{name.upper()}" for name in Settings.model_fields})
    if untold := sorted(set(found) - set(OTHER_VARIABLES)):
        raise SystemExit(f"tools/reference.py: say in OTHER_VARIABLES what {', '.join(untold)} does")
    return [
        "Settings",
        f"A home has one file of settings, `{SETTINGS_FILE}`, in TOML. An environment variable wins over the file. A key",
        "that is not listed here is refused, so that a misspelt one is noticed.",
        "",
        *table(["key", "environment", "when not set", "what it is"], rows),
        "",
        "Nothing that is decided lies here, and no setting changes what was decided.",
        "",
        "## Other environment variables",
        "",
        *table(["variable", "what it does"], [[f"`{name}`", OTHER_VARIABLES[name]] for name in found]),
    ]


OTHER_VARIABLES = {
    "SAMRUTINE_LANGUAGE": "The language of the command line: `en` for English, anything else for bokmål. Wins over `LANG`.",
    "SAMRUTINE_HOME": "The home, where `--home` is not given.",
    "SAMRUTINE_AS": "Who acts, where `--as` is not given.",
    "SAMRUTINE_MAIL_PASSWORD": "The password of the mail server, where it is not to lie in a file. Wins over `mail.password_file`.",
    "SAMRUTINE_LINK": "The personal link by which somebody outside reads and answers a hearing: a secret, so no argument.",
    "SAMRUTINE_TRACEBACK": "`1` shows where in the program an unforeseen error happened. For developers.",
}


def _environment_variables() -> set[str]:
    """Give the environment variables that the product reads, as they stand in its source."""
    words = (path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py")))
    return set(re.findall(r"[\"'](SAMRUTINE_[A-Z_]+[A-Z])[\"']", "\n".join(words)))


def errors_page() -> list[str]:
    """List every error class, what a program is told of it, and its words in both languages."""
    from samrutine.errors import Refused, SamrutineError

    import_module("samrutine.collecting.errors")  # those that stand with their concept
    import_module("samrutine.intake.errors")
    import_module("samrutine.adoptions.paper_errors")
    import_module("samrutine.letters.errors")
    import_module("samrutine.reading.checklist_errors")
    import_module("samrutine.reading.barrier_errors")
    import_module("samrutine.identity.elsewhere_errors")
    lines = [
        "Errors",
        "Everything that is refused or fails on purpose is one of these. Each has a *fact* and a *remedy*; with `--json`",
        'they come as `{"error": {"code", "fact", "remedy", "places"}}`. Words in braces are the places.',
        "",
        "```text",
        _drawing("samrutine.errors"),
        "```",
        "",
    ]
    for one in subclasses(SamrutineError):
        code = snake(one.__name__)
        above = one.__mro__[1].__name__
        lines += [f"## {one.__name__}", "", _plain(inspect.getdoc(one)), ""]
        lines += [f"Code `{code}` · exit code {one.exit_code} · a kind of {above}", ""]
        if issubclass(one, Refused):
            lines += ["Its words are those of its [reasons](reasons.md).", ""]
        elif not _has_text("errors", code):
            lines += ["Never raised itself; catch it to catch all below it.", ""]
        else:
            lines += [*_texts("errors", code), ""]
    return lines


def reasons_page() -> list[str]:
    """List every typed reason why a rule says no."""
    lines = [
        "Reasons",
        "Why a rule says no. A `Refused` carries one or more of these; a `NotAllowed` is a `Refused` whose first reason is",
        "about who asks. The same function that guards the act gives them beforehand, so a page can say why a button is",
        "missing.",
        "",
    ]
    for one in reason_classes():
        name = snake(one.__name__)
        about = "about who asks" if one.about_who else "about what is asked"
        lines += [
            f"## {one.__name__}",
            "",
            _plain(inspect.getdoc(one)),
            "",
            f"Code `{name}` · {about}",
            "",
            *_texts("reasons", name),
            "",
        ]
    return lines


def reason_classes() -> list[Any]:
    """Give every reason there is, by name."""
    from samrutine.reasons import Because

    for path in SOURCE.rglob("*.py"):
        if "(Because)" in path.read_text(encoding="utf-8"):
            import_module(".".join(path.relative_to(SOURCE.parent).with_suffix("").parts))
    return sorted(subclasses(Because), key=lambda one: one.__name__)


def findings_page() -> list[str]:
    """List everything that the checks of a text can find."""
    from samrutine.procedures.findings import NOT_KEPT

    lines = [
        "Findings",
        "What the checks say of a routine's text, each with a line. An *error* must be mended before the text can be sent to",
        "approval; a *warning* is for the writer to judge. Text with a finding marked *not kept* is not stored at all, not",
        "even as a draft.",
        "",
    ]
    warned = _warnings()
    for key in keys_of("findings"):
        marks = ["warning" if key in warned else "error", *(["not kept"] if key in NOT_KEPT else [])]
        lines += [f"## {key}", "", ", ".join(marks).capitalize(), "", *_texts("findings", key), ""]
    return lines


def _warnings() -> set[str]:
    """Give the findings that are warnings wherever they are found, read from the checks' own source."""
    from samrutine.procedures import checks

    kinds: dict[str, set[bool]] = {}
    names = set(keys_of("findings"))
    for call in (node for node in ast.walk(ast.parse(inspect.getsource(checks))) if isinstance(node, ast.Call)):
        if not call.args:
            continue
        is_warning = any(ast.unparse(part) == "Severity.WARNING" for part in call.args)
        for key in _possible_keys(call.args[0], names):
            kinds.setdefault(key, set()).add(is_warning)
    only_warned = {str(one) for one in checks._ONLY_WARNED}  # noqa: SLF001  the rule itself, read for its page
    return {key for key, found in kinds.items() if found == {True}} | (only_warned & names)


def _possible_keys(node: ast.expr, names: set[str]) -> set[str]:
    """Give the findings that an expression may name; a formatted one names all that begin or end like it."""
    if isinstance(node, ast.Constant) and node.value in names:
        return {node.value}
    if isinstance(node, ast.JoinedStr):
        pattern = "".join(re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values)
        return {name for name in names if re.fullmatch(pattern, name)}
    return set()


def faults_page() -> list[str]:
    """List everything that `verify` can find: what was promised, and whether `repair` heals it."""
    from samrutine.projections.faults import KINDS, Promise

    lines = [
        "Faults",
        "What `samrutine verify` can find, by what was promised. A fault that `samrutine repair` heals is of what only",
        "*repeats* decisions, and is made anew from them; any other means that somebody or something changed what is",
        "*believed*, and only a backup or the register helps. A *note* is no damage, and the answer is clean all the same.",
        "",
        "| code | promise | healed by `repair` |",
        "|---|---|---|",
    ]
    for code, kind in KINDS.items():
        healed = "note" if kind.note else "yes" if kind.healed else "no"
        lines.append(f"| [{code}](#{code}) | {kind.promise.name.replace('_', ' ').lower()} | {healed} |")
    lines += ["", "| promise | |", "|---|---|"]
    lines += [f"| {promise.name.replace('_', ' ').lower()} | {promise.value} |" for promise in Promise]
    lines.append("")
    for code in KINDS:
        lines += [f"## {code}", "", *_texts("faults", code), ""]
    return lines


# The ways of a text, policies, answers ---------------------------------------------------------------------------------


def transitions_page() -> list[str]:
    """Show the way of a proposal as the table that the verbs guard by, and what a municipality can answer."""
    from samrutine.actors import RIGHTS
    from samrutine.adoptions.answers import SAYS_WHY
    from samrutine.adoptions.model import AdoptionState
    from samrutine.messages import word
    from samrutine.proposals.transitions import TRANSITIONS, ProposalState, Step, transition

    def ways(state: ProposalState, step: Step) -> str:
        found = transition(state, step)
        return "" if found is None else " or ".join(f"`{one.value}`" for one in found.leads_to)

    rows = [
        [
            f"`{one.state.value}`" if one.state else "–",
            f"`{one.step.value}`",
            " or ".join(f"`{to.value}`" for to in one.leads_to),
            f"`{one.who.value}`",
            ", ".join(sorted(role.value for role in RIGHTS[one.who])),
        ]
        for one in TRANSITIONS
    ]
    if untold := {one.value for one in AdoptionState} ^ set(ANSWERS):
        raise SystemExit(f"tools/reference.py: say in ANSWERS what is meant by {', '.join(sorted(untold))}")
    answers = [
        [
            f"`{one.value}`", word("adoption", one.value, "nb"), *ANSWERS[one.value],
            "must be given" if one in SAYS_WHY else ("–" if one.value in COMES_BY_ITSELF else "may be given"),
        ]
        for one in AdoptionState
    ]  # fmt: skip
    return [
        "Transitions",
        "Which step leads from where to where. The tables are those by which the verbs guard; a pair that is not here is",
        "refused with [StepNotNow](reasons.md#stepnotnow), which names what can be done instead.",
        "",
        "## A proposal, step by step",
        "",
        *table(["from", "step", "leads to", "right", "held by"], rows),
        "",
        "A right is not all there is to it: [reasons](reasons.md) lists every no, and [rights](rights.md) says in which body a",
        "role counts. Who wrote the text may mend and withdraw it; of others only those who have `send`.",
        "",
        "## Every state against every step",
        "",
        *table(
            ["", *(f"`{state.value}`" for state in ProposalState)],
            [
                [f"`{step.value}`", *(ways(state, step) for state in ProposalState)]
                for step in Step
                if step is not Step.PROPOSE
            ],
        ),
        "",
        "`approved`, `rejected` and `withdrawn` are ends: from there a new proposal is the way.",
        "",
        "## What a municipality answers",
        "",
        *table(["state", "bokmål", "how it comes", "what applies afterwards", "reason"], answers),
        "",
        "Any answer may follow any other; what can stop one is in [reasons](reasons.md). `behind` is no state: it is said of what is",
        "in use while a newer version is approved.",
    ]


COMES_BY_ITSELF = {"to-consider", "planned"}

ANSWERS = {
    "to-consider": (
        "a version is approved, and the municipality has not answered before",
        "what applied before, if anything",
    ),
    "planned": ("`adopt` from a day to come; seen until that day", "what applied before, until the day"),
    "in-use": ("`adopt`, or a standing decision", "the version, from its day"),
    "deferred": ("`defer` until a day; it is then asked again", "what applied before"),
    "declined": ("`decline`", "nothing"),
    "not-relevant": ("`mark_not_relevant`", "nothing"),
    "own-routine": ("`use_own_routine`, with its address", "nothing of ours; they follow their own"),
    "ended": ("`end_use`, with the last day", "nothing after the last day"),
}


def policies_page() -> list[str]:
    """Show the policies that are shipped, who follows them, and how many each asks for as posts fall vacant."""
    import tomllib

    from samrutine.proposals.policy import Policy, PolicyRule

    def shipped(file: str, key: str) -> list[dict[str, Any]]:
        return list(tomllib.loads((LIBRARY / file).read_text(encoding="utf-8"))[key])

    policies = [Policy.parse(row) for row in shipped("policies.toml", "policy")]
    networks = shipped("networks.toml", "network")
    if untold := {one.value for one in PolicyRule} ^ set(RULES):
        raise SystemExit(f"tools/reference.py: say in RULES what is counted by {', '.join(sorted(untold))}")
    rows = [
        [
            f"`{one.id}`", one.name, RULES[one.rule.value], str(one.approvals or "–"), str(one.municipalities or "–"),
            "yes" if one.leader_must_agree else "no", "yes" if one.author_municipality_counts else "no",
            f"{one.hearing_weeks} weeks" if one.hearing_weeks else "none",
        ]
        for one in policies
    ]  # fmt: skip
    followed = [
        [f"`{one['id']}`", one["name"], *(f"`{one.get(key, one['policy'])}`" for key in ("policy", "minor_policy"))]
        for one in networks
    ]
    return [
        "Policies",
        "How many must agree before a text is faglig godkjent, as the library is shipped (`library/policies.toml`). The policy",
        "is pinned when a round opens; a change never moves a round that has begun. Nobody ever approves a text of their own.",
        "",
        *table(
            [
                "id",
                "name",
                "counts",
                "persons",
                "municipalities",
                "leader must agree",
                "author's municipality counts",
                "hearing",
            ],
            rows,
        ),
        "",
        "Where the leader must agree, the leader's own municipality is not one of the municipalities that are counted.",
        "",
        "## Which network follows which",
        "",
        *table(["network", "name", "vesentlig endring", "mindre retting"], followed),
        "",
        "A first version, a merge of local routines and a withdrawal are never minor.",
        "",
        "## How many it takes as posts fall vacant",
        "",
        "Counted by the rule itself (`samrutine.proposals.quorum.standing`), for a text that an employee outside the network",
        "has written. «Leader» is whether the leader must be among them.",
        "",
        *table(["in post", *(f"`{one.id}`" for one in policies)], _asked_for(policies)),
        "",
        "- What nobody in post can give is not asked for: the number is lowered, never the rule.",
        "- A deputy counts as the one they stand in for. A leader who wrote the text, or whose post is vacant, is not waited for.",
        "- A co-network with somebody who may agree must say yes once; one that is empty is not waited for.",
        "- Where nobody in the owner's network may agree, the round cannot open:",
        "  [NobodyCanAgree](reasons.md#nobodycanagree).",
    ]


RULES = {
    "n-persons": "persons",
    "n-municipalities": "persons from different municipalities",
    "majority": "more than half of the municipalities with a member in post",
    "all": "every municipality with a member in post",
}


def _asked_for(policies: Iterable[Any]) -> Iterator[list[str]]:
    """Ask the quorum itself, for networks that lose one seat after the other."""
    from samrutine.actors import ActorId, Role
    from samrutine.proposals.quorum import MemberInPost, Writer, standing

    def seat(n: int, role: Role) -> Any:
        return MemberInPost(ActorId(f"actor-{n}"), f"{9000 + n}", "nettverk", role)

    writers = [Writer(ActorId("actor-writer"), "9999")]
    for leads, towns in ((True, 9), (False, 9), (True, 4), (True, 3), (True, 2), (True, 1), (False, 2), (False, 1)):
        seats = [seat(n, Role.LEADER if leads and n == 1 else Role.MEMBER) for n in range(1, towns + 1)]
        others = towns - leads
        who = "the leader" if leads else "no leader"
        who += f", {others} member{'s' if others > 1 else ''}" if others else ""
        cells = []
        for policy in policies:
            found = standing(policy, (), seats, writers)
            cells.append(f"{found.needed}{', leader' if found.leader_missing else ''}")
        yield [f"{who}; {towns} municipalit{'y' if towns == 1 else 'ies'}", *cells]


# Python, connector, rights, tables ---------------------------------------------------------------------------------------


def python_page() -> list[str]:
    """List the methods of `Library` with the promises of the verbs behind them."""
    from samrutine import Library

    lines = [
        "Python",
        "`from samrutine import Library`: the same verbs as the command line, typed.",
        "",
        *PYTHON_EXAMPLE,
        "",
        _plain(inspect.getdoc(Library)),
        "",
        "Arguments that mean the same everywhere: `by` is an actor's id or sign-in name; `municipality` is a number or a",
        "name; days are days in Norway; `decision_id` is the caller's own name for the act, and a second call with the same",
        "one is the same act and gives the same answer. It is one word of at most 100 letters a–z, digits, `.`, `_` and `-`,",
        "and is kept for ever: no name and no national identity number in it.",
        "",
    ]
    for name, member in public_members(Library):
        lines += [f"## {name}", "", *_signature(name, member), "", *_docstring(member)]
    lines += ["## Answers", "", "What the verbs give back: values that never change, with these fields.", ""]
    for one in answers():
        lines += [f"### {one.__name__}", "", *_docstring(one), *_fields(one), ""]
    return lines


PYTHON_EXAMPLE = """
```python
from samrutine import Library, SamrutineError

with Library.open("bibliotek") as library:
    answer = library.search("tuberkulose", municipality="Fauske")
    for hit in answer.result.hits:
        print(hit.title, hit.version, "–", hit.heading)
    try:
        library.document("tuberkulosekontrollprogram", "Rødøy")
    except SamrutineError as error:
        print(error.exit_code, error.text("nb"))
```
""".strip().splitlines()


def public_members(kind: type) -> list[tuple[str, Any]]:
    """Give the public methods and properties of a class, in the order they are written."""
    found: dict[str, Any] = {}
    for one in (kind, *kind.__bases__, *(above for base in kind.__bases__ for above in base.__bases__)):
        if one.__module__.startswith("samrutine"):
            found |= {
                name: member for name, member in vars(one).items() if name not in found and not name.startswith("_")
            }
    return list(found.items())


def _verb_behind(member: Any) -> Any:
    r"""Give the verb that a method says it delegates to (`see \\`Adoptions.adopt\\``), or None."""
    found = re.search(r"see `([A-Za-z_.]+)`", inspect.getdoc(member) or "")
    if not found:
        return None
    for module in _modules():
        target: Any = module
        for part in found[1].split("."):
            target = getattr(target, part, None)
        if inspect.isfunction(target):
            return target
    above, _, name = f"samrutine.{found[1]}".rpartition(".")
    with contextlib.suppress(ModuleNotFoundError):
        import_module(f"{above}.{name}")  # a module is a member of its package once it was imported
    inside = getattr(import_module(above), name)
    return getattr(inside, name) if inspect.ismodule(inside) else inside


def _modules() -> list[ModuleType]:
    names = [
        *(
            "proposals.drafting",
            "proposals.service",
            "proposals.hurrying",
            "proposals.refreshing",
            "proposals.retiring",
            "proposals.hearing_service",
            "proposals.hearing_answers",
            "proposals.hearing_links",
            "proposals.hearing",
            "proposals.hearing_parties",
            "proposals.comparing",
            "identity.service",
            "identity.second_step",
            "identity.elsewhere",
            "identity.passwords",
            "identity.tokens",
            "identity.links",
            "adoptions.service",
            "adoptions.filling_in",
            "adoptions.lists",
            "adoptions.following",
            "adoptions.preparing",
            "adoptions.adding",
            "adoptions.side_by_side",
            "adoptions.lifting",
            "adoptions.account",
            "adoptions.inspecting",
            "adoptions.documents",
            "adoptions.papers",
            "procedures.service",
            "procedures.reviewing",
            "procedures.totals",
            "archiving.service",
            "reading.feedback",
            "reading.wishes",
            "reading.checklists",
            "reading.barriers",
            "reading.unanswered",
            "intake.service",
            "intake.accepting",
            "collecting.service",
            "collecting.merging",
            "collecting.offers",
            "search.choices",
            "search.suggesting",
            "inbox.service",
            "letters.service",
            "letters.people",
            "letters.forgotten",
            "letters.calendar",
            "publishing.service",
            "publishing.paused",
            "recovery.backup",
            "recovery.restore",
            "recovery.ahead",
            "recovery.preview",
            "recovery.erasures",
            "recovery.from_register",
            "recovery.from_register_home",
        ),
        *("adoptions.overview", "networks.service", "search.service", "projections.service"),
        *("networks.erasure", "networks.retention", "networks.settling", "networks.vacancies", "networks.own_data"),
        *("networks.text_erasure", "procedures.redaction", "procedures.redaction_rules", "procedures.traces"),
        *("proving.model", "proving.service", "proving.checkpoints"),
        *("upkeep.maintenance", "upkeep.doctor", "upkeep.model"),
    ]
    return [import_module("samrutine"), *(import_module(f"samrutine.{name}") for name in names)]


def answers() -> list[Any]:
    """Give the dataclasses and named tuples that the verbs answer with, by name."""
    found = {}
    for module in [*_modules()[1:], import_module("samrutine.publishing.model"), import_module("samrutine.proposals.intake"),
                   import_module("samrutine.publishing.receipts"), import_module("samrutine.proposals.quorum"), import_module("samrutine.proposals.conflicts"),
                   import_module("samrutine.actors"),
                   import_module("samrutine.adoptions.model"), import_module("samrutine.adoptions.answers"), import_module("samrutine.adoptions.additions"), import_module("samrutine.adoptions.standing"),
                   import_module("samrutine.proposals.prose_diff"), import_module("samrutine.proposals.prose_words"),
                   import_module("samrutine.inbox.model"), import_module("samrutine.letters.model"), import_module("samrutine.reading.model"),
                   import_module("samrutine.collecting.model"), import_module("samrutine.intake.variants"), import_module("samrutine.intake.clusters"),
                   import_module("samrutine.intake.likeness"), import_module("samrutine.intake.pieces"), import_module("samrutine.intake.local"),
                   import_module("samrutine.procedures.review"), import_module("samrutine.procedures.whereabouts"),
                   import_module("samrutine.projections.verify")]:  # fmt: skip
        for name, one in vars(module).items():
            own = getattr(one, "__module__", "") == module.__name__
            if inspect.isclass(one) and own and field_types(one) and not name.startswith("_"):
                found[name] = one
    wanted = "\n".join(_annotations())
    return [one for name, one in sorted(found.items()) if re.search(rf"\b{name}\b", wanted)]


def field_types(kind: Any) -> dict[str, Any]:
    """Give the fields of a dataclass or a named tuple with their types; none for another class."""
    if hasattr(kind, "__dataclass_fields__"):
        return {name: field.type for name, field in kind.__dataclass_fields__.items()}
    return dict(kind.__annotations__) if hasattr(kind, "_fields") else {}


def _annotations() -> Iterator[str]:
    from samrutine import Library

    for _, member in public_members(Library):
        function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        yield str(function.__annotations__.get("return", ""))
    yield "Change Unchanged FieldChange Piece FileBrought Fault ListRow Edit FieldsChanged AdditionToAnswer Behind DelegationBehind ApprovalBehind InformationBehind AdditionBehind StandingTerms Followed Told MatrixCell Planned ReceiptLine Approval Standing RetentionLine Grant Delegation MissingDecision LaterErasure"


def connector_page() -> list[str]:
    """Show the Protocol of a destination."""
    from samrutine.publishing import connector

    lines = [
        "Connector",
        *(inspect.getdoc(connector) or "").splitlines(),
        "",
        *_docstring(connector.Connector),
        "The suite to run against yours is `samrutine.testing.ConnectorContract`; `samrutine.connectors.folder` and",
        "`samrutine.connectors.package` are the two that are shipped, and pass it.",
        "",
    ]
    for name, member in public_members(connector.Connector):
        lines += [f"## {name}", "", *_signature(name, member), "", *_docstring(member)]
    lines += ["## The values", ""]
    from samrutine.publishing import model

    for one in (model.Plan, model.PlanLine, model.WantedFile, model.FoundFile, model.Manifest, model.ManifestEntry):
        lines += [f"### {one.__name__}", "", *_docstring(one), *_fields(one), ""]
    lines += ["## Actions of a plan line", "", *table(["action", "means"], _members_with_notes(model.Action)), ""]
    lines += ["## States of a publication", "", *table(["state", "means"], _members_with_notes(model.PublicationState))]
    return lines


def rights_page() -> list[str]:
    """Show the table of rights as the verbs use it."""
    from samrutine.actors import ANY_BODY, RIGHTS, Role

    roles = list(Role)
    rows = [
        [f"`{verb.value}`", VERBS[verb.value], *("✓" if role in allowed else "" for role in roles)]
        for verb, allowed in RIGHTS.items()
    ]
    return [
        "Rights",
        "Who may do what. The table is `samrutine.actors.RIGHTS`; every verb checks it inside its own transaction.",
        "",
        *table(["verb", "what it covers", *(role.value for role in roles)], rows),
        "",
        "- A role counts in its own body only: a municipality (`municipality:1841`), a network (`network:smittevern`) or the",
        "  library. The editor's counts for the whole library.",
        f"- {', '.join(sorted(f'`{verb.value}`' for verb in ANY_BODY))}: a role in any body is enough. Any employee may propose a",
        "  change to any routine.",
        "- `decide-use` asks for a registered delegation besides, on the level that the routine names or a higher one:",
        "  unit leader, head of service, chief executive, political.",
        "- `approve` is never given for a text that one wrote or revised, and where the network's policy says so not by anybody",
        "  from a municipality of those who did.",
        "- A draft or an open round is changed or withdrawn by its author, the network's leader or the editor.",
        "- `manage-people`: a municipality's responsible person in their own municipality, the editor everywhere.",
        "",
        "The rights guard acts. Whoever can open the home's folder on the disk can read what lies there, and the commands that",
        "read ask for no name; so the folder's own permissions are the lock on reading until the web application comes.",
    ]


VERBS = {
    "propose": "keep a text as a draft, revise one's own",
    "import": "bring in a folder of drafts",
    "send": "open the round of approval, reject, hurry, withdraw a routine, review, answer feedback and wishes",
    "approve": "agree to a text",
    "prepare": "local information, additions, inventory, gjort kjent, publishing targets",
    "decide-use": "take into use, decline, not relevant, own routine, end",
    "publish": "deliver to the municipality's targets",
    "manage-people": "add people, grant roles, register delegations",
    "read": "search, show, history, matrix",
    "answer": "answer a hearing for the body, with remarks or without",
    "say": "say that something is wrong, wish for a routine, say that one needs it too",
    "hear": "open, remind and close a hearing, outsiders' links, reply to remarks; ask for routines",
    "merge": "say what becomes of documents that were sent in, make one routine of those that are the same",
    "take-in": "send documents in, see one's own; in a network let through, accept and reject",
    "settle": "change the library's settings; a leader those of the own network",
    "read-exempt": "read what is exempt from public access, where it is owned, prepared or decided",
    "tick-off": "open a checklist for somebody who works there, help with one, tick off",
    "keep-order": "erase a person, export another's data, take words away for good, delete what retention says is over",
}


def tables_page() -> list[str]:
    """List every table with its retention class and columns."""
    from sqlmodel import SQLModel

    from samrutine.storage import rows as storage_rows

    lines = [
        "Tables",
        "The database, by table. For those who audit, report or move the data; programs use [Python](python.md).",
        "",
        "```text",
        *(line for line in (inspect.getdoc(storage_rows) or "").splitlines() if line.startswith("    ")),
        "```",
        "",
        "The database itself says the same in `table_retention`. Times are instants in UTC; dates are days in Norway. A body",
        "is `municipality:1841`, `network:smittevern` or `library`. A decision is named by its number in the chain.",
        "",
    ]
    classes = {
        one.__tablename__: one
        for _, one in inspect.getmembers(storage_rows, inspect.isclass)
        if hasattr(one, "__table__")
    }
    for name, one in sorted(SQLModel.metadata.tables.items()):
        lines += [f"## {name}", "", _plain(inspect.getdoc(classes[name])), "", f"Kept: {one.info['retention']}", ""]
        rows = []
        for column in one.columns:
            notes = ["key"] if column.primary_key else []
            notes += [f"→ `{key.target_fullname}`" for key in sorted(column.foreign_keys, key=str)]
            notes += ["may be empty"] if column.nullable else []
            rows.append(
                [
                    f"`{column.name}`",
                    type(column.type).__name__.lower().replace("autostring", "text").replace("string", "text"),
                    ", ".join(notes),
                ]
            )
        lines += [*table(["column", "type", ""], rows), ""]
    return lines


# Parts of hand-written pages ---------------------------------------------------------------------------------------------


def front_matter_keys() -> list[str]:
    """List every key of front matter: whether it must be there, and what it may hold."""
    from samrutine.procedures.front_matter import KEYS, REQUIRED

    return table(
        ["key", "", "value"],
        [[f"[`{key}`](#{key})", "required" if key in REQUIRED else "", _values(key)] for key in KEYS],
    )


def _values(key: str) -> str:
    from samrutine.procedures import model

    enums = {
        "kind": model.Kind, "language": model.Language, "access": model.AccessClass, "internal_control": model.InternalControl,
        "decision_level": model.DecisionLevel,
    }  # fmt: skip
    if key in enums:
        return ", ".join(f"`{one.value}`" for one in enums[key])
    kind = model.FrontMatter.__annotations__[key]
    words = str(getattr(kind, "__name__", kind)) if not hasattr(kind, "__args__") else str(kind)
    for long, short in (
        ("samrutine.procedures.model.", ""),
        ("samrutine.networks.model.", ""),
        ("tuple[", "list of "),
        (", ...]", ""),
        (" | None", ""),
    ):
        words = words.replace(long, short)
    named = {"str": "text", "int": "number", "ProcedureId": "id", "NetworkId": "network id"}
    words = re.sub(r"typing\.Optional\[(.*)\]", r"\1", words)
    for long, short in named.items():
        words = re.sub(rf"\b{long}\b", short, words)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words).lower()


def front_matter_refused() -> list[str]:
    """List the keys that only a decision can set."""
    from samrutine.procedures.front_matter import DECIDED

    return [", ".join(f"`{key}`" for key in sorted(DECIDED))]


def limits() -> list[str]:
    """List how large a text may be."""
    from samrutine.procedures import bounds, front_matter

    rows = [
        ["bytes in one text", f"{bounds.LARGEST:,}"],
        ["lines", f"{bounds.MOST_LINES:,}"],
        ["characters in one line", f"{bounds.LONGEST_LINE:,}"],
        ["formatting marks in the text", f"{bounds.MOST_MARKS:,}"],
        ["formatting marks in one paragraph", f"{bounds.MOST_MARKS_IN_BLOCK:,}"],
        ["items in one list", f"{bounds.MOST_ITEMS:,}"],
        ["characters in one value of the front matter", f"{front_matter.LONGEST:,}"],
    ]
    return table(["", "at most"], rows)


def git_settings() -> list[str]:
    """List the settings of the repository."""
    from samrutine.storage.git import CONFIGURATION

    return table(["setting", "value"], [[f"`{key}`", f"`{value}`"] for key, value in CONFIGURATION.items()])


def trailers() -> list[str]:
    """List the trailers of a commit."""
    from samrutine.projections.commits import TRAILERS

    always = [["`Decision`", "always"], ["`Number`", "always"], ["`Kind`", "always"], ["`Body`", "always"]]
    rows = [
        *always,
        *([f"`{name}`", f"when the record has the fact `{fact}`"] for fact, name in TRAILERS),
        ["`Hash`", "always"],
    ]
    return table(["trailer", ""], rows)


def kinds_of_decision() -> list[str]:
    """List the kinds of decision with their sentence in the register."""
    from samrutine.messages import say

    places = {
        name: f"‹{name}›"
        for name in ("body", "procedure", "proposal", "municipality", "version", "from_day", "position")
    }
    return table(["kind", "as the register says it", "in English"], [
        [f"`{key}`", say(f"register.{key}", "nb", **places), say(f"register.{key}", "en", **places)] for key in keys_of("register")
    ])  # fmt: skip


def index_columns() -> list[str]:
    """List the fields of the index."""
    from samrutine.publishing.index import _COLUMNS

    return [", ".join(f"`{name}`" for name in _COLUMNS) + "."]


WHOLE: dict[str, Callable[[], list[str]]] = {
    "cli.md": cli_page,
    "settings.md": settings_page,
    "errors.md": errors_page,
    "reasons.md": reasons_page,
    "findings.md": findings_page,
    "faults.md": faults_page,
    "python.md": python_page,
    "connector.md": connector_page,
    "rights.md": rights_page,
    "tables.md": tables_page,
    "transitions.md": transitions_page,
    "policies.md": policies_page,
    # The last: it loads much, and errors stand in the order in which their modules are loaded.
    "api.md": api_page,
}

IN_PARTS: dict[str, dict[str, Callable[[], list[str]]]] = {
    "front-matter.md": {"keys": front_matter_keys, "refused": front_matter_refused, "limits": limits},
    "formats.md": {
        "git-settings": git_settings,
        "trailers": trailers,
        "kinds": kinds_of_decision,
        "index-columns": index_columns,
    },
}


# Writing Markdown ----------------------------------------------------------------------------------------------------------


def table(head: list[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Write a table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + [
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows
    ]


def subclasses(kind: Any) -> list[Any]:
    """Give all classes below one, each after its parent."""
    return [
        each
        for one in kind.__subclasses__()
        if one.__module__.startswith("samrutine")
        for each in (one, *subclasses(one))
    ]


def snake(name: str) -> str:
    """Write a class name as the catalogues do."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def keys_of(area: str) -> list[str]:
    """Give the names in an area of the catalogues, in the order they stand there."""
    from samrutine.messages import catalogue

    return list(dict.fromkeys(key.partition(".")[0] for key in catalogue("en", area) if key != "one-line"))


def _has_text(area: str, name: str) -> bool:
    from samrutine.messages import catalogue

    return f"{name}.fact" in catalogue("en", area)


def _texts(area: str, name: str) -> list[str]:
    from samrutine.messages import catalogue

    rows = []
    for language in ("en", "nb"):
        known = catalogue(language, area)
        rows.append([language, known[f"{name}.fact"], known[f"{name}.remedy"]])
    return table(["", "fact", "remedy"], rows)


def _drawing(module: str) -> str:
    """Give the drawing in a module's docstring: its indented lines."""
    lines = (inspect.getdoc(import_module(module)) or "").splitlines()
    return "\n".join(line[4:] for line in lines if line.startswith("    "))


def _plain(text: str | None) -> str:
    return " ".join(re.sub(r"\[/?[a-z]+\]", "", text or "").split())


def _signature(name: str, member: Any) -> list[str]:
    if isinstance(member, property):
        return ["```py", f"{name}: {_shown(member.fget.__annotations__.get('return', ''))}", "```"]
    function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
    parameters = list(inspect.signature(function).parameters.values())[
        1 if not isinstance(member, staticmethod) else 0 :
    ]
    words, starred = [], False
    for one in parameters:
        if one.kind is one.KEYWORD_ONLY and not starred:
            words.append("*")
            starred = True
        default = "" if one.default is one.empty else f" = {one.default!r}"
        words.append(f"{one.name}: {_shown(one.annotation)}{default}")
    answer = _shown(function.__annotations__.get("return", "None"))
    line = f"{name}({', '.join(words)}) -> {answer}"
    if len(line) > 100:
        line = "\n".join([f"{name}(", *(f"    {word}," for word in words), f") -> {answer}"])
    return ["```py", *line.splitlines(), "```"]


def _shown(annotation: Any) -> str:
    words = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    if not isinstance(annotation, str) and hasattr(annotation, "__args__"):
        words = str(annotation)
    words = re.sub(r"(?:samrutine|collections|datetime|pathlib|typing)(?:\.[a-z_]+)*\.(?=[A-Za-z])", "", words)
    return words.strip("'\"").replace("ForwardRef('", "").replace("')", "")


def _docstring(member: Any) -> list[str]:
    """Write a docstring as Markdown: its first part, then the sections as lists. Follows a delegation to the verb."""
    target = _verb_behind(member) if not inspect.isclass(member) else None
    text = inspect.getdoc(target) if target is not None else inspect.getdoc(member)
    if target is not None and not text:
        text = inspect.getdoc(member)
    return [*_sections(text or ""), ""]


def _sections(text: str) -> list[str]:
    lines: list[str] = []
    inside = False
    for line in text.splitlines():
        head = re.fullmatch(r"(Args|Returns|Raises|Attributes|Source|Raises, from every method):", line)
        if head:
            lines += ["", f"*{head[1]}*", ""]
            inside = True
            continue
        if inside and line and not line.startswith(" "):
            inside = False
            lines.append("")
        if inside and re.match(r" {4}\S", line):
            entry = re.match(r" {4}([\w, ]+): (.*)", line)
            lines.append(f"- `{entry[1]}`: {entry[2]}" if entry else f"- {line.strip()}")
        elif inside and line.strip():
            lines[-1] += f" {line.strip()}"
        elif not inside:
            lines.append(f"    {line}" if line.startswith("    ") else line)
    return _joined(lines)


def _joined(lines: list[str]) -> list[str]:
    """Leave out empty lines that follow each other."""
    return [line for n, line in enumerate(lines) if line.strip() or (n and lines[n - 1].strip())]


def _fields(one: Any) -> list[str]:
    rows = [[f"`{name}`", f"`{_shown(kind)}`"] for name, kind in field_types(one).items() if not name.startswith("_")]
    return table(["field", "type"], rows)


def _members_with_notes(enum: Any) -> list[list[str]]:
    """Give an enum's members with the string that stands below each in the source."""
    tree = ast.parse(inspect.getsource(enum)).body[0]
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    notes: dict[str, str] = {}
    for before, after in itertools.pairwise(body):
        if isinstance(before, ast.Assign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            notes[ast.unparse(before.targets[0])] = str(after.value.value)
    return [[f"`{one.value}`", notes.get(one.name, "")] for one in enum]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
