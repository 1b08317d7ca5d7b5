"""
How much our documents cost beside bare pandoc: `python bench/documents.py [in|out] [COUNT]` prints a line of JSON for each way.

In: COUNT files of known truth, a half of them Word, the rest ODT, RTF, HTML and Markdown, each unlike the others. Ours is
the product's own way in: a process with limits for each file, our own look at it, pandoc, Markdown in canonical form, both
readings held against each other, the report. The peer is pandoc alone, called once for each file just as we call it; told beside
it is what a plain loop over pypandoc costs that asks for Markdown. All go by turns of twenty-six, two files at once. What counts is
processor time, since other programs make the clock say anything; the clock is told too. And of each file it is seen that the words
of its truth came in. PDF, which pandoc does not read, is measured apart. At most 1.3 times the peer, and at least five Word files
a second on two cores.

Out: COUNT routines as Word by us, beginning at the text and the decisions, against pandoc making Word of the same Markdown
with a reference document, all in one process (`pandoc lua` with a list in a file: a hundred arguments end it). Both sides
run on one core, in turns of a hundred, so that what else the machine does falls on both. Every document differs from the
others. And each of ours is read back, to see that it still is what was written. The ratio must stay at or under 1.3.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pypandoc

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from samrutine.adoptions.effective import ControlHeader, DocumentStatus, EffectiveDocument  # noqa: E402 - after the path
from samrutine.exchange import word  # noqa: E402
from samrutine.exchange.incoming import pandoc, reading  # noqa: E402
from samrutine.exchange.incoming.model import Incoming, Limits  # noqa: E402
from samrutine.exchange.incoming.reading import read_documents  # noqa: E402
from samrutine.exchange.word_back import read_back  # noqa: E402
from samrutine.networks.model import Municipality, MunicipalityNumber  # noqa: E402
from samrutine.procedures.model import ProcedureText, VersionNumber  # noqa: E402
from samrutine.procedures.text import canonical, digest, read, unformatted  # noqa: E402
from tests.support.documents.chance import by_chance, content_by_chance  # noqa: E402
from tests.support.documents.content import truth_of  # noqa: E402
from tests.support.documents.odt import as_odt  # noqa: E402
from tests.support.documents.paper import line, pdf  # noqa: E402
from tests.support.documents.rich import as_rtf  # noqa: E402
from tests.support.documents.seen import seen, words  # noqa: E402
from tests.support.documents.truth import Truth  # noqa: E402
from tests.support.documents.web import as_html, as_markdown  # noqa: E402

DUE = 1.3
TURN = 100
READ_BACK = 50

DUE_A_SECOND = 5.0
DUE_WORDS = 0.998
TURN_IN = 26
"""An even number: every other file is Word."""
PATIENCE = 600
"""Seconds for a file on a machine that does other things; how long it takes is what is measured, and not a bound."""
AT_ONCE = 2
PDF_OF = 20
"""One PDF is read for so many other files."""
READERS = {"docx": "docx", "odt": "odt", "rtf": "rtf", "html": "html", "md": "markdown"}
OTHERS = (
    ("odt", as_odt),
    ("rtf", as_rtf),
    ("html", lambda c: as_html(c).encode()),
    ("md", lambda c: as_markdown(c).encode()),
)

File = tuple[bytes, str, Truth]

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


def a_file(number: int) -> File:
    """Give a file, its name and its truth."""
    if number % 2 == 0:
        document = by_chance(10_000 + number)
        return document.made(), f"{number}.docx", document.truth
    ending, write = OTHERS[number // 2 % len(OTHERS)]
    content = content_by_chance(10_000 + number, notes=ending != "html", pictures=False)
    return write(content), f"{number}.{ending}", truth_of(content)


def by_us(files: Iterable[File]) -> list[Incoming]:
    """Read files as the product does."""
    came = list(read_documents([(data, name) for data, name, _ in files], Limits(seconds=PATIENCE), at_once=AT_ONCE))
    return [one for one in came if isinstance(one, Incoming)]


def pandoc_alone(files: Iterable[File]) -> list[bytes]:
    """Have pandoc alone read files: the very call that we make, each in a process of its own as it must be."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(AT_ONCE) as pool:

        def read_one(file: File) -> bytes:
            command = [str(pandoc.program()), "--sandbox", "-f", _format(file), "-t", "json", *pandoc._HEAP]  # noqa: SLF001
            return subprocess.run(command, input=file[0], capture_output=True, check=True, cwd=folder).stdout

        return list(pool.map(read_one, files))


