"""The local layer: the municipality's own additions, and local information."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, Typer

from samrutine.cli.arguments import (
    DecisionId,
    MaybeMeaning,
    MaybeMunicipality,
    MaybeReason,
    MaybeVersion,
    Municipality,
    Procedure,
)
from samrutine.cli.files import read_bytes
from samrutine.cli.parts import headings_of, key_of
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command, group
from samrutine.errors import ArgumentMissing, DocumentNotFound, InvalidRequest

if TYPE_CHECKING:
    from samrutine.adoptions.additions import Edit
    from samrutine.adoptions.side_by_side import AdditionShown, LocalEffect
    from samrutine.library import Library

Which = Annotated[str, Argument(show_default=False)]
Text = Annotated[str | None, Option("--text")]
File = Annotated[str | None, Option("--file")]
Grounds = Annotated[str | None, Option("--source")]

LARGEST_BYTES = 100_000
"""More than an addition may have, so that one that is too long is told so and not cut."""


def register(app: Typer) -> None:
    """Add the commands."""
    addition = group(app, "addition", area="additions")
    for name, function in (
        ("add", add), ("change", change), ("drop", drop), ("list", additions), ("sections", sections), ("check", check), ("lift", lift),
    ):  # fmt: skip
        command(addition, name, area="additions")(function)
    local = group(app, "local", area="additions")
    command(local, "set", area="additions")(set_local)
    command(local, "show", area="additions")(show_local)
    command(local, "history", area="additions")(local_history)


# Additions ---------------------------------------------------------------------------------------------------------------


def add(  # noqa: PLR0913  one argument for each option
    shell: Shell,
    procedure: Procedure,
    municipality: Municipality,
    *,
    departs: Annotated[bool, Option("--departs")] = False,
    kind: Annotated[str, Option("--kind")] = "practical-note",
    section: Annotated[str, Option("--section")] = "",
    text: Text = None,
    file: File = None,
    reason: MaybeReason = None,
    grounds: Grounds = None,
    decision_id: DecisionId = None,
) -> None:
    """Add something of the municipality's own to a section."""
    from samrutine.adoptions.effective import AdditionKind

    chosen = shell.choose(AdditionKind, kind, "--kind", "addition_kind")
    words = _words(shell, text, file)
    with shell.library() as library:
        key = _section(shell, library, procedure, municipality, section) if section else ""
        made = library.add_addition(
            procedure, municipality, key, chosen, words, reason=reason, source=grounds, departs=departs, by=shell.by,
            decision_id=decision_id,
        )  # fmt: skip
        name = library.get_municipality(made.municipality).name
        to_come = library.additions_to_answer(procedure, municipality, reader=shell.actor)
    text = shell.say(
        "done.addition_add", addition=made.addition, municipality=name, procedure=made.procedure,
        where=made.section_key or shell.say("addition.for_whole"), number=made.number,
    )  # fmt: skip
    if any(one.must_answer and one.addition == made.addition for one in to_come):
        # The newest version is another than the one it was written for, and may be planned already.
        text += "\n" + shell.say("done.addition_asked", addition=made.addition, municipality=name, procedure=procedure)
    shell.decided(made, text)


def _section(shell: Shell, library: "Library", procedure: str, municipality: str, given: str) -> str:
    """Find the part that is named, in the text that applies in the municipality; else in the newest one."""
    try:
        document = library.document(procedure, municipality, reader=shell.actor)
    except DocumentNotFound:
        document = library.document(procedure, reader=shell.actor)
    return key_of(given, headings_of(document.text).items())


def change(
    shell: Shell,
    addition: Which,
    text: Text = None,
    file: File = None,
    reason: MaybeReason = None,
    grounds: Grounds = None,
    departs: Annotated[bool | None, Option("--departs/--agrees", show_default=False)] = None,
    decision_id: DecisionId = None,
) -> None:
    """Replace an addition's words."""
    words = _words(shell, text, file)
    with shell.library() as library:
        made = library.change_addition(
            addition, words, reason=reason, source=grounds, departs=departs, by=shell.by, decision_id=decision_id
        )
    places = {"addition": made.addition, "procedure": made.procedure, "number": made.number}
    shell.decided(made, shell.say("done.addition_change", **places))


def drop(shell: Shell, addition: Which, reason: MaybeReason = None, decision_id: DecisionId = None) -> None:
    """Take an addition away."""
    with shell.library() as library:
        made = library.drop_addition(addition, reason=reason, by=shell.by, decision_id=decision_id)
    places = {"addition": made.addition, "procedure": made.procedure, "number": made.number}
    shell.decided(made, shell.say("done.addition_drop", **places))


