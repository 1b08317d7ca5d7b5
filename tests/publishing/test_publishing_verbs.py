"""The verbs of publishing on a real home: targets that are set, moved and ended, and what lies there afterwards."""

import contextlib
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlmodel import select

from samrutine.errors import (
    DecisionIdReused,
    DestinationAhead,
    DestinationMissing,
    DestinationNotOurs,
    NotAllowed,
    Refused,
    StoreDamaged,
    TargetNotFound,
)
from samrutine.publishing.manifest import read_manifest, write_manifest
from samrutine.publishing.model import ManifestEntry, PublicationState
from samrutine.publishing.service import Publishing
from samrutine.publishing.targets import PlaceIsTheLibrarys, PlaceTaken, PrivateTargetName
from samrutine.storage import steps
from samrutine.storage.rows import EffectiveDocumentRow, InForceRow, TargetRow
from tests.support.stories import change_with_everyone
from tests.support.texts import a_routine

BY = "ansvarlig.fauske"
FILES = ["handhygiene.html", "handhygiene.md", "handhygiene.pdf", "index.csv", "index.html", "index.json"]
ALL = sorted([*FILES, "samrutine-manifest.json"])


@pytest.fixture
def place(tmp_path):
    """Make an empty folder for publishing to, by name."""

    def made(name):
        folder = tmp_path / name
        folder.mkdir()
        return folder

    return made


@pytest.fixture
def fauske(library_with_routine):
    """A library in which Fauske uses `handhygiene`."""
    library_with_routine.adopt("handhygiene", "Fauske", by="beslutter.fauske")
    return library_with_routine


def set_to(library, folder, name="k", connector="folder"):
    return library.set_target("Fauske", name, connector, folder, by=BY)


def publish(library, **how):
    return library.publish("Fauske", by=BY, **how)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


class TestADamagedDatabase:
    @pytest.mark.parametrize("damage", ["another version", "no interval"])
    def test_is_read_and_not_sent_out(self, fauske, place, damage):
        """
        What lies in the quality system is what people follow: it stays as it was until somebody has looked.
        """
        folder = place("k")
        set_to(fauske, folder)
        publish(fauske)
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        change_with_everyone(fauske, a_routine(extra="Ingen har tatt dette i bruk."))
        with fauske._parts.database.writing() as session:
            row = session.exec(select(InForceRow).where(InForceRow.municipality == "1841")).one()
            if damage == "no interval":
                session.delete(row)
            else:
                row.minor, row.digest = 1, fauske.versions("handhygiene")[-1].digest

        (error,) = publish(fauske).errors

        assert isinstance(error, StoreDamaged)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
        assert fauske.verify().faults

    @pytest.mark.parametrize("which", ["the one before", "the one that lies there"])
    def test_when_a_document_was_first_delivered_is_held_to_when_it_applied(self, fauske, place, which):
        """
        Which decision a paper was made after ties it to what was decided then, and not to what came later.
        """
        set_to(fauske, place("k"))
        publish(fauske)
        change_with_everyone(fauske, a_routine(extra="Nytt."))
        fauske.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        publish(fauske)
        fauske.decline("handhygiene", "Beiarn", reason="Vi har vår egen.", by="beslutter.beiarn")
        before = fauske.verify()
        with fauske._parts.database.writing() as session:
            rows = session.exec(select(EffectiveDocumentRow).order_by(EffectiveDocumentRow.first_number)).all()
            rows[which != "the one before"].first_number += 1 if which != "the one before" else 10

        found = {one.code for one in fauske.verify().faults}

        assert before.is_clean
        assert found == {"effective-document"}


