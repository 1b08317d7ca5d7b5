"""What a round of approval takes, and how far it has come, in words."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from samrutine.cli.shell import Shell

if TYPE_CHECKING:
    from samrutine.proposals.quorum import Standing


def standing_line(shell: Shell, standing: "Standing", networks: Mapping[str, str]) -> str:
    """
    Say how far a round has come: «Godkjenninger: 3 av 5, mangler nettverksleder.», or that it is enough.

    Where there are as many as it takes but not those whom it takes, there is no «3 av 2»: what is missing is said apart.
    The networks that must agree besides are counted apart too, since none of theirs is among the others.

    Args:
        standing: How far it has come.
        networks: The name of each network, by id.
    """
    missing = _missing(shell, standing)
    lines = []
    if missing and standing.given >= standing.needed:
        lines.append(
            shell.say("approvals.reached", given=shell.count("approvals", standing.given), needed=standing.needed)
        )
        lines.append(shell.say("approvals.lacks_still", what=listed(shell, missing)))
    elif standing.is_enough:
        name = "enough" if standing.given == standing.needed else "more_than_enough"
        lines.append(shell.say(f"approvals.{name}", given=standing.given, needed=standing.needed))
    else:
        text = shell.say("approvals.some", given=standing.given, needed=standing.needed)
        lacks = f", {shell.say('approvals.lacks', what=listed(shell, missing))}" if missing else ""
        lines.append(f"{text}{lacks}.")
    return " ".join([*lines, *_besides(shell, standing, networks)])


def needed_line(shell: Shell, standing: "Standing", networks: Mapping[str, str]) -> str:
    """Say all that a round takes as it opens: how many, who must be among them, and which other networks."""
    among = []
    if standing.leader_missing:
        among.append(shell.say("approvals.the_leader"))
    if standing.municipalities_missing:
        name = "from_others" if standing.leader_missing else "from_municipalities"
        among.append(shell.count(name, standing.municipalities_missing))
    lines = [shell.count("approvals_needed", standing.needed)]
    if among:
        lines.append(shell.say("approvals.among_them", what=listed(shell, among)))
    return " ".join([*lines, *_besides(shell, standing, networks)])


def agreed(shell: Shell, standing: "Standing", networks: Mapping[str, str]) -> str:
    """Say in a few words how far a round has come, for a list."""
    if standing.is_enough:
        return shell.say("approvals.agreed_enough")
    if standing.given < standing.needed:
        return shell.say("approvals.agreed", given=standing.given, needed=standing.needed)
    lacks = shell.say("approvals.lacks", what=listed(shell, [*_missing(shell, standing), *_others(standing, networks)]))
    return f"{shell.count('approvals', standing.given)}, {lacks}"


def listed(shell: Shell, words: Sequence[str]) -> str:
    """Write words in a row with an "and" before the last."""
    return f" {shell.say('and')} ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _missing(shell: Shell, standing: "Standing") -> list[str]:
    """Say what the network that owns the text lacks besides the number."""
    missing = []
    if standing.municipalities_missing:
        missing.append(shell.count("municipalities", standing.municipalities_missing))
    if standing.leader_missing:
        missing.append(shell.say("approvals.leader"))
    return missing


def _besides(shell: Shell, standing: "Standing", networks: Mapping[str, str]) -> list[str]:
    """Say which other networks must agree too, and that there is no leader to ask."""
    lines = []
    if standing.networks_missing:
        lines.append(shell.say("approvals.besides", what=listed(shell, _others(standing, networks))))
    if standing.leader_vacant:
        lines.append(shell.say("approvals.leader_vacant"))
    return lines


def _others(standing: "Standing", networks: Mapping[str, str]) -> list[str]:
    return [networks.get(one, one) for one in standing.networks_missing]
