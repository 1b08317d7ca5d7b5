"""The index that lies beside the published documents."""

import csv
import io
import json
import re
from dataclasses import fields, replace
from datetime import date
from enum import StrEnum
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.messages import say
from samrutine.procedures.model import (
    AccessClass,
    Attachment,
    DecisionLevel,
    Digest,
    FrontMatter,
    InternalControl,
    Kind,
    Language,
    LegalBasis,
    LocalInformation,
    LocalInformationType,
    Source,
    VersionNumber,
)
from samrutine.publishing.index import index_bytes, index_files
from samrutine.publishing.model import PublishedDocument
from samrutine.testing import a_published_document, an_edition


def a_titled_document(title: str, name: str = "handhygiene", **changes: object) -> PublishedDocument:
    document = a_published_document(name)
    return replace(document, front=replace(document.front, title=title, **changes))  # type: ignore[arg-type]


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


class Page(HTMLParser):
    """What a browser would make of the page: its elements and its text."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


FULL = replace(
    a_published_document("tuberkulose"),
    front=FrontMatter(
        id=a_published_document("tuberkulose").procedure_id,
        title="Tuberkulose på øya",
        kind=Kind.PLAN,
        language=Language.NN,
        network=a_published_document().front.network,
        co_networks=(a_published_document().front.network,),
        subjects=("smittevern",),
        audience=("kommuneoverlege", "helsesykepleier"),
        prevention_level=1,
        access=AccessClass.EXEMPT,
        access_basis="offl. § 24 tredje ledd",
        internal_control=(InternalControl.HEALTH, InternalControl.HSE),
        legal_basis=(
            LegalBasis("FOR-2009-02-13-205", "forskrift om tuberkulosekontroll", "§ 2-1", None, checked=True),
        ),
        sources=(Source("Folkehelseinstituttet", "Veileder", "https://example.org", date(2026, 7, 28)),),
        responsible_role="kommuneoverlege",
        decision_level=DecisionLevel.POLITICAL,
        professional_approval=("kommuneoverlege",),
        review_interval_months=12,
        also_called=("TB-program",),
        local_information=(LocalInformation("telefon", "Vakttelefon", LocalInformationType.SERVICE_PHONE),),
        attachments=(Attachment("skjema.pdf", "application/pdf", Digest("1:aa")),),
        translation_of=a_published_document("tuberkulose-nb").procedure_id,
    ),
)


class TestForASpreadsheet:
    def test_opens_in_a_norwegian_spreadsheet(self) -> None:
        """Excel set to Norwegian splits at semicolons, and reads æøå right only after a byte order mark."""
        data = index_bytes(an_edition(FULL), "csv")

        assert data.startswith(b"\xef\xbb\xbfKommune;Kommunenummer;Id;Tittel;Versjon;")
        assert data.count(b"\r\n") == 2

    def test_names_every_fact_in_norwegian(self) -> None:
        """Codes are ours; the one who reads the list has never seen them."""
        row = rows_of(index_bytes(an_edition(FULL), "csv"))[0]

        assert row["Kommune"] == "Prøvevik"
        assert row["Type"] == "Plan"
        assert row["Språk"] == "Nynorsk"
        assert row["Tilgang"] == "Unntatt offentlighet"
        assert row["Beslutningsnivå"] == "Politisk nivå"
        assert row["Internkontroll"].startswith("Helse og omsorg (")
        assert " | HMS (" in row["Internkontroll"]
        assert row["Rettslig grunnlag"] == "forskrift om tuberkulosekontroll § 2-1 (FOR-2009-02-13-205)"
        assert row["Kilder"] == "Folkehelseinstituttet: Veileder"
        assert row["Målgruppe"] == "kommuneoverlege | helsesykepleier"
        assert row["Gjelder fra"] == "2026-10-01"
        assert row["Fil, PDF"] == "tuberkulose.pdf"
        assert row["Fil, ren tekst"] == ""

    def test_a_version_does_not_become_a_date(self) -> None:
        """Excel in Norwegian reads "1.2" as the first of February, and the list then says something else."""
        document = replace(FULL, version=VersionNumber(1, 2))

        assert rows_of(index_bytes(an_edition(document), "csv"))[0]["Versjon"] == "v1.2"

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\u00a0=", "\n="])
    def test_a_title_is_never_run_as_a_formula(self, start: str) -> None:
        """A proposal's title comes from anybody, and the list is opened by those who decide."""
        document = a_titled_document(f'{start}HYPERLINK("http://example.org")')

        title = rows_of(index_bytes(an_edition(document), "csv"))[0]["Tittel"]

        assert title.startswith("'")

    @given(title=st.text(min_size=1))
    def test_any_title_stays_in_its_row_and_cell(self, title: str) -> None:
        """A semicolon, a quote or a line break must not move the facts of one routine to another."""
        rows = rows_of(index_bytes(an_edition(a_titled_document(title)), "csv"))

        assert len(rows) == 1
        assert rows[0]["Id"] == "handhygiene"
        assert not rows[0]["Tittel"].lstrip(" \u00a0\ufeff").startswith(("=", "+", "-", "@", "\t", "\r"))


