"""What a text lacks and what must not stand in it, each with its line as the writer sees it."""

import tomllib
from dataclasses import dataclass
from importlib import resources
from string import Formatter

import pytest

from samrutine.networks.model import NetworkId
from samrutine.procedures.checks import Known, findings
from samrutine.procedures.findings import Finding, Severity
from samrutine.procedures.model import Attachment, Digest, Kind, Language, LegalBasis, ProcedureId
from samrutine.procedures.text import canonical, read, unformatted
from tests.procedures.test_personal_data import a_number
from tests.procedures.texts import A_PHONE, BODY, a_file, a_head, a_text

ERROR, WARNING = Severity.ERROR, Severity.WARNING
KNOWN = Known(
    procedures=frozenset({ProcedureId("handhygiene"), ProcedureId("stikkskade")}),
    networks=frozenset({NetworkId("smittevern")}),
    subjects=frozenset({"smittevern"}),
)
LENGTH_OF_HEAD = 24


def found(body: str, known: Known = KNOWN, **changed: object) -> list[tuple[str, int]]:
    """Key and line in the body of each finding for a text that has all its parts and then some."""
    text = a_text(BODY + "\n" + body, **changed)
    body_line = unformatted(text).decode().split("\n## ")[0].count("\n") + 2 + BODY.count("\n") + 1
    return [(finding.key, finding.line - body_line + 1) for finding in findings(text, None, known)]


def test_a_complete_routine_has_no_findings():
    """
    Otherwise nobody reads them.
    """
    data = a_file()

    assert findings(read(data, "prøve.md"), data, KNOWN) == ()


class TestParts:
    @pytest.mark.parametrize(
        ("heading", "part"),
        [
            ("Formål", "purpose"),
            ("Omfang", "scope"),
            ("Ansvar", "responsibility"),
            ("Framgangsmåte", "steps"),
            ("Avvik", "deviations"),
        ],
    )
    def test_a_routine_without_a_part_is_told_which(self, heading, part):
        """
        Whoever follows it must find why, for whom, who, how, and what if not.
        """
        text = a_text(BODY.replace(f"## {heading}\n", "## Noe annet\n"))

        assert [finding.key for finding in findings(text, None, KNOWN)] == [f"part-missing-{part}"]

    def test_nynorsk_and_common_other_headings_count(self):
        """
        Nobody should have to rename a good heading.
        """
        body = "## Føremål og verkeområde\n\na\n\n## Roller og ansvar\n\na\n\n## Slik gjer du\n\na\n\n## Gjennomføring\n\na\n\n## Avvikshandtering\n\na\n"

        assert findings(a_text(body, language=Language.NN), None, KNOWN) == ()

    def test_a_checklist_must_have_something_to_tick_off(self):
        """
        Without boxes it is a list to read.
        """
        body = "## Formål\n\na\n\n## Punkter\n\n- en\n"

        assert [finding.key for finding in findings(a_text(body, kind=Kind.CHECKLIST), None, KNOWN)] == [
            "checklist-empty"
        ]
        assert findings(a_text(body.replace("- en", "- [ ] en"), kind=Kind.CHECKLIST), None, KNOWN) == ()

    def test_nothing_is_asked_of_headings_in_sami(self):
        """
        A wrong demand would be worse than none.
        """
        assert findings(a_text("## Ulmme\n\na\n", language=Language.SMJ), None, KNOWN) == ()


class TestStructure:
    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ("# Tittel\n\na\n", [("heading-title", 1)]),
            ("## En\n\n#### To\n\na\n", [("heading-skipped", 3)]),
            ("## En\n\n## To\n\na\n", [("section-empty", 1)]),
            ("## En\n\n### To\n\na\n", []),
        ],
        ids=["title in the body", "level skipped", "empty", "only sub-sections"],
    )
    def test_headings_make_an_outline(self, body, expected):
        """
        Screen readers and the table of contents follow it.
        """
        assert found(body) == expected


