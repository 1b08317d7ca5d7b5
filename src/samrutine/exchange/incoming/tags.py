"""Which words between angle brackets are tags of HTML; whoever writes "<ikke fastlege>" has written no tag."""

import re
from typing import Final

_NAMES: Final = frozenset(
    re.split(
        " ",
        "a abbr acronym address applet area article aside audio b base basefont bdi bdo big blockquote body br button canvas "
        "caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset "
        "figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input "
        "ins kbd label legend li link main map mark math menu meta meter nav nobr noframes noscript object ol optgroup "
        "option output p param picture pre progress q rp rt ruby s samp script section select slot small source span strike "
        "strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var "
        "video wbr",
    )
)
_TAG: Final = re.compile(r"<!--.*?-->|</?([A-Za-z][\w:.-]*)[^<>]*>", re.DOTALL)
_OF_PROGRAM: Final = re.compile(r"[a-z]{1,3}:[A-Za-z]+")
"""Tags of a program's own, such as "o:p" in what Word saves."""


def without_tags(text: str, instead: str) -> str:
    """Put something else in the place of each tag and each comment; what only looks like a tag stays."""
    return _TAG.sub(lambda found: instead if _is_tag(found) else found[0], text)


def is_tag(text: str) -> bool:
    """Tell whether a text is one tag, or a comment."""
    found = _TAG.fullmatch(text.strip())
    return found is not None and _is_tag(found)


def _is_tag(found: re.Match[str]) -> bool:
    name = found[1]
    return name is None or name.lower() in _NAMES or _OF_PROGRAM.fullmatch(name) is not None