class TestWordsOfTheirOwn:
    """Whoever may write in the municipality's folder may put anything there, also under the names that we use."""

    @pytest.fixture(autouse=True)
    def quickly_made(self, fauske):
        fauske._parts.renderers = dict.fromkeys(("pdf", "html", "md"), lambda document: document.text.body.encode())

    def test_under_a_name_that_we_shall_use_are_left_and_said_each_time(self, fauske, place):
        """
        It may be the only copy of a routine that was theirs before there was a library.
        """
        folder = place("k")
        (folder / "handhygiene.pdf").write_bytes(b"deres egen rutine")
        set_to(fauske, folder)

        states = [one.receipts[0].state_of("handhygiene") for one in (publish(fauske), publish(fauske, overwrite=True))]
        left = (folder / "handhygiene.pdf").read_bytes()
        (folder / "handhygiene.pdf").rename(folder / "deres handhygiene.pdf")
        after = publish(fauske)

        assert (left, states) == (b"deres egen rutine", [PublicationState.FAILED] * 2)
        assert after.receipts[0].state is PublicationState.VERIFIED
        assert (folder / "deres handhygiene.pdf").read_bytes() == left
        assert fauske.verify().is_clean

    @pytest.mark.parametrize("part", ["files", "intent"])
    def test_under_the_digest_that_a_document_is_going_to_have_are_not_taken_for_it(self, fauske, place, part):
        """
        The digest of tomorrow's document can be computed today. A list that says that it lies there proves nothing.
        """
        folder = place("k")
        set_to(fauske, folder)
        publish(fauske)
        change_with_everyone(fauske, a_routine(extra="Vask i 60 sekunder."))
        fauske.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        (planned,) = fauske.preview("Fauske", by=BY)
        coming = next(line.wanted for line in planned.plan.writes if line.path == "handhygiene.md")
        list_there = folder / "samrutine-manifest.json"
        (folder / "handhygiene.md").write_bytes(b"Vask i 10.")
        lying = read_manifest(list_there.read_bytes())
        line = ManifestEntry.of(coming, b"Vask i 10.")
        list_there.write_bytes(write_manifest(replace(lying, **{part: {**getattr(lying, part), coming.path: line}})))

        publish(fauske).require_all()

        assert "60 sekunder" in (folder / "handhygiene.md").read_text()
        assert fauske.verify().is_clean
        assert not any(line.writes for one in fauske.preview("Fauske", by=BY) for line in one.plan.lines)


