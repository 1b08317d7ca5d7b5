"""
How much our PDFs cost beyond typst itself: `python bench/pdf.py [COUNT]` prints one JSON line.

Both sides set the same pages with the same template, standards and fonts, in one process and in turns, so that what
else the machine does falls on both. The peer is typst with its data ready; ours begins at the text and the decisions:
Markdown, control header, QR code, JSON, PDF. Every document differs from the others, since typst remembers. The ratio
must stay at or under 1.3.
"""

import json
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import typst

from samrutine.adoptions.effective import ControlHeader, DocumentStatus, EffectiveDocument
from samrutine.exchange import pdf
from samrutine.exchange.page import page
from samrutine.networks.model import Municipality, MunicipalityNumber
from samrutine.procedures.model import ProcedureText, VersionNumber
from samrutine.procedures.text import digest, read

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = Path(pdf.__file__).with_name("templates")
DUE = 1.3


def a_document(number: int, data: bytes, name: str) -> EffectiveDocument:
    """One of the starter routines, taken into use; the last line of the text makes it unlike the others."""
    text = read(data, name)
    header = ControlHeader(
        procedure_id=text.front.id, title=text.front.title, kind=text.front.kind, version=VersionNumber(1, 0),
        version_digest=digest(data), approved_by="Fagnettverk for smittevern", approved_on=date(2026, 11, 3),
        municipality=Municipality(MunicipalityNumber("9999"), "Prøvevik", "provevik"),
        in_force_from=date(2026, 12, 1), in_force_until=None, decided_by_position="kommunalsjef helse og omsorg",
        decided_on=date(2026, 11, 21), next_review=date(2028, 11, 3), status=DocumentStatus.IN_FORCE,
        address=f"https://rutiner.provevik.example/{text.front.id}/{number}", demo=False,
        made_at=datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    )  # fmt: skip
    unlike = ProcedureText(text.front, f"{text.body.rstrip()}\n\nEksemplar nummer {number}.\n")
    return EffectiveDocument(header=header, text=unlike)


def main(count: int) -> int:
    """Measure, print, and give 1 when the ratio is over what is due."""
    files = sorted((ROOT / "procedures").rglob("*.md"))
    texts = [(path.read_bytes(), path.name) for path in files]
    documents = [a_document(n, *texts[n % len(texts)]) for n in range(count)]
    # Other documents for the peer, equally large: typst would give a page it has just set from memory.
    others = [replace(d, text=replace(d.text, body=d.text.body.replace("Eksemplar", "Avtrykk"))) for d in documents]
    prepared = [pdf.page_data(page(document)) for document in others]
    # Half a round of texts apart, so that neither side finds the other's paragraphs fresh in typst's memory.
    apart = len(texts) // 2
    prepared = prepared[apart:] + prepared[:apart]
    compiler = typst.Compiler(str(TEMPLATES / "document.typ"), root=str(TEMPLATES), ignore_system_fonts=True)
    warm = a_document(count, *texts[0])
    pdf.render(warm)
    compiler.compile(format="pdf", sys_inputs={"page": pdf.page_data(page(warm))}, pdf_standards=list(pdf.STANDARDS))

    ours = peer = 0.0
    for document, data in zip(documents, prepared, strict=True):
        begin = time.perf_counter()
        pdf.render(document)
        between = time.perf_counter()
        compiler.compile(format="pdf", sys_inputs={"page": data}, pdf_standards=list(pdf.STANDARDS))
        ours += between - begin
        peer += time.perf_counter() - between

    ratio = ours / peer
    result = {
        "bench": "pdf", "count": count, "texts": len(texts), "ours_s": round(ours, 3), "typst_alone_s": round(peer, 3),
        "ratio": round(ratio, 3), "due": DUE, "ok": ratio <= DUE,
    }  # fmt: skip
    print(json.dumps(result))
    return 0 if ratio <= DUE else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
