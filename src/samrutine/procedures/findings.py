"""What is wrong with a text, as a value: which line, how bad, and which words of the catalogue say it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from samrutine.messages import DEFAULT_LANGUAGE, say


class Severity(StrEnum):
    """An error must be mended before the text is kept or sent; a warning is for the writer to judge."""

    ERROR = "error"
    WARNING = "warning"


NOT_KEPT: Final = frozenset({"national-id", "private-phone", "private-email", "link-unsafe", "raw-html"})
"""The findings whose text must not even be a draft: whoever opens a draft would see the person or run the code."""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One fault in one place.

    `key` is the name in the catalogue area `findings` ("section-missing"). `line` counts from 1 in the file as the
    writer sees it, front matter counted. `places` fill the text; they never hold personal data or document text.
    """

    key: str
    line: int
    severity: Severity = Severity.ERROR
    places: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def must_not_be_kept(self) -> bool:
        """Tell whether the text may not be kept at all, not even as a draft."""
        return self.key in NOT_KEPT

    def fact(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Say what is wrong, without the line."""
        return say(f"findings.{self.key}.fact", language, **self.places)

    def remedy(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Say what to do now."""
        return say(f"findings.{self.key}.remedy", language, **self.places)

    def text(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Line, fact and remedy in one line: "linje 12: … Gjør …"."""
        return say(
            "findings.one-line", language, line=self.line, fact=self.fact(language), remedy=self.remedy(language)
        )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Put findings in the order a person meets them: by line, errors before warnings, each only once."""
    found = sorted(
        findings,
        key=lambda finding: (
            finding.line,
            finding.severity,
            finding.key,
            sorted((name, str(value)) for name, value in finding.places.items()),
        ),
    )
    return tuple(finding for n, finding in enumerate(found) if n == 0 or finding != found[n - 1])
