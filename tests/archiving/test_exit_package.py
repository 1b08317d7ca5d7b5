"""A municipality's whole record, read with nothing of ours: a browser, a spreadsheet, sha256sum."""

import csv
import hashlib
import io
import json
import re
from datetime import timedelta

import pytest
from lxml import html

from samrutine.errors import NotAllowed
from tests.support import files
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine


@pytest.fixture(scope="module")
def left(tmp_path_factory, sqlite_templates):
    """The package of a municipality that used two versions, said no once, and has words of its own."""
    place = tmp_path_factory.mktemp("exit")
    home = sqlite_templates.copied_to(place / "home", "people")
    with home.opened() as library:
        library._parts.renderers = {
            "pdf": lambda _: b"%PDF-1.7 of ours",
            **{name: library._parts.renderers[name] for name in ("html", "md")},
        }
        approve_with_everyone(library, a_routine(required=["vakttelefon"]), attachments={"Skjema.svg": files.SVG})
        approve_with_everyone(library, a_routine("vakt", title="Vakt"))
        library.set_local_information("handhygiene", "Fauske", {"vakttelefon": "75 00 00 00"}, by="ansvarlig.fauske")
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske", reason="=Vi trenger den.")
        library.add_addition(
            "handhygiene", "fauske", "ansvar", "practical-note", "Spør vaktleder.", by="ansvarlig.fauske"
        )
        library.decline("vakt", "Fauske", by="beslutter.fauske", reason="Vi har ingen vakt.")
        change_with_everyone(library, a_routine(required=["vakttelefon"], extra="Nytt."))
        home.clock.now += timedelta(days=30)
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske", reason="Bedre.")
        done = library.exit_package("Fauske", place / "ut", by="ansvarlig.fauske")
        with pytest.raises(NotAllowed):
            library.exit_package("Fauske", place / "ut2", by="beslutter.beiarn")
    return place / "ut", done


def test_every_file_is_as_the_checksums_say(left):
    """
    Whoever gets the folder years later sees that nothing was changed on the way.
    """
    folder, done = left

    listed = dict(
        reversed(line.split("  ", 1)) for line in (folder / "sjekksummer.txt").read_text("utf-8").splitlines()
    )

    there = {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}
    assert there == {*listed, "sjekksummer.txt"} == set(done.files)
    assert all(hashlib.sha256((folder / path).read_bytes()).hexdigest() == one for path, one in listed.items())


def test_the_page_leads_to_every_version_that_was_used(left):
    """
    A supervisor asks what applied that day, and finds it by clicking.
    """
    folder, done = left

    page = html.fromstring((folder / "index.html").read_bytes())
    links = list(page.xpath("//a/@href"))

    assert all((folder / one).is_file() for one in links)
    assert [one for one in links if one.endswith(".pdf")] == [
        "rutiner/handhygiene/handhygiene-1.0.pdf", "rutiner/handhygiene/handhygiene-1.1.pdf"
    ]  # fmt: skip
    assert (folder / "rutiner/handhygiene/handhygiene-1.0-vedlegg/1-Skjema.svg").read_bytes() == files.SVG
    assert b"75 00 00 00" in (folder / "rutiner/handhygiene/handhygiene-1.0.md").read_bytes()
    assert "Spør vaktleder." in (folder / "rutiner/handhygiene/handhygiene-1.1.md").read_text("utf-8")
    assert page.get("lang") == "nb"
    assert page.xpath("count(//h1)") == page.xpath("count(//title)") == 1
    assert page.xpath("count(//script)") == 0
    assert all(one.xpath("caption") and one.xpath(".//th[@scope]") for one in page.xpath("//table"))
    assert (done.versions, done.decisions, done.left_out) == (2, 3, 0)


