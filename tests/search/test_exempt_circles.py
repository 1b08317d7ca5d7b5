"""Search by those who may read what is exempt, whatever has become of the exempt texts since."""

import zlib
from contextlib import suppress
from types import SimpleNamespace

from hypothesis import example, given
from hypothesis import strategies as st

from samrutine.search.choosing import GOOD_ENOUGH
from samrutine.search.exempt import search_all
from samrutine.search.model import Query, SearchResult
from tests.support.stories import change_with_everyone
from tests.support.texts import SECTIONS, a_routine

APART = {**SECTIONS, "Avvik": "Nøkkelen ligger i nittini."}


def test_an_exemption_that_lapsed_leaves_search_to_everybody(any_library_with_routine):
    """
    The leader of a network that once had an exempt text must find routines as everybody does.
    """
    library = any_library_with_routine
    change_with_everyone(library, a_routine(access="exempt", sections=APART))
    change_with_everyone(library, a_routine(extra="Nå for alle."), by="medlem.saltdal")
    library.repair()

    everybody = ("leder", "beslutter.beiarn", "redaktor", "ansatt.fauske")
    found = {who: library.search("hendene", reader=who).result.hits for who in everybody}
    gone = {who: library.search("nittini", reader=who).result.total for who in everybody}

    assert {who: [hit.procedure_id for hit in hits] for who, hits in found.items()} == {
        key: ["handhygiene"] for key in everybody
    }
    assert gone == dict.fromkeys(everybody, 0)
    assert library.verify().is_clean


def words_in_files(folder):
    """Give all bytes of the parts of the indexes in a folder, also those packed."""
    found = b""
    for path in folder.rglob("*.seg"):
        data = path.read_bytes()
        found += data
        for at in range(len(data)):
            if data[at : at + 1] == b"\x78":
                with suppress(zlib.error):
                    found += zlib.decompressobj().decompress(data[at:])
    return found


def test_what_became_exempt_is_in_no_file_of_the_shared_index(home_with_routine, library_with_routine):
    """
    Whoever copies the index of a server must not find there what only a network may read, waiting for parts to be joined.
    """
    library = library_with_routine
    shared = home_with_routine.path / "index"
    change_with_everyone(library, a_routine(sections={**SECTIONS, "Avvik": "Nøkkelen ligger i nittini."}))
    before = words_in_files(shared)

    change_with_everyone(library, a_routine(access="exempt", extra="Bare for oss."), by="medlem.saltdal")

    assert b"nittini" in before
    assert b"nittini" not in words_in_files(shared)
    assert library.verify().is_clean


def test_a_refused_exempt_hasteversjon_leaves_search_to_those_who_could_read_it(library_with_routine):
    """
    Nothing of a refused text is to be found, and its network goes on searching.
    """
    library = library_with_routine
    draft = library.propose(
        a_routine(access="exempt", sections=APART), changes="handhygiene", meaning="Unntatt.", by="medlem.saltdal"
    )
    library.hurry(draft.proposal, digest=draft.digest, reason="Haster.", by="leder")
    found_meanwhile = library.search("nittini", reader="leder").result.total

    library.reject(draft.proposal, reason="Ikke nødvendig.", by="leder")

    assert found_meanwhile == 1
    assert library.search("nittini", reader="leder").result.total == 0
    assert library.search("hendene", reader="leder").result.total == 1


@example(scores=[[6, 6, 10], [20]], ours={0, 1}, limit=2)
@given(
    st.lists(st.lists(st.integers(1, 20), min_size=1, max_size=4), min_size=2, max_size=3),
    st.sets(st.integers(0, 7), max_size=6), st.integers(1, 3),
)  # fmt: skip
def test_several_indexes_answer_as_one_would(scores, ours, limit):
    """
    Who may read what is exempt asks two indexes, and must not lose the second best of all to what is first in one of them.
    """
    named = [[(f"{place}-{number}", score) for number, score in enumerate(row)] for place, row in enumerate(scores)]
    everything = [one for row in named for one in row]
    first = {everything[number][0] for number in ours if number < len(everything)}

    together = search_all([_Ranked(row) for row in named], Query(), allowed=(), limit=limit, filters=(), first=first)

    assert [hit.score for hit in together.hits] == [hit.score for hit in _Ranked(everything).ranked(first)[:limit]]
    assert together.total == len(everything)


class _Ranked:
    """An index that only ranks: what is first comes first where it is at least half as good as the best."""

    def __init__(self, hits):
        self._hits = [
            SimpleNamespace(procedure_id=name, version_digest=name, title=name, score=score) for name, score in hits
        ]

    def ranked(self, first):
        best = max((hit.score for hit in self._hits), default=0)
        return sorted(
            self._hits,
            key=lambda hit: (
                not (hit.version_digest in first and hit.score >= GOOD_ENOUGH * best),
                -hit.score,
                hit.title,
            ),
        )

    def search(self, _, *, allowed, limit, filters, first=frozenset()):
        return SearchResult(tuple(self.ranked(first)[:limit]), len(self._hits), ())
