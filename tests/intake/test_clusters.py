"""Which routines that were sent in are the same, though nobody wrote them the same."""

import random
from itertools import combinations

import pytest

from samrutine.intake.clusters import clustered
from samrutine.intake.likeness import Likeness, Routine
from samrutine.intake.words import content_words
from tests.support.sent_in.collection import COPIED, HEAVY, MUNICIPALITIES, sent_in, variant

HYPO, HYPER, AT_HOME, IN_INSTITUTION = 0, 1, 3, 4


def as_routines(collection):
    """Give what a clusterer may see."""
    return [Routine(one.id, one.municipality, one.title, one.markdown) for one in collection]


def pairs(groups):
    """Give every two that are in one group."""
    return {pair for members in groups for pair in combinations(sorted(members), 2)}


def true_pairs(collection):
    """Give every two that are of one topic."""
    topics = {one.topic for one in collection}
    return pairs([one.id for one in collection if one.topic == topic] for topic in topics)


def from_everyone(topic, level=COPIED, seed=5, homes=MUNICIPALITIES):
    """Give each municipality's variant of a topic."""
    chance = random.Random(seed + topic)
    found = []
    for home, number in enumerate(homes):
        title, markdown = variant(topic, home, level, chance)
        found.append(Routine(f"{topic}-{number}", number, title, markdown))
    return found


class TestClustering:
    @pytest.mark.parametrize(("seed", "of_each"), [(11, 60), (12, 15)], ids=["nine times sixty", "nine times fifteen"])
    def test_most_of_what_is_joined_is_right_and_most_of_what_is_right_is_joined(self, seed, of_each):
        """
        Who must look at five hundred routines two by two gives up; who trusts a wrong group loses a routine.
        """
        collection = sent_in(seed, of_each=of_each)

        found = pairs(one.members for one in clustered(as_routines(collection)).clusters)

        true = true_pairs(collection)
        assert len(found & true) / len(found) >= 0.95
        assert len(found & true) / len(true) >= 0.9

    @pytest.mark.parametrize(("one", "other"), [(HYPO, HYPER), (AT_HOME, IN_INSTITUTION)], ids=["blood sugar", "death"])
    def test_near_topics_stay_apart(self, one, other):
        """
        Sugar helps with low blood sugar, and harms with high; the two routines share most of their words.
        """
        around = [routine for topic in range(20, 30) for routine in from_everyone(topic)]

        found = clustered([*from_everyone(one), *from_everyone(other), *around])

        for members in (group.members for group in found.clusters):
            assert len({id_.split("-")[0] for id_ in members}) == 1
        assert len(found.clusters) == 12

    def test_what_looked_alike_and_was_held_apart_is_told(self):
        """
        A person may know that two routines are one after all.
        """
        text = "## Føling\n\nGi druesukker når blodsukkeret er under fire.\n\nMål på nytt etter et kvarter.\n\nNoter verdien.\n"
        other = text.replace("Noter verdien.", "Ring lege når brukeren ikke våkner, og følg pulsen hele tiden.")
        routines = [Routine("a", "9901", "Føling", text), Routine("b", "9901", "Føling", other)]

        found = clustered(routines)

        assert found.clusters == ()
        assert found.alone == ("a", "b")
        assert [(one.one, one.other) for one in found.near] == [("a", "b")]

    def test_a_routine_sent_twice_is_one(self):
        """
        Many send both the Word file and the PDF made of it.
        """
        once = from_everyone(HYPO, homes=MUNICIPALITIES[:1])
        again = Routine("again", once[0].municipality, once[0].title, once[0].markdown.replace("1. ", "- "))
        others = [routine for topic in range(20, 30) for routine in from_everyone(topic, homes=MUNICIPALITIES[:1])]

        (found,) = clustered([*once, again, *others]).clusters

        assert found.members == ("0-9991", "again")

    def test_the_order_they_came_in_decides_nothing(self):
        """
        Two runs that disagree would make two lists of what remains to be done.
        """
        routines = as_routines(sent_in(13, of_each=6))

        assert clustered(routines) == clustered(routines[::-1])

    def test_every_routine_stands_in_one_group_or_alone(self):
        """
        One that is in no list is forgotten.
        """
        routines = as_routines(sent_in(14, of_each=6))

        found = clustered(routines)

        told = [*found.alone, *(id_ for one in found.clusters for id_ in one.members)]
        assert sorted(told) == sorted(one.id for one in routines)

    @pytest.mark.parametrize("count", [0, 1], ids=["none", "one"])
    def test_few_are_no_error(self, count):
        """
        The first municipality has sent in its first routine.
        """
        routines = from_everyone(HYPO)[:count]

        assert clustered(routines).alone == tuple(one.id for one in routines)

    def test_empty_files_are_like_nothing(self):
        """
        Two blank templates are no routine.
        """
        found = clustered([Routine(str(n), f"990{n}", "", "") for n in range(3)])

        assert found.clusters == ()


