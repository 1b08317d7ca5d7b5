"""The printed form is frozen: what changes on paper raises TEMPLATE_FORM, so that published copies are renewed."""

import hashlib
import os
from pathlib import Path

import pytest

from samrutine.adoptions.effective import TEMPLATE_FORM
from samrutine.exchange import html, markdown, pdf
from samrutine.exchange.page import page

GOLDEN = Path(__file__).with_name("golden")
TEMPLATES = Path(pdf.__file__).with_name("templates")
# Read while collecting: within a test our settings are taken out of the environment.
WRITE = os.environ.get("SAMRUTINE_WRITE_GOLDEN") == "1"


def set_for_paper(document):
    """What decides the PDF: the words, and the digest of the templates (its bytes also depend on typst itself)."""
    templates = b"".join((TEMPLATES / name).read_bytes() for name in ("document.typ", "parts.typ"))
    template = hashlib.sha256(templates).hexdigest()
    return f"{template}\n{pdf.page_data(page(document))}\n".encode()


@pytest.mark.parametrize(
    ("suffix", "write"),
    [("html", html.render), ("md", markdown.render), ("typ.txt", set_for_paper)],
    ids=["html", "markdown", "pdf"],
)
def test_what_is_printed_is_what_its_form_says(a_document, suffix, write):
    """
    A change that nobody meant is caught, and one that is meant is announced.

    Raise TEMPLATE_FORM in adoptions/effective.py; then this test with SAMRUTINE_WRITE_GOLDEN=1 writes the new form
    beside the old ones, to be read in the diff.
    """
    path = GOLDEN / f"form-{TEMPLATE_FORM}.{suffix}"
    written = write(a_document(header={"demo": True}))
    if WRITE:
        GOLDEN.mkdir(exist_ok=True)
        path.write_bytes(written)

    assert written == path.read_bytes()