class TestForAProgram:
    def test_holds_every_field_of_the_front_matter(self) -> None:
        """What is left out cannot become a column in the receiving system; a new field must not be forgotten here."""
        document = json.loads(index_bytes(an_edition(FULL), "json"))["documents"][0]

        assert {field.name for field in fields(FrontMatter)} <= set(document)
        assert document["version"] == "1.0"
        assert document["legal_basis"][0]["checked"] is True
        assert document["sources"][0]["read_on"] == "2026-07-28"

    def test_does_not_depend_on_the_order_of_the_documents(self) -> None:
        """The database may give them in any order, and the list must not be sent again for that."""
        one, other = a_published_document("a"), a_published_document("b")

        for suffix in ("csv", "json", "html"):
            assert index_bytes(an_edition(one, other), suffix) == index_bytes(an_edition(other, one), suffix)


class TestToRead:
    def test_is_one_page_without_script_that_fetches_nothing(self) -> None:
        """It is opened from a file share or a memory stick, on a machine that may be closed to the world."""
        page = Page(index_bytes(an_edition(FULL), "html"))

        assert page.all("script") == []
        assert page.all("link") == []
        assert page.all("html") == [{"lang": "nb"}]
        assert len(page.all("h1")) == 1
        assert any(meta.get("name") == "viewport" for meta in page.all("meta"))

    def test_groups_by_subject_in_norwegian_order(self) -> None:
        """People look under the subject, and look for Å last."""
        subjects = ["Åpenhet", "Ærlighet", "Ørekirurgi", "Beredskap", "Zoonoser"]
        documents = [
            replace(a_published_document(f"rutine-{number}"), subject_names=(name,))
            for number, name in enumerate(subjects)
        ]

        text = index_bytes(an_edition(*documents), "html").decode()

        assert re.findall(r"<h2[^>]*>([^<]+)", text) == ["Beredskap", "Zoonoser", "Ærlighet", "Ørekirurgi", "Åpenhet"]

    def test_says_who_approved_who_decided_and_when(self) -> None:
        """Those are the two lines that make a routine binding; "approved" alone says neither."""
        text = Page(index_bytes(an_edition(a_published_document()), "html")).text

        assert "Prosedyre, versjon 1.0. Gjelder fra 1. oktober 2026." in text
        assert "Faglig godkjent av Fagnettverk for smittevern 1. september 2026." in text
        assert "Tatt i bruk etter beslutning av kommunalsjef helse og omsorg 20. september 2026." in text
        assert "Neste gjennomgang: 1. september 2028." in text

    def test_every_link_says_what_it_leads_to(self) -> None:
        """A screen reader lists the links alone; nine times "PDF" helps nobody."""
        page = Page(index_bytes(an_edition(a_published_document("brannvern"), a_published_document()), "html"))

        names = [link["aria-label"] for link in page.all("a") if "aria-label" in link]

        assert len(names) == len(set(names)) == 6
        assert "PDF: Brannvern" in names

    def test_a_title_in_another_language_is_marked_as_such(self) -> None:
        """A screen reader otherwise reads Sámi or nynorsk with the wrong voice."""
        page = Page(index_bytes(an_edition(FULL), "html"))

        assert page.all("span") == [{"lang": "nn"}]

    @given(text=st.text(min_size=1))
    def test_no_title_becomes_markup(self, text: str) -> None:
        """The page is opened with the reader's own rights on a municipality's machine."""
        plain = Page(index_bytes(an_edition(a_titled_document("x")), "html"))

        page = Page(index_bytes(an_edition(a_titled_document(f"<script>\"'{text}</a>")), "html"))

        assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]

    def test_an_address_that_is_no_web_address_is_no_link(self) -> None:
        """An address comes from a setting; a wrong one must not run anything."""
        document = replace(a_published_document(), address="javascript:alert(1)")

        page = Page(index_bytes(an_edition(document), "html"))

        assert all(not str(link["href"]).startswith("javascript:") for link in page.all("a"))

    @pytest.mark.parametrize(
        ("address", "note"),
        [("https://rutiner.example/v/a/1.0", "Følg «Sjekk at den gjelder»"), ("", "spør kvalitetskoordinatoren")],
        ids=["with an address", "without"],
    )
    def test_sends_the_reader_only_where_there_is_something(self, address: str, note: str) -> None:
        """Without an address set there is no link to follow, and the page must not ask anyone to follow it."""
        page = Page(index_bytes(an_edition(replace(a_published_document(), address=address)), "html"))

        assert note in page.text
        assert any(link["href"] == address for link in page.all("a")) == bool(address)

    def test_an_empty_list_says_so(self) -> None:
        """A blank page looks like a fault."""
        assert "Ingen rutiner er tatt i bruk ennå." in Page(index_bytes(an_edition(), "html")).text

    @pytest.mark.parametrize("suffix", ["csv", "json", "html"])
    def test_a_demo_says_so_in_every_format(self, suffix: str) -> None:
        """Invented routines must not be taken for real ones when the files are sent on."""
        edition = replace(an_edition(FULL), demo=True)

        text = index_bytes(edition, suffix).decode()

        assert ("DEMO" in text) if suffix != "json" else (json.loads(text)["demo"] is True)

    def test_speaks_english_when_the_edition_does(self) -> None:
        """Some who read are not at home in Norwegian, and half a translation is worse than none."""
        page = Page(index_bytes(replace(an_edition(a_published_document()), language=Language.EN), "html"))

        assert page.all("html") == [{"lang": "en"}]
        assert "Applies from 1 October 2026." in page.text

    @pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
    def test_every_text_can_be_read_against_its_ground(self, scheme: int) -> None:
        """
        By law 4.5 to 1; in a sunlit car or with tired eyes more is needed, so 7 to 1 here.

        Source: WCAG 2.1, 1.4.3 and 1.4.6, with the formula for relative luminance.
        """
        style = re.findall(r"<style>(.*?)</style>", index_bytes(an_edition(), "html").decode(), re.DOTALL)[0]
        colours = dict(re.findall(r"--([a-z-]+):#([0-9a-f]+)", style.split("@media")[scheme]))

        pairs = [("text", "ground"), ("quiet", "ground"), ("link", "ground"), ("mark-text", "mark")]

        assert {pair: contrast(colours[pair[0]], colours[pair[1]]) >= 7 for pair in pairs} == dict.fromkeys(pairs, True)


