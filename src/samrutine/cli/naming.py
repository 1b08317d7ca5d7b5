"""What people are told instead of codes: who decided, how far a version has come, and what became of a routine."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from samrutine.cli.shell import Shell

if TYPE_CHECKING:
    from samrutine.adoptions.effective import EffectiveDocument
    from samrutine.networks.acting import ActorKind
    from samrutine.procedures.findings import Finding
    from samrutine.procedures.model import HurriedVersion
    from samrutine.procedures.service import ProcedureSummary


def who_acted(shell: Shell, by: "ActorKind", name: str | None, standing: int | None = None) -> str:
    """
    Say who was behind a decision. «Slettet navn» is for a person whose name is erased, and nobody else.

    Args:
        name: A person's, or what a party outside is called.
        standing: The number of the standing decision that the rules followed, where they followed one.
    """
    from samrutine.adoptions import account_words

    return account_words.who_acted(by, name, shell.language, standing)


def finding_lines(shell: Shell, findings: "Iterable[Finding]") -> list[str]:
    """Say what the checks say of a text, what must be mended first: "Feil: …", then "Merk: …", each by its line."""
    from samrutine.procedures.findings import Severity

    in_order = sorted(findings, key=lambda one: (one.severity is not Severity.ERROR, one.line))
    return [f"{shell.label('severity', one.severity.value)}: {one.text(shell.language)}" for one in in_order]


def marked_instead(shell: Shell, documents: "Iterable[EffectiveDocument]", *, copy: bool) -> None:
    """Say what stands across the pages where KOPI was asked for and something graver is to be said."""
    # Imported here: only paper has marks.
    from samrutine.exchange.page import graver_mark

    if copy and (mark := next(filter(None, map(graver_mark, documents)), None)):
        shell.tell(shell.say("papers.marked_instead", mark=mark))


def hurried_words(shell: Shell, hurried: "HurriedVersion | None") -> str:
    """Say how far a *hasteversjon* has come; nothing of any other version."""
    return shell.label("hurried", hurried.value) if hurried else ""


def standing_of(shell: Shell, one: "ProcedureSummary", titles: Mapping[str, str]) -> str:
    """Say what a reader must know of a routine before following it: withdrawn, or only a hasteversjon; else nothing."""
    if one.withdrawn:
        if one.replaced_by:
            return shell.say("withdrawn.replaced", title=titles.get(one.replaced_by, one.replaced_by))
        return shell.say("withdrawn.alone")
    from samrutine.procedures.model import HurriedVersion

    return "" if one.hurried is HurriedVersion.CONFIRMED else hurried_words(shell, one.hurried)


def withdrawn_line(shell: Shell, one: "ProcedureSummary", titles: Mapping[str, str]) -> str | None:
    """Say in a sentence that a routine is withdrawn, and what to follow instead; None while it stands."""
    if not one.withdrawn:
        return None
    if one.replaced_by is None:
        return shell.say("withdrawn.line", title=one.title)
    replacement = titles.get(one.replaced_by, one.replaced_by)
    return shell.say("withdrawn.line_replaced", title=one.title, replacement=replacement, procedure=one.replaced_by)