class TestLinks:
    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ("[a](#ansvar)\n", []),
            ("a\n\n[a](#finnes-ikke)\n", [("link-unknown-section", 3)]),
            ("[a](rutine:stikkskade)\n", []),
            ("[a](rutine:stikkskade#ansvar)\n", []),
            ("[a](rutine:ukjent)\n", [("link-unknown-procedure", 1)]),
            ("[a](../smittevern/stikkskade.md)\n", []),
            ("[a](ukjent.md)\n", [("link-unknown-procedure", 1)]),
            ("[a](skjema.pdf)\n", [("link-unknown-file", 1)]),
            ("[a]()\n", [("link-empty", 1)]),
            ("[a](https://provevik.example/a.md)\n", []),
            ("[a](mailto:postmottak@provevik.example)\n", []),
            ("![](skjema.png)\n", [("image-without-text", 1), ("link-unknown-file", 1)]),
            ("![a](https://provevik.example/a.png)\n", [("image-elsewhere", 1)]),
            ("note[^1]\n", [("footnote-undefined", 1)]),
        ],
    )
    def test_a_link_leads_somewhere(self, body, expected):
        """
        Somebody follows it with a patient waiting.
        """
        assert found(body) == expected

    def test_an_attachment_may_be_linked_to(self):
        """
        The form lies beside the routine.
        """
        form = Attachment("skjema.pdf", "application/pdf", Digest("1:" + "0" * 64))

        assert found("[a](skjema.pdf)\n", attachments=(form,)) == []

    def test_an_attachment_whose_bytes_nobody_has_is_an_error(self):
        """
        The network would approve a dose table that nobody can open.
        """
        form = Attachment("skjema.pdf", "application/pdf", Digest("1:" + "0" * 64))
        assert [key for key, _ in found("", Known(attachments=frozenset()), attachments=(form,))] == [
            "attachment-not-held"
        ]
        assert found("", Known(attachments=frozenset({form.digest})), attachments=(form,)) == []

    @pytest.mark.parametrize(
        "body",
        [
            "[a](javascript:alert(1))",
            "[a](JaVaScript:alert)",
            "[a](java&#115;cript:alert)",
            "[a]( <javascript:alert> )",
            "<javascript:alert>",
            "[a][b]\n\n[b]: javascript:alert",
            "[a](data:text/html,x)",
            "![a](data:image/png;base64,AAAA)",
            "[a](file:///etc/passwd)",
            "[a](vbscript:x)",
            "[a](ftp://provevik.example)",
        ],
    )
    def test_an_address_that_runs_code_or_reads_a_disk_must_not_be_kept(self, body):
        """
        Whoever opened the draft would be hit.
        """
        unsafe = [
            finding for finding in findings(a_text(f"{BODY}\n{body}\n"), None, KNOWN) if finding.severity is ERROR
        ]

        assert {finding.key for finding in unsafe} == {"link-unsafe"}
        assert all(finding.must_not_be_kept for finding in unsafe)


class TestHtml:
    @pytest.mark.parametrize("body", ["<script>x</script>\n", "a <b>b</b>\n", "<!-- gjemt -->\n", "- a <br> b\n"])
    def test_html_must_not_be_kept(self, body):
        """
        It could carry code, and documents do not show it.
        """
        assert found(body) == [("raw-html", 1)]

    @pytest.mark.parametrize("body", ["a < b og c > d\n", "\\<5 mg\n", "`<b>`\n", "- [ ] a\n", "```\n<b>\n```\n"])
    def test_less_than_is_no_html(self, body):
        """
        Limits are written so.
        """
        assert found(body) == []


