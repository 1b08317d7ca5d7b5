"""The files of routines come back: from a backup, from nothing but the register, and from git where SQL lost them."""

import pytest
from sqlmodel import select

from samrutine import Library
from samrutine.procedures.text import digest
from samrutine.storage.rows import AttachmentRow, ProposalFileRow
from tests.support import files
from tests.support.stories import approve_with_everyone
from tests.support.texts import a_routine


def told(home):
    """A routine with a form, one that is exempt with a plan, and a draft with a picture."""
    with home.opened() as library:
        approve_with_everyone(library, a_routine(), attachments={"Skjema.svg": files.SVG})
        approve_with_everyone(library, a_routine("vakt", access="exempt"), attachments={"Plan.pdf": files.pdf()})
        library.propose(a_routine("fall"), by="skribent", attachments={"Bilde.png": files.png()})


@pytest.mark.broad
def test_a_backup_gives_back_every_file_and_those_of_drafts(home, tmp_path):
    """
    The form is the routine, for whoever fills it in.
    """
    told(home)
    with home.opened() as library:
        library.backup(tmp_path / "kopi")

    Library.restore(tmp_path / "kopi", tmp_path / "ny", clock=home.clock)

    with Library.open(tmp_path / "ny", clock=home.clock) as library:
        assert library.attachment("handhygiene", "Skjema.svg").data == files.SVG
        assert library.attachment("vakt", "Plan.pdf", reader="leder").data == files.pdf()
        with library._parts.database.reading() as session:
            assert list(session.exec(select(ProposalFileRow.digest))) == [digest(files.png())]
        assert library.verify().faults == ()


def test_the_register_and_its_branches_give_back_every_file_of_a_version(home, tmp_path):
    """
    With nothing but a clone, the ward has its forms again.
    """
    told(home)
    with home.opened() as library, library._parts.database.reading() as session:
        before = {tuple(row.model_dump().values()) for row in session.exec(select(AttachmentRow))}

    Library.rebuild_from_register(home.path, tmp_path / "ny", clock=home.clock)

    with Library.open(tmp_path / "ny", clock=home.clock) as library:
        with library._parts.database.reading() as session:
            assert {tuple(row.model_dump().values()) for row in session.exec(select(AttachmentRow))} == before
        assert library.attachment("handhygiene", "Skjema.svg").data == files.SVG
        assert "attachment" not in {one.code for one in library.verify().faults}
