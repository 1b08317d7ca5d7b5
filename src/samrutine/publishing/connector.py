"""
The Protocol of a destination. Implementations live in `samrutine.connectors`; outsiders may write their own.

A connector knows nothing of decisions, of the database or of git. It gets finished values, and carries them out at
one destination. Run `samrutine.testing.ConnectorContract` against yours: it is the same suite that ours pass.
"""

from collections.abc import Callable, Collection
from typing import Protocol

from samrutine.publishing.model import FoundFile, Manifest, Plan, WantedFile

Make = Callable[[WantedFile], bytes | None]
"""
Gives the bytes of a wanted file, made now; None when it cannot be made, and what lies there shall stay.

It raises no OSError, so a connector may take every one it meets for the destination's.
"""

OnStep = Callable[[str], None]
"""Told the name of each step just reached, so that a proof can stop the process there."""


class Connector(Protocol):
    """
    One destination of published files.

    Every method may be called again, also after the process was killed in the middle of it, and by a new process.

    What each must keep, and the contract suite tries:

    - A file that we did not write is never changed, moved or removed. Ours are those that the plan's lines say are.
    - A file has under its final name the old bytes or the new, never some of them.
    - The intent is written, and lasts, before a file gets its final name. So a run after a kill knows its own.
    - Just before a file is replaced or removed it is looked at again: is it not what the plan found, it is left alone.
    - Nothing leads outside the destination: no symbolic link is followed.

    Every failure is a `DeliveryFailed`, or one below it; what the foreign library raised is translated.
    """

    @property
    def name(self) -> str:
        """What messages call the destination. No secret in it, since it is logged."""
        ...

    @property
    def steps(self) -> tuple[str, ...]:
        """The names of the steps that `carry_out` reports, in the order they are first reached."""
        ...

    def manifest(self) -> Manifest | None:
        """
        Read the manifest that lies at the destination.

        Returns:
            None when none lies there.

        Raises:
            DestinationNotOurs: What lies there under its name is no manifest of ours.
            DeliveryFailed: The destination cannot be read.
        """
        ...

    def look(self, paths: Collection[str]) -> dict[str, FoundFile]:
        """
        Read what lies there under the given names, and hash it. A name with nothing under it is left out.

        Raises:
            DeliveryFailed: The destination cannot be read.
        """
        ...

    def carry_out(self, plan: Plan, make: Make, on_step: OnStep) -> Manifest:
        """
        Do what the plan says, in its order, and leave a manifest that says what is ours.

        A plan that changes nothing writes nothing. Litter of an earlier, killed run is swept either way. When the
        edition is `ended` and nothing of ours is left, the manifest is removed as well, last of all: whoever takes over
        the place finds no trace of us, and may publish there.

        Args:
            plan: What to do. Made from this destination's own manifest and files.
            make: Gives the bytes of a file. Called at most once for each line that writes, and for no other.
            on_step: Called after each step with its name, one of `steps`.

        Returns:
            The manifest that now lies there; of an ended edition, the one that says what is left.

        Raises:
            DestinationBusy: Another delivery to the same place is under way, or came between; plan again.
            DeliveryFailed: The destination cannot be written. What was done is done; the next run goes on from there.
        """
        ...
