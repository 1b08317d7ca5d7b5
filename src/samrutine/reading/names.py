"""
Whether words that somebody searched for may be a person's name, also in small letters.

Most names are in no dictionary. These are the common ones that are, or that read as a compound: Norwegian names are made of words.
"""

import re
from itertools import pairwise
from typing import Final

from samrutine.search.norwegian import fold, keys

_NAMES_TEXT: Final = """
    aase adam aksel alexander alf ali amanda anders anna arne arvid asta axel benjamin bergljot carl christian
    christina christoffer ebba edvard edvin einar eirik eivind elise ella emil emilie erik erika eva fredrik fride
    gina gudrun guri hanna hannah hanne harald hedda helen helene hilda hilde ida idar inga ingrid irene iver jakob
    jan janne jens joakim johan johanna johanne johannes john jonas kaia kari karina karl karoline kasper kim klara
    knut kristian kristina kristine kristoffer kurt lea lena linda linn linnea lisa lise lotte magne magnhild magnus
    maja malin maren martin mathilde mette mikael mikkel mohamed mohammad mohammed mona morten muhammad nora ola
    olav ole omar osman oystein oyvind reidar rune samuel sandra sara sigrid snorre sofia solveig stefan steffen
    steinar thor thorbjorn tobias tove trine vilde viljar
    andersen hansen jensen johansen kristiansen nordmann
    """
_GIVEN_WORDS_TEXT: Final = """
    ante are ari asa ase aud august bjorn dag endre ester even finn frank fred frode geir gry hakon hans helga helge
    hild iris jasmin jo jon jorn kai kaj kare karen kolbjorn kristen leif lene lin liv lone mai mari marit mark max
    may mina minna nana odd odin pal per pia rein rita roar rose roy runa sander signe silje siv sol sonja stein
    stig storm sunniva svein tellef tom tone tor tore turid tuva tyra ulf ulla una unn vebjorn vera vidar viggo
    """
_FAMILY_TEXT: Final = """
    aas aasen ahmed ali as asen bakk bakke bakken berg berge berglund birkeland bjerke boe borge bratli brekke bruun
    bye dahl dahle dale eide eliassen eng engen enger fjeld fjell foss fossum gjerde gran granli haga hagen hassan
    haug hauge haugen helle hellum henden hoel hol holm holmen hovland husby hussein iversen khan kleven knudsen
    kolstad kristoffersen krogh li lie lien lund lunde lunden mo moe moen myhre myklebust myr myrvold naess nes ness
    nguyen nordmann nygaard nygard odegard olsen ostby ottesen ovesen oyen rod rode roed rosvold rud ruud sand sande
    sandvik seim singh skaar skog skogen sletten sole solheim solli stokke storm strand strom strommen sund sunde
    svendsen tangen tveit tveiten vik viken vold voll wold
    """
# Subjects of their own, more often than names.
_SUBJECTS: Final = frozenset({"vold"})
# What is nobody else's business of somebody: beside a name, or beside what only one is, it is about a person.
_OF_HEALTH_TEXT: Final = """
    abort aids alkohol angst autisme beruset brystkreft bulimi dement demens depresjon diabetes epilepsi full
    gal gonore gravid hepatitt hiv hjerneslag inkontinens klamydia kreft lus mani narkoman narkotika overdose overgrep parkinson
    psykisk psykose ruset rus schizofreni selvmord selvskading skabb skilsmisse slag spiseforstyrrelse syk sykdom syfilis
    tuberkulose ulykke voldtekt
    """
_ONE_PERSON_TEXT: Final = """
    bror dattar datter ektefelle far kone kommunedirektor kommunelege kommuneoverlege lensmann mann mor nabo ordforer prest
    radmann rektor samboer son soster syster
    """
_OF_HEALTH: Final = frozenset(_OF_HEALTH_TEXT.split())
_ONE_PERSON: Final = frozenset(_ONE_PERSON_TEXT.split())
_NAMES: Final = frozenset(_NAMES_TEXT.split())
_GIVEN_WORDS: Final = frozenset(_GIVEN_WORDS_TEXT.split())
_FAMILY: Final = frozenset(_FAMILY_TEXT.split())
# As family names end, and hardly any word does that somebody searches for beside "liv" or "dag".
_FAMILY_ENDING: Final = re.compile(
    r"\w{2,}(?:sen|son|sson|berg|dal|dahl|haug|haugen|heim|land|lund|rud|stad|strom|vik|vold)"
)


def may_be_a_name(text: str) -> bool:
    """
    Whether a text that somebody searched for may name a person.

    A name that is nothing else is enough ("kari trykksår"). A given name that is a word too ("liv", "dag") must stand beside
    a family name, or with either there is something of a person's health ("rose demens"); so it is with what only one person in
    a small place is ("ordføreren psykose", "naboens sønn rus"). Some wishes are lost with these.
    """
    words = re.findall(r"\w+", fold(text))
    beside = [pair for one, other in pairwise(words) for pair in ((one, other), (other, one))]
    return (
        not _NAMES.isdisjoint(words)
        or any(one in _GIVEN_WORDS and _is_family(other) for one, other in beside)
        or _tells_of_health(words)
    )


def _tells_of_health(words: list[str]) -> bool:
    health = [word for word in words if not _OF_HEALTH.isdisjoint((word, *keys(word)))]
    others = [word for word in words if word not in health and word not in _SUBJECTS]
    return bool(health) and any(_is_family(one) or not _ONE_PERSON.isdisjoint((one, *keys(one))) for one in others)


def _is_family(word: str) -> bool:
    return word in _FAMILY or word in _GIVEN_WORDS or _FAMILY_ENDING.fullmatch(word) is not None