def test_the_decisions_open_as_a_spreadsheet_with_their_days_in_words(left):
    """
    An archivist sorts them by day, and nothing in them is run as a formula.
    """
    folder, _ = left

    rows = list(csv.DictReader(io.StringIO((folder / "beslutninger.csv").read_text("utf-8-sig")), delimiter=";"))
    same = json.loads((folder / "beslutninger.json").read_text("utf-8"))

    assert [row["rutine"] for row in rows] == ["handhygiene", "vakt", "handhygiene"]
    assert re.fullmatch(r"\d+\. november 2026", rows[0]["dag_i_ord"])
    assert rows[0]["begrunnelse"] == "'=Vi trenger den."
    assert same[0]["begrunnelse"] == "=Vi trenger den."
    assert rows[1]["beslutning"] == "Tas ikke i bruk"
    assert rows[0]["besluttet_av"]


def test_each_decision_can_be_checked_against_the_register(left):
    """
    Nobody need believe us: the line's own bytes give its digest.
    """
    folder, _ = left
    found = {}

    for file in (folder / "register").iterdir():
        for line in file.read_text("utf-8").splitlines():
            told, record = re.fullmatch(r'\{"hash":"1:([0-9a-f]{64})","record":(\{.*\})\}', line).groups()
            assert hashlib.sha256(record.encode()).hexdigest() == told
            found[json.loads(record)["number"]] = f"1:{told}"

    rows = json.loads((folder / "beslutninger.json").read_text("utf-8"))
    assert all(found[row["nummer"]] == row["kontrollsum"] for row in rows)


def test_what_is_local_is_there_with_its_history(left):
    """
    The duty telephone of that winter is asked for when somebody rang it in vain.
    """
    folder, _ = left

    information = json.loads((folder / "lokalt/opplysninger.json").read_text("utf-8"))
    additions = json.loads((folder / "lokalt/tillegg.json").read_text("utf-8"))

    assert [(row["rutine"], row["verdi"]) for row in information] == [("handhygiene", "75 00 00 00")]
    assert [row["tekst"].strip() for row in additions] == ["Spør vaktleder."]
    assert "LESMEG" in "".join(one.name for one in folder.iterdir())
    assert "sha256sum -c sjekksummer.txt" in (folder / "LESMEG.txt").read_text("utf-8")


@pytest.mark.broad
def test_an_exempt_routine_in_use_goes_along(library, tmp_path):
    """
    Those who answer for the municipality read its exempt routines, and take them along when it leaves.
    """
    approve_with_everyone(library, a_routine("nokkelskap", title="Nøkkelskap", access="exempt"))
    library.adopt("nokkelskap", "Fauske", by="beslutter.fauske", reason="Ja.")
    library._parts.renderers = dict.fromkeys(("pdf", "html", "md"), lambda document: document.text.body.encode())

    done = library.exit_package("Fauske", tmp_path / "ut", by="beslutter.fauske")

    assert (done.versions, done.left_out) == (1, 0)
    assert (tmp_path / "ut/rutiner/nokkelskap/nokkelskap-1.0.md").is_file()


def test_a_version_that_was_ended_and_taken_into_use_again_has_a_row_for_each_time(library, clock, tmp_path):
    """
    A supervisor asks what applied in between, and it was nothing.
    """
    approve_with_everyone(library, a_routine())
    library._parts.renderers = dict.fromkeys(("pdf", "html", "md"), lambda document: document.text.body.encode())
    library.adopt("handhygiene", "Fauske", by="beslutter.fauske", reason="Ja.")
    clock.forward(days=10)
    library.end_use("handhygiene", "Fauske", by="beslutter.fauske", reason="Nei.")
    clock.forward(days=100)
    library.adopt("handhygiene", "Fauske", by="beslutter.fauske", reason="Ja igjen.")
    clock.forward(days=10)

    done = library.exit_package("Fauske", tmp_path / "ut", by="beslutter.fauske")

    table = html.fromstring((tmp_path / "ut" / "index.html").read_bytes()).xpath("//table")[0]
    periods = [row.xpath("string(td[2])") for row in table.xpath(".//tr[td]")]
    assert len(periods) == 2
    assert ["desember" in one for one in periods] == [True, False]
    assert (done.versions, len(done.files)) == (1, len(set(done.files)))
