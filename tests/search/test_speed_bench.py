"""The library that search is timed on, and what its figures are held against."""

from bench.search_grown import Growing, Source, queries
from bench.search_speed import bars, percentiles
from bench.search_timed import LEMMAS, OURS, PLAIN
from samrutine.search.norwegian import fold

WORDS = (
    "pasienten",
    "medisinen",
    "journalen",
    "avdelingen",
    "sykepleieren",
    "vaktrommet",
    "hendene",
    "kommunen",
    "lederen",
)
SOURCE = Source(
    titles=("Håndvask", "Fall"),
    headings=("Ansvar", "Framgangsmåte"),
    sentences=tuple(f"Her skal {one} og {one + other} sees sammen." for one in WORDS for other in WORDS),
    lengths=(40, 80, 120),
    sections=(4, 8),
)


def figures(p95_ms=3.0, **given):
    """Give an engine's figures, all good but for what is given."""
    return {
        "ask": {"ordinary": {"p95_ms": p95_ms}, "repair": {"p95_ms": given.get("repair", p95_ms)}},
        "index_mib": given.get("index_mib", 10.0),
        "cold_beyond_python_s": 0.1,
        "change": {"p50_ms": given.get("change_p50_ms", 10.0), "p95_ms": 20.0},
        "beside_a_writer": {"errors": given.get("errors", {})},
    }


class TestTheGrownLibrary:
    def test_is_the_same_each_time(self):
        """
        Two runs are compared, perhaps months apart.
        """
        first, again = (list(Growing(SOURCE).routines(30)) for _ in range(2))

        assert first == again
        assert sum(len(row["sections"]) for row in first) == 30

    def test_goes_on_getting_new_words(self):
        """
        With the words of a few texts said again and again, an index of any size would be one of few words.
        """
        few, many = Growing(SOURCE), Growing(SOURCE)
        said = [len(list(few.routines(20))), len(list(many.routines(400)))]

        assert said[1] > 10 * said[0]
        assert len(many.vocabulary) > 2 * len(few.vocabulary)

    def test_a_misspelt_word_is_nowhere_in_it(self):
        """
        Otherwise nothing is repaired, and the figure is of something else.
        """
        rows = list(Growing(SOURCE).routines(60))
        said = {
            fold(word) for row in rows for _, heading, text in row["sections"] for word in f"{heading} {text}".split()
        }

        asked = queries(rows)

        assert len(asked) == 200
        misspelt = [one["query"].split()[0] for one in asked if one["repair"]]
        assert len(misspelt) == 40
        assert not {fold(word) for word in misspelt} & said


class TestWhatIsDue:
    def test_all_that_is_due_is_kept(self):
        """
        A size without a demand is shown and never fails.
        """
        sizes = {size: {OURS: figures(), LEMMAS: figures(), PLAIN: figures()} for size in (1_000, 10_000, 100_000)}

        answers = list(bars(sizes))

        assert all(answer["ok"] for answer in answers)
        assert any("p95 at 100,000 to p95 at 10,000" in answer["bench"] for answer in answers)

    def test_what_is_over_fails(self):
        """
        Each promise by itself, since one that is kept must not hide another.
        """
        ours = figures(p95_ms=9.5, repair=19.0, index_mib=16.0, change_p50_ms=50.0, errors={"OSError": 1})

        answers = bars({10_000: {OURS: ours, LEMMAS: figures(), PLAIN: figures()}})

        failed = " ".join(answer["bench"] for answer in answers if not answer["ok"])
        for what in (f"to {LEMMAS}", "spelling repaired", "index", "found at 10,000, p50", "errors"):
            assert what in failed
        assert "cold" not in failed

    def test_percentiles_are_in_milliseconds(self):
        """
        A hundred and one times from 0 to 100 ms have what one expects.
        """
        assert percentiles([n / 1000 for n in range(101)]) == {"p50_ms": 50.0, "p95_ms": 95.0, "p99_ms": 99.0}
