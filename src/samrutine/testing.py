"""
Builders, fakes and contract suites: for our own tests, and for who writes a connector of their own.

To try a connector, subclass `ConnectorContract` in a pytest file and give it a fixture `new_place`, which makes an
empty destination each time it is called:

    class TestMyConnector(ConnectorContract):
        @pytest.fixture
        def new_place(self, tmp_path):
            return lambda: MyPlace(tmp_path / uuid4().hex)

Everything in here is invented: municipality 9999 Prøvevik does not exist.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Final, Protocol

from samrutine.errors import DestinationBusy, DestinationNotOurs, DocumentUnavailable
from samrutine.networks.model import MunicipalityNumber, NetworkId
from samrutine.procedures.model import Digest, FrontMatter, Kind, Language, VersionNumber, procedure_id
from samrutine.publishing.connector import Connector, Make, OnStep
from samrutine.publishing.delivery import Content, deliver, preview
from samrutine.publishing.manifest import UnreadableManifestError, read_manifest, write_manifest
from samrutine.publishing.model import (
    MANIFEST_NAME,
    Action,
    ChainHead,
    Edition,
    FoundFile,
    Manifest,
    ManifestEntry,
    Plan,
    PublicationState,
    PublishedDocument,
    PublishedFile,
    Sha256,
    TargetId,
    WantedFile,
)
from samrutine.publishing.receipts import Receipt

A_DAY: Final = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
"""The fixed instant of these tests."""


def a_published_document(
    name: str = "handhygiene", *, version: str = "1.0", edition: int = 1, suffixes: Iterable[str] = ("html", "pdf")
) -> PublishedDocument:
    """Build a document that applies in Prøvevik. Another `edition` is another effective digest, as for new words."""
    return PublishedDocument(
        front=FrontMatter(
            id=procedure_id(name),
            title=name.replace("-", " ").capitalize(),
            kind=Kind.PROCEDURE,
            language=Language.NB,
            network=NetworkId("smittevern"),
            subjects=("smittevern",),
            audience=("sykepleier",),
            responsible_role="kommuneoverlege",
        ),
        version=VersionNumber.parse(version),
        network_name="Fagnettverk for smittevern",
        subject_names=("Smittevern",),
        approved_on=date(2026, 9, 1),
        in_force_from=date(2026, 10, 1),
        decided_by_position="kommunalsjef helse og omsorg",
        decided_on=date(2026, 9, 20),
        next_review=date(2028, 9, 1),
        effective_digest=Digest(f"1:{edition:064x}"),
        address=f"https://rutiner.example/9999/{name}",
        files=tuple(PublishedFile.of(suffix) for suffix in suffixes),
    )


def an_edition(*documents: PublishedDocument, target: str = "mappe", number: int = 1) -> Edition:
    """Build what shall lie at Prøvevik's target, as it was when the chain's head had that number."""
    return Edition(
        target=TargetId(target),
        municipality=MunicipalityNumber("9999"),
        municipality_name="Prøvevik",
        documents=documents,
        head=ChainHead(number, f"{number:064x}"),
    )


@dataclass
class CountingContent:
    """
    Stands in for the renderers: bytes that say what they are of, and a note of what was asked for.

    `broken` names the files that cannot be made.
    """

    asked: list[str] = field(default_factory=list)
    broken: frozenset[str] = frozenset()

    def __call__(self, document: PublishedDocument, suffix: str) -> bytes:
        """Make the document; see `samrutine.publishing.delivery.Content`."""
        path = f"{document.procedure_id}.{suffix}"
        self.asked.append(path)
        if path in self.broken:
            raise DocumentUnavailable(procedure=document.procedure_id, format=suffix, detail="test")
        return content_of(document, suffix)


def content_of(document: PublishedDocument, suffix: str) -> bytes:
    """Give the bytes that `CountingContent` makes."""
    return f"{document.procedure_id} {document.version} {suffix} {document.effective_digest}\n".encode() * 50


# A destination in memory ----------------------------------------------------------------------------------------------


class MemoryPlace:
    """A destination that is a dictionary: a `Place`, and the state behind `MemoryConnector`."""

    def __init__(self) -> None:
        """Begin empty."""
        self.files: dict[str, bytes] = {}

    def connector(self) -> "MemoryConnector":
        """Connect anew, as a new process would."""
        return MemoryConnector(self)

    def names(self) -> set[str]:
        """List every name."""
        return set(self.files)

    def get(self, name: str) -> bytes | None:
        """Read a file as somebody else would."""
        return self.files.get(name)

    def put(self, name: str, data: bytes) -> None:
        """Write a file as somebody else would."""
        self.files[name] = data

    def remove(self, name: str) -> None:
        """Remove a file as somebody else would."""
        del self.files[name]


class MemoryConnector:
    """The smallest `Connector` there is: read it first when you write your own."""

    name = "memory"
    steps = ("memory: intent written", "memory: file written", "memory: file removed", "memory: manifest written")

    def __init__(self, place: MemoryPlace) -> None:
        """Connect to a place."""
        self._files = place.files

    def manifest(self) -> Manifest | None:
        """Read the manifest; see `Connector.manifest`."""
        data = self._files.get(MANIFEST_NAME)
        try:
            return read_manifest(data) if data is not None else None
        except UnreadableManifestError as error:
            raise DestinationNotOurs(target=self.name) from error

    def look(self, paths: Collection[str]) -> dict[str, FoundFile]:
        """Hash what lies there; see `Connector.look`."""
        return {path: self._found(path) for path in paths if path in self._files}

    def carry_out(self, plan: Plan, make: Make, on_step: OnStep) -> Manifest:
        """Do what the plan says; see `Connector.carry_out`."""
        if self.manifest() != plan.lying:
            raise DestinationBusy(target=self.name)
        if plan.changes_nothing and plan.lying is not None:
            return plan.lying
        files = dict(plan.manifest.files)
        for line in plan.writes:
            data = make(line.wanted) if line.wanted is not None else None
            if line.wanted is None or data is None:
                continue
            entry = ManifestEntry.of(line.wanted, data)
            self._write_manifest(plan, files, {line.path: entry})
            on_step("memory: intent written")
            if self.look([line.path]).get(line.path) == line.found:
                self._files[line.path] = data
                files[line.path] = entry
            on_step("memory: file written")
        for line in plan.removals:
            if self.look([line.path]).get(line.path) == line.found:
                self._files.pop(line.path, None)
                del files[line.path]
            on_step("memory: file removed")
        manifest = self._write_manifest(plan, files, {})
        if plan.edition.ended and not files:
            del self._files[MANIFEST_NAME]
        on_step("memory: manifest written")
        return manifest

    def _found(self, path: str) -> FoundFile:
        return FoundFile(sha256_of(self._files[path]), len(self._files[path]))

    def _write_manifest(
        self, plan: Plan, files: dict[str, ManifestEntry], intent: dict[str, ManifestEntry]
    ) -> Manifest:
        edition = plan.edition
        manifest = Manifest(edition.target, edition.municipality, edition.head, dict(files), intent)
        self._files[MANIFEST_NAME] = write_manifest(manifest)
        return manifest


# The contract of a connector ------------------------------------------------------------------------------------------


class Place(Protocol):
    """One destination as the contract suite sees it: through the connector, and past it, as other people do."""

    def connector(self) -> Connector:
        """Connect anew, as a new process would."""
        ...

    def names(self) -> set[str]:
        """List every name that lies there, hidden ones too."""
        ...

    def get(self, name: str) -> bytes | None:
        """Read a file; None when there is none."""
        ...

    def put(self, name: str, data: bytes) -> None:
        """Write a file by hand."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file by hand."""
        ...


