"""
How much our documents cost beside bare pandoc: `python bench/documents.py [COUNT]` prints one JSON line.

Out: COUNT routines as Word by us, beginning at the text and the decisions, against pandoc making Word of the same Markdown
with a reference document, all in one process (`pandoc lua` with a list in a file: a hundred arguments end it). Both sides
run on one core, in turns of a hundred, so that what else the machine does falls on both. Every document differs from the
others. And each of ours is read back, to see that it still is what was written. The ratio must stay at or under 1.3.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pypandoc

from samrutine.adoptions.effective import ControlHeader, DocumentStatus, EffectiveDocument
from samrutine.exchange import word
from samrutine.exchange.word_back import read_back
from samrutine.networks.model import Municipality, MunicipalityNumber
from samrutine.procedures.model import ProcedureText, VersionNumber
from samrutine.procedures.text import canonical, digest, read, unformatted

ROOT = Path(__file__).resolve().parent.parent
DUE = 1.3
TURN = 100
READ_BACK = 50

SCRIPT = """\
local options = pandoc.WriterOptions{ reference_doc = arg[2] }
for line in io.lines(arg[1]) do
  local from, to = line:match("^(.-)\\t(.*)$")
  local file = io.open(from, "rb")
  local text = file:read("a")
  file:close()
  local out = io.open(to, "wb")
  out:write(pandoc.write(pandoc.read(text, "gfm+yaml_metadata_block"), "docx", options))
  out:close()
end
"""


def a_document(number: int, data: bytes) -> EffectiveDocument:
    """One of the starter routines, taken into use; the last line of the text makes it unlike the others."""
    text = read(data, "x")
    text = ProcedureText(text.front, f"{text.body.rstrip()}\n\nEksemplar nummer {number}.\n")
    header = ControlHeader(
        procedure_id=text.front.id, title=text.front.title, kind=text.front.kind, version=VersionNumber(1, 0),
        version_digest=digest(unformatted(text)), approved_by="Fagnettverk for smittevern", approved_on=date(2026, 11, 3),
        municipality=Municipality(MunicipalityNumber("9999"), "Prøvevik", "provevik"),
        in_force_from=date(2026, 12, 1), in_force_until=None, decided_by_position="kommunalsjef helse og omsorg",
        decided_on=date(2026, 11, 21), next_review=date(2028, 11, 3), status=DocumentStatus.IN_FORCE,
        address=f"https://rutiner.provevik.example/{text.front.id}/{number}", demo=False,
        made_at=datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    )  # fmt: skip
    return EffectiveDocument(header=header, text=text)


def by_pandoc(documents: list[EffectiveDocument], folder: Path, reference: Path) -> float:
    """Make Word of the texts in one process of pandoc, and give the seconds it took."""
    lines = []
    for number, document in enumerate(documents):
        source = folder / f"{number}.md"
        source.write_bytes(unformatted(document.text))
        lines.append(f"{source}\t{folder / f'{number}.docx'}")
    (folder / "list.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "script.lua").write_text(SCRIPT, encoding="utf-8")
    begin = time.perf_counter()
    subprocess.run(
        [pypandoc.get_pandoc_path(), "lua", folder / "script.lua", folder / "list.txt", reference], check=True
    )
    return time.perf_counter() - begin


def main(count: int) -> int:
    """Measure, print, and give 1 when the ratio is over what is due or a file did not come back as it was."""
    files = sorted((ROOT / "procedures").rglob("*.md"))
    texts = [canonical(path.read_bytes(), path.name) for path in files]
    documents = [a_document(n, texts[n % len(texts)]) for n in range(count)]
    # Other texts for the peer, equally large, so that neither finds the other's fresh in memory.
    others = [replace(d, text=replace(d.text, body=d.text.body.replace("Eksemplar", "Avtrykk"))) for d in documents]
    ours = peer = 0.0
    size = 0
    faults = 0
    folder = Path(tempfile.mkdtemp())
    try:
        reference = folder / "reference.docx"
        reference.write_bytes(word.render(documents[0]))
        word.render(documents[0])
        for start in range(0, count, TURN):
            begin = time.perf_counter()
            made = [word.render(document) for document in documents[start : start + TURN]]
            for number, data in enumerate(made):
                (folder / f"ours-{number}.docx").write_bytes(data)
            ours += time.perf_counter() - begin
            peer += by_pandoc(others[start : start + TURN], folder, reference)
            size += sum(map(len, made))
            for document, data in zip(documents[start : start + READ_BACK], made, strict=False):
                returned = read_back(data)
                faults += returned is None or returned.markdown != unformatted(document.text)
    finally:
        shutil.rmtree(folder)
    ratio = ours / peer
    is_good = ratio <= DUE and not faults
    result = {
        "bench": "documents: Word out", "count": count, "texts": len(texts), "ours_s": round(ours, 3),
        "pandoc_alone_s": round(peer, 3), "ratio": round(ratio, 3), "due": DUE, "ours_ms_each": round(1000 * ours / count, 1),
        "kib_each": round(size / count / 1024, 1), "not_as_written": faults, "ok": is_good,
    }  # fmt: skip
    print(json.dumps(result))
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000))
