"""
Write the texts that `bench/queries/` asks about, as one Markdown file a routine or section.

    python bench/search_texts.py starter DIR     the routines this repository ships
    python bench/search_texts.py debian DIR      Norwegian documentation from Debian, which apt-get downloads

Nothing is installed. The texts of Debian are not ours and are not kept in this repository; they are fetched when someone
measures. Two runs on the same packages give the same files with the same bytes. The queries were judged on the versions in
PACKAGES; another version is written all the same, with a warning, since a judgement may then name a file that is gone.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent

# A section below the first is no answer to anything; one above the last is halved at paragraphs. Subsections are joined
# to the heading they stand under until the middle one is reached.
SHORTEST, JOINED, LONGEST = 50, 600, 800

# `address`, `area` and `base` close themselves too, but no page here has them inside text.
VOID = {"br", "hr", "img", "input", "link", "meta", "col"}
BLOCKS = {"p", "div", "li", "dt", "dd", "tr", "td", "th", "pre", "table", "ul", "ol", "dl", "blockquote", "br"}
SKIPPED_TAGS = {"head", "script", "style", "sup"}
SKIPPED_CLASSES = {"toc", "navheader", "navfooter", "docnav", "indexterm", "mediaobject", "legalnotice"}
SKIPPED_IDS = {"banner", "title"}
HEADING = re.compile(r"h([1-6])")
# "9.10.1. ", "Kapittel 3. ", "Tillegg A. ", "7.6.Erstatning"
NUMBER = re.compile(r"^(?:(?:Kapittel|Tillegg|Vedlegg)\s+\w+\.\s*|[A-Z]?[\d.]*\d\.(?=\s|[^\W\d])\s*)+")

# Half of each manual still stands in English. These words are frequent in one of the languages and absent from the other.
NORWEGIAN = frozenset(
    re.findall(
        r"\w+",
        """av blir den dersom det du eg ei ein eit eller en er et etter frå hvis ikke ikkje kan med når og også på skal som til
        ved vert""",
    )
)
ENGLISH = frozenset(
    re.findall(
        r"\w+",
        "a an and are as be by can from have if in is it not of or that the this to which will with you",
    )
)


@dataclass(frozen=True)
class Package:
    """One Debian package, the version the queries were judged on, and which of its pages are Norwegian."""

    name: str
    version: str
    pages: str  # a glob below the package's files
    keep: str = ".*"  # the names of pages to keep
    by_page: bool = True  # a page is a section of its own, so its name goes into the names of the files


PACKAGES = (
    # The manual of the release before this one (bullseye) says nearly the same in nearly the same words.
    Package(
        "debian-edu-doc-nb-no", "2.12.23~deb12u1", "usr/share/doc/*/*.html", "debian-edu-bookworm-.*", by_page=False
    ),
    Package("debian-edu-doc-legacy-nb-no", "2.12.23~deb12u1", "usr/share/doc/*/*.html"),
    # Left out: thanks, and the chapters on making packages.
    Package(
        "debian-handbook",
        "11.20220922",
        "usr/share/doc/debian-handbook/html/nb-NO/*.html",
        r"(?!index|sect\.(acknowledgments|kernel-compilation|package-meta|source-package|building|becoming)|debian-packaging).*",
    ),
    # Nynorsk. Left out: menus and filters, hundreds of pages of a few words each, and how to program it.
    Package(
        "gimp-help-nn",
        "2.10.34-2",
        "usr/share/gimp/2.0/help/nn/*.html",
        r"gimp-(tool|using(?!-script)|stuck|tutorial|imaging|painting).*",
    ),
)


class CannotWrite(Exception):
    """The collection cannot be made here; the message says what to do."""


@dataclass
class Section:
    """A heading and the paragraphs under it, until the next heading."""

    level: int
    title: str
    paragraphs: list[str] = field(default_factory=list)

    def words(self) -> int:
        """Count the words of the text, without the heading."""
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)


class Page(HTMLParser):
    """Reads the headings and paragraphs of a DocBook page made into HTML; `sections` is what it found."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sections = [Section(1, "")]
        self._open: list[str] = []
        self._skipped_from: int | None = None
        self._heading: int | None = None
        self._pre = 0
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a heading or a paragraph, or a part to pass by."""
        if tag in VOID:
            if tag in BLOCKS:
                self._text.append(" ")
            return
        self._open.append(tag)
        if self._skipped_from is not None:
            return
        named = dict(attrs)
        if (
            tag in SKIPPED_TAGS
            or SKIPPED_CLASSES & set((named.get("class") or "").split())
            or named.get("id") in SKIPPED_IDS
        ):
            self._flush()
            self._skipped_from = len(self._open)
            return
        if found := HEADING.fullmatch(tag):
            self._flush()
            self._heading = int(found[1])
        elif tag in BLOCKS and self._heading is None:
            self._flush()
            self._pre += tag == "pre"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pass by `<a id="..."/>`, which has no text and no end."""

    def handle_endtag(self, tag: str) -> None:
        """End what stands open up to this tag."""
        if tag in VOID or tag not in self._open:
            return
        while True:  # an unclosed <p> or <li> ends with what it stands in
            closed = self._open.pop()
            if self._skipped_from is not None and len(self._open) < self._skipped_from:
                self._skipped_from = None
            elif HEADING.fullmatch(closed) and self._heading is not None:
                self._flush()
                self._heading = None
            elif closed in BLOCKS and self._heading is None and self._skipped_from is None:
                self._flush()
                self._pre -= closed == "pre"
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        """Collect the text of a paragraph."""
        if self._skipped_from is None:
            self._text.append(data)

    def close(self) -> None:
        """End the last paragraph."""
        super().close()
        self._flush()

    def _flush(self) -> None:
        text = " ".join("".join(self._text).split())
        self._text = []
        if not text:
            return
        if self._heading is not None:
            self.sections.append(Section(self._heading, NUMBER.sub("", text)))
        elif not self._pre:
            self.sections[-1].paragraphs.append(text)


