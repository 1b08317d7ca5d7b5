"""After a restore nothing old is published, no link opens anything, and what was erased since is told."""

import shutil
from datetime import timedelta

import pytest
from sqlmodel import select

from samrutine import Library
from samrutine.errors import (
    DestinationAhead,
    DestinationElsewhere,
    LinkNotValid,
    NotAllowed,
    NotThisRegister,
    PublishingPaused,
    Refused,
    RegisterBroken,
    TargetNotFound,
)
from samrutine.publishing.paused import LiesAhead, ListGone, NotPaused, reasons_against_resuming
from samrutine.storage.git import MAIN, GitStore, answered
from samrutine.storage.rows import PersonRow
from tests.support.backups import every_blob_without
from tests.support.clock import Clock
from tests.support.stories import approve_with_everyone, change_with_everyone, waits_for
from tests.support.texts import a_routine

BY = "ansvarlig.fauske"


def git_in(store, *arguments):
    """Run git in a repository; gives what it says."""
    return answered(["--git-dir", str(store.folder), *arguments]).decode().strip()


def files_in(place):
    """Give every file at a place, by name."""
    return {path.name: path.read_bytes() for path in sorted(place.iterdir())}


@pytest.fixture
def place(tmp_path):
    """Where Fauske publishes."""
    made = tmp_path / "kvalitet"
    made.mkdir()
    return made


@pytest.fixture
def fauske(library_with_routine, place):
    """Fauske uses `handhygiene` 1.0 and has published it."""
    library_with_routine.adopt("handhygiene", "Fauske", by="beslutter.fauske")
    library_with_routine.set_target("Fauske", "kvalitet", "folder", place, by=BY)
    library_with_routine.publish("Fauske", by=BY)
    return library_with_routine


@pytest.fixture
def put_back(fauske, folder, new_home, clock):
    """Fauske has published 1.1 after the backup of 1.0 was taken; and the backup is put back."""
    fauske.backup(folder)
    change_with_everyone(fauske, a_routine(extra="Også i ferien."))
    fauske.adopt("handhygiene", "Fauske", by="beslutter.fauske")
    fauske.publish("Fauske", by=BY)
    Library.restore(folder, new_home, clock=clock)
    with Library.open(new_home, clock=clock) as library:
        yield library


class TestPublishingIsPaused:
    def test_a_restore_of_an_older_backup_publishes_nothing_old(self, put_back, place):
        """
        The nurse in Fauske reads 1.1 today. A restore on a Sunday must not give her 1.0 on Monday.
        """
        before = files_in(place)

        for overwrite in (False, True):
            published = put_back.publish("Fauske", by=BY, overwrite=overwrite)

            assert [type(one) for one in published.errors] == [DestinationAhead]
            assert files_in(place) == before

    def test_what_is_no_older_waits_all_the_same_and_the_plan_is_shown(self, fauske, place, folder, new_home, clock):
        """
        Nobody knows before somebody has looked.
        """
        fauske.backup(folder)
        Library.restore(folder, new_home, clock=clock)
        before = files_in(place)

        with Library.open(new_home, clock=clock) as library:
            (at,) = library.publish("Fauske", by=BY).targets

        assert isinstance(at.error, PublishingPaused)
        assert '`samrutine publish "Fauske" --plan`' in at.error.remedy("nb")
        assert at.plan is not None
        assert at.plan.changes_nothing
        assert files_in(place) == before

    def test_it_waits_in_the_inbox_until_somebody_has_looked(self, fauske, folder, new_home, clock):
        """
        A pause that nobody is told of lasts for ever.
        """
        fauske.backup(folder)
        restored = Library.restore(folder, new_home, clock=clock)
        again = Library.restore(folder, new_home, clock=clock)

        with Library.open(new_home, clock=clock) as library:
            waited = waits_for(library, BY)
            paused = library.paused_targets("Fauske")
            resumed = library.resume_publishing("Fauske", "kvalitet", by=BY)
            published = library.publish("Fauske", by=BY)

            assert [(one.municipality, one.name) for one in paused] == [("1841", "kvalitet")]
            assert [one.target for one in restored.paused] == [one.target for one in paused]
            assert (again.is_repeat, again.paused) == (True, restored.paused)
            assert "se på det som er publisert, og åpne for publisering igjen: Fauske (Fauske)" in waited
            assert waits_for(library, BY) == [one for one in waited if "se på det" not in one]
            assert library.paused_targets() == []
            assert published.errors == ()
            assert resumed.there is not None
            assert library.verify().is_clean


