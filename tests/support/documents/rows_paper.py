"""PDF: a draft for review, with its pages as pictures beside the words."""

from tests.support.documents.paper import SCANNED, line, page, pdf, printed, struck, two_columns
from tests.support.documents.truth import Case, Truth, case, refused, row

DRAFT = ("review-draft",)
NO_TEXT = ("no-text",)
VISIBLE = ("deleted-values-visible", "text-changed-visible", "readings-differ")


def _paper(name, make, *words, least=1.0, warns=(), **expected) -> Case:
    truth = Truth(words=words)
    return case(name, "rutine.pdf", make, truth=truth, kind="pdf", least=least, warns=(DRAFT, *warns), **expected)


def rows():
    """Give the rows."""
    lines = ["# Håndhygiene", "Rutinen skal hindre smitte.", "# Ansvar", "Lederen har ansvaret.", "Ring 75 00 00 00."]
    return (
        row(
            "pdf-text",
            "A PDF with text: the words come, as a draft that somebody must compare with the pages",
            _paper("one page", lambda: printed(lines, "Håndhygiene"), "\n".join(lines)),
            _paper(
                "three pages",
                lambda: printed([f"Linje nummer {n}" for n in range(100)]),
                *[f"Linje nummer {n}" for n in range(100)],
            ),
            _paper("packed", lambda: pdf(page(*lines), compressed=True), "\n".join(lines)),
            _paper(
                "a dose",
                lambda: printed(["Gi 0,5 ml – ikke 5 ml.", "2–8 °C"]),
                "Gi 0,5 ml – ikke 5 ml. 2–8 °C",
                has=("2–8 °C", "0,5 ml"),
            ),
        ),
        row(
            "pdf-scanned",
            "A PDF of pictures has no words: it is said, and its pages are kept",
            case("one page", "skann.pdf", lambda: pdf(SCANNED), kind="pdf", warns=(NO_TEXT,)),
            case("three pages", "skann.pdf", lambda: pdf(SCANNED, SCANNED, SCANNED), kind="pdf", warns=(NO_TEXT,)),
            case(
                "one of two pages",
                "skann.pdf",
                lambda: pdf(page("Bare denne siden har tekst."), SCANNED),
                kind="pdf",
                has=("Bare denne siden har tekst.",),
                warns=(NO_TEXT,),
            ),
            case("empty page", "tom.pdf", lambda: pdf(""), kind="pdf", warns=(NO_TEXT,)),
        ),
        row(
            "pdf-columns",
            "Two columns: each is read to its end",
            _paper(
                "prose",
                lambda: pdf(
                    two_columns(
                        ["Vask hendene", "i 30 sekunder", "med såpe."], ["Bruk hansker", "ved kontakt", "med blod."]
                    )
                ),
                "Vask hendene i 30 sekunder med såpe. Bruk hansker ved kontakt med blod.",
            ),
            _paper(
                "of unlike length",
                lambda: pdf(two_columns(["En", "to"], ["tre", "fire", "fem", "seks"])),
                "En to tre fire fem seks",
            ),
            _paper(
                "a heading above",
                lambda: pdf(line("# Rutine", 72, 800) + "\n" + two_columns(["A en", "A to"], ["B en", "B to"])),
                "A en A to B en B to",
            ),
        ),
        row(
            "pdf-changes",
            "A PDF printed with its changes in sight: two values run together are told first",
            _paper(
                "run together",
                lambda: pdf(page("Oppbevares ved 2–8 °C15–25 °C.")),
                "Oppbevares ved",
                warns=(VISIBLE,),
                differs=True,
                more=True,
            ),
            _paper(
                "struck by a line",
                lambda: pdf(line("Gi 10 mg", 72, 700) + "\n" + struck(86, 700, 34) + "\n" + line("5 mg", 125, 700)),
                "Gi",
                warns=((*VISIBLE, "struck-through"),),
                differs=True,
                more=True,
            ),
            _paper(
                "two doses",
                lambda: pdf(page("Gi 10 mg1 mg ved behov.")),
                "Gi ved behov.",
                warns=(VISIBLE,),
                differs=True,
                more=True,
            ),
        ),
        row(
            "pdf-lines",
            "Words broken over lines and pages, and what stands on every page",
            _paper(
                "hyphen",
                lambda: printed(["Bruk alltid hånd-", "desinfeksjon før stell."]),
                "Bruk alltid før stell.",
                has=("desinfeksjon",),
            ),
            _paper(
                "on every page",
                lambda: pdf(*[page("Dokumentnr: HO-7 Versjon 2", f"Innhold {n} her") for n in range(3)]),
                "Innhold 0 her Innhold 1 her Innhold 2 her",
            ),
            _paper(
                "a dash in a number stays",
                lambda: printed(["Kl. 8-", "10 på dagen"]),
                "Kl. på dagen",
                has=("10 på dagen",),
            ),
        ),
        row(
            "pdf-locked",
            "A PDF that cannot be opened",
            refused("encrypted", "rutine.pdf", lambda: pdf(page("Hemmelig"), encrypted=True), "encrypted"),
            refused("cut off", "rutine.pdf", lambda: printed(lines)[:200], "damaged", "unreadable"),
            refused("only its first line", "rutine.pdf", lambda: b"%PDF-1.7\n", "damaged", "unreadable"),
            refused("no pages", "rutine.pdf", pdf, "damaged", "unreadable", "empty"),
        ),
        row(
            "pdf-running",
            "Scripts, forms and files in a PDF: nothing runs, the words stay",
            _paper(
                "script",
                lambda: pdf(page("Synlig tekst"), catalog="/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
                "Synlig tekst",
                lacks=("alert",),
            ),
            _paper(
                "opens an address",
                lambda: pdf(page("Synlig tekst"), catalog="/OpenAction << /S /URI /URI (http://provevik.example) >>"),
                "Synlig tekst",
            ),
            _paper(
                "starts a program",
                lambda: pdf(page("Synlig tekst"), catalog="/OpenAction << /S /Launch /F (calc.exe) >>"),
                "Synlig tekst",
            ),
        ),
    )
