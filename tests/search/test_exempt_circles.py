"""Search by those who may read what is exempt, whatever has become of the exempt texts since."""

import zlib
from contextlib import suppress

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