class TestResuming:
    def test_what_lies_ahead_needs_a_second_word(self, put_back, place):
        """
        Whoever puts the older in the place of the newer must mean it, twice.
        """
        with pytest.raises(Refused) as caught:
            put_back.resume_publishing("Fauske", "kvalitet", by=BY)
        put_back.resume_publishing("Fauske", "kvalitet", by=BY, overwrite=True)
        still = put_back.publish("Fauske", by=BY)
        published = put_back.publish("Fauske", by=BY, overwrite=True)

        assert [type(one) for one in caught.value.reasons] == [LiesAhead]
        assert [type(one) for one in still.errors] == [DestinationAhead]
        assert published.errors == ()
        assert b"ferien" not in (place / "handhygiene.md").read_bytes()

    def test_what_lies_ahead_is_named_as_that_and_nothing_more(self, put_back, place):
        """
        Whoever obeys «listen er ikke vår, ta den bort» on the morning after a restore, removes what tells it is newer.
        """
        ahead = [one.code for one in put_back.verify().faults]
        (place / "samrutine-manifest.json").unlink()

        gone = {one.code for one in put_back.verify().faults}
        with pytest.raises(Refused) as caught:
            put_back.resume_publishing("Fauske", "kvalitet", by=BY)

        assert ahead == ["target-elsewhere"]
        assert "manifest-missing" in gone
        assert caught.value.reasons == (ListGone(),)

    def test_what_was_published_since_and_gives_way_leaves_nothing_that_nobody_decided(
        self, fauske, folder, new_home, clock, place
    ):
        """
        The old server's copy of a routine we have not taken into use goes; it must not stand here as having applied.
        """
        approve_with_everyone(fauske, a_routine("vakt", title="Vakt"))
        fauske.backup(folder)
        fauske.adopt("vakt", "Fauske", by="beslutter.fauske")
        fauske.publish("Fauske", by=BY)
        Library.restore(folder, new_home, clock=clock)

        with Library.open(new_home, clock=clock) as library:
            library.resume_publishing("Fauske", "kvalitet", by=BY, overwrite=True)
            (place / "samrutine-manifest.json").rename(place.parent / "listen")
            stray = {one.detail.split()[-1] for one in library.verify().notes if one.code == "copy-stray"}
            (place.parent / "listen").rename(place / "samrutine-manifest.json")
            published = library.publish("Fauske", by=BY, overwrite=True).require_all()
            verified = library.verify()
            old = fauske.publish("Fauske", by=BY)
            seen = [one.code for one in fauske.verify().faults]

        assert stray == {"vakt.html", "vakt.md", "vakt.pdf"}
        assert not (place / "vakt.md").exists()
        assert published.errors == ()
        assert (verified.faults, verified.notes) == ((), ())
        assert [type(one) for one in old.errors] == [DestinationElsewhere]
        assert "target-elsewhere" in seen

    def test_other_decisions_of_the_same_number_are_not_the_same(self, put_back):
        """
        After the restore the library decided on, and its numbers passed those that were lost.
        """
        for slug in ("beiarn", "meloy", "steigen", "saltdal", "rodoy", "sorfold", "hamaroy", "gildeskal"):
            put_back.adopt("handhygiene", slug, by=f"beslutter.{slug}")

        with pytest.raises(Refused) as caught:
            put_back.resume_publishing("Fauske", "kvalitet", by=BY)

        (reason,) = caught.value.reasons
        assert reason.here >= reason.there

    def test_is_one_act_however_often_it_is_asked(self, fauske, folder, new_home, clock, place):
        """
        The answer did not come, so it is asked again; by then the share is down.
        """
        fauske.backup(folder)
        Library.restore(folder, new_home, clock=clock)

        with Library.open(new_home, clock=clock) as library:
            first = library.resume_publishing("Fauske", "kvalitet", by=BY, decision_id="en-gang")
            shutil.rmtree(place)
            again = library.resume_publishing("Fauske", "kvalitet", by=BY, decision_id="en-gang")

        assert (first.number, first.there, first.target) == (again.number, again.there, again.target)

    def test_of_what_is_not_paused_or_not_there(self, fauske):
        """
        A typing mistake says so.
        """
        with pytest.raises(Refused) as caught:
            fauske.resume_publishing("Fauske", "kvalitet", by=BY)
        with pytest.raises(TargetNotFound):
            fauske.resume_publishing("Fauske", "intranett", by=BY)

        assert caught.value.reasons == (NotPaused(),)

    def test_only_by_those_who_publish_there(self, put_back):
        """
        It is the municipality's own place.
        """
        with pytest.raises(NotAllowed):
            put_back.resume_publishing("Fauske", "kvalitet", by="beslutter.beiarn")

    @pytest.mark.parametrize(
        ("there", "hash_here", "may"),
        [(None, None, True), ((7, "a"), "a", True), ((7, "a"), "b", False), ((7, "a"), None, False)],
        ids=["nothing lies there", "ours", "another of that number", "none of that number"],
    )
    def test_the_rule(self, there, hash_here, may):
        """
        What lies there must rest on a decision that is ours.
        """
        assert (reasons_against_resuming(there, 9, hash_here) == []) is may