def is_norwegian(paragraph: str) -> bool:
    """Tell a translated paragraph from one that still stands in English; names and single words count as translated."""
    words = re.findall(r"[a-zæøå]+", paragraph.lower())
    norwegian, english = sum(word in NORWEGIAN for word in words), sum(word in ENGLISH for word in words)
    return norwegian > english or (norwegian == english and len(words) < 12)


def joined(sections: list[Section]) -> Iterator[Section]:
    """Join small subsections to the heading above them, and halve what is too long."""
    parents: list[Section] = []
    current: Section | None = None
    for section in sections:
        while parents and parents[-1].level >= section.level:
            parents.pop()
        above = parents[-1].title if parents else ""
        parents.append(Section(section.level, section.title))
        if current and section.level > current.level and current.words() + section.words() <= JOINED:
            current.paragraphs += [f"## {section.title}", *section.paragraphs]
            continue
        if current:
            yield from halved(current)
        # A heading far down ("Innstillinger") says little without the one it stands under.
        title = f"{above}: {section.title}" if above and section.level >= 4 else section.title
        current = Section(section.level, title, list(section.paragraphs))
    if current:
        yield from halved(current)


def halved(section: Section) -> Iterator[Section]:
    """Give a section, or its parts of at most `LONGEST` words (a single longer paragraph stays whole)."""
    part = Section(section.level, section.title)
    for paragraph in section.paragraphs:
        if part.paragraphs and part.words() + len(paragraph.split()) > LONGEST:
            yield part
            part = Section(section.level, section.title)
        part.paragraphs.append(paragraph)
    yield part


