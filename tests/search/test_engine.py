"""The index: what is found, in which order, and what happens when it is missing, busy or damaged."""

import errno
import gc
import pickle
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from section_builders import a_section

from samrutine.errors import IndexBusy, IndexUnusable, StoreUnavailable
from samrutine.procedures.model import Kind, Language
from samrutine.search import engine as engine_module
from samrutine.search.engine import Engine
from samrutine.search.model import Filter, FilterField
from samrutine.search.query import parse
from samrutine.search.whoosh_parts import FileStorage

TUBERCULOSIS = (
    a_section(
        "tuberkulosekontrollprogram",
        "Programmet skal sørge for at sykepleierne oppdager tuberkulose tidlig.",
        heading="Formål",
        network="smittevern",
        subjects=("smittevern",),
        kind=Kind.PLAN,
        audience=("kommuneoverlege",),
        also_called=("TB-program",),
    ),
    a_section(
        "tuberkulosekontrollprogram",
        "1. Ring {{vakttelefon}}.\n2. Informer **pårørende** og de andre pasientene.",
        network="smittevern",
        subjects=("smittevern",),
        kind=Kind.PLAN,
        audience=("kommuneoverlege",),
        also_called=("TB-program",),
        labels=(("vakttelefon", "Telefon til smittevernvakten"),),
    ),
)
FALLS = (
    a_section(text="En sykepleier ser etter løse ledninger og matter, og snakker med pårørende."),
    a_section(heading="Avvik", text="Meld fra når noen har falt. Skriv hva som skjedde, ikke hvem."),
)
HOME_VISIT = (
    a_section(
        "heimebesok",
        "Sjukepleiaren ringer før ho kjem. Pasientane får vite kven som kjem.",
        title="Heimebesøk",
        heading="Framgangsmåte",
        language=Language.NN,
        kind=Kind.PROCEDURE,
        subjects=("psykisk-helse", "hjemmetjeneste"),
    ),
)
EVERYTHING = (*TUBERCULOSIS, *FALLS, *HOME_VISIT)


@pytest.fixture
def engine(tmp_path):
    """Give an index of three routines."""
    with_all = Engine(tmp_path / "index", lock_seconds=0.3)
    with_all.rebuild(EVERYTHING, position=7)
    yield with_all
    with_all.close()


def found(engine, text, **options):
    return [hit.procedure_id for hit in engine.search(parse(text), **options).hits]


def best(engine, text, **options):
    return engine.search(parse(text), **options).hits[0]


class TestFinding:
    @pytest.mark.parametrize(
        ("text", "procedure"),
        [
            ("pasientane", "heimebesok"),
            ("sykepleieren", "fallforebygging"),
            ("tuberkulosekontroll", "tuberkulosekontrollprogram"),
            ("tuberkulosekontrollen", "tuberkulosekontrollprogram"),
            ("TB-program", "tuberkulosekontrollprogram"),
            ("parorende", "fallforebygging"),
            ("paaroerende", "fallforebygging"),
            ("smittevernvakten", "tuberkulosekontrollprogram"),
            ("kommuneoverlege", "tuberkulosekontrollprogram"),
            ("Hva gjør vi når noen faller?", "fallforebygging"),
        ],
    )
    def test_answers_what_people_type(self, engine, text, procedure):
        """Any form, any keyboard, the routine's other name, who it is for, the label of local information."""
        assert procedure in found(engine, text)

    def test_gives_a_procedure_once_with_the_section_that_answers_best(self, engine):
        """The reader wants the place to read, and not the same routine five times."""
        result = engine.search(parse("melde fall"))

        assert result.total == 1
        assert result.hits[0].section_key == "avvik"
        assert result.hits[0].heading == "Avvik"

    def test_the_routine_that_is_named_so_comes_first(self, engine):
        """Many routines mention falls; one is about them."""
        engine.replace("moter", [a_section("moter", "Fall, fall og atter fall. Fallforebygging tas opp i møtet.")], 8)

        assert found(engine, "fallforebygging")[0] == "fallforebygging"

    def test_a_section_with_all_the_words_comes_before_one_with_some(self, engine):
        """Each word more is something more that the reader meant."""
        answers = found(engine, "sykepleier tuberkulose")

        assert answers[0] == "tuberkulosekontrollprogram"
        assert "fallforebygging" in answers

    def test_says_which_words_it_has(self, engine):
        """So that a page can say which of them are missing."""
        assert best(engine, "ledninger drage").matched_words == ("ledninger",)

    def test_shows_the_text_without_marks_and_with_labels(self, engine):
        """The snippet is what a reader would see in the document."""
        hit = best(engine, "pårørende pasient")

        assert "".join(part.text for part in hit.snippet) == (
            "Ring [Telefon til smittevernvakten]. Informer pårørende og de andre pasientene."
        )
        assert [part.text for part in hit.snippet if part.hit] == ["pårørende", "pasientene"]

    def test_two_searches_give_the_same_order(self, engine):
        """Who goes back to the list finds it as it was."""
        assert found(engine, "sykepleier") == found(engine, "sykepleier")


