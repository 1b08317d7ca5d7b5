"""HTML: plain pages, what Word saves, what runs, and letters."""

from tests.support.documents.truth import Case, Truth, case, row
from tests.support.documents.web import WORD_PAGE, as_html, page
from tests.support.documents.whole import whole

GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
VISIBLE = (("deleted-values-visible", "readings-differ", "text-changed-visible"),)


def _html(name, body, *, head="", words=(), headings=(), file="rutine.html", **expected) -> Case:
    truth = expected.pop("truth", None) or Truth(words=tuple(words), headings=headings)
    return case(name, file, lambda: page(body, head=head), truth=truth, kind="html", **expected)


def _from_word(name, body, **expected) -> Case:
    def make():
        return WORD_PAGE.format(title="Rutine", body=body).encode("cp1252")

    return case(name, "rutine.htm", make, kind="html", **expected)


def rows():
    """Give the rows."""
    return (
        row("html-whole", "A whole routine as HTML", *whole("html", "html", as_html, notes=False, below=True)),
        row(
            "html-from-word",
            "What Word saves as a web page",
            _from_word(
                "headings",
                "<h1>Formål</h1><p class=MsoNormal>Hindre fall – særlig på kveld.<o:p></o:p></p>",
                truth=Truth(words=("Formål Hindre fall – særlig på kveld.",), headings=((1, "Formål"),)),
            ),
            _from_word(
                "lists as paragraphs",
                "".join(
                    f"<p class=MsoListParagraph style='mso-list:l0 level{level} lfo1'><![if !supportLists]><span>·<span "
                    f"style='font:7.0pt'>&nbsp;&nbsp; </span></span><![endif]>{text}</p>"
                    for level, text in ((1, "Hansker"), (2, "Små"), (1, "Frakk"))
                ),
                truth=Truth(words=("Hansker Små Frakk",), items=((1, "Hansker"), (2, "Små"), (1, "Frakk"))),
            ),
            _from_word(
                "conditional comments",
                "<!--[if gte vml 1]><v:shape>Skjult tegning</v:shape><![endif]--><![if !vml]><p>Synlig tekst</p><![endif]>",
                truth=Truth(words=("Synlig tekst",)),
                lacks=("Skjult tegning", "endif"),
            ),
            _from_word(
                "changes in sight",
                '<p>Oppbevares ved <s><del cite="mailto:x">2–8 °C</del></s><u><ins cite="mailto:x">15–25 °C</ins></u>.</p>',
                has=("15–25 °C",),
                lacks=("2–8 °C15–25 °C",),
                warns=VISIBLE,
            ),
        ),
        row(
            "html-running",
            "Scripts, frames and forms: nothing runs, nothing is fetched, the words that are shown stay",
            _html(
                "script",
                "<p>Synlig</p><script>document.write('Skjult')</script>",
                words=("Synlig",),
                lacks=("Skjult", "document"),
                warns=(("script-dropped",),),
            ),
            _html("frame", '<p>Synlig</p><iframe src="http://provevik.example/x"></iframe>', words=("Synlig",)),
            _html(
                "handler",
                '<p onclick="alert(1)">Synlig <a href="javascript:alert(1)">trykk</a></p>',
                words=("Synlig trykk",),
                lacks=("alert",),
                warns=(("link-dropped", "script-dropped"),),
            ),
            _html(
                "picture elsewhere",
                '<p>Synlig <img src="http://provevik.example/a.png" alt="Kart"></p>',
                words=("Synlig",),
                warns=(("picture-elsewhere", "pictures-missing"),),
            ),
            _html(
                "picture on disk",
                '<p>Synlig <img src="file:///etc/passwd" alt="Kart"></p>',
                words=("Synlig",),
                warns=(("picture-elsewhere", "pictures-missing"),),
                lacks=("root:",),
            ),
        ),
        row(
            "html-changes",
            "Deleted and struck words in HTML are not run together with what replaced them",
            _html(
                "del and ins",
                "<p>Ved <del>2–8 °C</del><ins>15–25 °C</ins>.</p>",
                lacks=("2–8 °C15–25 °C",),
                has=("15–25 °C",),
                warns=VISIBLE,
            ),
            _html(
                "struck by a style",
                '<p>Ved <span style="text-decoration: line-through">2–8 °C</span>15–25 °C.</p>',
                lacks=("2–8 °C15–25 °C",),
                warns=(("deleted-values-visible", "struck-through", "readings-differ", "text-changed-visible"),),
            ),
            _html(
                "struck",
                "<p>Gi <s>10 mg</s> 5 mg.</p>",
                warns=(("deleted-values-visible", "struck-through", "readings-differ", "text-changed-visible"),),
            ),
        ),
        row(
            "html-forms",
            "Tables, hidden words and broken marks in HTML",
            _html(
                "merged cells",
                '<table><tr><th>Middel</th><th colspan="2">Temperatur</th></tr><tr><td>Insulin</td><td>2 °C</td><td>8 °C</td></tr></table>',
                truth=Truth(
                    words=("Middel Temperatur Insulin 2 °C 8 °C",),
                    tables=((("Middel", "Temperatur"), ("Insulin", "2 °C", "8 °C")),),
                    exact=False,
                ),
                warns=(("table-merged",),),
            ),
            _html(
                "hidden",
                '<p>Ring <span style="display:none">ikke </span>113</p>',
                words=("Ring 113",),
                lacks=("ikke",),
                warns=(("hidden-text",),),
            ),
            _html(
                "not closed",
                "<h1>Formål<p>Hindre <b>fall<ul><li>Hansker<li>Frakk</ul>",
                truth=Truth(words=("Formål Hindre fall Hansker Frakk",), tree=False),
            ),
            _html(
                "table in table",
                "<table><tr><td>A</td><td><table><tr><td>B</td></tr></table></td></tr></table>",
                words=("A B",),
                warns=(("table-nested", "cell-flattened"),),
            ),
            _html(
                "menus around",
                "<nav><a href='/'>Hjem</a></nav><main><h1>Formål</h1><p>Hindre fall.</p></main><footer>Prøvevik</footer>",
                words=("Formål Hindre fall.",),
                headings=((1, "Formål"),),
            ),
        ),
        row(
            "html-lists",
            "Lists of HTML that are empty, begin at five, or hold more than words",
            _html(
                "an empty list in a list",
                "<p>Før</p><ul><li><ul><li></li></ul></li></ul><p>Etter</p>",
                words=("Før Etter",),
            ),
            _html(
                "begins at five",
                '<ol start="5"><li>Fem</li><li>Seks</li></ol>',
                truth=Truth(words=("Fem Seks",), items=((1, "Fem"), (1, "Seks"))),
                numbers=((5, "Fem"), (6, "Seks")),
            ),
            _html(
                "skips to nine",
                '<ol><li>En</li><li value="9">Ni</li></ol>',
                truth=Truth(words=("En Ni",), items=((1, "En"), (1, "Ni"))),
                numbers=((1, "En"), (9, "Ni")),
            ),
            _html(
                "a heading in an item",
                "<ul><li><h2>Hva</h2>Dette</li></ul>",
                truth=Truth(words=("Hva Dette",), tree=False),
            ),
            _html(
                "a table in an item",
                "<ul><li>A<table><tr><td>B</td><td>C</td></tr></table></li></ul>",
                words=("A B C",),
            ),
        ),
        row(
            "html-pictures",
            "Pictures of HTML",
            _html(
                "a text over several lines",
                f'<p>A</p><p><img src="{GIF}" alt="Linje en\n\n# Linje to"></p>',
                truth=Truth(words=("A",), pictures=("Linje en # Linje to",)),
            ),
            _html(
                "that is none",
                '<p>A</p><p><img src="data:image/gif;base64,R0lGOD" alt="Kart"></p>',
                words=("A",),
                more=True,
                warns=(("picture-unreadable", "pictures-missing"),),
            ),
            _html(
                "drawn",
                "<p>A</p><svg><text>Ring 113</text></svg>",
                words=("A",),
                more=True,
                warns=(("drawing", "script-dropped", "words-missing"),),
            ),
        ),
        row(
            "html-letters",
            "HTML in other encodings, by its own word or by none",
            case(
                "declared 1252",
                "a.html",
                lambda: page("<p>Gjør én ting på kvelden</p>", charset="windows-1252").encode("cp1252"),
                truth=Truth(words=("Gjør én ting på kvelden",)),
            ),
            case(
                "declared nothing",
                "a.html",
                lambda: "<html><body><p>Gjør én ting på kvelden</p></body></html>".encode("latin-1"),
                truth=Truth(words=("Gjør én ting på kvelden",)),
                warns=(("encoding-guessed",),),
            ),
            case(
                "utf-16",
                "a.html",
                lambda: page("<p>Gjør én ting čŋ</p>", charset="utf-16").encode("utf-16"),
                truth=Truth(words=("Gjør én ting čŋ",)),
            ),
            case(
                "says utf-8, is 1252",
                "a.html",
                lambda: page("<p>Gjør én ting</p>").encode("cp1252"),
                truth=Truth(words=("Gjør én ting",)),
                warns=(("encoding-guessed",),),
            ),
            case(
                "entities",
                "a.html",
                lambda: page("<p>Gj&oslash;r &#269; 5&nbsp;mg &ge; 2</p>"),
                truth=Truth(words=("Gjør č 5 mg ≥ 2",)),
                has=("5 mg ≥ 2",),
            ),
        ),
    )
