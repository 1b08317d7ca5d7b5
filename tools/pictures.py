"""
Make the pictures of documents in docs/images again, from the home of a demo.

    samrutine demo HOME --no-serve
    python tools/pictures.py HOME

Pages of PDF by pypdfium2; pages of HTML by Chromium, which must be on the path. Run by hand when a template changes, and
look at what comes out.
"""

import io
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

IMAGES = Path(__file__).parents[1] / "docs" / "images"
LARGEST_BYTES = 300_000
PDF_DOTS_PER_INCH = 110
COLOURS = 64  # text and a few flat colours; more makes files larger and no clearer

# What is shown: the picture's name, the municipality, the document, and the page of the PDF or the size of the window.
PDFS = (
    ("pdf-tuberkulose-fauske.png", "fauske", "tuberkulosekontrollprogram", 1),
    ("pdf-den-forste-samtalen-steigen.png", "steigen", "den-forste-samtalen", 1),
)
PAGES = (
    ("html-tuberkulose-fauske.png", "fauske", "tuberkulosekontrollprogram", (1000, 1300)),
    ("html-defusing-hamaroy-mobil.png", "hamaroy", "defusing-debrifing", (390, 1100)),
)
SCREENS = (
    ("nett-sjekkliste-beiarn.png", "leder.beiarn", "/sjekklister/j-5e53760dc755", (1000, 1000)),
    ("nett-sok-fauske.png", "fag.fauske", "/sok?q=tuberkulsoe", (1000, 760)),
    ("nett-rutine-rodoy-mobil.png", "fag.rodoy", "/rutine/fravaer-kritiske-oppgaver", (390, 844)),
    ("nett-beslutning-rodoy.png", "leder.rodoy", "/rutine/fravaer-kritiske-oppgaver/beslutning", (1000, 900)),
    ("nett-hvem-bruker-hva.png", "redaktor", "/hvem-bruker-hva", (1000, 700)),
)


def main(home: Path) -> int:
    """Make every picture from the published folders and the pages of a demo."""
    published = home / "publisert"
    for name, place, document, page in PDFS:
        with pypdfium2.PdfDocument(published / place / f"{document}.pdf") as pdf:
            keep(name, pdf[page - 1].render(scale=PDF_DOTS_PER_INCH / 72).to_pil())
    for name, place, document, size in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            taken = Path(folder) / "page.png"
            photograph((published / place / f"{document}.html").resolve().as_uri(), taken, size)
            with Image.open(taken) as picture:
                keep(name, picture)
    show_screens(home)
    return 0


def show_screens(home: Path) -> None:
    """Show the pages of a demo in a browser, as the people that are named see them."""
    from playwright.sync_api import sync_playwright

    from samrutine.web.running import listening, run

    with listening("127.0.0.1", 0, or_free=False) as opened, sync_playwright() as playwright:
        threading.Thread(target=run, args=(home, opened), daemon=True).start()
        address = f"http://127.0.0.1:{opened.getsockname()[1]}"
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, login, path, (width, height) in SCREENS:
            page = browser.new_context(viewport={"width": width, "height": height}, locale="nb-NO").new_page()
            page.goto(f"{address}/logg-inn")
            page.click(f'button[value="{login}"]')
            page.goto(address + path)
            with Image.open(io.BytesIO(page.screenshot())) as picture:
                keep(name, picture)
        browser.close()


def photograph(address: str, target: Path, size: tuple[int, int]) -> None:
    """Show a page in a window of a size, and keep what is seen."""
    width, height = size
    # Chromium's own window is never narrower than 500, so a phone is a frame inside a wider page.
    frame = (
        f'<body style="margin:0"><iframe src="{address}" style="border:0;width:{width}px;height:{height}px"></iframe>'
    )
    around = target.with_suffix(".html")
    around.write_text(frame, encoding="utf-8")
    subprocess.run(
        [
            *(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--allow-file-access-from-files",
            ),
            *(f"--window-size={max(width, 520)},{height}", f"--screenshot={target}", around.as_uri()),
        ],
        check=True,
        capture_output=True,
    )
    with Image.open(target) as picture:
        picture.crop((0, 0, width, height)).save(target)


def keep(name: str, picture: Any) -> None:
    """Write a picture with few colours, and refuse one that is too large for a page."""
    target = IMAGES / name
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    size = target.stat().st_size
    print(f"{name} {size:,} bytes")
    if size > LARGEST_BYTES:
        raise SystemExit(f"{name} is larger than {LARGEST_BYTES:,} bytes")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
