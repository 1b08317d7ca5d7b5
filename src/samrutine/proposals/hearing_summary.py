"""The summary of remarks, as values: by section in the order of the text, each remark with who made it and its reply."""

from collections.abc import Mapping
from dataclasses import dataclass

from samrutine.procedures.markdown import markdown, plain_text
from samrutine.procedures.model import ProcedureText, Section
from samrutine.procedures.sections import sections
from samrutine.proposals.hearing import HeardParty, HearingView, MadeRemark, RemarkOutcome
from samrutine.proposals.hearing_rules import paragraphs


@dataclass(frozen=True, slots=True)
class SummedRemark:
    """A remark with the name of the party that made it, and the words it is about when it is about one paragraph."""

    party: str
    remark: MadeRemark
    about: str | None


@dataclass(frozen=True, slots=True)
class SummedPart:
    """The remarks to one part of the text. `heading` is None for those to the whole."""

    heading: str | None
    remarks: tuple[SummedRemark, ...]


def summed(view: HearingView, text: ProcedureText) -> tuple[SummedPart, ...]:
    """
    Give the remarks of a round by part: first those to the whole text, then section by section as they stand.

    Parts without remarks are left out, and so are remarks that the party took back.

    Args:
        view: With every remark.
        text: The text that was heard.
    """
    found = {one.key: one for one in sections(text.body)}
    by_part: dict[str | None, list[SummedRemark]] = {None: [], **{key: [] for key in found}}
    for party in view.parties:
        for remark in party.remarks:
            if remark.outcome is not RemarkOutcome.TAKEN_BACK:
                by_part[remark.section_key].append(_summed(party, remark, found))
    return tuple(
        SummedPart(found[key].heading if key is not None else None, tuple(remarks))
        for key, remarks in by_part.items()
        if remarks
    )


def _summed(party: HeardParty, remark: MadeRemark, found: Mapping[str, Section]) -> SummedRemark:
    about = None
    if remark.section_key is not None and remark.paragraph is not None:
        about = _in_words(paragraphs(found[remark.section_key])[remark.paragraph - 1])
    return SummedRemark(party.name, remark, about)


def _in_words(paragraph: str) -> str:
    """Give the words that a reader sees, without marks."""
    inline = [token for token in markdown().parse(paragraph, {}) if token.type == "inline"]
    return " ".join(words for token in inline if (words := plain_text(token)))
