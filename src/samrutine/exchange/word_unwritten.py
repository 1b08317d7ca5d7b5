"""
What somebody put into a Word file of ours that no block of a text can hold: drawn, hidden, or worked out by Word.

We write none of it ourselves, so a file that nobody changed has none.
"""

import copy
from collections.abc import Iterator

from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.word_fields import take_fields_away
from samrutine.exchange.incoming.word_flatten import diagrams, not_kept
from samrutine.exchange.incoming.word_package import MC, A, Element, W, WordPackage
from samrutine.exchange.incoming.word_styles import Styles
from samrutine.exchange.incoming.word_text import text_of


def unwritten(root: Element, package: WordPackage, part: str) -> Iterator[Finding]:
    """
    Tell of all in a part that a reader sees and a text cannot hold, and of hidden words, which are taken out.

    The part is to have its tracked changes accepted already.
    """
    yield from _hidden(root, Styles(package.first(package.main, "styles")))
    for drawing in root.iter(f"{W}drawing", f"{W}pict", f"{W}object"):
        if any(above.tag == f"{MC}Fallback" and _is_spare(above) for above in drawing.iterancestors()):
            continue
        yield from not_kept(drawing, "")
    for _, relation in diagrams(root):
        yield Finding("drawing", detail=_words(package, part, relation))
    # Taking fields away changes what it looks at.
    yield from take_fields_away(copy.deepcopy(root))


def _hidden(root: Element, styles: Styles) -> Iterator[Finding]:
    for run in list(root.iter(f"{W}r")):
        paragraph = next((above for above in run.iterancestors() if above.tag == f"{W}p"), None)
        look = styles.run_look(run)
        if paragraph is not None:
            look = look.over(styles.paragraph_look(paragraph))
        text = text_of(run).strip() if look.hidden else ""
        if text:
            yield Finding("hidden-text", detail=text)
            run.getparent().remove(run)


def _is_spare(fallback: Element) -> bool:
    above = fallback.getparent()
    return above is not None and above.find(f"{MC}Choice") is not None


def _words(package: WordPackage, part: str, relation: str) -> str:
    target = package.relations(part).get(relation)
    data = package.xml(target.target) if target is not None and not target.external else None
    lines = () if data is None else (" ".join("".join(one.itertext()).split()) for one in data.iter(f"{A}p"))
    return " / ".join(filter(None, lines))
