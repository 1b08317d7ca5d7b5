"""Every connector keeps the same contract; then what is each one's own."""

import errno
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from places import FolderPlace, PackagePlace

from samrutine.connectors.folder import Folder
from samrutine.connectors.package import Package
from samrutine.errors import (
    DeliveryFailed,
    DestinationBusy,
    DestinationForbidden,
    DestinationFull,
    DestinationListChanged,
    DestinationMissing,
    DestinationNotAFolder,
    DestinationNotOurs,
)
from samrutine.publishing.delivery import deliver
from samrutine.publishing.manifest import write_manifest
from samrutine.publishing.model import MANIFEST_NAME, PublicationState, PublishedDocument
from samrutine.testing import (
    A_DAY,
    AFTER,
    BEFORE,
    ConnectorContract,
    MemoryPlace,
    content_of,
    deliver_to,
    sha256_of,
    snapshot,
    states,
)


class TestMemory(ConnectorContract):
    """The fake is held to the contract too, or tests that use it prove nothing."""

    @pytest.fixture
    def new_place(self) -> Callable[[], MemoryPlace]:
        return MemoryPlace


class TestFolder(ConnectorContract):
    @pytest.fixture
    def new_place(self, tmp_path: Path) -> Callable[[], FolderPlace]:
        numbers = count()
        return lambda: FolderPlace(tmp_path / f"mappe-{next(numbers)}")


class TestPackage(ConnectorContract):
    @pytest.fixture
    def new_place(self, tmp_path: Path) -> Callable[[], PackagePlace]:
        numbers = count()
        return lambda: PackagePlace(tmp_path / f"pakke-{next(numbers)}")


@pytest.mark.parametrize("kind", ["folder", "package"])
def test_a_killed_process_leaves_nothing_that_the_next_cannot_finish(kind: str, tmp_path: Path) -> None:
    """A process that is killed runs no clean-up at all, so an exception in the same process proves too little."""
    program = Path(__file__).with_name("killed_deliveries.py")
    connector = {"folder": Folder, "package": Package}[kind](tmp_path)

    run = subprocess.run(
        [sys.executable, program, kind, tmp_path], capture_output=True, text=True, check=True, timeout=120
    )
    answer = json.loads(run.stdout.splitlines()[-1])

    assert answer["torn"] == []
    assert answer["diverged"] == []
    assert set(answer["killed"]) == set(connector.steps)


