"""What every PDF of ours must be, whatever it is about: held against each one that any test makes."""

import io

import pikepdf

OWN = "{urn:samrutine:document:1#}"
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


def require_sound(data):
    """Fail with the reason when an archive or a screen reader would not take a PDF."""
    with pikepdf.open(io.BytesIO(data)) as document:
        problems = [*_of_file(document), *_of_metadata(document), *_of_objects(document)]
        # What the reader had to mend is a fault too: a table of objects that leads astray, a length that is wrong.
        problems += [str(one) for one in document.get_warnings()]
    assert not problems, problems


def said_by(data):
    """Give what a PDF says of itself, by name; our own properties by theirs."""
    with pikepdf.open(io.BytesIO(data)) as document, document.open_metadata() as meta:
        return {name.replace(OWN, "").replace(DUBLIN_CORE, "dc:"): meta[name] for name in meta}


def _of_file(document):
    root = document.Root
    if not root.MarkInfo.Marked or "/StructTreeRoot" not in root:
        yield "untagged"
    if not str(root.get("/Lang", "")):
        yield "no language"
    if [intent.S for intent in root.get("/OutputIntents", [])] != ["/GTS_PDFA1"]:
        yield "no output intent"
    if not root.ViewerPreferences.DisplayDocTitle or not str(document.docinfo.get("/Title", "")):
        yield "no title"
    if {"/JavaScript", "/EmbeddedFiles"} & set(root.get("/Names", {}).keys()) or "/OpenAction" in root:
        yield "does something by itself"


def _of_metadata(document):
    with document.open_metadata() as meta:
        if (meta.get("pdfaid:part"), meta.get("pdfaid:conformance"), meta.get("pdfuaid:part")) != ("2", "A", "1"):
            yield "no PDF/A-2a and PDF/UA-1"
        missing = [name for name in ("title", "identifier", "language", "type") if not meta.get(f"dc:{name}")]
        yield from (f"no dc:{name}" for name in missing)
        if str(meta.get("dc:title")) != str(document.docinfo.get("/Title", "")):
            yield "two titles"
        packet = bytes(document.Root.Metadata.read_bytes()).decode("utf-8")
        own = {name.removeprefix(OWN) for name in meta if name.startswith(OWN)}
        # PDF/A takes a property that it does not know only where the packet describes it.
        yield from (f"{name} not described" for name in own if f"<pdfaProperty:name>{name}<" not in packet)


def _of_objects(document):
    for one in document.objects:
        if not isinstance(one, pikepdf.Dictionary):
            continue
        if one.get("/Type") == "/FontDescriptor" and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(one.keys()):
            yield "a font outside the file"
        if one.get("/Type") == "/Font" and one.get("/Subtype") == "/Type0" and "/ToUnicode" not in one:
            yield "letters that cannot be copied"
        if one.get("/S") == "/TH" and not any("/Scope" in each for each in _attributes(one)):
            yield "a heading of a table that heads nothing"
        if one.get("/S") == "/Figure" and not str(one.get("/Alt", "")):
            yield "a picture without words"


def _attributes(element):
    found = element.get("/A", [])
    return found if isinstance(found, pikepdf.Array) else [found]