class TestLocalInformation:
    @pytest.mark.parametrize(
        ("body", "declared", "expected"),
        [
            ("Ring {{vakttelefon}}.\n", (A_PHONE,), []),
            ("a\nRing {{vakttelefon}}.\n", (), [("field-undeclared", 1)]),
            ("Ring {{ vakttelefon }}.\n\n{{vakttelefon}}\n", (A_PHONE,), [("field-malformed", 1)]),
            ("[a](tel:{{vakttelefon}}) {{vakttelefon}}\n", (A_PHONE,), [("field-in-link", 1)]),
            ("`{{kode}}`\n", (), []),
        ],
    )
    def test_what_the_text_uses_is_declared(self, body, declared, expected):
        """
        A municipality can only fill in what it is asked for.
        """
        assert found(body, local_information=declared) == expected

    def test_what_is_declared_and_not_used_is_told_at_its_own_line(self):
        """
        Nine municipalities would fill it in for nothing.
        """
        head = a_head(local_information="[{key: vakttelefon, label: Vakt, type: text}]")
        data = a_file(head=head)

        [one] = findings(read(data, "prøve.md"), data, KNOWN)

        assert (one.key, one.line, one.severity) == ("field-unused", 23, WARNING)


class TestBelonging:
    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({"network": "ukjent"}, "network-unknown"),
            ({"co_networks": ("ukjent",)}, "network-unknown"),
            ({"subjects": ("ukjent",)}, "subject-unknown"),
            ({"subjects": ()}, "subjects-missing"),
            ({"sources": ()}, "sources-missing"),
            ({"legal_basis": ()}, "legal-basis-missing"),
            ({"professional_approval": ()}, "professional-approval-missing"),
            ({"responsible_role": ""}, "responsible-role-missing"),
            ({"translation_of": "ukjent"}, "link-unknown-procedure"),
        ],
    )
    def test_what_it_leans_on_exists(self, changed, expected):
        """
        A text nobody owns is approved by nobody.
        """
        if changed == {"responsible_role": ""}:
            with pytest.raises(Exception, match="responsible_role is missing"):
                findings(a_text(**changed), None, KNOWN)
        else:
            assert [finding.key for finding in findings(a_text(**changed), None, KNOWN)] == [expected]

    def test_a_text_for_another_procedure_is_refused(self):
        """
        An imported file must not take over somebody else's routine.
        """
        known = Known(procedure_id=ProcedureId("stikkskade"))

        [one] = findings(a_text(), None, known)

        assert (one.key, one.line, one.severity) == ("id-other", 2, ERROR)

    def test_what_is_not_known_is_not_checked(self):
        """
        A writer without the library at hand still gets the rest.
        """
        assert findings(a_text(network="ukjent", subjects=("ukjent",)), None, Known()) == ()


@dataclass(frozen=True)
class ALaw:
    """A law as the library has it."""

    id: str
    name: str
    abbreviation: str | None = None


@dataclass(frozen=True)
class AProvision:
    """A repealed provision as the library has it."""

    law: str
    section: str
    replaced_by: str


EDUCATION = ALaw("LOV-1998-07-17-61", "opplæringsloven av 1998")
HEALTH_CARE = ALaw("LOV-2011-06-24-30", "helse- og omsorgstjenesteloven", "hol")
WORK = ALaw("FOR-2011-12-06-1357", "forskrift om utførelse av arbeid")
PERSONNEL = ALaw("LOV-1999-07-02-64", "helsepersonelloven", "hpl")
LAW = Known(
    laws=(EDUCATION, HEALTH_CARE, WORK, PERSONNEL),
    repealed=(
        AProvision(EDUCATION.id, "§ 9 A", "opplæringslova kapittel 12"),
        AProvision(HEALTH_CARE.id, "§ 5-10", "helsepersonelloven kapittel 5"),
        AProvision(WORK.id, "kap. 23 A", "samme forskrift kap. 3A"),
        AProvision(PERSONNEL.id, "§ 45", "helsepersonelloven § 25"),
        AProvision(PERSONNEL.id, "§ 45 a", "helsepersonelloven § 26"),
    ),
)