class TestPhrasesAndLeavingOut:
    def test_a_phrase_is_found_only_where_the_words_stand_together(self, engine):
        """«løse matter» is something else than loose wires, and mats."""
        assert found(engine, '"løse ledninger"') == ["fallforebygging"]
        assert found(engine, '"lose ledninger"') == ["fallforebygging"]
        assert found(engine, '"løse matter"') == []

    def test_a_phrase_may_stand_in_the_title_or_another_name(self, engine):
        """Most people quote what the routine is called."""
        assert found(engine, '"TB program"') == ["tuberkulosekontrollprogram"]

    def test_a_word_beside_a_phrase_ranks_and_does_not_replace_it(self, engine):
        """What is in quotation marks is meant."""
        assert found(engine, '"løse ledninger" tuberkulose') == ["fallforebygging"]

    def test_a_word_left_out_leaves_its_sections_out(self, engine):
        """«pårørende -tuberkulose», where the other routine has both."""
        assert found(engine, "pårørende -ledninger") == ["tuberkulosekontrollprogram"]
        assert found(engine, 'pårørende -"løse ledninger"') == ["tuberkulosekontrollprogram"]

    def test_a_phrase_of_small_words_is_found_where_it_stands(self, engine):
        """«og de» is in no index, but somebody remembers just that; they see it marked."""
        (hit,) = engine.search(parse('"og de"')).hits

        assert hit.procedure_id == "tuberkulosekontrollprogram"
        assert [part.text for part in hit.snippet if part.hit] == ["og", "de"]
        assert found(engine, '"de og"') == []
        assert found(engine, '"og de" pårørende') == ["tuberkulosekontrollprogram"]
        assert found(engine, 'pårørende -"og de"') == ["fallforebygging"]

    def test_small_words_alone_find_nothing(self, engine):
        """«hva er» would otherwise be answered by everything."""
        result = engine.search(parse("hva er"))

        assert (result.hits, result.total, result.facets) == ((), 0, ())


class TestNarrowing:
    def test_nothing_typed_gives_everything_by_title(self, engine):
        """The library can be leafed through."""
        assert found(engine, "") == ["fallforebygging", "heimebesok", "tuberkulosekontrollprogram"]

    @pytest.mark.parametrize(
        ("text", "procedures"),
        [
            ("tema:smittevern", ["tuberkulosekontrollprogram"]),
            ('tema:"Psykisk helse"', ["heimebesok"]),
            ("tema:smittevern tema:psykisk-helse", ["heimebesok", "tuberkulosekontrollprogram"]),
            ("type:plan", ["tuberkulosekontrollprogram"]),
            ("-type:plan", ["fallforebygging", "heimebesok"]),
            ("nettverk:smittevern", ["tuberkulosekontrollprogram"]),
            ("språk:nynorsk", ["heimebesok"]),
            ("målgruppe:kommuneoverlege", ["tuberkulosekontrollprogram"]),
            ("tema:smittevern språk:nynorsk", []),
            ("pårørende tema:hjemmetjeneste", ["fallforebygging"]),
        ],
    )
    def test_by_what_the_routine_is(self, engine, text, procedures):
        """Two values of one field mean either; two fields mean both."""
        assert sorted(found(engine, text)) == procedures

    def test_by_filters_of_the_caller_too(self, engine):
        """A page has boxes to tick beside the search box."""
        assert found(engine, "pårørende", filters=[Filter(FilterField.KIND, "plan")]) == ["tuberkulosekontrollprogram"]

    def test_only_to_versions_that_may_be_found(self, engine):
        """Who may read what is decided elsewhere; the index must not leak a title, a count or a facet."""
        result = engine.search(parse("pårørende"), allowed=frozenset({FALLS[0].version_digest}))

        assert [hit.procedure_id for hit in result.hits] == ["fallforebygging"]
        assert result.total == 1
        assert {facet.value for facet in result.facets} == {"hjemmetjeneste", "routine", "nb"}

    def test_no_version_allowed_is_not_the_same_as_no_limit(self, engine):
        """A municipality that has taken nothing into use finds nothing."""
        assert engine.search(parse("pårørende"), allowed=frozenset()).total == 0

    def test_counts_all_but_gives_as_many_as_asked_for(self, engine):
        """The page says how many there are."""
        result = engine.search(parse(""), limit=1)

        assert len(result.hits) == 1
        assert result.total == 3
        assert [(facet.value, facet.count) for facet in result.facets if facet.field is FilterField.SUBJECT] == [
            ("hjemmetjeneste", 2),
            ("psykisk-helse", 1),
            ("smittevern", 1),
        ]


