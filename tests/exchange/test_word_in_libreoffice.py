"""Our Word as another program than Word opens it: LibreOffice makes a PDF of it, and what is on the page is read."""

import re
import shutil
import subprocess
from datetime import date

import pypdfium2
import pytest

from samrutine.adoptions.effective import AdditionKind, DocumentStatus, LocalAddition
from samrutine.exchange import word
from tests.exchange.conftest import build_document
from tests.support.services import not_here

pytestmark = pytest.mark.service("libreoffice")
ADDITION = LocalAddition(
    AdditionKind.PROFESSIONAL_ADDITION, "ansvar", "Ring **først** til vakta.", "Vi er få", "Kilden", departs=True
)
ENDED = {"status": DocumentStatus.ENDED, "in_force_until": date(2027, 1, 6)}
DOCUMENTS = {
    "valid": build_document(additions=(ADDITION,)),
    "ended": build_document("Et avsnitt.\n\n" * 90, header=ENDED),
    "long": build_document(
        header={
            "title": "Samarbeid mellom helsestasjon, legevakt og kommuneoverlege om smittsomme sykdommer i barnehage og skole",
            "approved_by": "Fagnettverk for smittevern, miljørettet helsevern og beredskap i Lofoten, Vesterålen og Salten",
        },
        front={
            "title": "Samarbeid mellom helsestasjon, legevakt og kommuneoverlege om smittsomme sykdommer i barnehage og skole"
        },
    ),
    "named": build_document(
        header={"approved_by": "Fagnettverk for barn og unges helse", "next_review": date(2028, 9, 24)}
    ),
    "form": build_document("| Emnefelt | Besvart | Datoen |\n|-|-|-|\n| Fornavnet |  |  |\n| Etternavnet |  |  |"),
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """The PDFs that LibreOffice makes of the documents, in one call: starting it takes most of the time."""
    if (program := shutil.which("soffice")) is None:
        not_here("LibreOffice", "apt-get install --no-install-recommends libreoffice-writer-nogui")
    folder = tmp_path_factory.mktemp("libreoffice")
    for name, document in DOCUMENTS.items():
        (folder / f"{name}.docx").write_bytes(word.render(document))
    files = [folder / f"{name}.docx" for name in DOCUMENTS]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return {name: pypdfium2.PdfDocument((folder / f"{name}.pdf").read_bytes()) for name in DOCUMENTS}


def _words(document):
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


class TestWhatIsOnThePage:
    def test_is_all_that_was_written(self, opened):
        """A paragraph that one program shows and another does not is a step that somebody never took."""
        words = " ".join(_words(opened["valid"]))

        for sentence in (
            "Prøvevik kommune", "Tuberkuloseprogram", "Gjelder i Prøvevik kommune.",
            "etter beslutning av kommunalsjef helse og omsorg 21. november 2026", "Neste gjennomgang 3. november 2028",
            "Forskriften sier hvem som har ansvaret, ikke hvordan.", "75 00 00 00", "[ikke fylt ut: Kontakt på boligkontoret]",
            "3. Registrer hvem som skal undersøkes. 4. Avtal time:", "innen 14 dager", "Mistenker du smitte",
            "☐ Personen er informert", "☒ Tolk er bestilt", "Ring først til vakta.", "annerledes enn fellesteksten",
            "Forskrift om tuberkulosekontroll § 2-1", "Folkehelseinstituttet: Veilederen", "á ŋ å æ ø",
        ):  # fmt: skip
            assert sentence in words

    def test_has_no_field_that_was_not_worked_out(self, opened):
        """«Feil! Ukjent dokumentegenskap» at the foot of each page is what people see of a wrong field."""
        words = " ".join(" ".join(_words(one)) for one in opened.values())

        assert not re.search(r"Error|Feil!|DOCPROPERTY|NUMPAGES|NOTEREF", words)

    def test_says_on_each_page_which_it_is_and_that_it_must_not_be_used(self, opened):
        """Pages are torn apart."""
        pages = _words(opened["ended"])

        assert len(pages) > 1
        for number, words in enumerate(pages, start=1):
            assert "Tuberkuloseprogram · versjon 2.1 Gjelder ikke lenger. Skal ikke brukes." in words
            assert f"side {number} av {len(pages)}" in words
            assert "Gjelder til og med 5. januar 2027" in words


@pytest.mark.parametrize("name", ["valid", "ended", "named", "long"])
def test_no_day_is_torn_from_its_month_at_the_foot(opened, name):
    """«Neste gjennomgang: 24. september», and on the line below, alone to the left, «2028»."""
    for page in opened[name]:
        lines = page.get_textpage().get_text_range().splitlines()
        foot = lines[next(n for n, line in enumerate(lines) if re.search(r"side [0-9]+ av [0-9]+$", line)) :]
        assert not any(re.fullmatch(r"[0-9. ]{1,8}|[a-zæøå]+(\s[0-9]{4})?", line.strip()) for line in foot), foot


def test_a_form_keeps_its_width(opened):
    """It is filled in by hand."""
    page = opened["form"][0].get_textpage()

    ends = [page.get_charbox(page.search(word).get_next()[0])[0] for word in ("Emnefelt", "Besvart", "Datoen")]
    assert ends[1] - ends[0] > 60
    assert ends[2] - ends[1] > 100