def additions(shell: Shell, procedure: Procedure, municipality: MaybeMunicipality = None) -> None:
    """Show the additions to a routine side by side."""
    with shell.library() as library:
        found = library.additions(procedure, municipality, reader=shell.actor)
    shell.answer({"procedure": procedure, "additions": found}, lambda: _print_additions(shell, found))


def _print_additions(shell: Shell, found: "Sequence[AdditionShown]") -> None:
    if not found:
        shell.print(shell.say("addition.none"))
        return
    for number, one in enumerate(found):
        if number:
            shell.print("")
        said = [shell.label("addition_kind", one.kind.value), one.heading or shell.say("addition.whole")]
        if one.departs:
            said.append(shell.say("addition.departs"))
        if one.applies_in is None:
            said.append(shell.say("addition.not_in_use"))
        if one.is_behind:
            said.append(shell.say(f"addition.section_{one.beside.value}"))
        shell.print(f"{shell.bold(f'{one.municipality.name} {one.addition}')}: {', '.join(said)}")
        shell.print(*(f"  {line}" for line in one.text.splitlines()))
        for what, words in (("reason", one.reason), ("source", one.source)):
            if words:
                shell.print(f"  {shell.label('given', what)}: {words}")


def sections(shell: Shell, procedure: Procedure, municipality: MaybeMunicipality = None) -> None:
    """Show the sections that an addition may belong to."""
    from samrutine.procedures.sections import sections as sections_of

    with shell.library() as library:
        document = library.document(procedure, municipality, reader=shell.actor)
    found = [(one.key, one.heading) for one in sections_of(document.text.body) if one.key]
    shell.answer(
        {"procedure": procedure, "sections": [{"section": key, "heading": heading} for key, heading in found]},
        lambda: shell.table(("section", "heading"), found),
    )


def check(shell: Shell, procedure: Procedure, municipality: Municipality, version: MaybeVersion = None) -> None:
    """Say what a version means for the municipality's local layer, before it is taken into use."""
    from samrutine.procedures.sections import sections as sections_of

    with shell.library() as library:
        found = library.effect_on_local(procedure, municipality, version, reader=shell.actor)
        text = library.document(procedure, version=str(found.version), reader=shell.actor).text
    news = {one.key: one.text.strip() for one in sections_of(text.body) if one.key}
    shell.answer(
        {
            **_plain_effect(found), "touches_us": found.touches_us,
            "sections": {one.section_key: news.get(one.section_key) for one in found.additions if one.section_key},
        },
        lambda: _print_effect(shell, found, news),
    )  # fmt: skip


def _plain_effect(found: "LocalEffect") -> dict[str, object]:
    from samrutine.plain import plain

    value = plain(found)
    return value if isinstance(value, dict) else {}


def _print_effect(shell: Shell, found: "LocalEffect", news: Mapping[str, str]) -> None:
    places = {"procedure": found.procedure, "version": found.version, "municipality": found.municipality.name}
    name = "effect.touches" if found.touches_us else "effect.nothing"
    shell.print(shell.bold(shell.say(name, **places)))
    for one in found.additions:
        beside = shell.say(f"addition.section_{one.beside.value}")
        shell.print("", f"{one.addition}, {one.heading or shell.say('addition.whole')}: {beside}")
        shell.print(f"  {shell.say('effect.ours')}", *(f"    {line}".rstrip() for line in one.text.splitlines()))
        if one.must_answer and (new := news.get(one.section_key)):
            shell.print(f"  {shell.say('effect.shared')}", *(f"    {line}".rstrip() for line in new.splitlines()))
        if one.offered is not None:
            shell.print(f"  {shell.say('effect.offered')}")
    if any(one.must_answer for one in found.additions):
        shell.print("", shell.say("effect.answer", **places))
    for what in ("new", "now_required", "gone", "missing"):
        if fields := getattr(found.fields, what):
            shell.print("", shell.say(f"effect.{what}", fields=", ".join(f"{one.label} ({one.key})" for one in fields)))