class TestMoving:
    def test_a_target_that_is_moved_leaves_nothing_behind(self, fauske, place):
        """
        Two years later somebody opens the old folder in good faith, and follows what nobody maintains.
        """
        old, new = place("gammel"), place("ny")
        first = set_to(fauske, old)
        publish(fauske)
        second = set_to(fauske, new)

        published = publish(fauske)

        assert names(old) == []
        assert names(new) == ALL
        assert first.target != second.target
        assert [(one.target, one.ended) for one in published.targets] == [(first.target, True), (second.target, False)]
        assert [one.target for one in publish(fauske).targets] == [second.target]

    def test_moved_and_then_out_of_use_there_is_no_copy_anywhere(self, fauske, place, clock):
        """
        «Trukket tilbake» must be true of every place we ever wrote to.
        """
        old, new = place("gammel"), place("ny")
        set_to(fauske, old)
        publish(fauske)
        set_to(fauske, new)
        publish(fauske)
        fauske.end_use("handhygiene", "Fauske", reason="Utgått.", by="beslutter.fauske")
        clock.forward(days=1)

        publish(fauske)

        assert names(old) == []
        assert "handhygiene.pdf" not in names(new)
        assert [str(one.state) for one in fauske.publications("Fauske")] == ["withdrawn"]

    def test_what_cannot_be_reached_stays_on_the_list_until_it_can(self, fauske, place):
        """
        A share that is down today is up tomorrow, with our copies still on it.
        """
        old, new = place("gammel"), place("ny")
        set_to(fauske, old)
        publish(fauske)
        set_to(fauske, new)
        away = old.rename(old.with_name("frakoblet"))

        failed = publish(fauske)
        still_listed = {one.state for one in fauske.publications("Fauske")}
        away.rename(old)
        publish(fauske)

        assert [type(one) for one in failed.errors] == [DestinationMissing]
        assert names(new) == ALL
        assert still_listed == {PublicationState.VERIFIED}
        assert names(old) == []
        assert publish(fauske).errors == ()

    def test_a_copy_that_somebody_changed_is_left_and_reported_each_time(self, fauske, place):
        """
        We take away what we wrote; what it has become is somebody's work, and somebody must look.
        """
        old, new = place("gammel"), place("ny")
        set_to(fauske, old)
        publish(fauske)
        (old / "handhygiene.md").write_text("Rettet for hånd")
        set_to(fauske, new)

        for _ in range(2):
            gone = publish(fauske).targets[0]
            assert gone.receipt.state is PublicationState.DRIFTED
            assert names(old) == ["handhygiene.md", "samrutine-manifest.json"]
        publish(fauske, overwrite=True)

        assert names(old) == []
        assert len(publish(fauske).targets) == 1

    def test_moved_there_and_back_it_is_the_same_target(self, fauske, place):
        """
        Somebody regrets the move, before or after the next publishing.
        """
        one, two = place("en"), place("to")
        first = set_to(fauske, one)
        publish(fauske)
        set_to(fauske, two)
        back = set_to(fauske, one)

        publish(fauske)
        set_to(fauske, two)
        publish(fauske)
        set_to(fauske, one)
        published = publish(fauske)

        assert back.target == first.target
        assert published.errors == ()
        assert (names(one), names(two)) == (ALL, [])

    def test_from_folder_to_package_is_a_move_too(self, fauske, place):
        """
        The quality system changed, and takes a package now.
        """
        folder = place("mappe")
        set_to(fauske, folder)
        publish(fauske)
        set_to(fauske, folder.with_name("k.zip"), connector="package")
        publish(fauske)
        assert names(folder) == []

        set_to(fauske, folder)
        publish(fauske)

        assert names(folder) == ALL
        assert not folder.with_name("k.zip").exists()

    def test_a_folder_that_was_moved_with_our_files_in_it_is_taken_over(self, fauske, place):
        """
        IT gives the share a new name, and somebody tells the library afterwards.
        """
        old = place("gammel")
        set_to(fauske, old)
        publish(fauske)
        new = old.rename(old.with_name("ny"))
        (new / "handhygiene.md").write_text("Rettet for hånd")
        set_to(fauske, new)

        (published,) = publish(fauske).targets

        assert published.receipt.state is PublicationState.DRIFTED
        assert names(new) == ALL
        assert [str(one.state) for one in fauske.publications("Fauske")] == ["drifted"]
        (again,) = publish(fauske, overwrite=True).require_all().receipts
        assert again.state is PublicationState.VERIFIED
        assert again.took_over is None

    def test_a_mistyped_place_that_was_never_there_is_forgotten(self, fauske, place, tmp_path):
        """
        Nobody should be told every morning about a spelling mistake that was put right.
        """
        set_to(fauske, tmp_path / "kvalitt")
        assert len(publish(fauske).errors) == 1
        set_to(fauske, place("kvalitet"))

        published = publish(fauske)

        assert published.errors == ()
        assert len(published.receipts) == 1

    def test_the_same_place_again_is_no_move(self, fauske, place):
        """
        The same line in a script every night must not end anything.
        """
        folder = place("mappe")
        first = set_to(fauske, folder)
        publish(fauske)

        again = set_to(fauske, f"{folder}/")

        assert again.target == first.target
        assert [len(one.lines) for one in publish(fauske).receipts] == [6]
        assert names(folder) == ALL