class TestRepealedLaw:
    @pytest.mark.parametrize(
        "body",
        [
            "Etter opplæringsloven § 9 A skal skolen handle.",
            "Etter opplæringslova § 9A-4 skal skulen handle.",
            "§ 9 A i opplæringsloven gjelder.",
            "Se hol § 5-10.",
            "Se helse- og\nomsorgstjenesteloven §\u00a05-10 annet ledd.",
            "Se hol §§ 5-9 og 5-10.",
            "Forskrift om utførelse av arbeid kapittel 23A.",
            "Forskriften om utførelse av arbeid, kap. 23 A, krever alarm.",
            "hpl § 45 a gjelder epikrise.",
        ],
    )
    def test_a_text_that_leans_on_repealed_law_is_told_what_to_cite(self, body):
        """
        The old number is still in most municipalities' routines.
        """
        assert {key for key, _ in found(f"{body}\n", LAW)} == {"law-repealed"}
        assert len(found(f"{body}\n", LAW)) == 1

    @pytest.mark.parametrize(
        "body",
        [
            "hol § 5-1 og § 5-100",
            "barnevernsloven § 5-10",
            "alkohol § 5-10",
            "hpl § 45 b",
            "Kap. 23 A i boka",
            "opplæringslova § 12-4. Se § 9 A der.",
        ],
    )
    def test_another_law_or_section_is_none_of_it(self, body):
        """
        A warning that is wrong is soon not read.
        """
        assert found(f"{body}\n", LAW) == []

    def test_the_legal_basis_in_front_matter_counts_too(self):
        """
        It is printed in every document.
        """
        basis = LegalBasis(HEALTH_CARE.id, "helse- og omsorgstjenesteloven", "§§ 5-9, 5-10")

        [one] = findings(a_text(legal_basis=(basis,)), None, LAW)

        assert "helsepersonelloven kapittel 5" in one.text("nb")


class TestPersonalData:
    def test_it_is_told_by_line_and_never_repeated(self):
        """
        The finding is read by others than the writer.
        """
        number = a_number(24, 12)
        data = a_file(BODY + f"\nRing {number}.\n\nMobil 90 00 00 00.\n")

        first, second = findings(read(data, "prøve.md"), data, KNOWN)

        assert (first.key, first.line, first.must_not_be_kept) == (
            "national-id",
            LENGTH_OF_HEAD + BODY.count("\n") + 2,
            True,
        )
        assert (second.key, second.line) == ("private-phone", first.line + 2)
        for finding in (first, second):
            assert number not in repr(finding) + finding.text("nb") + finding.text("en")
            assert "90 00" not in repr(finding) + finding.text("nb")

    def test_front_matter_is_looked_at_too(self):
        """
        A phone in a label is printed nine times.
        """
        data = a_file(head=a_head(audience="[ring 90000000]"))

        assert [(one.key, one.line) for one in findings(read(data, "prøve.md"), data, KNOWN)] == [("private-phone", 23)]


class TestLines:
    def test_lines_are_those_of_the_file_as_it_was_written(self):
        """
        The writer looks in their own file, not in the form we store.
        """
        loose = a_head(title='"Håndhygiene"').replace("\n---\n", "\n# merknad\n\n---\n").replace("\n", "\r\n")
        data = (loose + "\r\n\r\n\r\n" + BODY.replace("\n", "\r\n") + "\r\n<b>\r\n").encode()
        stored = read(canonical(data, "prøve.md"), "prøve.md")

        [one] = findings(stored, data, KNOWN)

        assert one.key == "raw-html"
        assert data.decode().split("\r\n")[one.line - 1] == "<b>"


class TestWords:
    def test_every_finding_has_a_fact_and_a_remedy_with_the_same_places_in_both_languages(self):
        """
        A finding without words would be a key on the screen.
        """
        areas = [
            tomllib.loads(resources.files("samrutine.messages").joinpath(language, "findings.toml").read_text("utf-8"))
            for language in ("nb", "en")
        ]
        for area in areas:
            area.pop("one-line")

        assert areas[0].keys() == areas[1].keys()
        for key, texts in areas[0].items():
            for part in ("fact", "remedy"):
                assert places(texts[part]) == places(areas[1][key][part]), key

    def test_a_finding_says_line_fact_and_remedy(self):
        """
        That is all the writer needs to mend it.
        """
        finding = Finding("heading-title", 12)

        assert finding.text("nb").startswith("linje 12: Teksten har en overskrift på øverste nivå.")
        assert finding.text("nb").endswith("gjør den om til ##.")


def places(text: str) -> set[str | None]:
    """The named places of a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
