"""PDF: a draft for review, with its pages as pictures beside the words."""

from tests.support.documents.paper import SCANNED, line, page, pdf, printed, ruled, struck, two_columns
from tests.support.documents.truth import Case, Truth, case, refused, row

DRAFT = ("review-draft",)
NO_TEXT = ("no-text",)
VISIBLE = ("deleted-values-visible", "text-changed-visible", "readings-differ")


def _paper(name, make, *words, least=1.0, warns=(), **expected) -> Case:
    truth = Truth(words=words, tree=False)
    return case(name, "rutine.pdf", make, truth=truth, kind="pdf", least=least, warns=(DRAFT, *warns), **expected)


_DOSES = (("Alder", "Vekt", "Dose"), ("Voksen", "over 30 kg", "0,5 mg"), ("Barn", "15–30 kg", "0,3 mg"))


def _table(name, make) -> Case:
    truth = Truth(words=tuple(cell for cells in _DOSES for cell in cells), tables=(_DOSES,), tree=False)
    return case(name, "rutine.pdf", make, truth=truth, kind="pdf", warns=(DRAFT, ("table-placed",)))


def _struck(name, make, shown) -> Case:
    return case(
        name,
        "rutine.pdf",
        make,
        kind="pdf",
        has=(shown.replace("~~", ""),),
        marked=shown,
        warns=(DRAFT, ("struck-through",)),
    )


def _set_in_rows(places):
    return "\n".join(
        line(text, x, 700 - 20 * n) for n, cells in enumerate(_DOSES) for x, text in zip(places, cells, strict=True)
    )


def _drawn(_):
    return ruled(70, 715, [150, 150, 100], [20, 20, 20]) + "\n" + _set_in_rows([75, 225, 375])


def _over_two_rows():
    """Give a table whose first column covers both rows below its name."""
    level = [(70, 715, 370), (70, 695, 370), (220, 675, 370), (70, 655, 370)]
    rules = [f"{x} {y} m {to} {y} l S" for x, y, to in level] + [f"{x} 715 m {x} 655 l S" for x in (70, 220, 370)]
    words = [
        line("Hvem", 75, 700),
        line("Dose", 225, 700),
        line("Barn", 75, 672),
        line("5 mg", 225, 680),
        line("10 mg", 225, 660),
    ]
    return "\n".join([*rules, *words])


def _headed():
    return "\n".join(
        (
            line("Stell", 72, 780, 20, "F2"), line("Formål", 72, 740, 15, "F2"), line("Rent rom, og et langt avsnitt som går", 72, 715),
            line("over flere linjer.", 72, 701), line("Tiltak", 72, 670, 15, "F2"), line("1. Vask.", 72, 650), line("2. Tørk.", 72, 636),
        )
    )  # fmt: skip


def _across(*lines):
    """Set lines from the foot of the page to its top, as on a page that is turned."""
    return "\n".join(f"BT /F1 11 Tf 0 1 -1 0 {100 + 16 * n} 72 Tm ({text}) Tj ET" for n, text in enumerate(lines))


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
                lambda: pdf(
                    line("# Rutine", 72, 800) + "\n" + two_columns(["A en", "A to"], ["B en", "B to"], across=False)
                ),
                "A en A to B en B to",
            ),
        ),
        row(
            "pdf-tables",
            "Tables of a PDF, with rules or without: each value in its row and column, told so that somebody looks",
            _table("with rules", lambda: pdf(_drawn([(72, 60), (72, 40)]))),
            _table("without rules", lambda: pdf(_set_in_rows([72, 250, 400]))),
            _table("values to the right", lambda: pdf(_set_in_rows([72, 270, 430]))),
            case(
                "a cell over two rows",
                "rutine.pdf",
                lambda: pdf(_over_two_rows()),
                truth=Truth(
                    words=("Hvem", "Dose", "Barn", "5 mg", "10 mg"),
                    tree=False,
                    tables=((("Hvem", "Dose"), ("Barn", "5 mg"), ("Barn", "10 mg")),),
                    ordered=False,
                ),
                kind="pdf",
                more=True,
                warns=(("table-placed",), ("table-merged",)),
            ),
        ),
        row(
            "pdf-structure",
            "Headings, lists and frames of a PDF, by size, marks and places",
            case(
                "headings",
                "rutine.pdf",
                lambda: pdf(_headed()),
                kind="pdf",
                numbers=((1, "Vask."), (2, "Tørk.")),
                truth=Truth(
                    title="Stell",
                    headings=((1, "Formål"), (1, "Tiltak")),
                    items=((1, "Vask."), (1, "Tørk.")),
                    words=(
                        "Formål",
                        "Rent rom, og et langt avsnitt som går over flere linjer.",
                        "Tiltak",
                        "Vask.",
                        "Tørk.",
                    ),
                ),
            ),
            case(
                "marks at one edge",
                "rutine.pdf",
                lambda: pdf(page("1. Gi", "a. Låret", "b. Tøyet", "2. Vent", "• Litt")),
                kind="pdf",
                truth=Truth(
                    words=("Gi", "Låret", "Tøyet", "Vent", "Litt"),
                    tree=False,
                    items=((1, "Gi"), (2, "Låret"), (2, "Tøyet"), (1, "Vent"), (2, "Litt")),
                ),
            ),
            _paper(
                "a cold list",
                lambda: pdf(page("Lagres slik:", "- 18 °C i fryser", "- 20 °C i dypfryser")),
                "Lagres slik:",
                has=("- 18 °C", "- 20 °C"),
                more=True,
            ),
            _paper(
                "raised",
                lambda: pdf(line("10", 72, 700) + line("9", 84.3, 705, 6) + line("bakterier", 95, 700)),
                "10⁹ bakterier",
            ),
            _paper(
                "across the page",
                lambda: pdf(_across("Gi 5 mg.", "Ring lege.")),
                "Gi 5 mg. Ring lege.",
                has=("Gi 5 mg.",),
            ),
            _paper(
                "page numbers",
                lambda: pdf(*[page(f"Innhold {n} her") + line(f"HMS-4 side {n} av 3", 72, 40) for n in (1, 2, 3)]),
                "Innhold 1 her Innhold 2 her Innhold 3 her",
                lacks=("side 2 av 3",),
                warns=(("header-footer",),),
            ),
        ),
        row(
            "pdf-struck",
            "A line through words of a PDF: they do not hold, and somebody must look",
            _struck(
                "one word",
                lambda: pdf(line("Vekk ikke pasienten", 72, 700) + "\n" + struck(101, 700, 22)),
                "Vekk ~~ikke~~ pasienten",
            ),
            _struck(
                "a whole line", lambda: pdf(line("Gi 20 IE.", 72, 700) + "\n" + struck(72, 700, 46)), "~~Gi 20 IE.~~"
            ),
            _struck("a thin frame", lambda: pdf(line("Gi 20 IE.", 72, 700) + "\n72 703 46 0.7 re f"), "~~Gi 20 IE.~~"),
            _paper(
                "a line below is no line through",
                lambda: pdf(line("Gi 20 IE.", 72, 700) + "\n" + struck(72, 695, 46)),
                "Gi 20 IE.",
                lacks=("~~",),
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
