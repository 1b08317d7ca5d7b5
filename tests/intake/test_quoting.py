"""What a report quotes of a document that holds something back: nothing of it, however it came to be quoted."""

from dataclasses import replace

import pytest

from samrutine.exchange.incoming.compare import differences
from samrutine.exchange.incoming.model import (
    WEIGHTS,
    ChangeKind,
    Comment,
    Counts,
    Difference,
    DifferenceKind,
    FileKind,
    Finding,
    Incoming,
    Limits,
    Picture,
    Suggested,
    TrackedChange,
)
from samrutine.exchange.incoming.opening import open_document
from samrutine.intake.masking import masked
from samrutine.intake.quoting import Quoting, shortened
from samrutine.intake.report import as_json, report_from, report_of, without_held
from tests.support.texts import NATIONAL_ID

TEXT = f"""Medisiner på sykehjem
## Dose

Gi 5 mg morfin etter samtale.

Pasient Kari Nordmann har demens og ringer datteren Berit.

Passord til Gerica: hunter2!x

Ring Ola på 900 00 000 hver kveld. Fnr {NATIONAL_ID}.
"""
SAID = ("Kari Nordmann", "Nordmann", "hunter2!x", "900 00 000", NATIONAL_ID, f"{NATIONAL_ID[:6]} {NATIONAL_ID[6:]}")
NOTHING_OF = ("Nordmann", "hunter2", "900 00", NATIONAL_ID[:6], NATIONAL_ID[6:])


def an_incoming(**what):
    """Build a document with the text."""
    return replace(Incoming(FileKind.HTML, "Medisiner på sykehjem", TEXT.partition("\n")[2]), **what)


class TestQuoting:
    @pytest.mark.parametrize("code", sorted(WEIGHTS))
    def test_no_finding_quotes_what_is_held_back(self, code):
        """
        A name that is red in the document is told of alone, and alone no rule takes it for a patient's.
        """
        findings = tuple(Finding(code, said, detail) for said in SAID for detail in (said, f"Gi {said} / {said}"))

        kept = as_json(report_of(an_incoming(findings=findings), TEXT))

        assert not [one for one in NOTHING_OF if one in kept]

    @pytest.mark.parametrize("said", SAID)
    def test_nothing_else_in_a_report_does(self, said):
        """
        Changes, comments, readings, suggested values, pictures and single words are quoted too.
        """
        incoming = an_incoming(
            suggested=(Suggested("approved_by", said, "table"),), changes=(TrackedChange(ChangeKind.DELETED, said, said),),
            comments=(Comment(said, said, said),), readings=(Difference(DifferenceKind.DOSE, said, said, said),),
            pictures=(Picture("a.png", "image/png", b"", said),), only_there=(said,), only_here=(said,), source=Counts(),
        )  # fmt: skip

        kept = as_json(report_of(incoming, TEXT))

        assert not [one for one in NOTHING_OF if one in kept]

    def test_what_stands_openly_is_quoted_as_before(self):
        """
        A report without words helps nobody: only what is held back goes.
        """
        report = report_of(an_incoming(findings=(Finding("marked-by-colour", "Dose", "Gi 5 mg morfin"),)), TEXT)

        assert report.findings[0].finding == Finding("marked-by-colour", "Dose", "Gi 5 mg morfin")

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ("Ola Hansen", "(fjernet: mulig pasientopplysning)"),
            ("gammelt7!", "(fjernet: passord eller kode)"),
            ("Gi 10 mg", "Gi 10 mg"),
            ("etter Samtale", "etter Samtale"),
        ],
    )
    def test_what_was_deleted_beside_it_goes_with_it(self, said, told):
        """
        The patient that the routine spoke of before is one too, and an old password is often in use.
        """
        assert Quoting(TEXT)(said) == told

    def test_stays_out_when_the_text_is_masked_or_edited(self):
        """
        The text does not hold it any more; the report was made from the file, which does.
        """
        incoming = an_incoming(findings=(Finding("marked-by-colour", "", "Berit"),))
        report = report_of(incoming, TEXT)

        after, held, _ = masked(TEXT, report.held, [one.key for one in report.held])
        masked_report = without_held(replace(report, held=held), TEXT, after)
        clean = report_of(incoming, "Tittel\nBerit har vakt.\n")
        edited = without_held(clean, "Tittel\nBerit har vakt.\n", "Tittel\nPasient Berit Nordmann har demens.\n")

        assert "Berit" not in as_json(masked_report)
        assert clean.findings[0].finding.detail == "Berit"
        assert "Berit" not in as_json(edited)
        assert without_held(masked_report, after) == masked_report
        assert report_from(as_json(masked_report)) == masked_report

    def test_a_quotation_is_cut_last_and_after_a_whole_word(self):
        """
        Half an identity number is no identity number to any rule, and its owner is found all the same.
        """
        said = f"{'x' * 290} {NATIONAL_ID[:6]} {NATIONAL_ID[6:]}"

        report = report_of(an_incoming(findings=(Finding("words-missing", "", said),)), "Tittel\nTekst.\n")

        assert NATIONAL_ID[:6] not in as_json(report)
        assert shortened("en to tre", 7) == "en to …"

    @pytest.mark.parametrize(
        "body",
        [
            '<p>Pasient <span style="color:red">Kari Nordmann</span> har demens.</p><p>Passord til Gerica: <mark>hunter2!x</mark></p>',
            "<p>Pasient <ins>Kari Nordmann</ins><del>Ola Nordmann</del> har demens.</p>",
            f"<p>Vask.</p><svg><text>{'x' * 285} fnr {NATIONAL_ID}</text></svg>",
            f"<p>- {'vask ' * 20} fnr {NATIONAL_ID}</p><p>- Vask</p>",
            f"<h2>{'Vask ' * 14} {NATIONAL_ID}</h2><p>Gi <a href='#x'>5 mg</a>.</p><table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
            "<table><tr><td>Bruker</td><td>Passord</td></tr><tr><td rowspan=2>vakt</td><td rowspan=2>hunter2x</td></tr><tr></tr></table>",
        ],
        ids=["coloured", "changed", "drawn", "typed list", "heading", "merged"],
    )
    def test_no_document_tells_it(self, body, tmp_path):
        """
        From the file to what is kept of the report.
        """
        incoming = open_document(f"<html><body><h1>R</h1>{body}</body></html>".encode(), "r.html", Limits(), tmp_path)

        kept = as_json(report_of(incoming, f"{incoming.title}\n{incoming.markdown}"))

        assert incoming.findings
        assert not [one for one in (*NOTHING_OF, NATIONAL_ID[:9]) if one in kept]

    def test_what_stands_around_a_value_holds_no_half_number(self):
        """
        The words around a value are cut before anybody knows what must be held back in them.
        """
        said = f"Fnr {NATIONAL_ID[:6]} {NATIONAL_ID[6:]} og så mange ord til Gi 5 mg"

        (one,) = [each for each in differences([said], "") if each.kind is DifferenceKind.DOSE]

        assert one.where.endswith("ord til Gi 5 mg")
        assert not [part for part in NOTHING_OF if part in one.where]
