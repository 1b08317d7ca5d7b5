"""
Bring what the pages take from others into `src/samrutine/web/static/vendor`, with licences and checksums.

Files are copied as they were published. The two editors are many small packages each, put together in one file by what
`src/samrutine/web/vendoring/*.js` names of them, and nothing of ours is in it.

    make vendor          needs npm, Node, and the npm registry
    python tools/vendor.py --check    hold the files against their checksums; needs nothing

Versions stand in `src/samrutine/web/vendoring/package.json`, and their checksums in the lock file beside it.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
WEB = TOP / "src" / "samrutine" / "web"
SOURCE = WEB / "vendoring"
TARGET = WEB / "static" / "vendor"
SUMS = "SHA256SUMS"
FILES = {
    "@digdir/designsystemet-css": {
        "dist/src/index.css": "designsystemet/index.css",
        "dist/theme/designsystemet.css": "designsystemet/theme.css",
        "LICENSE": "designsystemet/LICENSE",
    },
    "htmx.org": {"dist/htmx.min.js": "htmx/htmx.min.js", "LICENSE": "htmx/LICENSE"},
}
BUNDLES = {"source.js": "editor/source.js", "visual.js": "editor/visual.js"}
BUNDLING = ("--bundle", "--minify", "--format=esm", "--target=es2022", "--legal-comments=none", "--log-level=warning")
PACKAGE = re.compile(r"node_modules/(?:.*/node_modules/)?(?:@[^/]+/)?[^/]+")
NO_FILE = "The package has no file of its licence; its package.json says that it is MIT."
FOR_TESTS = {"axe-core": {"axe.min.js": "axe.min.js", "LICENSE": "LICENSE"}}
TESTS = TOP / "tests" / "web" / "vendor"


def main(arguments: list[str]) -> int:
    """Copy, or check; 1 where something is not as its checksum says."""
    if "--check" not in arguments:
        copy()
    faults = [fault for folder in (TARGET, TESTS) for fault in wrong(folder)]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def copy() -> None:
    """Fetch the packages by the lock file, and put the files in their places."""
    with tempfile.TemporaryDirectory() as place:
        for name in ("package.json", "package-lock.json", ".npmrc", *BUNDLES):
            shutil.copy(SOURCE / name, place)
        subprocess.run(["npm", "ci", "--no-fund", "--no-audit"], cwd=place, check=True)
        for folder, packages in ((TARGET, FILES), (TESTS, FOR_TESTS)):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            versions = {}
            for package, files in packages.items():
                at = Path(place) / "node_modules" / package
                versions[package] = json.loads((at / "package.json").read_text(encoding="utf-8"))["version"]
                for source, target in files.items():
                    (folder / target).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(at / source, folder / target)
            if folder == TARGET:
                versions |= bundle(Path(place))
            (folder / "VERSIONS.json").write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")
            lines = [f"{digest(path)}  {path.relative_to(folder).as_posix()}" for path in files_in(folder)]
            (folder / SUMS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def bundle(place: Path) -> dict[str, str]:
    """Put the editors together, with the licence of every package that came in; gives the version of each."""
    inside: set[str] = set()
    for source, target in BUNDLES.items():
        how = [f"--outfile={TARGET / target}", "--metafile=parts.json"]
        subprocess.run(["node_modules/.bin/esbuild", source, *BUNDLING, *how], cwd=place, check=True)
        parts = json.loads((place / "parts.json").read_text(encoding="utf-8"))
        inside |= {match[0] for one in parts["inputs"] if (match := PACKAGE.match(one))}
    versions, licences = {}, []
    for one in sorted(inside):
        about = json.loads((place / one / "package.json").read_text(encoding="utf-8"))
        text = next(
            (file.read_text(encoding="utf-8") for file in sorted((place / one).glob("[Ll][Ii][Cc][Ee][Nn]*"))), None
        )
        if about["license"] != "MIT":
            raise SystemExit(
                f"{about['name']} {about['version']}: {about['license']} is not a licence we have weighed."
            )
        versions[about["name"]] = about["version"]
        licences.append(f"{about['name']} {about['version']} ({about['license']})\n\n{(text or NO_FILE).strip()}\n")
    (TARGET / "editor" / "LICENSE").write_text(f"\n{'-' * 80}\n\n".join(licences), encoding="utf-8")
    return versions


def wrong(folder: Path) -> list[str]:
    """Say which files are not as the checksums say, are not there, or have none."""
    said = dict(reversed(line.split("  ", 1)) for line in (folder / SUMS).read_text(encoding="utf-8").splitlines())
    there = {path.relative_to(folder).as_posix(): digest(path) for path in files_in(folder)}
    return [
        f"{folder / name}: not as {SUMS} says"
        for name in sorted(said.keys() | there.keys())
        if said.get(name) != there.get(name)
    ]


def files_in(folder: Path) -> list[Path]:
    """Give the files of a folder but the checksums, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)


def digest(path: Path) -> str:
    """Give a file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
