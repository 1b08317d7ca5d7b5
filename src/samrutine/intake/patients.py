"""
Where a text may speak of one patient: the whole sentence, point or row, and what stands beside it and tells who it is.

A name or a day of birth that is taken out alone leaves the street, the medicine and the daughter behind. No pattern knows
a patient from a job title, so what is found is only possible, and a person judges.
"""

import re
from collections.abc import Iterator
from typing import Final

_NAME: Final = r"[A-ZÆØÅ][a-zæøåéèöäü]+(?:-[A-ZÆØÅ][a-zæøå]+)?"
_NAMES: Final = rf"(?:{_NAME}|[A-ZÆØÅ]\.)(?: [A-ZÆØÅ]\.)?(?: {_NAME}){{1,3}}"
_CAPITALS: Final = r"[A-ZÆØÅ]{3,30}(?: [A-ZÆØÅ]{3,30}){1,3}(?!\w)"
_DAY: Final = r"(?:(?:[0-2]?\d|3[01])[./ -] ?(?:0?\d|1[0-2])[./ -] ?(?:(?:19|20)\d\d|\d\d)|(?:19|20)\d\d-(?:0\d|1[0-2])-[0-3]\d)(?!\d)"
_HELPED: Final = r"(?:mann|kvinne|kvinna|gutt|jente|dame|herre|pasient|beboer|bruker)"
_ORDINARY: Final = (
    # No name of a person: a group, a word of a service, an office.
    r"(?!(?i:barn|voksne|vaksne|ungdom|unge|kvinner|menn|jenter|gutter|elever|eldre|personer|pasient|bruker|beboer|alder|spedbarn|"
    r"småbarn|nyfødt|foreldre|gravid|helse|norsk|norges|nordland|den |det |de |statens?|kommune|sykehus|sjukehus|avdeling|garanti|"
    r"(?!erling|henning|flemming|elling|hemming)[a-zæøå]+(?:ing|inga|ingen|inger|sjon|sjonen|het|heten|else|elsen|tid|kontroll|vaksine|dose|plan|garanti|syke|sykdom)(?!\w)))"
)
_BORN: Final = r"(?<!\w)(?i:født|fødd|f\.) ?(?i:i )?(?:19|20)\d\d(?!\d|-\d)"
_ILLNESS: Final = (
    r"(?<!\w)(?:(?i:diagnosen? |med )?(?i:kols|demens|alzheimers?|diabetes|kreft|\w{2,20}kreft|hjerneslag|slag|hjertesvikt|depresjon|"
    r"schizofreni|psykose|epilepsi|parkinsons?|angst|adhd|autisme|hiv|hepatitt|leukemi|bipolar|rusavhengig\w*|astma|nyresvikt)"
    r"(?!\w)|(?i:diagnosen?(?:kode)?:? )?[A-TV-Z]\d\d(?:\.\d{1,2})?(?![\w-]))"
)
_SUFFERS: Final = r"(?i:har|hadde|fikk|får|lider av|led av|behandles for|diagnostisert med|med|diagnosen?|er)"
_PATIENT: Final = (
    # A word for one whom the services help, and a name after it.
    re.compile(
        r"(?<!\w)(?i:pasient(?:en)?|bruker(?:en)?|brukar(?:en)?|beboer(?:en)?|bebuar(?:en)?|tjenestemottaker(?:en)?|"
        r"tenestemottakar(?:en)?|klient(?:en)?|barnet|eleven)(?:s)?(?: fulle)?(?: navn)?(?: heter| heiter| er)?[:,|]? ?"
        rf"{_NAMES}"
    ),
    re.compile(rf"(?<!\w)(?:[Pp]asient|[Bb]eboer|[Bb]ebuar)(?:en)?[:,|]? ?{_CAPITALS}"),
    # A day of birth, or a year beside a name or an illness.
    re.compile(
        rf"(?<!\w)(?i:født|fødd|f\.|fødselsdato|fødselsdag|fødd dato|født dato)(?: den)?[:.|]? ?{_DAY}", re.MULTILINE
    ),
    re.compile(rf"(?<!\w){_ORDINARY}{_NAME},? \(?{_BORN}"),
    re.compile(rf"{_BORN}[^\n|]{{0,80}}?{_ILLNESS}"),
    re.compile(rf"{_ILLNESS}[^\n|]{{0,80}}?{_BORN}"),
    # One person of an age, as in a case.
    re.compile(rf"(?<!\w)(?i:{_HELPED})(?:en)?,? (?:på )?\d{{1,3}} år(?!\w)"),
    re.compile(r"(?<!\w)(?i:mann|kvinne|kvinna|gutt|jente|dame|herre)(?:en)? \(\d{1,3}(?: år)?\)"),
    re.compile(rf"(?<!\w)(?i:{_HELPED})(?:en)? \(\d{{1,3}} år\)"),
    re.compile(rf"(?<!\w){_ORDINARY}{_NAME}(?:, | \()\d{{1,3}} år(?! og (?:eldre|over|oppover)| eller| etter| før|\w)"),
    re.compile(r"(?<![\w–-])\d{1,3}(?: år gammel|-?års? gammel|-?årig) " + rf"(?i:{_HELPED})(?!\w)"),
    re.compile(r"(?<!\w)(?i:journal|pasient|npr)(?:-| )?(?i:nr\.?|nummer|id)[:.|]? ?\d{4,}"),
    # A name, or the letters of one, and an illness.
    re.compile(
        rf"(?<![\w.])(?:[A-ZÆØÅ]\. ?){{2,3}},? ?(?:\([^()\n|]{{1,20}}\),? )?{_SUFFERS} [^\n|]{{0,40}}?{_ILLNESS}"
    ),
    re.compile(
        rf"(?<!\w){_ORDINARY}{_NAME} (?:[A-ZÆØÅ]\. )?{_ORDINARY}{_NAME}(?: {_ORDINARY}{_NAME})?,? "
        rf"(?:{_SUFFERS}:? (?:fått )?)?{_ILLNESS}"
    ),
)
_KIN: Final = (
    r"(?<!\w)(?i:datter(?:en|a)?|sønn(?:en)?|mor(?:en|a)?|far(?:en)?|søster(?:en|a)?|bror(?:en)?|ektefellen?|ektemannen|mannen|kona|"
    r"samboer(?:en)?|niesen?|nevø(?:en)?|barnebarnet)(?: (?:hans|hennes|hennar|sin|som heter))?,?:? "
    rf"{_ORDINARY}{_NAME}(?!\w)"
)
_TELLS_WHO: Final = re.compile(
    rf"{_KIN}"
    # Where somebody lives.
    r"|(?<!\w)[A-ZÆØÅ][a-zæøåé]+(?:gata|gaten|gate|veien|vegen|vei|veg|svingen|bakken|stien|tunet|lia|hagen|plass)(?:en)? \d{1,4}(?!\d)"
    rf"|(?<!\w)(?i:bor|bur|heter|heiter|navn|namn)(?: i| på| er)?:? {_NAME}"
    rf"|(?<!\w)(?!(?:Ring|Kontakt|Spør|Meld|Varsle|Send|Les|Se) ){_ORDINARY}{_NAME} (?:[A-ZÆØÅ]\. )?{_ORDINARY}{_NAME}(?!\w)"
)
_BY_NAME: Final = (re.compile(_KIN),)
_WORD_OF_PATIENT: Final = re.compile(
    rf"(?<!\w)(?i:pasient|beboer|bebuar|bruker(?!navn|nam)|brukar|klient|tjenestemottaker)|(?<!\w){_ORDINARY}{_NAME} (?:[A-ZÆØÅ]\. )?{_ORDINARY}{_NAME}"
)
_WHOLE_NAME: Final = re.compile(rf"(?<!\w){_ORDINARY}{_NAME}(?: [A-ZÆØÅ]\.)?(?: {_ORDINARY}{_NAME}){{1,3}}(?!\w)")
_NEAR: Final = 80
# Where a sentence ends: not after a number, a short word or the letter of a name.
_ENDS: Final = re.compile(
    r"(?P<line>\n)|(?P<cell>\|)|(?<![ \n|(.][A-ZÆØÅ])(?<!\b[Ff])(?<!\b[Dd]r)(?<!\b[Nn]r)(?<!\b[Kk]l)(?<!\btlf)(?<!\bca)(?<!\bevt)(?<!\bSt)"
    r"[.!?…]{1,3}[»\")]?(?= [A-ZÆØÅ(«\"“])"
    # Before a digit only after a word that is no short one: «kl. 8», «nr. 4».
    r"|(?:(?<=[a-zæøå]{5})|(?<= år)|(?<=\)))[.!?](?= \d)"
)
_AT_EDGE: Final = " \t-–—•*+#>:=_.,;!?…"
_NUMBERED: Final = re.compile(r"[ \t#>]*(?:[-*+•] (?:\[[ xX]\] )?|\d{1,9}[.)] )")


