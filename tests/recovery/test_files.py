"""What a disk answers, in words."""

import pytest

from samrutine.errors import FolderUnusable, StoreUnavailable
from samrutine.recovery.files import room_on


class TestAFolderChosenWrong:
    def test_is_said_to_be_that_and_not_a_store_that_failed(self, tmp_path):
        """
        Whoever writes the wrong name is told so in Norwegian, and not to try again and verify.
        """
        said = []
        (tmp_path / "fil").write_text("")
        for folder in (tmp_path / "fil", tmp_path / "fil" / "kopi"):
            with pytest.raises(FolderUnusable) as unusable, room_on(folder):
                folder.mkdir(parents=True, exist_ok=True)
            said.append(unusable.value.text("nb"))
        with pytest.raises(FolderUnusable) as forbidden, room_on(tmp_path):
            raise PermissionError(13, "Permission denied", str(tmp_path / "sets"))

        assert all("det er en fil, og ikke en mappe. Velg en mappe du kan skrive i" in one for one in said)
        assert "du har ikke lov til å skrive der" in forbidden.value.text("nb")

    def test_is_not_what_is_blamed_for_a_file_that_is_gone(self, tmp_path):
        """
        The folder is right, and somebody would go looking for another.
        """
        with pytest.raises(StoreUnavailable) as gone, room_on(tmp_path):
            (tmp_path / "borte").read_bytes()

        assert not isinstance(gone.value, FolderUnusable)
