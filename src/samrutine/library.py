"""
`Library`: one method for each verb. What the command line, the web and scripts call; each method delegates.

The methods stand in `samrutine.verbs`, a file for each concept; here a library is made, opened and closed.

    from samrutine import Library

    with Library.open("home") as library:
        for hit in library.search("tuberkulose", municipality="Fauske").result.hits:
            print(hit.title, hit.heading)

Every verb that decides takes `by`, the actor's id or sign-in name, and may be given a `decision_id`: a second call with
the same id is the same act and gives the same answer, so it is always safe to try again. `now` is the present instant
unless given, always aware.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from samrutine.verbs.adoptions import AdoptionVerbs
from samrutine.verbs.archiving import ArchivingVerbs
from samrutine.verbs.barriers import BarrierVerbs
from samrutine.verbs.checklists import ChecklistVerbs
from samrutine.verbs.collecting import CollectingVerbs
from samrutine.verbs.feedback import ReaderVerbs
from samrutine.verbs.hearings import HearingVerbs
from samrutine.verbs.identity import IdentityVerbs
from samrutine.verbs.inbox import InboxVerbs
from samrutine.verbs.intake import IntakeVerbs
from samrutine.verbs.letters import LetterVerbs
from samrutine.verbs.local_layer import LocalLayerVerbs
from samrutine.verbs.overview import OverviewVerbs
from samrutine.verbs.papers import PaperVerbs
from samrutine.verbs.people import PeopleVerbs
from samrutine.verbs.privacy import PrivacyVerbs
from samrutine.verbs.proposals import ProposalVerbs
from samrutine.verbs.proving import ProvingVerbs
from samrutine.verbs.publishing import PublishingVerbs
from samrutine.verbs.reading import ReadingVerbs
from samrutine.verbs.recovery import RecoveryVerbs
from samrutine.verbs.reviews import ReviewVerbs
from samrutine.verbs.settings import SettingsVerbs
from samrutine.verbs.upkeep import UpkeepVerbs
from samrutine.verbs.use import UseVerbs

if TYPE_CHECKING:
    from samrutine.upkeep.model import Diagnosis
    from samrutine.wiring import Upgraded


class Library(
    ProposalVerbs,
    HearingVerbs,
    AdoptionVerbs,
    UseVerbs,
    LocalLayerVerbs,
    OverviewVerbs,
    ReadingVerbs,
    PaperVerbs,
    ChecklistVerbs,
    ReaderVerbs,
    BarrierVerbs,
    IntakeVerbs,
    CollectingVerbs,
    ReviewVerbs,
    InboxVerbs,
    LetterVerbs,
    PublishingVerbs,
    ProvingVerbs,
    ArchivingVerbs,
    PeopleVerbs,
    IdentityVerbs,
    PrivacyVerbs,
    SettingsVerbs,
    UpkeepVerbs,
    RecoveryVerbs,
):
    """
    A library of shared routines, opened. Close it, or use it in a `with` block.

    Not for several threads at once: open one for each.
    """

    @classmethod
    def init(
        cls, home: str | Path, *, editor_login: str, editor_name: str, starter: bool = False, demo: bool = False,
        address: str | None = None, database_url: str | None = None, clock: Callable[[], datetime] | None = None,
    ) -> Self:  # fmt: skip
        """
        Make a home and open its library: nine municipalities, their networks, and an editor.

        Killed in the middle, the same call again finishes it.

        Args:
            home: A folder that is empty or does not exist.
            editor_login: The sign-in name of the first editor, who then adds the others.
            starter: Load the starter routines as drafts. Nobody has approved them.
            demo: Everything printed says DEMO. Cannot be changed later.
            address: Where the library's pages stand; printed on documents.
            database_url: PostgreSQL; SQLite in the home when None.

        Raises:
            HomeExists: The folder holds a library, or something else.
        """
        from samrutine.making import make_home
        from samrutine.shipped import shipped_library, shipped_procedures
        from samrutine.wiring import open_parts

        folder = Path(home)
        make_home(folder, address=address, database_url=database_url)
        library = cls(open_parts(folder), clock=clock)
        try:
            library._parts.settling.open_library(
                shipped_library(), editor_login=editor_login, editor_name=editor_name, demo=demo, language="nb",
                now=library._now(), decision_id=library._parts.decision_id_for("open_library"),
            )  # fmt: skip
            if starter:
                with shipped_procedures() as texts:
                    library.import_folder(texts, by=editor_login)
        except BaseException:
            library.close()
            raise
        return library

    @classmethod
    def open(cls, home: str | Path, *, clock: Callable[[], datetime] | None = None) -> Self:
        """
        Open the library in a home.

        Raises:
            HomeNotFound: The folder is no home. `samrutine init` makes one.
            DatabaseDamaged: Decisions were made here, and their database is gone.
            OtherSchema: The database is another release's. `samrutine upgrade` brings it up.
        """
        from samrutine.wiring import open_parts

        parts = open_parts(Path(home))
        try:
            parts.require_database()
        except BaseException:
            parts.close()
            raise
        return cls(parts, clock=clock)

    @staticmethod
    def examine(home: str | Path, *, clock: Callable[[], datetime] | None = None) -> "Diagnosis":
        """
        Look for what may cost a library its decisions, its secrecy or its answers, also where it cannot be opened.

        As `doctor` of one that is open; see `Doctor.examine`. That the database does not answer is then one of the things found.

        Raises:
            HomeNotFound: The folder is no home.
        """
        from samrutine.verbs.base import present
        from samrutine.wiring import open_parts

        parts = open_parts(Path(home))
        try:
            return parts.doctor(clock or present).examine()
        finally:
            parts.close()

    @staticmethod
    def upgrade(home: str | Path) -> "Upgraded":
        """
        Bring a home's database up to this release; what is up to date is left as it is.

        Raises:
            HomeNotFound: The folder is no home.
        """
        from samrutine.wiring import upgrade_home

        return upgrade_home(Path(home))

    def close(self) -> None:
        """Give back connections and files."""
        self._parts.close()

    def __enter__(self) -> Self:
        """Use it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()
