"""
The words of a file, counted by somebody who knows next to nothing of the format.

All letters between the marks of all parts, whatever part and whatever mark, but those that no reader is shown: what a
change took out, what a field was told, the spare copy of a text box. It shares no line with the product's readers, so
that a part or a mark that they all pass over is missed by them and not by this.
"""

import html
import io
import re
import unicodedata
import zipfile
from collections import Counter

from samrutine.exchange.incoming.model import FileKind, Incoming
from tests.support.documents.seen import seen

_APART = re.compile(
    r"</?(?:\w+:)?(?:p|h|tc|pt|v|f|tr|li|td|th|div|h[1-6]|title|desc|note-citation|table-cell|list-item|annotation|dt|dd"
    r"|txbxContent|rt|ruby-\w+|sup|del|ins|nav|table|ul|ol|sub|address|blockquote|button|textarea)\b[^>]*>"
    r"|<(?:\w+:)?(?:tab|br|cr|ptab|s|line-break|\w+Reference|note|noBreakHyphen)\b[^>]*>"
)
_SIGN = "\ua66e"
"""Stands for a letter that the file names by its number in some font: some letter, or a sign that ends no word."""
_LETTER = re.compile(r"<w:sym\b[^>]*>")
_MARK = re.compile(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[|\]\]>|<[^>]*>", re.DOTALL)
_NO_WORDS = re.compile(
    r"(?:^|/)(?:docProps|customXml|_rels|theme|META-INF)/|(?:\[Content_Types\]|styles|numbering|settings|webSettings|"
    r"fontTable|stylesWithEffects|manifest|layout\d*|quickStyle\d*|colors\d*|people|meta)\.xml$"
)
_TOLD = re.compile(r'fldCharType="begin"(?:(?!fldCharType=).)*?fldCharType="(?:separate|end)"', re.DOTALL)
_UNSEEN = {
    "word": re.compile(
        r"<(\w+:(?:del|moveFrom|instrText|delText|delInstrText|posOffset|pctWidth|pctHeight|pctPosHOffset|pctPosVOffset"
        r"|fldData|Fallback|formatCode|numCache|binData|f))\b(?:[^>/]|/(?!>))*>.*?</\1>",
        re.DOTALL,
    ),
    "odt": re.compile(
        r"<(text:tracked-changes|dc:creator|dc:date|meta:date-string|office:binary-data|text:note-citation|"
        r"office:event-listeners|office:scripts|office:meta|office:styles|number:\w+|\w+:\w*creator-initials)"
        r"\b(?:[^>/]|/(?!>))*>.*?</\1>",
        re.DOTALL,
    ),
    "html": re.compile(
        r"<(script|style|head|template|svg|title)\b[^>]*>.*?</\1\s*>|<!--\[if.*?endif\]-->|<!\[[^\]]*\]>"
        # The number of a comment, and of the way back to it.
        r"|<a\b[^>]*#_mso(?:com|anchor)_\d+[^>]*>.*?</a>",
        re.DOTALL | re.IGNORECASE,
    ),
}
_CODES = re.compile(
    r"\A\ufeff?---\n.*?\n---\n|\]\([^)\s]*\)|<[^<>]+>|^ {0,3}\[[^\]^]+\]:.*$|(?<=\])\[[^\]]+\]|\[\^[^\]]+\]|^\s*(?:>\s*)*(?:[-*+]\s+)?\d{1,9}[.)](?=\s)"
    r"|^\s*```\w*|!\[[^\]]*\]|&\w+;",
    re.MULTILINE | re.DOTALL,
)
_WORD = re.compile(r"[^\W_]+")
_SOFT = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_NAMED_IN_WHOLE = frozenset({"part-missing", "contents-list-dropped", "contents-of-page-dropped", "script-dropped"})
"""Findings of a thing that is left out in whole, by what it is and not by its words."""


def unsaid(data: bytes, incoming: Incoming) -> Counter:
    """Count the words of a file that are neither in what came out of it nor named as left out."""
    if {one.code for one in incoming.findings} & _NAMED_IN_WHOLE:
        return Counter()
    told = _told(incoming)
    missing = counted(data, incoming.kind) - told
    for word in [one for one in missing if _SIGN in one]:
        like = re.compile("".join(r"\w?" if letter == _SIGN else re.escape(letter) for letter in word))
        if not word.strip(_SIGN) or any(like.fullmatch(one) for one in told):
            del missing[word]
    if any(one.code == "heading-number-dropped" for one in incoming.findings):
        return Counter({word: often for word, often in missing.items() if not word.isdigit()})
    return missing


def lost(data: bytes, incoming: Incoming) -> list[str]:
    """
    Give the words that are nowhere in what came out, however the words there are cut.

    For damaged files: a mark that is broken joins two words or parts one.
    """
    shown = _letters("".join(_outcome(incoming)))
    return [word for word in unsaid(data, incoming) if _letters(word) not in shown]


def _letters(text):
    return "".join(_WORD.findall(unicodedata.normalize("NFKC", text.translate(_SOFT)).casefold()))


def counted(data: bytes, kind: FileKind) -> Counter:
    """Count the words of a file by its marks; none of a kind whose marks say too little of what is shown."""
    match kind:
        case FileKind.DOCX | FileKind.DOCM:
            return _words(*(_between(_TOLD.sub("", _TOLD.sub("", text)), "word") for text in _parts(data)))
        case FileKind.ODT:
            texts = _parts(data) if data.startswith(b"PK") else [_decoded(data)]
            return _words(*(_between(text, "odt") for text in texts))
        case FileKind.HTML:
            return _words(_between(_decoded(data), "html"))
        case FileKind.MARKDOWN:
            return _words(_CODES.sub(" ", _decoded(data)))
        case FileKind.TEXT:
            return _words(re.sub(r"^\s*\d{1,9}[.)](?=\s)", "", _decoded(data), flags=re.MULTILINE))
        case _:
            return Counter()


def _told(incoming):
    """Count all words that came out: those of the text, and those that are named as left out or put elsewhere."""
    return _words(*_outcome(incoming))


def _outcome(incoming):
    return (
        incoming.title,
        *seen(incoming.markdown).words,
        *(finding.detail for finding in incoming.findings),
        *(change.text for change in incoming.changes),
        *(comment.text for comment in incoming.comments),
        *(picture.alternative for picture in incoming.pictures),
        *(one.value for one in incoming.suggested),
    )


def _words(*texts):
    whole = "\n".join(texts).translate(_SOFT)
    return Counter(_WORD.findall(unicodedata.normalize("NFKC", whole).casefold()))


def _parts(data):
    if not data.startswith(b"PK"):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith(".xml") and (name == "styles.xml" or not _NO_WORDS.search(name)):
                yield _decoded(archive.read(name))


def _decoded(data):
    if data[:4] == b"\xff\xfe\0\0":
        return data.decode("utf-32")
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16")
    said = re.search(rb"(?:encoding|charset)\s*=\s*[\"']?\s*([\w-]+)", data[:1024])
    if len(data.decode("utf-8", "ignore").encode()) > len(data) - data.count(b"\xc3"):
        return data.decode("utf-8", "ignore").removeprefix("\ufeff")
    for encoding in ("utf-8-sig", said[1].decode() if said else "cp1252"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def _between(text, kind):
    return html.unescape(_MARK.sub("", _LETTER.sub(_SIGN, _APART.sub(" ", _UNSEEN[kind].sub("", text)))))
