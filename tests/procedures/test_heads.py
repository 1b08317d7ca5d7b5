"""A routine's head follows from its decisions: which version it is, and when it is looked through again."""

import json
from datetime import date

import pytest

from samrutine.procedures.heads import columns_of, heads_of, next_review
from samrutine.procedures.text import read
from tests.support.texts import a_routine

TEXTS = {"1:a": a_routine("vakt", title="Vakt", months=24), "1:b": a_routine("vakt", title="Vakt", months=12)}


def a_decision(number, kind, on, **facts):
    return json.dumps(
        {"number": number, "kind": kind, "at": f"{on}T09:00:00.000000+00:00", "body": "network:smittevern",
         "facts": {"procedure": "vakt", **facts}}
    )  # fmt: skip


def approved(number, on, version, digest, **more):
    return a_decision(
        number, "version_approved", on, version=version, digest=digest, folder="smittevern", access="open", **more
    )


def hurried(number, on, version, digest, **before):
    return a_decision(
        number, "version_hurried", on, version=version, digest=digest, folder="omsorg", access="internal", before=before
    )


def refused(number, on, version, stands):
    return a_decision(number, "version_refused", on, version=version, stands=stands)


def reviewed(number, on, following):
    return a_decision(number, "reviewed", on, next_review=following)


def text_of(digest):
    return read(TEXTS[digest], "vakt") if digest in TEXTS else None


FIRST = approved(1, "2026-01-10", "1.0", "1:a")
HURRIED = hurried(3, "2026-03-10", "2.0", "1:b", next_review="2028-01-10")


@pytest.mark.parametrize(
    ("decisions", "version", "folder", "day"),
    [
        ([FIRST], "1.0", "smittevern", date(2028, 1, 10)),
        ([FIRST, approved(2, "2026-02-10", "1.1", "1:b")], "1.1", "smittevern", date(2027, 2, 10)),
        ([FIRST, reviewed(2, "2026-02-10", "2029-09-09")], "1.0", "smittevern", date(2029, 9, 9)),
        ([FIRST, reviewed(2, "2026-02-10", "2029-09-09"), approved(3, "2026-03-10", "1.1", "1:b")], "1.1", "smittevern", date(2027, 3, 10)),
        ([FIRST, HURRIED], "2.0", "omsorg", date(2027, 3, 10)),
        ([FIRST, HURRIED, refused(4, "2026-04-10", "2.0", "1.0")], "1.0", "smittevern", date(2028, 1, 10)),
        ([FIRST, HURRIED, reviewed(4, "2026-04-10", "2030-01-01"), refused(5, "2026-05-10", "2.0", "1.0")], "1.0", "smittevern", date(2030, 1, 1)),
        ([hurried(1, "2026-03-10", "1.0", "1:b"), refused(2, "2026-04-10", "1.0", None)], "1.0", "omsorg", date(2027, 3, 10)),
    ],
    ids=[
        "a first version", "a later one", "reviewed", "a version after a review", "hurried", "refused",
        "reviewed before it was refused", "refused, and none stands",
    ],
)  # fmt: skip
def test_follows_from_the_decisions(decisions, version, folder, day):
    """
    Whoever writes the row and whoever checks it must not each have a rule of their own.
    """
    head = heads_of(decisions)["vakt"]

    columns = columns_of("vakt", head, text_of)

    assert (head.stands.version, head.stands.folder) == (version, folder)
    assert (f"{columns['major']}.{columns['minor']}", columns["next_review"]) == (version, day)


def test_without_its_words_a_routine_is_looked_through_at_once():
    """
    Nobody knows any more who may decide on it, nor how often it must be looked at: so the strictest there is.
    """
    head = heads_of([approved(1, "2026-01-10", "1.0", "1:lost")])["vakt"]

    columns = columns_of("vakt", head, text_of)

    assert (columns["title"], columns["decision_level"]) == ("vakt", "political")
    assert (columns["folder"], columns["next_review"]) == ("smittevern", date(2026, 1, 10))


def test_the_act_s_own_day_counts_where_it_is_known():
    """
    The chain's clock never goes back, and may have been ahead of the act that made the version.
    """
    head = heads_of([FIRST])["vakt"]

    assert next_review(head, date(2026, 1, 9), 24) == date(2028, 1, 9)
