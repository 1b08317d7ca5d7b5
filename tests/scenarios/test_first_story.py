"""One whole story: from a text in a folder to what a nurse in Fauske reads, and back two years later."""

from datetime import timedelta

from samrutine.adoptions.effective import DocumentStatus
from samrutine.adoptions.model import AdoptionState
from tests.support.stories import APPROVERS, UNHEARD
from tests.support.texts import a_routine

DAY = timedelta(days=1)


def test_nine_municipalities_write_one_routine_and_each_decides(any_home, tmp_path):
    """
    What the product is for, told once from end to end.
    """
    clock = any_home.clock
    with any_home.opened() as library:
        # An employee in Meløy has a routine worth sharing, and brings in the folder.
        folder = tmp_path / "rutiner"
        folder.mkdir()
        (folder / "vakt.md").write_bytes(a_routine("vakt", title="Vakttelefon", required=["vakttelefon"]))
        brought = library.import_folder(folder, by="skribent")
        draft = brought.drafts[0].proposed
        assert brought.refused == ()
        assert draft is not None

        # The leader reads it and asks for a word more; the author writes it, since whoever writes cannot approve.
        revised = library.revise(
            draft.proposal, a_routine("vakt", title="Vakttelefon", required=["vakttelefon"], extra="Ring først."),
            read_digest=draft.digest, by="skribent",
        )  # fmt: skip
        library.send(draft.proposal, digest=revised.digest, unheard=UNHEARD, by="leder")

        # Three municipalities and the leader agree, over a week. Then it is faglig godkjent, and applies nowhere.
        for who in APPROVERS:
            clock.forward(days=2)
            approved = library.approve(draft.proposal, digest=revised.digest, by=who)
        assert str(approved.version) == "1.0"
        assert library.in_force() == []
        assert {cell.state for cell in library.matrix().cells.values()} == {AdoptionState.TO_CONSIDER}

        # Fauske fills in its number and takes it into use from the first of the month; Beiarn has a routine of its own.
        library.set_local_information("vakt", "Fauske", {"vakttelefon": "75 00 00 00"}, by="ansvarlig.fauske")
        first = clock.today.replace(day=1, month=12)
        library.adopt("vakt", "Fauske", from_on=first, by="beslutter.fauske", reason="Vi mangler en.")
        library.use_own_routine("vakt", "Beiarn", link="https://beiarn.provevik.example/vakt", by="beslutter.beiarn")

        # In December a nurse in Fauske finds it with the telephone in it. In Beiarn she finds nothing.
        clock.now = clock.now.replace(month=12, day=3)
        assert library.search("vakttelefon", municipality="Fauske").result.hits[0].procedure_id == "vakt"
        assert library.search("vakttelefon", municipality="Beiarn").result.hits == ()
        document = library.document("vakt", "Fauske")
        assert document.header.status is DocumentStatus.IN_FORCE
        page = library.render(document, "html").decode()
        assert "75 00 00 00" in page
        assert "kommunalsjef helse og omsorg" in page
        assert library.render(document, "html").decode() == page

        # It is published to the quality system; a second time nothing is written.
        (tmp_path / "kvalitet").mkdir()
        library.set_target("Fauske", "kvalitet", "folder", tmp_path / "kvalitet", by="ansvarlig.fauske")
        library.publish("Fauske", by="ansvarlig.fauske")
        written = {path: path.stat().st_mtime_ns for path in (tmp_path / "kvalitet").rglob("*.html")}
        library.publish("Fauske", by="ansvarlig.fauske")
        assert written
        assert {path: path.stat().st_mtime_ns for path in (tmp_path / "kvalitet").rglob("*.html")} == written

        # Two years later the routine is merged into another, and Fauske ends the use.
        night = clock.today
        clock.forward(days=730)
        library.end_use("vakt", "Fauske", reason="Slått sammen.", by="beslutter.fauske")

    # An auditor opens the library: what applied that night, who decided, and that nothing was changed since.
    clock.forward(days=1)
    with any_home.opened() as library:
        assert library.in_force(municipality="Fauske") == []
        (then,) = library.in_force(night, municipality="Fauske")
        assert (str(then.version), then.position, then.from_on) == ("1.0", "kommunalsjef helse og omsorg", first)
        kinds = [one.kind for one in library.history("vakt", municipality="Fauske")]
        assert kinds == [
            "proposed", "proposal_revised", "proposal_sent", *["approval_given"] * 4, "version_approved",
            "local_information_set", "adopted", "ended",
        ]  # fmt: skip
        assert library.verify().is_clean