class TestVersions:
    def test_of_two_versions_that_may_be_found_the_newest_answers(self, engine):
        """Two municipalities may use different versions; who may see both wants the newest."""
        old = a_section(text="Matter, matter og matter.", version="1.9")
        new = a_section(text="Se etter matter.", version="1.10")
        engine.replace("fallforebygging", [old, new], 8)

        assert str(best(engine, "matter").version) == "1.10"
        assert str(best(engine, "matter", allowed={old.version_digest}).version) == "1.9"

    def test_a_section_is_kept_once_for_each_version(self, engine):
        """The same text approved again has the same digest, and is the same section."""
        engine.replace("fallforebygging", [*FALLS, *FALLS], 8)

        assert engine.contents()["fallforebygging"] == {FALLS[0].version_digest}
        assert found(engine, "ledninger") == ["fallforebygging"]


class TestWriting:
    def test_replaces_all_of_a_procedure_and_nothing_of_others(self, engine):
        """What no version says any more must not be found."""
        engine.replace("fallforebygging", [a_section(text="Fjern terskler.")], 8)

        assert found(engine, "ledninger") == []
        assert found(engine, "terskler") == ["fallforebygging"]
        assert found(engine, "tuberkulose") == ["tuberkulosekontrollprogram"]
        assert engine.position == 8

    def test_a_procedure_without_sections_is_gone(self, engine):
        """Withdrawn for everybody."""
        engine.replace("fallforebygging", [], 8)

        assert "fallforebygging" not in engine.contents()
        assert found(engine, "ledninger") == []

    def test_twice_is_once(self, engine):
        """The outbox may tell the same thing twice after a crash."""
        engine.replace_many({"heimebesok": HOME_VISIT}, 8)
        engine.replace_many({"heimebesok": HOME_VISIT}, 8)

        assert found(engine, "pasientane") == ["heimebesok", "tuberkulosekontrollprogram"]
        assert engine.position == 8

    def test_what_was_read_earlier_does_not_replace_what_was_read_later(self, engine):
        """Two workers can read at 8 and 9 and come to write in the other order."""
        assert engine.replace("heimebesok", [a_section("heimebesok", "Ny tekst.")], 9)

        assert not engine.replace("heimebesok", HOME_VISIT, 8)
        assert found(engine, "pasientane") == ["tuberkulosekontrollprogram"]
        assert engine.position == 9

    def test_moves_its_position_without_any_change(self, engine):
        """Most decisions change nothing that is searched."""
        engine.replace_many({}, 12)

        assert engine.position == 12
        assert engine.search(parse("")).total == 3

    def test_many_small_writes_keep_one_answer_each(self, engine):
        """Segments are merged on the way, and facts must follow their sections."""
        for number in range(8, 40):
            engine.replace("fallforebygging", [a_section(text=f"Gang nummer{number}.")], number)

        assert found(engine, "nummer38") == []
        assert found(engine, "nummer39") == ["fallforebygging"]
        assert found(engine, "tema:smittevern") == ["tuberkulosekontrollprogram"]

    def test_a_word_counts_for_something_however_often_its_routine_was_written_anew(self, engine):
        """What was taken out still stands in a word's places, and must not make the word rarer than nothing."""
        many = [a_section("moter", f"Gang{n} om terskler.", heading=f"Del {n}") for n in range(20)]
        for position in range(8, 11):
            engine.replace("moter", many, position)

        engine.replace("moter", many[:1], 11)

        assert best(engine, "terskler").score > 0

    def test_another_process_sees_it_at_its_next_search(self, engine, tmp_path):
        """Any number of web processes read one index."""
        with Engine(tmp_path / "index") as other:
            assert found(other, "terskler") == []

            engine.replace("fallforebygging", [a_section(text="Fjern terskler.")], 8)

            assert found(other, "terskler") == ["fallforebygging"]


