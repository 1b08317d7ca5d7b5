"""What stands before the text beside the two lines of control: hurried, withdrawn, and what the municipality has added."""

import pytest

from samrutine.adoptions.effective import AdditionKind, DocumentStatus, Hurried, LocalAddition, effective_digest
from samrutine.exchange import html, markdown
from samrutine.exchange.page import page
from samrutine.exchange.pdf import page_data
from samrutine.messages import LANGUAGES, catalogue
from samrutine.procedures.model import Language, ProcedureId

NOTE = LocalAddition(AdditionKind.PRACTICAL_NOTE, "ansvar", "Nøkkelen henger i skapet.")
DEPARTS = LocalAddition(
    AdditionKind.PROFESSIONAL_ADDITION, "avvik", "Ring også legen.", "Lang vei.", "Veilederen", departs=True
)


class TestAHurriedVersion:
    def test_is_not_called_professionally_approved_before_it_is(self, a_document):
        """
        «Faglig godkjent» on a text that nobody judged would be a lie on the wall.
        """
        lines = page(a_document(header={"hurried": Hurried.UNAPPROVED})).lines

        assert lines[0] == (
            "Hasteversjon fra Fagnettverk for smittevern 3. november 2026 – godkjennes i ettertid. "
            "Ikke faglig godkjent ennå."
        )

    def test_that_the_network_refused_says_so(self, a_document):
        """
        It may still be in force in a municipality that has not answered yet.
        """
        lines = page(a_document(header={"hurried": Hurried.REFUSED})).lines

        assert "sagt nei" in lines[0]
        assert "ikke faglig godkjent" in lines[0]


class TestAWithdrawnRoutine:
    def test_says_where_to_go(self, a_document):
        """
        Whoever has the paper in hand must not have to search for the new one.
        """
        lines = page(a_document(header={"withdrawn": True, "replaced_by": ProcedureId("nytt-program")})).lines

        assert lines[2:] == ("Fagnettverket har trukket rutinen tilbake. Erstattet av: nytt-program.",)

    def test_without_replacement_says_that_too(self, a_document):
        """
        Else people go on looking for one.
        """
        lines = page(a_document(header={"withdrawn": True})).lines

        assert lines[2:] == ("Fagnettverket har trukket rutinen tilbake, uten å erstatte den.",)


class TestWhatTheMunicipalityHasAdded:
    @pytest.mark.parametrize(
        ("additions", "said"),
        [
            ((), ()),
            ((NOTE,), ("Prøvevik har ett lokalt tillegg til teksten.",)),
            (
                (NOTE, DEPARTS),
                ("Prøvevik har 2 lokale tillegg til teksten.", "Ett tillegg er annerledes enn fellesteksten."),
            ),
            (
                (DEPARTS, DEPARTS),
                ("Prøvevik har 2 lokale tillegg til teksten.", "2 tillegg er annerledes enn fellesteksten."),
            ),
        ],
        ids=["none", "one", "one departs", "two depart"],
    )
    def test_is_counted_before_the_text(self, a_document, additions, said):
        """
        A locum who knows the shared text must see at the top that this copy says more, and where it says otherwise.
        """
        assert page(a_document(additions=additions)).lines[2:] == said

    def test_a_departure_is_marked_where_it_stands(self, a_document):
        """
        Nobody may take it for what nine municipalities agreed on; nor is it «avvik», which is an incident.
        """
        printed = markdown.render(a_document(additions=(DEPARTS,))).decode()

        assert "> **Lokalt tillegg – Prøvevik: faglig tillegg – annerledes enn fellesteksten**" in printed
        assert "avvik fra" not in printed

    def test_another_mark_is_another_digest(self, a_document):
        """
        A copy that does not say that it departs is another document.
        """
        plain, marked = ((LocalAddition(NOTE.kind, NOTE.section_key, NOTE.text, departs=one),) for one in (False, True))

        assert effective_digest(a_document(additions=plain)) != effective_digest(a_document(additions=marked))


@pytest.mark.parametrize("language", [Language.NB, Language.NN, Language.EN])
def test_every_format_says_it_in_every_language(a_document, language):
    """
    The paper on the wall, the page on the phone and the file in the archive say the same.
    """
    header = {"hurried": Hurried.UNAPPROVED, "withdrawn": True, "replaced_by": ProcedureId("nytt-program")}
    document = a_document(header=header, additions=(NOTE, DEPARTS), language=language)
    printed = page(document)
    data, web, text = page_data(printed), html.render(document).decode(), markdown.render(document).decode()

    assert len(printed.lines) == 5
    for line in printed.lines[2:]:
        assert line in data
        assert line.replace("&", "&amp;") in web
        assert line in text.replace("\\", "")


def test_no_language_lacks_a_sentence():
    """
    Nynorsk is printed too, though the screens are not.
    """
    keys = {key for key in catalogue("nb", "documents") if key.startswith(("notice.", "addition.", "approval."))}

    for language in (*LANGUAGES, "nn"):
        assert keys <= set(catalogue(language, "documents"))


def test_a_shared_copy_of_a_withdrawn_routine_says_so(a_document):
    """
    The network's own copy lives longest.
    """
    printed = page(a_document(header={"municipality": None, "status": DocumentStatus.APPROVED, "withdrawn": True}))

    assert "trukket rutinen tilbake" in printed.lines[2]