def slug(text: str) -> str:
    """Make a file name of a heading: `Krav til maskinvare` gives `krav-til-maskinvare`."""
    plain = text.lower().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def write(place: Path, title: str, body: str) -> None:
    """Write one file of a collection."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"# {title}\n\n{body.strip()}\n", encoding="utf-8", newline="\n")


def write_starter(folder: Path) -> int:
    """Write each shipped routine as title, other names and text, without the rest of its front matter."""
    found = sorted((ROOT / "procedures").rglob("*.md"))
    for routine in found:
        _, front, body = routine.read_text(encoding="utf-8").split("---\n", 2)
        head = YAML(typ="safe").load(front)
        also = f"Kalles også: {', '.join(head['also_called'])}.\n\n" if head.get("also_called") else ""
        # A reader sees neither where a link leads nor the name of a place to fill in, so a search is not to find them.
        seen = re.sub(r"\{\{[a-z-]+\}\}", "…", re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", body))
        write(folder / routine.relative_to(ROOT / "procedures"), head["title"], also + seen)
    return len(found)


def fetch(package: Package, folder: Path) -> Path:
    """
    Download a package and unpack it below `folder`.

    Raises:
        CannotWrite: There is no apt or dpkg here, or no network; nothing was installed or changed.
    """
    for program in ("apt-get", "dpkg-deb"):
        if shutil.which(program) is None:
            raise CannotWrite(
                f"There is no {program} here. Run this on Debian 12, or in a container of it (`debian:12`)."
            )
    try:
        asked = subprocess.run(
            ["apt-get", "download", package.name], cwd=folder, capture_output=True, text=True, check=False, timeout=300
        )
    except subprocess.TimeoutExpired as waited:
        raise CannotWrite(
            f"apt-get had not fetched {package.name} after five minutes. Look at the network; run again."
        ) from waited
    found = sorted(folder.glob(f"{package.name}_*.deb"))
    if asked.returncode or not found:
        last = asked.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise CannotWrite(
            f"apt-get could not fetch {package.name} ({last[0]}). "
            "Run `apt-get update` as root and try again; offline, ask for the folder from a machine that is on the network."
        )
    version = found[0].name.split("_")[1].replace("%3a", ":")
    if version != package.version:
        print(
            f"{package.name}: judged on {package.version}, this is {version}; some judgements may not fit",
            file=sys.stderr,
        )
    unpacked = folder / package.name
    subprocess.run(["dpkg-deb", "-x", str(found[0]), str(unpacked)], check=True, capture_output=True)
    return unpacked


def pages(package: Package, unpacked: Path) -> Iterator[tuple[str, list[Section]]]:
    """
    Read the Norwegian part of a package's pages, in the order of their names.

    Raises:
        CannotWrite: The package has none of the pages it had when the queries were judged.
    """
    places = [place for place in sorted(unpacked.glob(package.pages)) if re.fullmatch(package.keep, place.stem)]
    if not places:
        raise CannotWrite(
            f"{package.name} has no pages at {package.pages}. Judged was {package.version}; run on Debian 12."
        )
    for place in places:
        page = Page()
        page.feed(place.read_text(encoding="utf-8", errors="replace"))
        page.close()
        for section in page.sections:
            section.paragraphs = [paragraph for paragraph in section.paragraphs if is_norwegian(paragraph)]
        yield place.stem.removeprefix("sect."), [section for section in page.sections if section.title]


def write_debian(folder: Path) -> int:
    """Write the Norwegian pages of each package, a section a file, as `package/page-heading.md`."""
    count = 0
    with tempfile.TemporaryDirectory(prefix="debian-texts-") as temporary:
        # apt drops to the user _apt while it downloads, who must be let in.
        Path(temporary).chmod(0o755)
        for package in PACKAGES:
            taken: set[str] = set()
            for page, sections in pages(package, fetch(package, Path(temporary))):
                for section in joined(sections):
                    if section.words() < SHORTEST:
                        continue
                    name = slug(section.title)
                    if package.by_page:
                        name = slug(page) if slug(page) not in taken else f"{slug(page)}-{name}"
                    number = 2
                    unnumbered = name
                    while name in taken:
                        name, number = f"{unnumbered}-{number}", number + 1
                    taken.add(name)
                    write(folder / package.name / f"{name}.md", section.title, "\n\n".join(section.paragraphs))
            count += len(taken)
            print(f"{package.name}: {len(taken)} files")
    return count


def main() -> int:
    """Write the collection that was asked for; 1 and a sentence when it cannot be made here."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    asked.add_argument("collection", choices=("starter", "debian"))
    asked.add_argument("folder", type=Path, help="where to write; made if it is missing, and refused if it has files")
    given = asked.parse_args()
    if given.folder.exists() and (not given.folder.is_dir() or any(given.folder.iterdir())):
        print(
            f"{given.folder} has files already. Name an empty folder, so that no old text is measured.", file=sys.stderr
        )
        return 1
    try:
        count = write_starter(given.folder) if given.collection == "starter" else write_debian(given.folder)
    except CannotWrite as unable:
        print(unable, file=sys.stderr)
        return 1
    print(f"{count} files in {given.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
