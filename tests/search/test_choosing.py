"""Which sections stand for their routines, and what is counted: as told slowly, one section after the other."""

import random

import pytest
from section_builders import a_section

from samrutine.procedures.model import Digest, Kind
from samrutine.search.adding import Answers, Ratings, best_places, having_all, together
from samrutine.search.arrays import np
from samrutine.search.choosing import GOOD_ENOUGH, Best, Conditions
from samrutine.search.engine import Engine
from samrutine.search.model import Filter, FilterField


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Give an index of routines in one to three versions, some of whose sections stand in several of them."""
    folder = tmp_path_factory.mktemp("choosing")
    sections = [
        a_section(
            f"rutine-{n}",
            f"Tekst {part if part % 2 else version}.",
            title=f"Rutine {n % 3}",
            heading=f"Del {part}",
            version=f"1.{version}",
            subjects=(("rus", "skole", "vold")[n % 3],),
            kind=(Kind.ROUTINE, Kind.PLAN)[n % 2],
        )
        for n in range(9)
        for version in range(1 + n % 3)
        for part in range(4)
    ]
    engine = Engine(folder)
    engine.rebuild(sections, 0)
    engine.replace("rutine-8", sections[-4:], 1)
    with engine:
        yield engine._opened


def slowly(answers, opened, conditions):
    """Give each routine's best section of its newest version that answers; number and version."""
    best, least = {}, None
    for number in sorted(answers, key=lambda one: (-answers[one], one)):
        facts = opened.facts(number)
        newest = conditions.newest(facts) if facts else None
        if newest is None:
            continue
        least = 0.1 * answers[number] if least is None else least
        if answers[number] >= least:
            mine = (newest[1], answers[number], -number)
            best[facts.procedure_id] = max(mine, best.get(facts.procedure_id, mine))
    return {routine: (-found[2], found[0]) for routine, found in best.items()}


FILTERS = ((), (Filter(FilterField.SUBJECT, "rus"), Filter(FilterField.KIND, "plan", excluded=True)))


@pytest.mark.parametrize("filters", FILTERS, ids=["all", "narrowed"])
@pytest.mark.parametrize("seed", range(12))
def test_counting_by_numbers_gives_what_looking_at_each_gives(opened, seed, filters):
    """Many routines are found and few are shown, so nobody would notice one that is lost among those counted."""
    chance = random.Random(seed)
    digests = sorted({digest for n in opened.documents() for digest, _ in opened.facts(n).versions})
    allowed = None if seed % 3 == 0 else frozenset(chance.sample(digests, 9))
    first = frozenset(chance.sample(digests, 4))
    answers = {n: chance.choice((0.2, 0.5, 1.0, 3.0, 9.0)) for n in chance.sample(range(opened.size), 30)}

    best = Best(Answers.of(answers), opened, Conditions(allowed, filters))

    wanted = slowly(answers, opened, Conditions(allowed, filters))
    shown = best.shown(100, first)
    assert {one.facts.procedure_id: (one.number, one.version) for one in shown} == wanted
    assert len(best) == len(wanted)
    least = GOOD_ENOUGH * max((one.score for one in shown), default=0.0)
    order = [(not (one.digest in first and one.score >= least), *one.order()) for one in shown]
    assert order == sorted(order)
    assert [one.number for one in best.shown(3, first)] == [one.number for one in shown[:3]]
    counted = {(one.field, one.value): one.count for one in best.facets()}
    assert counted == {
        (name, value): sum(value in one.facts.values(name) for one in shown)
        for name in FilterField
        for one in shown
        for value in one.facts.values(name)
    }


def test_a_version_that_may_not_be_found_does_not_say_how_good_is_good_enough(opened):
    """Else what somebody may not read would decide what they see of the rest."""
    (hidden, *_, other) = sorted(opened.documents())
    allowed = frozenset(Digest(digest) for digest, _ in opened.facts(other).versions)

    best = Best(Answers.of({hidden: 100.0, other: 1.0}), opened, Conditions(allowed, ()))

    assert [one.number for one in best.shown(5)] == [other]


def a_row(rated, sections=60):
    """Give ratings by number as a row."""
    row = np.zeros(sections)
    row[list(rated)] = list(rated.values())
    return row


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_sections_earn_the_sum_of_what_they_have_times_how_much_of_all_they_have(count):
    """As fast as it is done, it is this rule and no other."""
    chance = random.Random(count)
    each = [
        (chance.random() + 0.1, chance.random(), {n: chance.random() for n in chance.sample(range(60), 25)})
        for _ in range(count)
    ]

    found = together([(weight, share, a_row(rated)) for weight, share, rated in each], 60)

    for number in range(60):
        has = [(weight * rated[number], share) for weight, share, rated in each if number in rated]
        assert found[number] == pytest.approx(sum(one for one, _ in has) * sum(share for _, share in has), rel=1e-9)
        assert (found[number] > 0) == bool(has)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_of_an_expression_a_section_has_all_or_nothing(count):
    """«ikke gi» is no instruction to give."""
    chance = random.Random(count)
    each = [{n: chance.random() for n in chance.sample(range(60), 40)} for _ in range(count)]

    found = having_all([a_row(rated) for rated in each])

    for number in range(60):
        has = [rated[number] for rated in each if number in rated]
        assert found[number] == pytest.approx(sum(has) if len(has) == count else 0.0, rel=1e-9)


@pytest.mark.parametrize(("had", "more"), [(0, 9), (5, 30), (30, 5), (20, 20)])
def test_of_several_ways_to_a_word_a_section_keeps_the_best(had, more):
    """Whichever of them leads to more sections."""
    chance = random.Random(had)
    rated = {n: chance.random() for n in chance.sample(range(60), had)}
    has = {n: chance.random() for n in chance.sample(range(60), more)}
    wanted = a_row({n: max(rated.get(n, 0.0), has.get(n, 0.0)) for n in rated.keys() | has.keys()}).tolist()

    both = Ratings(a_row(rated))
    joined = both.joined(Ratings(a_row(has)))
    both.add_all(a_row(has))

    assert both.scores.tolist() == joined.scores.tolist() == wanted


@pytest.mark.parametrize("low", [0.0, 0.3, 0.99], ids=["most far below", "some", "all near the best"])
@pytest.mark.parametrize("many", [30, 50, 3000], ids=["fewer than asked for", "as many", "very many"])
def test_the_best_of_very_many_are_the_best(low, many):
    """Whether they are many or few that come near the very best; of equals, the first in its text."""
    chance = random.Random(7)
    answers = [low + (1 - low) * round(chance.random() ** 9, 2) for _ in range(many)]

    found = best_places(np.array(answers), 50)

    assert found.tolist() == sorted(range(many), key=answers.__getitem__, reverse=True)[:50]