class TestRebuilding:
    def test_takes_the_place_of_the_old_one_for_those_who_have_it_open(self, engine, tmp_path):
        """Nobody restarts the web to rebuild the index."""
        with Engine(tmp_path / "index") as other:
            engine.rebuild(FALLS, position=20)

            assert list(other.contents()) == ["fallforebygging"]
            assert other.position == 20

    def test_leaves_one_index_on_disk(self, engine, tmp_path):
        """Ten rebuilds must not fill the disk."""
        engine.rebuild(FALLS, position=20)

        folders = [path.name for path in (tmp_path / "index").iterdir() if path.is_dir()]

        assert len(folders) == 1

    def test_what_is_written_meanwhile_is_due_again(self, engine, tmp_path):
        """A rebuild reads for minutes. Decisions made since then are not in it, and its position says so."""
        with Engine(tmp_path / "index") as other:

            def read_slowly():
                yield from FALLS
                assert other.replace("heimebesok", [], 9)

            engine.rebuild(read_slowly(), position=8)

        assert engine.position == 8

    def test_that_fails_leaves_the_old_one(self, engine):
        """The database may go away in the middle."""

        def read_half():
            yield FALLS[0]
            raise ConnectionError

        with pytest.raises(ConnectionError):
            engine.rebuild(read_half(), position=20)

        assert engine.position == 7
        assert found(engine, "tuberkulose") == ["tuberkulosekontrollprogram"]

    def test_another_form_of_index_is_not_ours(self, engine, tmp_path, monkeypatch):
        """After an upgrade with new words, the old index must not answer; a rolling upgrade still needs it."""
        monkeypatch.setattr(engine_module, "SCHEMA", 99)
        upgraded = Engine(tmp_path / "index")

        assert upgraded.missing_or_damaged()
        upgraded.rebuild(FALLS, position=20)
        assert list(upgraded.contents()) == ["fallforebygging"]
        assert len(upgraded.remove_other_forms()) == 1
        upgraded.close()

        monkeypatch.undo()
        assert engine.missing_or_damaged()