def by_pypandoc(files: Iterable[File]) -> list[str]:
    """Do what a script would: ask pypandoc for the Markdown of each file."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(
            pool.map(lambda file: pypandoc.convert_text(file[0], "gfm", format=_format(file), sandbox=True), files)
        )


def _format(file: File) -> str:
    return pandoc._READERS[READERS[file[1].rpartition(".")[2]]]  # noqa: SLF001 - what we call it with


def a_pdf(number: int) -> File:
    """Give a PDF of two pages."""
    lines = [f"Avsnitt {n} i rutine {number}: mål temperaturen og ring vakten" for n in range(40)]
    pages = ["\n".join(line(text, y=780 - 18 * n) for n, text in enumerate(one)) for one in (lines[:20], lines[20:])]
    return pdf(*pages), f"{number}.pdf", Truth()


def used() -> float:
    """Give the processor seconds of this process, of those that have ended, and of those that wait for documents."""
    tick = os.sysconf("SC_CLK_TCK")
    total = sum(os.times()[:4])
    for worker in reading._idle:  # noqa: SLF001 - nobody else can ask them
        fields = Path(f"/proc/{worker.process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        total += sum(map(int, fields[11:15])) / tick
    return total


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Give the processor seconds that something takes with all it starts, and those of the clock."""
    before, begin = used(), time.perf_counter()
    act()
    return used() - before, time.perf_counter() - begin


def way_in(count: int) -> int:
    """Measure the way in, print, and give 1 when it is slower than is due or words did not come in."""
    files = [a_file(number) for number in range(count)]
    came: list[Incoming] = []
    spent = dict.fromkeys(("word", "other", "alone", "script"), 0.0)
    clock = dict.fromkeys(spent, 0.0)
    # Both readers are started before anything is measured: they stay for all documents to come.
    by_us(files[:8])
    for start in range(0, count, TURN_IN):
        turn = files[start : start + TURN_IN]
        for name, act in (
            ("word", lambda chosen=turn[0::2]: came.extend(by_us(chosen))),
            ("other", lambda chosen=turn[1::2]: came.extend(by_us(chosen))),
            ("alone", lambda chosen=turn: pandoc_alone(chosen)),
            ("script", lambda chosen=turn: by_pypandoc(chosen)),
        ):
            seconds, of_the_clock = timed(act)
            spent[name] += seconds
            clock[name] += of_the_clock
    pdfs = [a_pdf(number) for number in range(max(count // PDF_OF, 2))]
    of_pdf, _ = timed(lambda: by_us(pdfs))
    read = [file for start in range(0, count, TURN_IN) for n in (0, 1) for file in files[start : start + TURN_IN][n::2]]
    recall = _recall(read, came)
    ours = spent["word"] + spent["other"]
    ratio, ratio_of_clock = ours / spent["alone"], (clock["word"] + clock["other"]) / clock["alone"]
    a_second = AT_ONCE * len(files[0::2]) / spent["word"]
    is_good = ratio <= DUE and a_second >= DUE_A_SECOND and recall >= DUE_WORDS
    result = {
        "bench": "documents: in", "count": count, "ours_cpu_s": round(ours, 2), "pandoc_alone_cpu_s": round(spent["alone"], 2),
        "ratio": round(ratio, 3), "due": DUE, "ratio_of_clock": round(ratio_of_clock, 3),
        "pypandoc_to_markdown_cpu_s": round(spent["script"], 2), "ratio_to_pypandoc": round(ours / spent["script"], 3),
        "word_ms_each": round(1000 * spent["word"] / len(files[0::2]), 1), "docx_a_second_on_two_cores": round(a_second, 1),
        "due_a_second": DUE_A_SECOND, "pdf_ms_each": round(1000 * of_pdf / len(pdfs), 1),
        "not_read": count - len(came), "word_recall": round(recall, 4), "ok": is_good,
    }  # fmt: skip
    print(json.dumps(result))
    return 0 if is_good else 1


def _recall(files: list[File], came: list[Incoming]) -> float:
    """Give the share of the true words that came in; nothing when a file did not."""
    if len(came) != len(files):
        return 0.0
    wanted = [words(truth.title, *truth.words) for _, _, truth in files]
    there = [words(one.title, *seen(one.markdown).words) for one in came]
    found = sum((a & b).total() for a, b in zip(wanted, there, strict=True))
    return found / sum(one.total() for one in wanted)


def way_out(count: int) -> int:
    """Measure the way out, print, and give 1 when the ratio is over what is due or a file did not come back as it was."""
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


def main(arguments: list[str]) -> int:
    """Measure the way that is asked for, or both; give 1 when one of them is not as is due."""
    ways = {"in": way_in, "out": way_out}
    chosen = [ways[one] for one in arguments if one in ways] or list(ways.values())
    count = next((int(one) for one in arguments if one not in ways), 1_000)
    return max([way(count) for way in chosen])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