class TestEnding:
    def test_takes_our_copies_away_at_the_next_publishing(self, fauske, place):
        """
        The municipality stops using a system; our copies must not live on in it.
        """
        folder = place("mappe")
        (folder / "kommunens.txt").write_text("vår")
        set_to(fauske, folder)
        publish(fauske)

        ended = fauske.end_target("Fauske", "k", by=BY)
        before = names(folder)
        published = publish(fauske)

        assert ended.projected
        assert before == sorted([*ALL, "kommunens.txt"])
        assert published.targets[0].ended
        assert names(folder) == ["kommunens.txt"]
        assert fauske.publications("Fauske") == []
        with pytest.raises(TargetNotFound):
            publish(fauske)
        assert fauske.verify().is_clean

    def test_twice_with_one_id_is_once(self, fauske, place):
        """
        Whatever is called over a network is called twice one day.
        """
        set_to(fauske, place("mappe"))

        first = fauske.end_target("Fauske", "k", by=BY, decision_id="slutt")
        second = fauske.end_target("Fauske", "k", by=BY, decision_id="slutt")

        assert first == second
        with pytest.raises(DecisionIdReused):
            fauske.end_target("Fauske", "annet", by=BY, decision_id="slutt")

    def test_needs_a_target_of_that_name_and_somebody_responsible(self, fauske, place):
        """
        A neighbour must not be able to empty our quality system.
        """
        set_to(fauske, place("mappe"))

        with pytest.raises(NotAllowed):
            fauske.end_target("Fauske", "k", by="beslutter.steigen")
        with pytest.raises(TargetNotFound):
            fauske.end_target("Fauske", "annet", by=BY)

    def test_its_place_may_be_anothers_afterwards(self, fauske, place):
        """
        Two municipalities merge their quality systems.
        """
        folder = place("mappe")
        set_to(fauske, folder)
        publish(fauske)
        fauske.end_target("Fauske", "k", by=BY)
        fauske.set_target("Steigen", "k", "folder", folder, by="beslutter.steigen")

        too_early = fauske.publish("Steigen", by="beslutter.steigen")
        publish(fauske)
        in_time = fauske.publish("Steigen", by="beslutter.steigen")

        assert [type(one) for one in too_early.errors] == [DestinationNotOurs]
        assert in_time.errors == ()


class TestSetting:
    @pytest.mark.parametrize("inside", ["", "library.git", "index", "../"], ids=["the home", "git", "index", "above"])
    def test_the_librarys_own_place_is_refused(self, fauske, home_with_routine, inside):
        """
        Who is responsible in one municipality must not be able to write over what nine believe in.
        """
        with pytest.raises(Refused) as refused:
            set_to(fauske, home_with_routine.path / inside)

        assert refused.value.reasons == (PlaceIsTheLibrarys("publisert"),)

    def test_a_link_that_leads_into_the_home_later_is_refused_when_publishing(self, fauske, home_with_routine, place):
        """
        A path that was good when it was set may lead elsewhere tonight.
        """
        folder = place("mappe")
        set_to(fauske, folder)
        folder.rmdir()
        folder.symlink_to(home_with_routine.path / "files")

        published = publish(fauske)

        assert [type(one) for one in published.errors] == [Refused]
        assert names(home_with_routine.path / "files") == []

    def test_a_place_belongs_to_one_target(self, fauske, place):
        """
        Two in one folder would each call the other's files a stranger's, every night.
        """
        folder = place("mappe")
        set_to(fauske, folder)

        with pytest.raises(Refused) as refused:
            fauske.set_target("Steigen", "andre", "folder", f"{folder}/.", by="beslutter.steigen")

        assert refused.value.reasons == (PlaceTaken(),)

    def test_a_persons_number_is_no_name(self, fauske, place):
        """
        The name is shown to everybody.
        """
        with pytest.raises(Refused) as refused:
            set_to(fauske, place("mappe"), name="412 34 567")

        assert refused.value.reasons == (PrivateTargetName(),)

    def test_name_and_place_stay_out_of_the_chain(self, fauske, place):
        """
        People call folders after themselves; what the chain holds can never be taken out of it.
        """
        folder = place("hos-kari")
        set_to(fauske, folder, name="Karis mappe")

        with fauske._parts.database.reading() as session:
            from sqlmodel import col, select

            from samrutine.storage.rows import DecisionRow

            record = session.exec(select(DecisionRow.record).order_by(col(DecisionRow.number).desc())).first()
        assert "target_set" in record
        assert "Karis" not in record
        assert "hos-kari" not in record