def passages(read: str) -> Iterator[tuple[int, int]]:
    """
    Give from where to where a text may speak of one patient, in order; no two overlap.

    Args:
        read: The text as a person reads it: a line for each block, "|" between cells.
    """
    hits = bytearray(len(read) + 1)
    for pattern in (*_PATIENT, *_BY_NAME):
        for match in pattern.finditer(read):
            hits[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    if hits.find(1) < 0:
        return
    for units in _lines(read):
        is_hit = [hits.find(1, start, end) >= 0 for start, end in units]
        if not any(is_hit):
            continue
        tells = [
            hit or _TELLS_WHO.search(read, start, end) is not None
            for hit, (start, end) in zip(is_hit, units, strict=True)
        ]
        is_row = "|" in read[units[0][0] : units[-1][1]]
        for first, last in [_around(is_hit, tells)] if is_row else _runs(is_hit, tells):
            start, end = _trimmed(read, units[first][0], units[last][1])
            if start < end:
                yield start, end


def names(read: str) -> Iterator[tuple[int, int]]:
    """Give from where to where two words or more stand as the name of a person does."""
    return (match.span() for match in _WHOLE_NAME.finditer(read))


def is_near(read: str, start: int) -> bool:
    """Say whether a person's name, or a word for one whom the services help, stands shortly before a place in the same line."""
    first = max(start - _NEAR, 0)
    return _WORD_OF_PATIENT.search(read, max(first, read.rfind("\n", first, start) + 1), start) is not None


def _lines(read: str) -> Iterator[list[tuple[int, int]]]:
    """Give each line as its sentences or cells, from where to where."""
    units: list[tuple[int, int]] = []
    marker = _NUMBERED.match(read)
    at = marker.end() if marker else 0
    for match in _ENDS.finditer(read):
        if match.start() < at:
            continue
        units.append((at, match.start()))
        at = match.end()
        if match.lastgroup == "line":
            yield units
            units = []
            marker = _NUMBERED.match(read, at)
            at = marker.end() if marker else at
    yield [*units, (at, len(read))]


def _runs(is_hit: list[bool], tells: list[bool]) -> Iterator[tuple[int, int]]:
    """Give each run of sentences that tell who, of which one speaks of a patient: the first and the last."""
    first: int | None = None
    for place, told in enumerate([*tells, False]):
        if told and first is None:
            first = place
        elif not told and first is not None:
            if any(is_hit[first:place]):
                yield first, place - 1
            first = None


def _around(is_hit: list[bool], tells: list[bool]) -> tuple[int, int]:
    """Give the first and the last cell of a row that tell who: what stands between is about the same person."""
    told = [place for place, one in enumerate(tells) if one or is_hit[place]]
    return told[0], told[-1]


def _trimmed(read: str, start: int, end: int) -> tuple[int, int]:
    said = read[start:end]
    return start + len(said) - len(said.lstrip(_AT_EDGE)), end - (len(said) - len(said.rstrip(_AT_EDGE)))