class TestWhatElseIsVoid:
    def test_a_personal_link_opens_nothing_any_more(self, any_library, any_home, folder, new_home, new_url, clock):
        """
        It may have been revoked after the backup was taken, and nobody would know.
        """
        made = any_library.propose(a_routine(), by="skribent")
        any_library.open_hearing(made.proposal, by="redaktor", parties=["outside:Fastlegen"], digest=made.digest)
        invited = any_library.invite_outsider(made.proposal, "Fastlegen", by="redaktor")
        any_library.backup(folder)

        restored = Library.restore(folder, new_home, database_url=new_url, clock=clock)

        assert restored.void_links == 1
        assert restored.faults == ()
        assert Library.preview_restore(folder, new_home.with_name("x"), clock=clock).void_links == 1
        with Library.open(new_home, clock=clock) as library, pytest.raises(LinkNotValid):
            library.read_by_link(invited.token)


class TestTheRegisterIsAhead:
    def test_what_is_missing_is_told_and_may_be_taken(self, fauske, home_with_routine, folder, tmp_path, clock):
        """
        The database's disk is gone and git's is not: last night's copy, and today's decisions from the register.
        """
        fauske.backup(folder)
        adopted = fauske.adopt("handhygiene", "Beiarn", by="beslutter.beiarn")

        seen = Library.preview_restore(folder, tmp_path / "a", register=home_with_routine.path, clock=clock)
        told = Library.restore(folder, tmp_path / "a", register=home_with_routine.path, clock=clock)
        taken = Library.restore(
            folder, tmp_path / "b", register=home_with_routine.path, from_register=True, clock=clock
        )

        assert [(one.number, one.kind, one.body) for one in told.missing] == [
            (adopted.number, "adopted", "municipality:1839")
        ]
        assert (seen.ahead, seen.takes, seen.in_the_way) == (1, False, ())
        assert (told.taken, taken.taken) == (False, True)
        assert (told.faults, taken.faults) == ((), ())
        with Library.open(tmp_path / "a", clock=clock) as library:
            assert [one.municipality for one in library.in_force()] == ["1841"]
        with Library.open(tmp_path / "b", clock=clock) as library:
            assert [one.municipality for one in library.in_force()] == ["1839", "1841"]

    def test_what_was_taken_away_since_goes_again_though_the_register_was_written_anew(
        self, fauske, home_with_routine, folder, tmp_path, clock
    ):
        """
        A name in a municipality's own words. Taking it away rewrites the register itself, so it goes on from no older one.
        """
        added = fauske.add_addition(
            "handhygiene", "Fauske", "ansvar", "practical-note", "Ring Ola Hverdagslig.", by=BY, decision_id="t"
        )
        fauske.drop_addition(added.addition, by=BY)
        fauske.backup(folder)
        (trace,) = fauske.traces("Hverdagslig", by="redaktor")
        redacted = fauske.redact(trace.digest, reason="Feil sted.", by="redaktor")
        adopted = fauske.adopt("handhygiene", "Beiarn", by="beslutter.beiarn")
        register = home_with_routine.path

        told = Library.restore(folder, tmp_path / "a", register=register, clock=clock)
        seen = Library.preview_restore(folder, tmp_path / "b", register=register, from_register=True, clock=clock)
        taken = Library.restore(folder, tmp_path / "b", register=register, from_register=True, clock=clock)

        for restored in (told, taken):
            assert [one.number for one in restored.missing] == [redacted.number, adopted.number]
            assert restored.faults == ()
        assert [one.about for one in told.erase_again] == [trace.digest]
        assert (seen.ahead, seen.takes, seen.erase_again) == (2, True, ())
        assert (taken.taken, taken.erase_again) == (True, ())
        assert every_blob_without(tmp_path / "b" / "library.git", b"Hverdagslig")
        with Library.open(tmp_path / "b", clock=clock) as library:
            assert library.traces("Hverdagslig", by="redaktor") == []

    def test_what_is_no_register_of_ours_is_refused_before_anything_is_made(
        self, fauske, home_with_routine, folder, new_home, tmp_path, clock
    ):
        """
        A wrong path must not look like a register from which nothing is missing; nor one without its words half a home.
        """
        fauske.backup(folder)
        change_with_everyone(fauske, a_routine(extra="Også i ferien."))
        shutil.copytree(home_with_routine.path / "library.git", tmp_path / "uten-ord.git")
        without_words = GitStore(tmp_path / "uten-ord.git")
        git_in(without_words, "update-ref", MAIN, git_in(without_words, "rev-parse", f"{MAIN}~1"))
        GitStore(tmp_path / "tom.git").create()
        other = Clock(clock.now - timedelta(days=900))
        Library.init(tmp_path / "annet", editor_login="en", editor_name="En", clock=other).close()

        for place, error in (
            *(("borte", RegisterBroken), ("tom.git", RegisterBroken), ("uten-ord.git", RegisterBroken)),
            ("annet", NotThisRegister),
        ):
            seen = Library.preview_restore(folder, new_home, register=tmp_path / place, from_register=True, clock=clock)
            with pytest.raises(error):
                Library.restore(folder, new_home, register=tmp_path / place, from_register=True, clock=clock)

            assert [type(one) for one in seen.in_the_way] == [error]
            assert not new_home.exists()

    def test_who_was_erased_since_is_erased_again_or_told(self, fauske, home_with_routine, folder, tmp_path, clock):
        """
        An old copy must not bring back whom we promised to forget.
        """
        first = fauske.backup(folder)
        actor = str(fauske.erase_person("ansatt.fauske", reason="Sluttet.", by="redaktor").actor)
        fauske.backup(folder)

        told = Library.restore(folder, tmp_path / "a", name=first.name, clock=clock)
        taken = Library.restore(
            folder, tmp_path / "b", name=first.name, register=home_with_routine.path, from_register=True, clock=clock
        )

        assert [(one.kind, one.about) for one in told.erase_again] == [("person_erased", actor)]
        assert taken.erase_again == ()
        with Library.open(tmp_path / "b", clock=clock) as library, library._parts.database.reading() as session:
            assert "ansatt.fauske" not in session.exec(select(PersonRow.login)).all()
