"""Files that belong to a routine lie beside it in the municipality's own place."""

import json

from tests.support import files
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine


def test_a_form_lies_beside_its_routine_and_goes_when_it_does(library, tmp_path):
    """
    Whoever opens the quality system has the form there, and never one that no longer applies.
    """
    library._parts.renderers = dict.fromkeys(("pdf", "html", "md"), lambda document: document.text.body.encode())
    place = tmp_path / "sted"
    place.mkdir()
    approve_with_everyone(library, a_routine(), attachments={"Skjema å.svg": files.SVG})
    library.adopt("handhygiene", "Fauske", by="beslutter.fauske", reason="Ja.")
    library.set_target("Fauske", "Intranett", "folder", place, by="ansvarlig.fauske")

    library.publish("Fauske", by="ansvarlig.fauske").require_all()

    form = place / "handhygiene--vedlegg-1.svg"
    listed = json.loads((place / "index.json").read_text("utf-8"))
    assert form.read_bytes() == files.SVG
    assert form.name in (place / "index.html").read_text("utf-8")
    assert form.name in json.dumps(listed)
    assert library.verify().faults == ()
    again = library.publish("Fauske", by="ansvarlig.fauske").require_all()
    assert {line.action.value for line in again.receipts[0].lines} == {"unchanged"}

    change_with_everyone(library, a_routine(extra="Uten skjema."))
    library.adopt("handhygiene", "Fauske", by="beslutter.fauske", reason="Ja.")
    library.publish("Fauske", by="ansvarlig.fauske").require_all()

    assert not form.exists()
    form.write_bytes(files.SVG)
    found = library.verify()
    assert "copy-stray" in {one.code for one in (*found.faults, *found.notes)}
