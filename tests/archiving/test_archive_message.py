"""What a municipality's archive is sent: the list of decisions, each document, and a message that the archive can take in."""

import hashlib
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from samrutine.adoptions.answers import ListRow
from samrutine.adoptions.model import AdoptionState
from samrutine.archiving.service import NothingDecided, NothingDecidedYet
from samrutine.errors import InvalidRequest, Refused
from samrutine.exchange.archive_message import MESSAGE_NAME, NAMESPACE
from tests.support import files
from tests.support.clock import Clock
from tests.support.homes import Home
from tests.support.stories import approve_with_everyone
from tests.support.texts import a_routine

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent.parent / "support" / "arkivmelding.xsd"))


def told(folder):
    """Read the message, which must be as the schema says."""
    found = etree.fromstring((folder / MESSAGE_NAME).read_bytes())
    SCHEMA.assertValid(found)
    return found


def all_of(found, path):
    return [one.text for one in found.findall(path, {None: NAMESPACE})]


@pytest.fixture(scope="module")
def home_decided(tmp_path_factory, sqlite_templates):
    """A home where Fauske took one routine with a form into use, and said no to another. Changed by nobody."""
    home = sqlite_templates.copied_to(tmp_path_factory.mktemp("decided") / "home", "people")
    with home.opened() as library:
        form = {"Skjema 1 & 2.svg": files.SVG}
        approve_with_everyone(library, a_routine(required=["vakttelefon"]), attachments=form)
        approve_with_everyone(library, a_routine("vakt", title="Vakt & «beredskap»"))
        library.set_local_information("handhygiene", "Fauske", {"vakttelefon": "75 00 00 00"}, by="ansvarlig.fauske")
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske", reason="Vi trenger den.")
        library.decline("vakt", "Fauske", by="beslutter.fauske", reason="Vi har <ingen> vakt.")
    return home


@pytest.fixture
def decided(home_decided):
    """Its library, for tests that only read."""
    with home_decided.opened() as library:
        yield library


@pytest.fixture
def decided_here(home_decided, tmp_path):
    """A copy of the home, for tests that change it."""
    shutil.copytree(home_decided.path, tmp_path / "home")
    return Home(tmp_path / "home", Clock(home_decided.clock.now))


class TestTheMessage:
    def test_names_every_file_with_its_digest_and_size(self, decided, tmp_path):
        """
        The archive checks what it got against what it was told, and refuses the rest.
        """
        done = decided.archive_message("Fauske", tmp_path / "ut", by="beslutter.fauske")

        found = told(tmp_path / "ut")
        names = all_of(found, ".//dokumentobjekt/referanseDokumentfil")
        data = [(tmp_path / "ut" / name).read_bytes() for name in names]
        assert sorted([*names, MESSAGE_NAME]) == list(done.files)
        assert all_of(found, ".//dokumentobjekt/sjekksum") == [hashlib.sha256(one).hexdigest() for one in data]
        assert all_of(found, ".//dokumentobjekt/filstoerrelse") == [str(len(one)) for one in data]
        assert all_of(found, "antallFiler") == [str(len(names))]
        assert names == ["beslutninger.pdf", "handhygiene-1.0.pdf", "handhygiene-1.0-vedlegg-1.svg"]
        assert (done.decisions, done.left_out) == (2, 0)

    def test_is_the_same_for_the_same_decisions(self, decided_here, tmp_path):
        """
        An archive that gets it twice sees that it has it.
        """
        with decided_here.opened() as library:
            library.archive_message("Fauske", tmp_path / "en", by="beslutter.fauske")
            day, here = library.today, {"vakttelefon": "75 11 11 11"}
            decided_here.clock.now += timedelta(days=40)
            library.set_local_information("handhygiene", "Fauske", here, by="ansvarlig.fauske")
            library.archive_message("Fauske", tmp_path / "to", on=day, by="ansvarlig.fauske")

        files_of = {one.name: one.read_bytes() for one in (tmp_path / "en").iterdir()}
        assert {one.name: one.read_bytes() for one in (tmp_path / "to").iterdir()} == files_of

    @pytest.mark.broad
    def test_is_about_one_list_where_a_list_was_decided(self, decided_here, tmp_path):
        """
        A list is one case, whatever else was decided that day.
        """
        with decided_here.opened() as library:
            approve_with_everyone(library, a_routine("fall", title="Fall"))
            rows = [ListRow("fall", AdoptionState.IN_USE, reason="Ja.")]
            library.decide_list("Fauske", rows, by="beslutter.fauske", decision_id="a" * 32)

            library.archive_message("Fauske", tmp_path / "ut", act="a" * 32, by="beslutter.fauske")

        assert all_of(told(tmp_path / "ut"), ".//referanseDokumentfil") == ["beslutninger.pdf", "fall-1.0.pdf"]

    @pytest.mark.broad
    def test_shields_what_is_exempt_from_public_access(self, library, tmp_path):
        """
        The archive's own journal is public. So is the list of decisions in it, which names the routine and says why.
        """
        approve_with_everyone(library, a_routine(access="exempt"))
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske", reason="Ja.")

        library.archive_message("Fauske", tmp_path / "ut", by="beslutter.fauske")

        found = told(tmp_path / "ut")
        assert all_of(found, ".//skjerming/skjermingshjemmel") == ["offl. § 24 tredje ledd"] * 2

    @pytest.mark.parametrize(("access", "shields"), [("exempt", 1), ("open", 0)])
    def test_shields_a_list_that_names_what_is_exempt_though_nothing_is_put_in_use(
        self, library, tmp_path, access, shields
    ):
        """
        Why a municipality says no to a plan for its keys tells of the keys.
        """
        approve_with_everyone(library, a_routine(access=access))
        library.decline("handhygiene", "Fauske", by="beslutter.fauske", reason="Vi har en annen lås.")

        library.archive_message("Fauske", tmp_path / "ut", by="beslutter.fauske")

        assert len(all_of(told(tmp_path / "ut"), ".//skjerming/skjermingshjemmel")) == shields


class TestWhatIsRefused:
    def test_a_day_without_decisions(self, decided, tmp_path):
        """
        An empty case in the archive is somebody's riddle in ten years.
        """
        with pytest.raises(Refused) as caught:
            decided.archive_message(
                "Fauske", tmp_path / "ut", on=decided.today - timedelta(days=1), by="beslutter.fauske"
            )

        assert [type(one) for one in caught.value.reasons] == [NothingDecided]
        assert not (tmp_path / "ut").exists()
        # Who has just come, and does not know the days, needs one to try.
        assert f"{decided.today:%d.%m.%Y}" in caught.value.remedy("nb")
        with pytest.raises(Refused) as never:
            decided.archive_message("Beiarn", tmp_path / "ut", by="beslutter.beiarn")
        assert [type(one) for one in never.value.reasons] == [NothingDecidedYet]

    def test_a_folder_with_something_in_it(self, decided, tmp_path):
        """
        What lies there would be taken for part of the message.
        """
        (tmp_path / "annet.txt").write_text("Mitt.", encoding="utf-8")

        with pytest.raises(InvalidRequest):
            decided.archive_message("Fauske", tmp_path, by="beslutter.fauske")

        assert [one.name for one in tmp_path.iterdir() if one.name == "annet.txt"]