# Whoosh leaves a damaged file open until it is collected; that is its own, and only warned of in tests.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
class TestMissingOrDamaged:
    def test_a_missing_index_says_so_and_how_to_get_one(self, tmp_path):
        """A fresh host has none; that is no fault, but must not look like "nothing found"."""
        engine = Engine(tmp_path / "index")

        assert engine.missing_or_damaged()
        with pytest.raises(IndexUnusable) as caught:
            engine.search(parse("vold"))
        assert "samrutine repair" in caught.value.text("nb")
        with pytest.raises(IndexUnusable):
            engine.replace("fallforebygging", FALLS, 1)

    @pytest.mark.parametrize("harm", ["gone", "empty", "half", "other bytes"])
    def test_no_damage_shows_as_anything_but_that_and_a_rebuild_cures_it(self, engine, tmp_path, harm):
        """Power goes, disks fill. Whoever searches gets an answer or a clear word, never a trace of Whoosh."""
        engine.close()
        (folder,) = (path for path in (tmp_path / "index").iterdir() if path.is_dir())
        files = [path for path in folder.iterdir() if not path.name.endswith("LOCK")]
        assert files
        for path in files:
            whole = path.read_bytes()
            match harm:
                case "gone":
                    path.unlink()
                case "empty":
                    path.write_bytes(b"")
                case "half":
                    path.write_bytes(whole[: len(whole) // 2])
                case _:
                    path.write_bytes(bytes(byte ^ 0x5A for byte in whole))

            assert engine.missing_or_damaged(), path.name
            with pytest.raises(IndexUnusable):
                engine.search(parse("tuberkulose"))

            engine.close()
            path.write_bytes(whole)
            assert not engine.missing_or_damaged()
            engine.close()

        engine.rebuild(EVERYTHING, position=8)
        gc.collect()
        assert found(engine, "tuberkulose") == ["tuberkulosekontrollprogram"]

    def test_a_damaged_byte_anywhere_gives_an_answer_or_our_own_error(self, engine, tmp_path):
        """Not every byte can be checked on opening; what shows later must be as clear."""
        engine.close()
        (folder,) = (path for path in (tmp_path / "index").iterdir() if path.is_dir())
        for path in (path for path in folder.iterdir() if not path.name.endswith("LOCK")):
            whole = path.read_bytes()
            for place in range(0, len(whole), max(1, len(whole) // 60)):
                path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
                with suppress(StoreUnavailable):
                    engine.search(parse("tuberkulose pasient"))
                engine.close()
            path.write_bytes(whole)
        gc.collect()

        assert found(engine, "tuberkulose") == ["tuberkulosekontrollprogram"]

    @pytest.mark.parametrize(
        "foreign",
        [
            EOFError(),
            struct.error("short"),
            pickle.UnpicklingError("bad"),
            KeyError("field"),
            AttributeError("segment"),
            ValueError("mmap"),
            IsADirectoryError(errno.EISDIR, "a folder"),
        ],
        ids=lambda error: type(error).__name__,
    )
    def test_whatever_whoosh_says_of_bad_files_means_build_it_anew(self, engine, monkeypatch, foreign):
        """Whoosh has no error of its own for damage; it stumbles."""
        self.fail_on_opening(engine, monkeypatch, foreign)

        with pytest.raises(IndexUnusable) as caught:
            engine.search(parse("vold"))

        assert caught.value.__cause__ is foreign

    @pytest.mark.parametrize("code", [errno.EACCES, errno.ENOSPC, errno.EMFILE, errno.EROFS])
    def test_what_the_system_refuses_is_not_called_damage(self, engine, monkeypatch, code):
        """Building it anew would not help; making room or giving the right would."""
        self.fail_on_opening(engine, monkeypatch, OSError(code, "no"))

        with pytest.raises(StoreUnavailable) as caught:
            engine.search(parse("vold"))

        assert not isinstance(caught.value, IndexUnusable)

    @staticmethod
    def fail_on_opening(engine, monkeypatch, error):
        def fail(*_arguments, **_options):
            raise error

        engine.close()
        monkeypatch.setattr(engine_module.whoosh, "Part", fail)


class TestTogether:
    def test_a_writer_that_must_wait_too_long_says_who_has_it(self, engine, tmp_path):
        """Never Whoosh's own lock error, which carries no words at all."""
        lock = FileStorage(str(tmp_path / "index")).lock("write.lock")
        assert lock.acquire()

        with pytest.raises(IndexBusy) as caught:
            engine.replace("fallforebygging", [], 8)

        lock.release()
        assert "0.3" in caught.value.text("nb")
        assert engine.replace("fallforebygging", [], 8)

    def test_so_does_one_that_meets_another_program_in_the_index_itself(self, engine, tmp_path):
        """Whoosh has a lock of its own, and its error must not come out either."""
        (folder,) = (path for path in (tmp_path / "index").iterdir() if path.is_dir())
        lock = FileStorage(str(folder)).lock("MAIN_WRITELOCK")
        assert lock.acquire()

        with pytest.raises(IndexBusy):
            engine.replace("fallforebygging", [], 8)

        lock.release()

    def test_searching_needs_no_lock(self, engine, tmp_path):
        """A long write must not stop those who read."""
        lock = FileStorage(str(tmp_path / "index")).lock("write.lock")
        assert lock.acquire()

        assert found(engine, "tuberkulose") == ["tuberkulosekontrollprogram"]

        lock.release()

    def test_threads_share_an_engine_while_one_writes(self, engine):
        """A web process answers several people at once; each sees a whole version, old or new."""
        seen = set()
        failures = []
        stop = threading.Event()

        def read():
            try:
                while not stop.is_set():
                    result = engine.search(parse("tuberkulose terskler ledninger"))
                    seen.update(hit.procedure_id for hit in result.hits)
            except Exception as error:
                failures.append(error)

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        for number in range(8, 20):
            engine.replace("fallforebygging", [a_section(text="Fjern terskler.")], number)
        stop.set()
        for reader in readers:
            reader.join()

        assert failures == []
        assert seen == {"tuberkulosekontrollprogram", "fallforebygging"}

    @pytest.mark.parametrize("scene", ["read while others write", "kill while writing", "kill while rebuilding"])
    def test_processes(self, tmp_path, scene):
        """Readers see one whole state while others write; killed anywhere, an index keeps its last whole state."""
        script = Path(__file__).with_name("index_processes.py")

        done = subprocess.run(
            [sys.executable, "-W", "ignore", str(script), scene, str(tmp_path / "index")],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("ok ")
