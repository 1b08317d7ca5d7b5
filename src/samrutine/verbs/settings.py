"""The library's own settings. Each method delegates to the verb that it names."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.networks.settling import Setting, Settled
    from samrutine.networks.shared_library import Subject


class SettingsVerbs(Verbs):
    """The library's own settings."""

    def settings(self) -> "Sequence[Setting]":
        """Give every file of the settings as last settled; see `Settling.settings`."""
        return self._parts.settling.settings()

    def subjects(self) -> "Sequence[Subject]":
        """Give what routines are about, in the order of the settings."""
        from samrutine.networks.settling import shared_library

        with self._parts.database.reading() as session:
            return shared_library(session).subjects

    def settle(
        self,
        files: Mapping[str, bytes],
        *,
        read: Mapping[str, str],
        reason: str,
        by: str,
        decision_id: str | None = None,
    ) -> "Settled":
        """Change the settings; see `Settling.settle`."""
        return self._parts.settling.settle(
            files, read=read, reason=reason, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )
