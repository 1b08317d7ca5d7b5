"""An account of one day in words, as an inspector reads it: what, since when, who, by which authority, with what local."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from samrutine.adoptions.account import Account, Behind
from samrutine.messages import say, shown, word
from samrutine.networks.acting import ActorKind
from samrutine.procedures.text import digest


@dataclass(frozen=True, slots=True)
class Told:
    """One line, and what belongs to it: the words of an addition, its reason, its source."""

    text: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Lines under a heading; without one they stand by themselves."""

    lines: tuple[Told, ...]
    heading: str = ""


def who_acted(by: ActorKind, name: str | None, language: str, standing: int | None = None) -> str:
    """
    Say who was behind a decision. «Slettet navn» is for a person whose name is erased, and nobody else.

    Args:
        name: A person's, or what a party outside is called.
        standing: The number of the standing decision that the rules followed, where they followed one.
    """
    match by:
        case ActorKind.SYSTEM:
            return (
                say("account.system_standing", language, standing=standing)
                if standing
                else say("account.system", language)
            )
        case ActorKind.LINK:
            return say("account.outsider", language, name=name) if name else say("account.outsider_unnamed", language)
        case ActorKind.PERSON:
            return name or say("account.erased", language)


def title_of(found: Account, language: str) -> str:
    """Say what the account is of."""
    return say(
        "account.title",
        language,
        title=f"{found.title} {found.version}",
        municipality=found.municipality.name,
        day=found.on,
    )


def in_parts(found: Account, names: Mapping[str, str], language: str) -> tuple[Part, ...]:
    """
    Say what an account holds.

    Args:
        names: Of the municipalities, by number.
        language: "nb" or "en".
    """
    return tuple(_Words(found, names, language).parts())


class _Words:
    def __init__(self, found: Account, names: Mapping[str, str], language: str) -> None:
        self._found = found
        self._names = names
        self._language = language

    def parts(self) -> Iterator[Part]:
        found = self._found
        last = found.until_on - timedelta(days=1) if found.until_on else None
        since = self._say("applied_until" if last else "applied", from_on=found.from_on, last_day=last)
        known = [self._say("known_at", at=found.known_at)] if found.known_at is not None else []
        yield self._part("", [*known, since])
        yield self._part("", self._decided())
        hurried = f"hurried_{found.hurried.value}" if found.hurried is not None else "approved"
        yield self._part(self._say(hurried, network=found.approved_by, day=found.approved_on), list(self._approvals()))
        yield self._part(
            self._say("information" if found.local_information else "no_information"),
            [f"{one.label}: {one.value} ({self._behind(one.decision)})" for one in found.local_information],
        )
        yield Part(tuple(self._additions()), self._say("additions" if found.additions else "no_additions"))
        yield self._part("", [self._say("digest", digest=found.effective_digest)])

    def _part(self, heading: str, lines: list[str]) -> Part:
        return Part(tuple(Told(line) for line in lines), heading)

    def _decided(self) -> list[str]:
        found = self._found
        where = found.municipality.name
        lines = [self._say("decided", municipality=where, position=found.position, behind=self._behind(found.decision))]
        if found.standing_decision:
            lines.append(self._say("standing", standing=found.standing_number))
            if found.standing_behind is not None:
                lines.append(self._say("standing_by", behind=self._behind(found.standing_behind)))
        if (held := found.delegation) is not None:
            level = word("level", held.level, self._language)
            lines.append(self._say("delegation", position=held.position, level=level, id=held.id, from_on=held.from_on))
            if held.ended_on is not None:
                lines.append(self._say("delegation_ended", ended_on=held.ended_on))
            if held.reference:
                lines.append(self._say("reference", reference=held.reference))
        else:
            lines.append(self._say("no_delegation"))
        if found.case:
            lines.append(self._say("case", case=found.case))
        if found.reason:
            lines.append(self._say("reason", reason=found.reason))
        return lines

    def _approvals(self) -> Iterator[str]:
        for one in self._found.approvals:
            counted = self._names.get(one.municipality or "", one.network or "")
            behind = self._behind(one.decision)
            yield f"{behind}, {counted}" if counted else behind

    def _additions(self) -> Iterator[Told]:
        texts = {digest(one.text.encode()): one.text for one in self._found.document.additions}
        for its in self._found.additions:
            kind = word("addition_kind", its.kind.value, self._language)
            departs = f", {self._say('departs')}" if its.departs else ""
            below = texts.get(its.text_digest, "").splitlines()
            for what, words in (("reason", its.reason), ("source", its.source)):
                if words:
                    below.append(f"{word('given', what, self._language)}: {words}")
            yield Told(f"{its.addition}: {kind}{departs} ({self._behind(its.decision)})", tuple(below))

    def _behind(self, one: Behind) -> str:
        """Name a decision, who made it and when: "beslutning 46, 22.11.2026, Navn Navnesen (beslutter)"."""
        return self._say(
            "behind", number=one.number, at=shown(one.at.date(), self._language),
            name=who_acted(one.by, one.name, self._language), role=word("role", one.role, self._language),
        )  # fmt: skip

    def _say(self, name: str, /, **places: object) -> str:
        return say(f"account.{name}", self._language, **places)