class TestTheFolderItself:
    def test_a_symbolic_link_in_the_folder_leads_nowhere(self, tmp_path: Path) -> None:
        """Whoever can write in the folder could else have us overwrite any file that we may write."""
        place, outside = FolderPlace(tmp_path / "mappe"), tmp_path / "utenfor.pdf"
        outside.write_bytes(b"ikke vaar")
        (place.path / "ny-rutine.pdf").symlink_to(outside)

        receipt = deliver_to(place, AFTER, overwrite=True)

        assert outside.read_bytes() == b"ikke vaar"
        assert (place.path / "ny-rutine.pdf").is_symlink()
        assert states(receipt)["ny-rutine.pdf"] is PublicationState.FAILED

    def test_one_of_our_copies_made_into_a_link_is_not_followed(self, tmp_path: Path) -> None:
        """A copy of ours is replaced and removed by name, and the name may have become a link since."""
        place, outside = FolderPlace(tmp_path / "mappe"), tmp_path / "utenfor.pdf"
        deliver_to(place, BEFORE)
        outside.write_bytes(b"ikke vaar")
        for name in ("handhygiene.pdf", "utgatt.pdf"):
            place.remove(name)
            (place.path / name).symlink_to(outside)

        receipt = deliver_to(place, AFTER, overwrite=True)

        assert outside.read_bytes() == b"ikke vaar"
        assert states(receipt)["handhygiene.pdf"] is PublicationState.FAILED
        assert (place.path / "utgatt.pdf").is_symlink()

    def test_a_manifest_that_is_a_link_is_refused(self, tmp_path: Path) -> None:
        """Through it we would read, and then replace, something outside the folder."""
        place = FolderPlace(tmp_path / "mappe")
        (place.path / MANIFEST_NAME).symlink_to(tmp_path / "utenfor.json")

        with pytest.raises(DestinationNotOurs):
            deliver_to(place, AFTER)

        assert place.names() == {MANIFEST_NAME}

    def test_a_pipe_under_our_name_does_not_keep_us_waiting(self, tmp_path: Path) -> None:
        """Opening a pipe waits for a writer that never comes, and every target behind this one would wait too."""
        place = FolderPlace(tmp_path / "mappe")
        os.mkfifo(place.path / "ny-rutine.pdf")

        receipt = deliver_to(place, AFTER)

        assert states(receipt)["ny-rutine.pdf"] is PublicationState.FAILED

    def test_the_folder_itself_may_be_reached_through_a_link(self, tmp_path: Path) -> None:
        """The operator chose the path, and shares are often connected that way."""
        place = FolderPlace(tmp_path / "mappe")
        (tmp_path / "snarvei").symlink_to(place.path)

        deliver(Folder(tmp_path / "snarvei"), BEFORE, content_of, now=A_DAY)

        assert place.get("brannvern.pdf") is not None

    def test_a_share_that_is_not_connected_is_not_made(self, tmp_path: Path) -> None:
        """A new, empty folder under the mount point would look like a delivery that nobody can read."""
        missing = tmp_path / "ikke" / "koblet-til"

        with pytest.raises(DestinationMissing) as raised:
            deliver(Folder(missing), BEFORE, content_of, now=A_DAY)

        assert not missing.parent.exists()
        assert str(missing) in raised.value.fact("nb")
        assert "Lag mappen" in raised.value.remedy("nb")

    def test_a_file_where_the_folder_should_be_is_said_and_kept(self, tmp_path: Path) -> None:
        """The message must say what to do, and the file may be somebody's."""
        file = tmp_path / "mappe"
        file.write_bytes(b"en fil")

        with pytest.raises(DestinationNotAFolder):
            deliver(Folder(file), BEFORE, content_of, now=A_DAY)

        assert file.read_bytes() == b"en fil"

    def test_a_folder_we_may_not_write_in_is_said(self) -> None:
        """The commonest fault of all: the service's user has not been let in."""
        # Not tmp_path: its parents are closed to other users, which root must become to be refused anything.
        folder = Path(tempfile.mkdtemp(prefix="samrutine-"))
        folder.chmod(0o555)
        was = os.geteuid()
        if was == 0:
            os.seteuid(65534)
        try:
            with pytest.raises(DestinationForbidden) as raised:
                deliver(Folder(folder), BEFORE, content_of, now=A_DAY)
            left = list(folder.iterdir())
        finally:
            os.seteuid(was)
            folder.rmdir()

        assert left == []
        assert "skrivetilgang" in raised.value.remedy("nb")

    @pytest.mark.parametrize(
        ("number", "expected"),
        [
            (errno.ENOSPC, DestinationFull),
            (errno.EDQUOT, DestinationFull),
            (errno.EROFS, DestinationForbidden),
            (errno.EIO, DeliveryFailed),
            (errno.ESTALE, DeliveryFailed),
        ],
        ids=["full", "quota used up", "read-only", "broken disk", "share gone"],
    )
    def test_a_fault_in_the_middle_is_said_and_leaves_no_litter(
        self, number: int, expected: type[DeliveryFailed], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What was there must still be there, and the next run, when there is room, must finish."""
        place = FolderPlace(tmp_path / "mappe")
        deliver_to(place, BEFORE)
        before = snapshot(place)

        def failing(_: int) -> None:
            raise OSError(number, os.strerror(number))

        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", failing)
            with pytest.raises(DeliveryFailed) as raised:
                deliver_to(place, AFTER)

        assert type(raised.value) is expected
        assert snapshot(place) == before
        assert deliver_to(place, AFTER).state is PublicationState.VERIFIED

    def test_a_fault_in_making_a_document_is_not_blamed_on_the_folder(self, tmp_path: Path) -> None:
        """Told that the folder is gone, the operator looks in the wrong place when it is a font that is."""
        place = FolderPlace(tmp_path / "mappe")

        def content(document: PublishedDocument, suffix: str) -> bytes:
            if suffix == "pdf":
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            return content_of(document, suffix)

        receipt = deliver_to(place, BEFORE, content)
        failed = [line for line in receipt.lines if line.state is PublicationState.FAILED]

        assert [line.path for line in failed] == ["brannvern.pdf", "handhygiene.pdf", "utgatt.pdf"]
        assert all(line.problem is not None for line in failed)
        assert place.get("brannvern.html") is not None

    def test_two_deliveries_at_once_wait_for_each_other(self, tmp_path: Path) -> None:
        """They write aside under the same names; one would else put the other's half file in place."""
        place = FolderPlace(tmp_path / "mappe")

        def content(document: PublishedDocument, suffix: str) -> bytes:
            if len(place.names()) < 2:
                with pytest.raises(DestinationBusy):
                    deliver(Folder(place.path, wait_seconds=0.05), BEFORE, content_of, now=A_DAY)
            return content_of(document, suffix)

        receipt = deliver_to(place, BEFORE, content)

        assert receipt.state is PublicationState.VERIFIED

    def test_our_copies_are_known_again_when_the_manifest_was_tidied_away(self, tmp_path: Path) -> None:
        """Somebody takes it for rubbish. Without a memory of ours, our own copies would be strangers for ever."""
        place = FolderPlace(tmp_path / "mappe")
        remembered = deliver_to(place, BEFORE).manifest
        place.remove(MANIFEST_NAME)

        without = deliver_to(place, AFTER)
        place.remove(MANIFEST_NAME)
        receipt = deliver(place.connector(), AFTER, content_of, now=A_DAY, remembered=remembered)

        assert states(without)["handhygiene.pdf"] is PublicationState.FAILED
        assert states(receipt)["handhygiene.pdf"] is PublicationState.VERIFIED
        assert place.get("utgatt.pdf") is None

    def test_a_list_that_somebody_wrote_in_is_not_believed(self, tmp_path: Path) -> None:
        """Both copy and list may be changed by whoever may write there. Only our receipt says what we delivered."""
        place = FolderPlace(tmp_path / "mappe")
        receipt = deliver_to(place, BEFORE)
        ours, before = receipt.manifest.files["handhygiene.pdf"], place.get("handhygiene.pdf")
        place.put("handhygiene.pdf", b"deres egne ord")
        forged = replace(ours, sha256=sha256_of(b"deres egne ord"))
        files = {**receipt.manifest.files, "handhygiene.pdf": forged}
        place.put(MANIFEST_NAME, write_manifest(replace(receipt.manifest, files=files)))
        lying = place.get(MANIFEST_NAME)

        with pytest.raises(DestinationListChanged):
            deliver(place.connector(), BEFORE, content_of, now=A_DAY, remembered=receipt.manifest)
        refused = place.get("handhygiene.pdf"), place.get(MANIFEST_NAME)
        again = deliver(place.connector(), BEFORE, content_of, now=A_DAY, remembered=receipt.manifest, overwrite=True)

        assert refused == (b"deres egne ord", lying)
        assert place.get("handhygiene.pdf") == before
        assert again.manifest == receipt.manifest
        assert place.connector().manifest() == receipt.manifest

    def test_a_file_of_ours_is_as_readable_as_any_other(self, tmp_path: Path) -> None:
        """Files written aside by common libraries are for their owner only, and then nobody can open the routine."""
        place = FolderPlace(tmp_path / "mappe")

        deliver_to(place, BEFORE)

        umask = os.umask(0)
        os.umask(umask)
        assert (place.path / "brannvern.pdf").stat().st_mode & 0o777 == 0o644 & ~umask

    def test_who_has_the_old_copy_open_keeps_it_whole(self, tmp_path: Path) -> None:
        """A routine is replaced while people read it. Written over in place, their page would be half of each."""
        place = FolderPlace(tmp_path / "mappe")
        deliver_to(place, BEFORE)

        with (place.path / "handhygiene.pdf").open("rb") as reading:
            deliver_to(place, AFTER)

            assert reading.read() == content_of(BEFORE.documents[1], "pdf")
        assert place.get("handhygiene.pdf") == content_of(AFTER.documents[1], "pdf")


class TestThePackageItself:
    def test_a_package_that_is_written_to_while_we_read_it_is_left(self, tmp_path: Path) -> None:
        """Some programs change a package in place. What we have read of it is then worth nothing."""
        place = PackagePlace(tmp_path / "pakke")
        deliver_to(place, BEFORE)

        def content(document: PublishedDocument, suffix: str) -> bytes:
            place.path.write_bytes(b"under arbeid")
            return content_of(document, suffix)

        with pytest.raises(DestinationBusy):
            deliver_to(place, AFTER, content)

        assert place.path.read_bytes() == b"under arbeid"
        assert list(place.path.parent.iterdir()) == [place.path]

    def test_the_same_edition_gives_the_same_bytes(self, tmp_path: Path) -> None:
        """The receiver sees by the checksum alone whether there is anything new."""
        first, second = PackagePlace(tmp_path / "en"), PackagePlace(tmp_path / "to")

        deliver_to(first, AFTER)
        deliver_to(second, BEFORE)
        deliver_to(second, AFTER)

        assert first.path.read_bytes() == second.path.read_bytes()

    def test_is_not_rewritten_when_nothing_has_changed(self, tmp_path: Path) -> None:
        """A drop folder takes every new file for a new delivery."""
        place = PackagePlace(tmp_path / "pakke")
        deliver_to(place, BEFORE)
        before = place.path.stat()

        deliver_to(place, BEFORE)

        after = place.path.stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)

    def test_dates_its_files_by_their_newest_decision(self, tmp_path: Path) -> None:
        """The clock would make every package another one; the day of the decision is what a reader wants to see."""
        place = PackagePlace(tmp_path / "pakke")

        deliver_to(place, BEFORE)

        with zipfile.ZipFile(place.path) as archive:
            assert {member.date_time for member in archive.infolist()} == {(2026, 10, 1, 0, 0, 0)}
            assert archive.testzip() is None
            assert archive.namelist()[-1] == MANIFEST_NAME

    @pytest.mark.parametrize(
        "data",
        [b"", b"ikke en zip", b"PK\x05\x06" + bytes(18), b"PK\x03\x04" + b"x" * 200],
        ids=["empty file", "text", "zip without us", "damaged zip"],
    )
    def test_a_file_that_is_no_package_of_ours_is_never_replaced(self, data: bytes, tmp_path: Path) -> None:
        """Somebody pointed the target at the wrong file; it may be the only copy."""
        place = PackagePlace(tmp_path / "pakke")
        place.path.write_bytes(data)

        with pytest.raises(DestinationNotOurs):
            deliver_to(place, BEFORE, overwrite=True)

        assert place.path.read_bytes() == data

    def test_a_member_that_leads_outside_is_refused(self, tmp_path: Path) -> None:
        """We carry strangers' files over as they are, and would put our name to a package that harms who unpacks it."""
        place = PackagePlace(tmp_path / "pakke")
        deliver_to(place, BEFORE)
        place.put("../../startup.sh", b"x")

        with pytest.raises(DestinationNotOurs):
            deliver_to(place, AFTER)

    def test_a_package_reached_through_a_link_is_refused(self, tmp_path: Path) -> None:
        """The link may lead anywhere, and replacing it would leave what it led to behind, out of date."""
        place = PackagePlace(tmp_path / "pakke")
        place.path.symlink_to(tmp_path / "utenfor.zip")

        with pytest.raises(DestinationNotOurs):
            deliver_to(place, BEFORE)

        assert place.path.is_symlink()

    def test_a_package_in_a_folder_that_is_not_there_is_said(self, tmp_path: Path) -> None:
        """As for a folder: a share that is not connected must not be made."""
        with pytest.raises(DestinationMissing):
            deliver(Package(tmp_path / "ikke" / "rutiner.zip"), BEFORE, content_of, now=A_DAY)

        assert list(tmp_path.iterdir()) == []