class Killed(BaseException):
    """Stands in for the end of the process at a step."""


def deliver_to(
    place: Place,
    edition: Edition,
    content: Content | None = None,
    *,
    overwrite: bool = False,
    on_step: OnStep | None = None,
) -> Receipt:
    """Deliver an edition to a place through a fresh connector."""
    return deliver(
        place.connector(), edition, content or CountingContent(), now=A_DAY, overwrite=overwrite, on_step=on_step
    )


def states(receipt: Receipt) -> dict[str, PublicationState]:
    """Say the state of each name in a receipt."""
    return {line.path: line.state for line in receipt.lines}


def snapshot(place: Place) -> dict[str, bytes | None]:
    """Read everything that lies at a place."""
    return {name: place.get(name) for name in place.names()}


BEFORE: Final = an_edition(
    a_published_document("brannvern"), a_published_document("handhygiene"), a_published_document("utgatt"), number=1
)
"""What a target holds when the contract's stories begin."""

AFTER: Final = an_edition(
    a_published_document("brannvern"),
    a_published_document("handhygiene", version="2.0", edition=2),
    a_published_document("ny-rutine"),
    number=2,
)
"""What it shall hold next: one document as before, one in a new version, one new, and one withdrawn."""

ENDED: Final = replace(an_edition(number=2), ended=True)
"""What it shall hold when the municipality publishes there no more: nothing of ours."""


