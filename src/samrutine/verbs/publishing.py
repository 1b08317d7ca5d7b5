"""Into each municipality's own quality system. Each method delegates to the verb that it names."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.publishing.paused import PausedTarget, PublishingResumed
    from samrutine.publishing.service import AtTarget, Publication, Published, TargetEnded, TargetSet


class PublishingVerbs(Verbs):
    """Into each municipality's own quality system."""

    def set_target(
        self,
        municipality: str,
        name: str,
        connector: str,
        location: str | Path,
        *,
        by: str,
        decision_id: str | None = None,
    ) -> "TargetSet":
        """Say where a municipality's documents are published; see `Publishing.set_target`."""
        return self._parts.publishing.set_target(
            municipality,
            name,
            connector,
            str(location),
            by=self._actor(by),
            now=self._now(),
            decision_id=self._id(decision_id),
        )

    def end_target(self, municipality: str, name: str, *, by: str, decision_id: str | None = None) -> "TargetEnded":
        """Publish to a place no more; see `Publishing.end_target`."""
        return self._parts.publishing.end_target(
            municipality, name, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def preview(
        self, municipality: str, *, by: str, target: str | None = None, overwrite: bool = False
    ) -> "Sequence[AtTarget]":
        """Say what `publish` would do now, and do nothing; see `Publishing.preview`."""
        return self._parts.publishing.preview(
            municipality, target=target, overwrite=overwrite, by=self._actor(by), now=self._now()
        )

    def publish(
        self, municipality: str, *, by: str, target: str | None = None, overwrite: bool = False,
        on_document: Callable[[str], None] | None = None,
    ) -> "Published":  # fmt: skip
        """Make the municipality's targets hold what applies there; see `Publishing.publish`."""
        return self._parts.publishing.publish(
            municipality,
            target=target,
            overwrite=overwrite,
            by=self._actor(by),
            now=self._now(),
            on_document=on_document,
        )

    def resume_publishing(
        self, municipality: str, name: str, *, by: str, overwrite: bool = False, decision_id: str | None = None
    ) -> "PublishingResumed":
        """Publish to a target again, after a look at what lies there; see `Resuming.resume`."""
        return self._parts.resuming.resume(
            municipality,
            name,
            overwrite=overwrite,
            by=self._actor(by),
            now=self._now(),
            decision_id=self._id(decision_id),
        )

    def paused_targets(self, municipality: str | None = None) -> "Sequence[PausedTarget]":
        """Show where nothing is published since the library was put back from a backup; see `Resuming.paused`."""
        return self._parts.resuming.paused(municipality)

    def publications(self, municipality: str | None = None, *, reader: str | None = None) -> "Sequence[Publication]":
        """Show what lies where; see `Publishing.publications`."""
        hidden = self._hidden(reader).procedures
        return [one for one in self._parts.publishing.publications(municipality) if one.procedure not in hidden]
