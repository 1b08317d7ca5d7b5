"""HTML and Markdown in rarer shapes."""

from tests.support.documents.truth import Truth, case, row
from tests.support.documents.web import page


def _mark(number):
    return f'<span class=MsoCommentReference><a href="#_msocom_{number}">[A{number}]</a></span>'


def _comments(*texts):
    each = "".join(
        f'<div style="mso-element:comment"><div id="_com_{n}"><a name="_msocom_{n}"></a>'
        f'<p class=MsoCommentText><a href="#_msoanchor_{n}">[A{n}]</a>{text}</p></div></div>'
        for n, text in enumerate(texts, 1)
    )
    return f'<div style="mso-element:comment-list"><hr>{each}</div>'


def _html(name, body, *words, headings=(), raw=False, **expected):
    truth = Truth(words=words, headings=headings, **expected.pop("truth", {}))
    return case(name, "rutine.html", lambda: body if raw else page(body), truth=truth, kind="html", **expected)


def _md(name, text, *words, headings=(), **expected):
    truth = Truth(words=words, headings=headings, **expected.pop("truth", {}))
    return case(name, "rutine.md", lambda: text, truth=truth, **expected)


def rows():
    """Give the rows."""
    return (
        row(
            "html-comments-of-word",
            "Comments of a page that Word saved, which stand below the text",
            _html(
                "one at a line",
                f"<p>Gi 5 mg.{_mark(1)}</p><p>Ring 113.</p>{_comments('Skal være 8 mg')}",
                "Gi 5 mg.",
                "Ring 113.",
                comments=("Skal være 8 mg",),
                lacks=("8 mg", "[A1]"),
                more=True,
            ),
            _html(
                "two, one of them at some words",
                f"<p>Gi <a style='mso-comment-reference:A_1'>5 mg</a>{_mark(1)} daglig.{_mark(2)}</p>{_comments('Hvem sier det?', 'Når?')}",
                "Gi 5 mg daglig.",
                comments=("Hvem sier det?", "Når?"),
                lacks=("[A2]",),
                more=True,
            ),
            _html("a list of none", f"<p>Gi 5 mg.</p>{_comments()}", "Gi 5 mg."),
        ),
        row(
            "html-blocks",
            "Blocks of HTML that pages are built of",
            _html("details", "<details><summary>Ved fare</summary><p>Ring 113</p></details>", "Ved fare", "Ring 113"),
            _html(
                "definitions",
                "<dl><dt>Dose</dt><dd>5 mg</dd><dt>Tid</dt><dd>kl. 8</dd></dl>",
                "Dose",
                "5 mg",
                "Tid",
                "kl. 8",
            ),
            _html(
                "a caption",
                "<table><caption>Doser</caption><tr><th>Hvem</th></tr><tr><td>Barn</td></tr></table>",
                "Doser",
                "Hvem",
                "Barn",
            ),
            _html("a figure", "<figure><p>Se her</p><figcaption>Figur en</figcaption></figure>", "Se her", "Figur en"),
            _html(
                "an address and a quotation",
                "<blockquote>Ifølge loven</blockquote><address>Sone nord</address>",
                "Ifølge loven",
                "Sone nord",
            ),
            _html(
                "parts of a page",
                "<main><article><section><h2>Formål</h2><p>Vask</p></section></article></main><aside>Husk hansker</aside>",
                "Formål",
                "Vask",
                "Husk hansker",
                headings=((1, "Formål"),),
            ),
            _html("text without a block", "Gi 5 mg<br>Ring 113", "Gi 5 mg", "Ring 113"),
            _html("preformatted", "<pre>Gi  5 mg\nRing 113</pre>", "Gi 5 mg", "Ring 113"),
            _html(
                "words above words",
                "<p>Ord <ruby>grunn<rp>(</rp><rt>hjelp</rt><rp>)</rp></ruby> til</p>",
                "Ord grunn hjelp til",
            ),
            _html(
                "a number in a formula",
                '<p>Dose <math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi><mo>=</mo><mn>5</mn></math> mg</p>',
                "Dose x 5 mg",
                has=("5",),
            ),
        ),
        row(
            "html-tables",
            "Tables of HTML with cells over rows and columns",
            _html(
                "over rows",
                '<table><tr><th>Hvem</th><th>Når</th></tr><tr><td rowspan="2">Lege</td><td>Nå</td></tr><tr><td>Siden</td></tr></table>',
                "Hvem",
                "Når",
                "Lege",
                "Nå",
                "Siden",
                warns=(("table-merged",),),
                more=True,
            ),
            _html(
                "over columns",
                '<table><tr><th colspan="2">Doser</th></tr><tr><td>Barn</td><td>5 mg</td></tr></table>',
                "Doser",
                "Barn",
                "5 mg",
                warns=(("table-merged",),),
            ),
            _html("over none", '<table><tr><td colspan="0">A</td><td rowspan="x">B</td></tr></table>', "A", "B"),
            _html(
                "over very many",
                '<table><tr><td colspan="100000">A</td><td rowspan="65000">B</td></tr></table>',
                "A",
                "B",
                more=True,
            ),
            _html(
                "rows of unlike length",
                "<table><tr><td>A</td></tr><tr><td>B</td><td>C</td><td>D</td></tr></table>",
                "A",
                "B",
                "C",
                "D",
            ),
            _html(
                "a head and a foot",
                "<table><tfoot><tr><td>Slutt</td></tr></tfoot><thead><tr><th>Hva</th></tr></thead><tbody><tr><td>Vask</td></tr></tbody></table>",
                "Slutt",
                "Hva",
                "Vask",
            ),
            _html("words in the table and in no cell", "<table>Løst<tr><td>A</td></tr></table>", "Løst", "A"),
        ),
        row(
            "html-hidden",
            "What a page holds and does not show",
            _html(
                "hidden", "<p>Gi 5 mg</p><p hidden>Skjult</p>", "Gi 5 mg", lacks=("Skjult",), warns=(("hidden-text",),)
            ),
            _html(
                "by a style",
                '<p>Gi 5 mg</p><div style="display: none">Skjult</div>',
                "Gi 5 mg",
                lacks=("Skjult",),
                warns=(("hidden-text",),),
            ),
            _html(
                "a text area and a button",
                "<p>Gi 5 mg</p><textarea>Merknad her</textarea><button>Lagre</button>",
                "Gi 5 mg",
                "Merknad her",
                "Lagre",
            ),
            _html(
                "a picture drawn",
                "<p>Gi 5 mg</p><svg><text>Ring 113</text></svg>",
                "Gi 5 mg",
                warns=(("script-dropped",),),
            ),
            _html(
                "without scripts",
                "<p>Gi 5 mg</p><noscript>Slå på skript</noscript>",
                "Gi 5 mg",
                warns=(("script-dropped",),),
            ),
            _html("in a template", "<p>Gi 5 mg</p><template><p>Mal</p></template>", "Gi 5 mg"),
            _html(
                "a frame set",
                "<html><frameset><frame src='a.html'></frameset><noframes><p>Gi 5 mg</p></noframes></html>",
                raw=True,
                refused=("empty",),
                either=True,
            ),
        ),
        row(
            "html-encodings",
            "Pages in the encodings of others",
            *(
                _html(
                    name,
                    f'<html><head><meta charset="{charset}"></head><body><p>{words}</p></body></html>'.encode(charset),
                    words,
                    raw=True,
                    has=(words,),
                )
                for name, charset, words in (
                    ("latin-1", "iso-8859-1", "Håndhygiene på øya"),
                    ("Cyrillic", "windows-1251", "Привет"),
                    ("Japanese", "shift_jis", "手を洗う"),
                    ("latin-9", "iso-8859-15", "Håndhygiene på øya"),
                )
            ),
            _html(
                "utf-16 with a mark",
                "<html><body><p>Håndhygiene</p></body></html>".encode("utf-16"),
                "Håndhygiene",
                raw=True,
            ),
            _html(
                "a page of XML",
                '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><p>Vask<br/>hendene</p></body></html>',
                "Vask",
                "hendene",
                raw=True,
            ),
            _html(
                "an encoding nobody knows",
                '<html><head><meta charset="ukjent-7"></head><body><p>Håndhygiene</p></body></html>',
                "Håndhygiene",
                raw=True,
            ),
        ),
        row(
            "markdown-kinds",
            "Markdown as others write it",
            _md(
                "line ends of Windows",
                "# Fall\r\n\r\n## Formål\r\n\r\n- Vask\r\n- Tørk\r\n",
                "Formål",
                "Vask",
                "Tørk",
                headings=((1, "Formål"),),
                truth={"title": "Fall", "items": ((1, "Vask"), (1, "Tørk"))},
            ),
            _md(
                "a byte order mark",
                "\ufeff# Fall\n\n## Ansvar\n\nGi **5 mg** nå.\n",
                "Ansvar",
                "Gi 5 mg nå.",
                headings=((1, "Ansvar"),),
                truth={"title": "Fall"},
            ),
            _md(
                "a heading without space before",
                "# Fall\nGi **5 mg**\n## Ansvar\nLeder\n",
                "Gi 5 mg",
                "Ansvar",
                "Leder",
                headings=((1, "Ansvar"),),
                truth={"title": "Fall"},
            ),
            _md(
                "headings underlined",
                "Fall\n====\n\nAnsvar\n------\n\nLeder har **ansvar**.\n",
                "Ansvar",
                "Leder har ansvar.",
                headings=((1, "Ansvar"),),
                truth={"title": "Fall"},
            ),
            _md(
                "front matter",
                "---\ntitle: Fall\ndato: 2024\n---\n\n## Formål\n\nVask\n",
                "Formål",
                "Vask",
                headings=((1, "Formål"),),
                warns=(("front-matter-ignored",),),
                truth={"title": "Fall"},
            ),
            _md(
                "front matter that never ends",
                "---\ntitle: Fall\n\n## Formål\n\nVask **nå**\n",
                "title: Fall",
                "Formål",
                "Vask nå",
                headings=((1, "Formål"),),
            ),
            _md(
                "a table of HTML",
                "## A\n\n<table><tr><td>Dose</td><td>5 mg</td></tr></table>\n",
                "A",
                "Dose",
                "5 mg",
                headings=((1, "A"),),
                warns=(("raw-dropped",),),
            ),
            _md(
                "tags in a line",
                "## A\n\nGi <b>ikke</b> mer<br>enn <!-- skjult --> 5 mg\n",
                "A",
                "Gi ikke mer enn 5 mg",
                headings=((1, "A"),),
            ),
            _md(
                "a task",
                "## A\n\n- [x] Vask\n- [ ] Tørk\n",
                "A",
                "Vask",
                "Tørk",
                headings=((1, "A"),),
                boxes=((True, "Vask"), (False, "Tørk")),
            ),
            _md(
                "links by name",
                "## A\n\nSe [siden][1].\n\n[1]: https://eksempel.no\n",
                "A",
                "Se siden.",
                headings=((1, "A"),),
                truth={"links": ("https://eksempel.no",)},
            ),
            _md(
                "code",
                "## A\n\n```\nGi 5 mg\n```\n\n    Ring 113\n",
                "A",
                "Gi 5 mg",
                "Ring 113",
                headings=((1, "A"),),
                warns=(("code-block",),),
            ),
            _md(
                "a row longer than its header",
                "| A | B |\n|---|---|\n| 1 |\n| 2 | 3 | 4 |\n",
                "A",
                "B",
                "1",
                "2",
                "3",
                warns=(("cells-missing", "words-missing", "readings-differ"),),
                least=0.8,
            ),
            _md("a definition", "## A\n\nDose\n: 5 mg **nå**\n", "A", "Dose : 5 mg nå", headings=((1, "A"),)),
            _md(
                "a formula",
                "## A\n\nDose $x = 5$ mg og $$y = 3$$\n",
                "A",
                "Dose $x = 5$ mg og $$y = 3$$",
                headings=((1, "A"),),
            ),
        ),
    )
