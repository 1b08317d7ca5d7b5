"""Fields of a form in ODT: what somebody chose or wrote is part of the text."""

import pytest

from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document
from tests.support.documents.odt import MIME, parts
from tests.support.documents.word import packed

_FORM = "urn:oasis:names:tc:opendocument:xmlns:form:1.0"


def form(*fields):
    """Write an ODT file of fields, each in a line of its own after a word."""
    named = [one.replace("/>", f' form:id="c{n}"/>', 1) if one.endswith("/>") and one.count("<") == 1 else one.replace(">", f' form:id="c{n}">', 1) for n, one in enumerate(fields)]  # fmt: skip
    forms = f'<office:forms><form:form form:name="F">{"".join(named)}</form:form></office:forms>'
    lines = "".join(f'<text:p>Felt: <draw:control draw:control="c{n}"/> slutt</text:p>' for n in range(len(fields)))
    made = parts(f'{forms}<text:h text:outline-level="1">Formål</text:h>{lines}', mime=MIME)
    made["content.xml"] = made["content.xml"].replace(
        "<office:document-content ", f'<office:document-content xmlns:form="{_FORM}" '
    )
    return packed(made)


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ('<form:checkbox form:label="Hansker" form:current-state="checked"/>', "☒ Hansker"),
        ('<form:checkbox form:label="Hansker"/>', "☐ Hansker"),
        ('<form:radio form:label="Ja" form:current-selected="true"/>', "☒ Ja"),
        ('<form:text form:current-value="Adrenalin 0,5 mg" form:value="gammelt"/>', "Adrenalin 0,5 mg"),
        ("<form:textarea><text:p>Ring</text:p><text:p>113</text:p></form:textarea>", "Ring 113"),
        ('<form:listbox><form:option form:label="5 mg"/><form:option form:label="10 mg" form:current-selected="true"/></form:listbox>', "10 mg"),
        ('<form:combobox form:current-value="Beiarn"><form:item form:label="Meløy"/></form:combobox>', "Beiarn"),
        ('<form:password form:current-value="hemmelig"/>', ""),
    ],
)  # fmt: skip
def test_each_is_written_as_what_it_shows(tmp_path, field, shown):
    """
    A dose that was filled in came in as nothing, and nothing was said.
    """
    incoming = open_document(form(field), "skjema.odt", Limits(), tmp_path)

    assert f"Felt: {f'{shown} ' if shown else ''}slutt" in incoming.markdown.replace("Felt:  slutt", "Felt: slutt")
    assert "hemmelig" not in incoming.markdown


def test_what_else_could_be_chosen_is_told(tmp_path):
    field = '<form:listbox><form:option form:label="5 mg" form:current-selected="true"/><form:option form:label="10 mg"/></form:listbox>'

    incoming = open_document(form(field), "skjema.odt", Limits(), tmp_path)

    assert [(one.code, one.detail) for one in incoming.findings if one.code == "choices"] == [
        ("choices", "5 mg / 10 mg")
    ]


def test_what_stands_in_a_content_control_stays_in_its_line(tmp_path):
    """
    LibreOffice writes a Word control so, and the emergency number in one was gone.
    """
    control = (
        '<loext:content-control xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0">'
        "<text:span>00 00 18 41</text:span></loext:content-control>"
    )

    incoming = open_document(packed(parts(f"<text:p>Ring {control} ved brann.</text:p>")), "a.odt", Limits(), tmp_path)

    assert "Ring 00 00 18 41 ved brann." in f"{incoming.title}\n{incoming.markdown}"


def test_a_copy_of_ours_saved_as_something_else_is_told_for_what_it_is(tmp_path):
    body = "<text:p>Sjekk at den gjelder: https://rutiner.example/v/handhygiene/1.0?kommune=fauske</text:p><text:p>Vask.</text:p>"

    incoming = open_document(packed(parts(body)), "a.odt", Limits(), tmp_path)

    assert "own-copy-damaged" in [one.code for one in incoming.findings]
