"""The fixed parts of a Word file: what it declares, its styles in Norwegian, and its lists."""

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'mc:Ignorable="w14"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
MAIN_TYPE = f"{_TYPE}document.main+xml"
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"

_OUTSIDE = ' TargetMode="External"'
PARTS = ("styles", "numbering", "footnotes", "endnotes", "comments", "settings")


def content_types(main=MAIN_TYPE, headers=(), footers=(), more=""):
    """Say what each part is."""
    kinds = [
        *((f"/word/{name}.xml", f"{_TYPE}{name}+xml") for name in PARTS),
        *((f"/word/{name}", f"{_TYPE}header+xml") for name in headers),
        *((f"/word/{name}", f"{_TYPE}footer+xml") for name in footers),
    ]
    overrides = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds)
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="jpeg" ContentType="image/jpeg"/><Default Extension="bin" ContentType="application/octet-stream"/>'
        '<Default Extension="gif" ContentType="image/gif"/><Default Extension="emf" ContentType="image/x-emf"/>'
        '<Default Extension="html" ContentType="text/html"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>'
        '<Override PartName="/docProps/core.xml" '
        f'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>{overrides}{more}</Types>'
    )


def relationships(rows):
    """Write relations: (id, kind, target, whether it lies outside the file)."""
    lines = "".join(
        f'<Relationship Id="{key}" Type="{kind if ":" in kind else OFFICE + kind}" Target="{target}"'
        f"{_OUTSIDE if outside else ''}/>"
        for key, kind, target, outside in rows
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}relationships">{lines}</Relationships>'


PACKAGE_RELATIONSHIPS = relationships(
    [
        ("rId1", "officeDocument", "word/document.xml", False),
        ("rId2", f"{_PACKAGE}relationships/metadata/core-properties", "docProps/core.xml", False),
    ]
)


def core(title=""):
    """Write the properties of the file."""
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title>"
        '<dcterms:created xsi:type="dcterms:W3CDTF">2024-03-01T08:00:00Z</dcterms:created></cp:coreProperties>'
    )


def _style(key, name, *, based="Normal", properties="", run=""):
    parent = f'<w:basedOn w:val="{based}"/>' if based else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{parent}'
        f"<w:pPr>{properties}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _numbered_style(key, name, number, level):
    numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return _style(key, name, properties=numbering)


def styles():
    """
    Write the styles: Word's own under Norwegian ids, and the traps.

    `Overskrift1`…`6` have Word's own names (`heading 1`), as Norwegian Word writes them. `Kapittel1` is based on one.
    `Hjemmelaget1` is only called "Overskrift 1" and inherits nothing. `Niva1` has an outline level and no name.
    """
    own = [
        _style(
            f"Overskrift{level}",
            f"heading {level}",
            properties=f'<w:keepNext/><w:outlineLvl w:val="{level - 1}"/>',
            run='<w:b/><w:sz w:val="28"/>',
        )
        for level in range(1, 7)
    ]
    home_made = [
        _style(f"Hjemmelaget{level}", f"Overskrift {level}", based="", run='<w:b/><w:sz w:val="28"/>')
        for level in (1, 2, 3)
    ]
    rest = [
        _style("Tittel", "Title", run='<w:sz w:val="56"/>'),
        _style("Undertittel", "Subtitle"),
        _style("Kapittel1", "Kapittel RKK", based="Overskrift1"),
        _style("Kapittel2", "Kapittel RKK underordnet", based="Overskrift2"),
        _style("Niva1", "Helse nivå 1", properties='<w:outlineLvl w:val="0"/>', run="<w:b/>"),
        _style("Niva2", "Helse nivå 2", properties='<w:outlineLvl w:val="1"/>', run="<w:b/>"),
        _style("Listeavsnitt", "List Paragraph"),
        _numbered_style("Punktliste", "List Bullet", 1, 0),
        _numbered_style("Punktliste2", "List Bullet 2", 1, 1),
        _numbered_style("Nummerertliste", "List Number", 2, 0),
        _numbered_style("Nummerertliste2", "List Number 2", 2, 1),
        _style("Bildetekst", "caption", run="<w:i/>"),
        _style("Sitat", "Quote"),
        _style("INNH1", "toc 1"),
        _style("Topptekst", "header"),
        _style("Bunntekst", "footer"),
        _style("Fotnotetekst", "footnote text"),
    ]
    return (
        f"{HEAD}<w:styles {NAMESPACES}><w:docDefaults/>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        f"{''.join(own + home_made + rest)}"
        '<w:style w:type="character" w:styleId="Sterk"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Fotnotereferanse"><w:name w:val="footnote reference"/>'
        '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="Vanligtabell"><w:name w:val="Normal Table"/></w:style>'
        '<w:style w:type="table" w:styleId="Tabellrutenett"><w:name w:val="Table Grid"/></w:style></w:styles>'
    )


BULLETS, NUMBERS, MIXED, LETTERS, OUTLINE = 1, 2, 3, 4, 5
"""The lists: bullets, numbers, numbers with bullets inside, letters, and headings that number themselves."""


def numbering(more=0):
    """Write the lists, and `more` numbered lists from 11 on that each begin again at one."""
    forms = {
        BULLETS: ["bullet"] * 4,
        NUMBERS: ["decimal"] * 4,
        MIXED: ["decimal", "bullet", "lowerLetter", "bullet"],
        LETTERS: ["lowerLetter", "lowerRoman", "decimal", "bullet"],
        OUTLINE: ["decimal"] * 4,
    }
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{key}"><w:multiLevelType w:val="multilevel"/>'
        + "".join(_level(depth, form) for depth, form in enumerate(kinds))
        + "</w:abstractNum>"
        for key, kinds in forms.items()
    )
    numbers = "".join(f'<w:num w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>' for key in forms)
    again = "".join(
        f'<w:num w:numId="{11 + n}"><w:abstractNumId w:val="{NUMBERS}"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for n in range(more)
    )
    return f"{HEAD}<w:numbering {NAMESPACES}>{abstract}{numbers}{again}</w:numbering>"


def _level(depth, form):
    text = "•" if form == "bullet" else f"%{depth + 1}."
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
        f'<w:pPr><w:ind w:left="{720 * (depth + 1)}" w:hanging="360"/></w:pPr></w:lvl>'
    )