def contrast(one: str, other: str) -> float:
    """Compute the contrast of two colours in hex."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    full = colour if len(colour) == 6 else "".join(2 * digit for digit in colour)
    parts = [int(full[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class TestWhenItIsMadeAgain:
    def test_the_same_facts_give_the_same_digest_and_bytes(self) -> None:
        """It is made again only when something in it changed, or every night would bring a new file."""
        assert index_files(an_edition(FULL)) == index_files(an_edition(FULL, number=9))

    @pytest.mark.parametrize(
        "changed",
        [
            replace(FULL, next_review=date(2030, 1, 1)),
            replace(FULL, front=replace(FULL.front, title="Et annet navn")),
            replace(FULL, front=replace(FULL.front, also_called=())),
            replace(FULL, files=()),
            replace(FULL, network_name="Et annet fagnettverk"),
        ],
        ids=["review", "title", "other names", "formats", "network"],
    )
    def test_any_changed_fact_gives_another_digest(self, changed: PublishedDocument) -> None:
        """A fact that is not in the digest would stand wrong at the target until something else changed."""
        before, after = index_files(an_edition(FULL)), index_files(an_edition(changed))

        assert {file.effective_digest for file in before}.isdisjoint(file.effective_digest for file in after)


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("codes", [Language, AccessClass, DecisionLevel, InternalControl, Kind])
def test_every_code_has_a_name(codes: type[StrEnum], language: str) -> None:
    """A new code without a name would stop the publishing of every municipality that uses it."""
    areas: dict[type[StrEnum], str] = {
        Language: "publishing.language",
        AccessClass: "publishing.access",
        DecisionLevel: "publishing.decision_level",
        InternalControl: "publishing.internal_control",
        Kind: "documents.kind",
    }

    for code in codes:
        assert say(f"{areas[codes]}.{code}", language)