class TestWords:
    @pytest.mark.parametrize(
        ("bokmal", "nynorsk"),
        [("sykepleierne", "sjukepleiarane"), ("hjemmet", "heimen"), ("brukere", "brukarar"), ("uker", "veker")],
    )
    def test_are_the_same_in_both_written_languages(self, bokmal, nynorsk):
        """
        Half of Salten's neighbours write nynorsk now and then.
        """
        assert content_words(bokmal) == content_words(nynorsk)

    def test_a_phone_and_a_document_number_are_none(self):
        """
        They are in one text only, so they would weigh the most.
        """
        assert content_words("Ring 75000000, dokument 12345, gi 15 mg.") == content_words("Ring, dokument, gi 15 mg.")


class TestLikeness:
    def test_what_a_municipality_always_writes_tells_nothing(self):
        """
        «Formålet er å sikre forsvarlige tjenester» stands in all sixty, and would glue them together.
        """
        always = "## Formål\n\nFormålet er å sikre faglig forsvarlige tjenester til alle innbyggere i kommunen vår.\n\n## Slik gjør vi\n\n"
        of = {
            "brann": "Lukk dører, varsle brannvesenet, evakuer beboere.",
            "sår": "Rens med lunkent vann, legg bandasje.",
        }
        routines = [
            Routine(f"{home}-{n}", home, name, f"{always}{of.get(name, f'Eget innhold nummer {name}.')}\n")
            for home in ("9901", "9902")
            for n, name in enumerate(["brann", "sår", *("abcdefgh")])
        ]

        likeness = Likeness(routines)

        assert likeness.between("9901-0", "9902-0") > 0.5
        assert likeness.between("9901-0", "9902-1") < 0.1

    def test_bokmal_and_nynorsk_are_alike(self):
        """
        The neighbour writes nynorsk, and the routine is the same.
        """
        bokmal = "Sykepleieren måler blodtrykket hver uke og skriver det i journalen. Pasienten hviler først."
        nynorsk = "Sjukepleiaren måler blodtrykket kvar veke og skriv det i journalen. Pasienten kviler først."
        others = [Routine(f"x{n}", "9902", f"Annet {n}", f"Noe ganske annet om sak {n}.") for n in range(3)]

        likeness = Likeness(
            [Routine("a", "9901", "Blodtrykk", bokmal), Routine("b", "9902", "Blodtrykk", nynorsk), *others]
        )

        assert likeness.between("a", "b") > 0.4
        assert likeness.between("a", "b") == likeness.between("b", "a")

    def test_not_all_are_compared_with_all(self):
        """
        Ten times as many routines must not take a hundred times as long.
        """
        routines = as_routines(sent_in(15, of_each=30))

        candidates = Likeness(routines).candidates()

        assert len(candidates) < len(routines) * 40
        assert len(candidates) < len(routines) * (len(routines) - 1) / 2 / 3

    def test_sections_are_paired_wherever_they_stand(self):
        """
        Who looks at a group wants to see what is shared, also when the neighbour has it last.
        """
        one = "## Utstyr\n\nHansker, bandasje og lunkent vann.\n\n## Slik gjør vi\n\nRens såret og mål lengden hver uke.\n"
        other = "## Framgangsmåte\n\nRens såret og mål lengden hver uke.\n\n## Du trenger\n\nHansker, bandasje og lunkent vann.\n"

        found = Likeness([Routine("a", "9901", "Sår", one), Routine("b", "9902", "Sår", other)]).sections_between(
            "a", "b"
        )

        assert {(pair.one, pair.other) for pair in found} == {
            ("Slik gjør vi", "Framgangsmåte"),
            ("Utstyr", "Du trenger"),
        }


class TestTheGenerator:
    def test_gives_the_same_collection_for_the_same_seed(self):
        """
        A figure that nobody can get again is no figure.
        """
        assert sent_in(3, of_each=5) == sent_in(3, of_each=5)

    def test_is_hard(self):
        """
        Heavy edits leave less than half of the sentences as they were; an easy test would prove nothing.
        """
        first, *others = from_everyone(HYPO, HEAVY)
        sentences = {line for line in first.markdown.split("\n") if line}

        shared = [len(sentences & set(one.markdown.split("\n"))) / len(sentences) for one in others]

        assert max(shared) < 0.5