def lift(
    shell: Shell,
    addition: Which,
    significance: Annotated[str | None, Option("--significance")] = None,
    meaning: MaybeMeaning = None,
    decision_id: DecisionId = None,
) -> None:
    """Propose that an addition becomes common."""
    from samrutine.cli.digests import short
    from samrutine.proposals.model import Significance

    chosen = shell.choose(Significance, significance, "--significance", "significance") if significance else None
    with shell.library() as library:
        made = library.lift(addition, significance=chosen, meaning=meaning, by=shell.by, decision_id=decision_id)
        whose = next(
            (
                one.municipality.name
                for one in library.additions(made.procedure, reader=shell.actor)
                if one.addition == addition
            ),
            "–",
        )
    text = shell.say(
        "done.lift", addition=addition, municipality=whose, procedure=made.procedure, proposal=made.proposal
    )
    shell.decided(made, f"{text}\n{shell.say('done.digest', digest=short(made.digest))}")


def answers_on_additions(
    shell: Shell, keep: Sequence[str], drop: Sequence[str], edit: Sequence[str]
) -> "Mapping[str, str | Edit]":
    """
    Read what becomes of the municipality's additions when a version is taken into use.

    Args:
        edit: "t-0123456789=file": the new words are in the file.

    Raises:
        InvalidRequest: One addition has two answers, or an edit names no file.
        FileNotRead: The file with the new words cannot be read.
    """
    from samrutine.adoptions.additions import Edit

    found: dict[str, str | Edit] = {}
    pairs: list[tuple[str, str | Edit]] = [*((one, "keep") for one in keep), *((one, "drop") for one in drop)]
    for given in edit:
        one, sign, file = given.partition("=")
        if not sign or not file:
            raise InvalidRequest(what="--edit", value=given[:60], expected="t-0123456789=tillegg.md")
        pairs.append((one, Edit(_of_file(shell, file))))
    for one, answer in pairs:
        if one in found:
            raise InvalidRequest(
                what="--keep, --drop, --edit", value=one[:40], expected=shell.say("expected.one_answer")
            )
        found[one] = answer
    return found


def _words(shell: Shell, text: str | None, file: str | None) -> str:
    if (text is None) == (file is None):
        raise ArgumentMissing(what="--text", expected=shell.say("expected.text_or_file"))
    return text if text is not None else _of_file(shell, file or "")


def _of_file(shell: Shell, file: str) -> str:
    try:
        return read_bytes(file, LARGEST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidRequest(what="--file", value=shell.visible(file), expected="UTF-8") from None


# Local information -------------------------------------------------------------------------------------------------------


def set_local(
    shell: Shell,
    procedure: Procedure,
    values: Annotated[list[str], Argument(show_default=False)],
    municipality: Municipality,
    decision_id: DecisionId = None,
) -> None:
    """Fill in local information."""
    given = _pairs(values)
    with shell.library() as library:
        made = library.set_local_information(procedure, municipality, given, by=shell.by, decision_id=decision_id)
        name = library.get_municipality(made.municipality).name
    text = shell.say(
        "done.local_set", municipality=name, procedure=made.procedure, keys=", ".join(made.keys), number=made.number
    )
    if made.still_missing:
        text += " " + shell.say("done.local_missing", keys=", ".join(made.still_missing))
    shell.decided(made, text)


def _pairs(values: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in values:
        key, sign, value = one.partition("=")
        if not sign or not key.strip() or key.strip() in found:
            raise InvalidRequest(what="key=value", value=one[:40], expected="vakttelefon='75 00 00 00'")
        found[key.strip()] = value
    return found


def show_local(shell: Shell, procedure: Procedure, municipality: Municipality) -> None:
    """Show what the routine asks the municipality to fill in, and what stands there."""
    with shell.library() as library:
        found = library.local_information(procedure, municipality, reader=shell.actor)
    shell.answer(
        {"municipality": municipality, "procedure": procedure, "local_information": found},
        lambda: shell.table(
            ("key", "label", "required", "value"),
            [(one.key, one.label, shell.say("yes" if one.required else "no"), one.value or "–") for one in found],
        ),
    )


def local_history(shell: Shell, procedure: Procedure, municipality: Municipality) -> None:
    """Show every change of the municipality's local information."""
    with shell.library() as library:
        found = library.local_information_history(procedure, municipality, reader=shell.actor)
    shell.answer(
        {"municipality": municipality, "procedure": procedure, "changes": found},
        lambda: shell.table(
            ("label", "value", "at", "replaced_at", "decision"),
            [
                (
                    one.label, one.value or "–", shell.instant(one.set_at),
                    shell.instant(one.until) if one.until else "–", str(one.decided_number),
                )
                for one in found
            ],
        ),
    )  # fmt: skip