class TestPublishing:
    def test_one_target_that_fails_does_not_hold_up_the_others(self, fauske, place, tmp_path):
        """
        The first in the alphabet must not decide whether the rest get today's routine.
        """
        set_to(fauske, tmp_path / "borte", name="a-borte")
        set_to(fauske, place("b"), name="b")

        published = publish(fauske)

        assert [(one.name, one.error is None) for one in published.targets] == [("a-borte", False), ("b", True)]
        assert names(tmp_path / "b") == ALL
        with pytest.raises(DestinationMissing):
            published.require_all()
        assert publish(fauske, target="b").require_all().receipts

    def test_a_preview_writes_nothing_anywhere(self, fauske, place, tmp_path):
        """
        Looking must be free, or nobody looks.
        """
        set_to(fauske, tmp_path / "borte", name="a-borte")
        folder = place("mappe")
        set_to(fauske, folder, name="b")

        missing, planned = fauske.preview("Fauske", by=BY)

        assert isinstance(missing.error, DestinationMissing)
        assert sorted(line.path for line in planned.plan.writes) == FILES
        assert names(folder) == []
        with fauske._parts.database.reading() as session:
            assert session.get_one(TargetRow, planned.target).checked_at is None
        with pytest.raises(NotAllowed):
            fauske.preview("Fauske", by="ansatt.fauske")


class TestPublishingWhileAnotherDoes:
    """Two processes publish for one municipality: the timer's, and a person's right after a decision."""

    @pytest.fixture
    def both(self, any_library_with_routine, any_home_with_routine, place):
        """Give two libraries on one home in which Fauske uses 1.0 and 1.1 is faglig godkjent, and the folder."""
        slow, quick = any_library_with_routine, any_home_with_routine.opened()
        slow.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        folder = place("mappe")
        set_to(slow, folder)
        publish(slow)
        yield slow, quick, folder
        steps.watch(None)
        quick.close()

    @staticmethod
    def overtake(quick, at):
        """Let a newer version be taken into use and published by another, once, when the slow one is at a step."""

        def reached(step):
            if step == at:
                steps.watch(None)
                change_with_everyone(quick, a_routine(extra="Vask i 60 sekunder."))
                quick.adopt("handhygiene", "Fauske", by="beslutter.fauske")
                publish(quick).require_all()

        steps.watch(reached)

    @pytest.mark.parametrize("at", ["publish: planned", "publish: delivered"])
    def test_the_slow_one_does_not_put_back_the_older_version(self, both, at):
        """
        A ward would wash for twenty seconds again, by a copy that says it was verified just now.
        """
        slow, quick, folder = both
        self.overtake(quick, at)

        published = publish(slow).require_all()

        assert "60 sekunder" in (folder / "handhygiene.md").read_text()
        assert [(one.version, str(one.state)) for one in slow.publications("Fauske")] == [("1.1", "verified")]
        assert {str(line.version) for line in published.receipts[0].lines if line.procedure_id} == {"1.1"}
        assert not any(line.writes for one in slow.preview("Fauske", by=BY) for line in one.plan.lines)

    def test_a_document_is_of_the_first_that_read_its_decisions_whoever_keeps_the_receipt_first(self, both):
        """
        Which state of the chain a paper was first made from must not depend on who was quicker to write it down.
        """
        slow, quick, folder = both
        second = folder.with_name("andre")
        second.mkdir()
        set_to(slow, second, name="l")
        change_with_everyone(slow, a_routine(extra="Nytt."))
        slow.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        def reached(step):
            if step == "publish: delivered":
                steps.watch(None)
                quick.decline("handhygiene", "Beiarn", reason="Vi har vår egen.", by="beslutter.beiarn")
                publish(quick, target="l").require_all()

        steps.watch(reached)
        (receipt,) = publish(slow, target="k").require_all().receipts

        with slow._parts.database.reading() as session:
            (row,) = session.exec(select(EffectiveDocumentRow).where(EffectiveDocumentRow.version == "1.1")).all()
        assert row.first_number == receipt.head.number
        assert slow.verify().is_clean

    def test_what_is_decided_before_the_files_are_read_is_published_at_once(self, both):
        """
        With several targets the last is reached minutes after the first; it must not get what applied then.
        """
        slow, quick, folder = both
        second = folder.with_name("andre")
        second.mkdir()
        set_to(slow, second, name="l")
        self.overtake(quick, "publish: receipts written")

        publish(slow).require_all()

        assert "60 sekunder" in (second / "handhygiene.md").read_text()

    def test_a_library_put_back_to_an_older_copy_leaves_what_it_published_later(self, both):
        """
        The municipality's folder is the witness of what was decided; a restored backup must not overrule it unseen.
        """
        slow, _, folder = both
        manifest = folder / "samrutine-manifest.json"
        manifest.write_text(re.sub(r'"number": \d+', '"number": 100000', manifest.read_text()))
        before = manifest.read_bytes()

        refused = publish(slow)
        looked = slow.preview("Fauske", by=BY)
        after = manifest.read_bytes()
        taken = publish(slow, overwrite=True)

        assert [type(one) for one in refused.errors] == [DestinationAhead]
        assert [type(one.error) for one in looked] == [DestinationAhead]
        assert after == before
        assert taken.errors == ()