class ConnectorContract:
    """What every connector must do. Each test begins with an empty place."""

    def test_delivers_everything_and_reads_it_back(self, new_place: Callable[[], Place]) -> None:
        """A municipality must be able to rely on what the receipt says lies there."""
        place = new_place()

        receipt = deliver_to(place, BEFORE)

        assert receipt.state is PublicationState.VERIFIED
        assert place.get("brannvern.pdf") == content_of(BEFORE.documents[0], "pdf")
        assert place.names() == {line.path for line in receipt.lines} | {MANIFEST_NAME}
        assert {"index.csv", "index.html", "index.json"} < place.names()

    def test_the_manifest_lies_there_and_carries_the_head_of_the_chain(self, new_place: Callable[[], Place]) -> None:
        """Each municipality then holds a witness: nobody can rewrite earlier decisions unseen."""
        place = new_place()

        receipt = deliver_to(place, BEFORE)

        assert place.connector().manifest() == receipt.manifest
        assert receipt.manifest.head == BEFORE.head
        assert receipt.manifest.intent == {}

    def test_a_second_delivery_makes_no_document_and_changes_no_byte(self, new_place: Callable[[], Place]) -> None:
        """It runs every night; a file that gets a new date each night is sent to everybody who watches the folder."""
        place, content = new_place(), CountingContent()
        deliver_to(place, BEFORE)
        before = snapshot(place)

        receipt = deliver_to(place, BEFORE, content)

        assert content.asked == []
        assert snapshot(place) == before
        assert receipt.state is PublicationState.VERIFIED

    def test_a_newer_head_alone_is_no_reason_to_write(self, new_place: Callable[[], Place]) -> None:
        """Every decision in any municipality moves the head; a target where nothing changed must lie still."""
        place = new_place()
        deliver_to(place, BEFORE)
        before = snapshot(place)

        newer = an_edition(*BEFORE.documents, number=7)

        receipt = deliver_to(place, newer)

        assert snapshot(place) == before
        assert receipt.head == newer.head

    def test_replaces_adds_and_withdraws_and_leaves_the_rest(self, new_place: Callable[[], Place]) -> None:
        """What lies there shall be what applies, no more and no less."""
        place, content = new_place(), CountingContent()
        deliver_to(place, BEFORE)

        receipt = deliver_to(place, AFTER, content)

        assert sorted(content.asked) == ["handhygiene.html", "handhygiene.pdf", "ny-rutine.html", "ny-rutine.pdf"]
        assert place.get("handhygiene.pdf") == content_of(AFTER.documents[1], "pdf")
        assert place.get("utgatt.pdf") is None
        assert states(receipt)["utgatt.pdf"] is PublicationState.WITHDRAWN
        assert receipt.state is PublicationState.VERIFIED

    def test_a_preview_says_what_would_happen_and_does_nothing(self, new_place: Callable[[], Place]) -> None:
        """The one who publishes sees first what will be replaced and taken away."""
        place = new_place()
        deliver_to(place, BEFORE)
        before = snapshot(place)

        plan = preview(place.connector(), AFTER)

        actions = {line.path: line.action for line in plan.lines}
        assert actions["handhygiene.pdf"] is Action.REPLACE
        assert actions["utgatt.pdf"] is Action.WITHDRAW
        assert snapshot(place) == before

    def test_leaves_a_copy_that_somebody_changed_and_says_so(self, new_place: Callable[[], Place]) -> None:
        """Somebody may have had a reason; it must be seen before it is overwritten."""
        place = new_place()
        deliver_to(place, BEFORE)
        place.put("handhygiene.pdf", b"rettet for hand")

        receipt = deliver_to(place, AFTER)

        assert place.get("handhygiene.pdf") == b"rettet for hand"
        assert states(receipt)["handhygiene.pdf"] is PublicationState.DRIFTED
        assert states(receipt)["ny-rutine.pdf"] is PublicationState.VERIFIED

    def test_overwrites_a_changed_copy_when_a_person_says_so(self, new_place: Callable[[], Place]) -> None:
        """When it has been seen, what applies must be able to win."""
        place = new_place()
        deliver_to(place, BEFORE)
        place.put("handhygiene.pdf", b"rettet for hand")

        receipt = deliver_to(place, AFTER, overwrite=True)

        assert place.get("handhygiene.pdf") == content_of(AFTER.documents[1], "pdf")
        assert receipt.state is PublicationState.VERIFIED

    def test_a_withdrawn_copy_that_somebody_changed_stays_and_is_reported(self, new_place: Callable[[], Place]) -> None:
        """We remove what we wrote; what it has become since is somebody else's work."""
        place = new_place()
        deliver_to(place, BEFORE)
        place.put("utgatt.pdf", b"tatt vare paa")

        receipt = deliver_to(place, AFTER)

        assert place.get("utgatt.pdf") == b"tatt vare paa"
        assert states(receipt)["utgatt.pdf"] is PublicationState.DRIFTED

    def test_delivers_again_what_somebody_removed(self, new_place: Callable[[], Place]) -> None:
        """An employee must find the routine tomorrow, also when someone tidied the folder today."""
        place = new_place()
        deliver_to(place, BEFORE)
        place.remove("brannvern.pdf")

        receipt = deliver_to(place, BEFORE)

        assert place.get("brannvern.pdf") == content_of(BEFORE.documents[0], "pdf")
        assert receipt.state is PublicationState.VERIFIED

    def test_never_touches_what_it_did_not_write(self, new_place: Callable[[], Place]) -> None:
        """The folder is the municipality's; we are guests in it."""
        place = new_place()
        deliver_to(place, BEFORE)
        place.put("kommunens-egen.pdf", b"vaar egen")

        deliver_to(place, AFTER, overwrite=True)
        deliver_to(place, an_edition(number=3), overwrite=True)

        assert place.get("kommunens-egen.pdf") == b"vaar egen"

    def test_a_strangers_file_under_our_name_is_reported_and_kept(self, new_place: Callable[[], Place]) -> None:
        """Overwriting it could be the loss of the only copy, so not even a person's word to us is enough."""
        place = new_place()
        deliver_to(place, BEFORE)
        place.put("ny-rutine.pdf", b"en annens")

        receipt = deliver_to(place, AFTER, overwrite=True)

        assert place.get("ny-rutine.pdf") == b"en annens"
        assert states(receipt)["ny-rutine.pdf"] is PublicationState.FAILED
        assert states(receipt)["ny-rutine.html"] is PublicationState.VERIFIED
        assert "ny-rutine.pdf" not in receipt.manifest.files

    def test_does_not_overwrite_what_somebody_saves_while_we_work(self, new_place: Callable[[], Place]) -> None:
        """Making the documents takes a while, and people work in the same folder."""
        place = new_place()
        deliver_to(place, BEFORE)

        def content(document: PublishedDocument, suffix: str) -> bytes:
            if (document.procedure_id, suffix) == ("handhygiene", "pdf"):
                place.put("handhygiene.pdf", b"lagret imens")
            return content_of(document, suffix)

        try:
            receipt = deliver_to(place, AFTER, content)
        except DestinationBusy:
            receipt = deliver_to(place, AFTER)

        assert place.get("handhygiene.pdf") == b"lagret imens"
        assert states(receipt)["handhygiene.pdf"] is PublicationState.DRIFTED

    def test_does_not_remove_what_somebody_saves_while_we_work(self, new_place: Callable[[], Place]) -> None:
        """A withdrawn routine may be just what somebody is keeping a copy of, in the same minute."""
        place = new_place()
        deliver_to(place, BEFORE)

        def content(document: PublishedDocument, suffix: str) -> bytes:
            place.put("utgatt.pdf", b"lagret imens")
            return content_of(document, suffix)

        try:
            receipt = deliver_to(place, AFTER, content)
        except DestinationBusy:
            receipt = deliver_to(place, AFTER)

        assert place.get("utgatt.pdf") == b"lagret imens"
        assert states(receipt)["utgatt.pdf"] is PublicationState.DRIFTED

    def test_leaves_what_somebody_changed_after_the_plan_was_made(self, new_place: Callable[[], Place]) -> None:
        """A plan may be shown to a person, and be minutes old when it is carried out."""
        place = new_place()
        deliver_to(place, BEFORE)
        plan = preview(place.connector(), AFTER)
        for name in ("handhygiene.pdf", "utgatt.pdf", "ny-rutine.pdf"):
            place.put(name, b"endret etterpaa")

        place.connector().carry_out(plan, _made_from_the_plan, lambda _: None)

        assert {place.get(f"{name}.pdf") for name in ("handhygiene", "utgatt", "ny-rutine")} == {b"endret etterpaa"}
        assert place.get("handhygiene.html") == content_of(AFTER.documents[1], "html")

    def test_stops_when_another_delivery_came_between(self, new_place: Callable[[], Place]) -> None:
        """Carried out on top of a newer delivery, an old plan would write an old manifest over the new one."""
        place = new_place()
        deliver_to(place, BEFORE)
        plan = preview(place.connector(), an_edition(number=1))
        deliver_to(place, AFTER)
        before = snapshot(place)

        stopped = False
        try:
            place.connector().carry_out(plan, _made_from_the_plan, lambda _: None)
        except DestinationBusy:
            stopped = True

        assert stopped
        assert snapshot(place) == before

    def test_a_document_that_cannot_be_made_does_not_hold_up_the_others(self, new_place: Callable[[], Place]) -> None:
        """One odd character in one routine must not keep nine hundred others from a municipality."""
        place, broken = new_place(), CountingContent(broken=frozenset({"handhygiene.pdf"}))
        deliver_to(place, BEFORE)

        receipt = deliver_to(place, AFTER, broken)

        assert place.get("handhygiene.pdf") == content_of(BEFORE.documents[1], "pdf")
        assert states(receipt)["handhygiene.pdf"] is PublicationState.FAILED
        assert states(receipt)["ny-rutine.pdf"] is PublicationState.VERIFIED
        assert deliver_to(place, AFTER).state is PublicationState.VERIFIED

    def test_refuses_a_place_that_belongs_to_another_target(self, new_place: Callable[[], Place]) -> None:
        """Two targets in one place would withdraw each other's routines every night."""
        place = new_place()
        deliver_to(place, BEFORE)
        before = snapshot(place)

        refused = _refuses(place, an_edition(target="en-annen"))

        assert refused
        assert snapshot(place) == before

    def test_refuses_a_manifest_that_is_not_as_we_wrote_it(self, new_place: Callable[[], Place]) -> None:
        """It says what we may replace and remove; one that somebody wrote could point at their neighbour's files."""
        place = new_place()
        deliver_to(place, BEFORE)
        manifest = place.get(MANIFEST_NAME) or b""
        place.put(MANIFEST_NAME, manifest.replace(b'"brannvern.pdf"', b'"../brannvern.pdf"'))
        before = snapshot(place)

        refused = _refuses(place, AFTER)

        assert refused
        assert snapshot(place) == before

    def test_killed_at_any_step_it_converges_and_shows_no_torn_file(self, new_place: Callable[[], Place]) -> None:
        """Power goes, servers are restarted; the next run must end where an undisturbed one would have."""
        undisturbed, reached = new_place(), list[str]()
        deliver_to(undisturbed, BEFORE)
        deliver_to(undisturbed, AFTER, on_step=reached.append)
        whole = _possible_bytes(BEFORE) | _possible_bytes(AFTER)

        for number in range(len(reached)):
            place = new_place()
            deliver_to(place, BEFORE)
            _killed_at(place, AFTER, number)
            torn = [name for name, data in snapshot(place).items() if name.endswith(".pdf") and data not in whole]
            receipt = deliver_to(place, AFTER)

            assert torn == [], reached[number]
            assert receipt.state is PublicationState.VERIFIED, reached[number]
            assert snapshot(place) == snapshot(undisturbed), reached[number]
        assert set(reached) == set(undisturbed.connector().steps)

    def test_killed_and_then_overtaken_by_a_new_decision_it_converges_too(self, new_place: Callable[[], Place]) -> None:
        """What was half sent may not apply any more when we come back; it must not be left there."""
        undisturbed, reached = new_place(), list[str]()
        deliver_to(undisturbed, BEFORE)
        deliver_to(undisturbed, AFTER, on_step=reached.append)
        back = an_edition(*BEFORE.documents, number=2)

        for number in range(len(reached)):
            place = new_place()
            deliver_to(place, BEFORE)
            _killed_at(place, AFTER, number)
            receipt = deliver_to(place, back)

            assert receipt.state is PublicationState.VERIFIED, reached[number]
            assert place.get("ny-rutine.pdf") is None, reached[number]
            assert place.names() == {*receipt.manifest.files, MANIFEST_NAME}, reached[number]

    def test_an_ended_target_holds_no_trace_of_us(self, new_place: Callable[[], Place]) -> None:
        """An employee must not find a routine that looks controlled where nobody replaces it any more."""
        place = new_place()
        deliver_to(place, BEFORE)

        receipt = deliver_to(place, ENDED)

        assert place.names() == set()
        assert set(states(receipt).values()) == {PublicationState.WITHDRAWN}
        assert receipt.leaves_nothing
        assert deliver_to(place, an_edition(*AFTER.documents, target="ny-eier")).state is PublicationState.VERIFIED

    def test_an_ended_target_keeps_what_is_not_ours_and_what_somebody_changed(
        self, new_place: Callable[[], Place]
    ) -> None:
        """We take our own with us; the rest is the municipality's, and what was changed must be seen by somebody."""
        place = new_place()
        deliver_to(place, BEFORE)
        place.put("kommunens-egen.pdf", b"vaar egen")
        place.put("brannvern.pdf", b"rettet for hand")

        receipt = deliver_to(place, ENDED)

        assert place.names() == {"kommunens-egen.pdf", "brannvern.pdf", MANIFEST_NAME}
        assert states(receipt)["brannvern.pdf"] is PublicationState.DRIFTED
        place.remove("brannvern.pdf")
        assert deliver_to(place, ENDED).leaves_nothing
        assert place.names() - {MANIFEST_NAME} == {"kommunens-egen.pdf"}

    def test_killed_while_ending_it_is_ended_by_the_next_run(self, new_place: Callable[[], Place]) -> None:
        """Half a withdrawal leaves copies that nobody looks after."""
        known, reached = new_place(), list[str]()
        remembered = deliver_to(known, BEFORE).manifest
        deliver_to(known, ENDED, on_step=reached.append)

        for number in range(len(reached)):
            place = new_place()
            deliver_to(place, BEFORE)
            _killed_at(place, ENDED, number)
            receipt = deliver(place.connector(), ENDED, CountingContent(), now=A_DAY, remembered=remembered)

            assert place.names() == set(), reached[number]
            assert receipt.leaves_nothing, reached[number]


def _made_from_the_plan(file: WantedFile) -> bytes:
    return content_of(file.document, file.suffix) if file.document is not None else b"index"


def _refuses(place: Place, edition: Edition) -> bool:
    try:
        deliver_to(place, edition, overwrite=True)
    except DestinationNotOurs:
        return True
    return False


def _killed_at(place: Place, edition: Edition, number: int) -> None:
    """Deliver until the step of that number, counted from 0, and end there as a killed process does."""
    left = [number]

    def count(_: str) -> None:
        if left[0] == 0:
            raise Killed
        left[0] -= 1

    try:
        deliver_to(place, edition, on_step=count)
    except Killed:
        return
    raise AssertionError(number)


def _possible_bytes(edition: Edition) -> set[bytes | None]:
    return {content_of(document, published.suffix) for document in edition.documents for published in document.files}


def sha256_of(data: bytes) -> Sha256:
    """Hash bytes as manifests do."""
    return Sha256(hashlib.sha256(data).hexdigest())