class TestSeveralTargets:
    def test_two_are_published_to_in_the_same_moment_and_both_have_their_receipt(
        self, any_home_with_routine, place, monkeypatch
    ):
        """
        Two people press the button. The same paper is new to both, and neither sees what the other is about to keep.
        """
        home, kept = any_home_with_routine, Publishing._keep_lines
        with home.opened() as library:
            library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
            for name in "ab":
                set_to(library, place(name), name)
        together = threading.Barrier(2)

        def keep_and_wait(session, receipt, procedure, *rest):
            # On PostgreSQL the second waits for the first inside the database, and never comes here before it.
            with contextlib.suppress(threading.BrokenBarrierError):
                together.wait(0.5)
            kept(session, receipt, procedure, *rest)
            with contextlib.suppress(threading.BrokenBarrierError):
                together.wait(0.5)

        def run(name):
            with home.opened() as library:
                return publish(library, target=name).errors

        monkeypatch.setattr(Publishing, "_keep_lines", staticmethod(keep_and_wait))
        with ThreadPoolExecutor(2) as pool:
            errors = list(pool.map(run, "ab"))

        assert errors == [(), ()]
        with home.opened() as library:
            lie = [(one.target, one.state) for one in library.publications("Fauske")]
            assert lie == [("a", PublicationState.VERIFIED), ("b", PublicationState.VERIFIED)]

    def test_a_damaged_store_at_one_does_not_keep_the_next_from_being_tried(self, fauske, place, monkeypatch):
        """
        One municipality's network drive must not stop the paper that lies in the other place.
        """
        for name in "ab":
            set_to(fauske, place(name), name)
        connectors = fauske._parts.publishing._connectors
        usual = connectors["folder"]

        def opened(location):
            if location.endswith("a"):
                raise StoreDamaged(store="git", detail="words")
            return usual(location)

        monkeypatch.setattr(fauske._parts.publishing, "_connectors", {**connectors, "folder": opened})

        published = publish(fauske)

        assert [type(one) for one in published.errors] == [StoreDamaged]
        assert [one.state for one in published.receipts] == [PublicationState.VERIFIED]
