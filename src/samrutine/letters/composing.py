"""What stands in a letter: made of what its reader sees in the library, with the same eyes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from samrutine.inbox.addresses import page_of_told, page_of_waiting
from samrutine.inbox.model import Notification, Waiting
from samrutine.letters.model import (
    LINK_LASTS,
    MOST_NEW,
    MOST_WAITING,
    Kind,
    Letter,
    Line,
    Part,
    in_one_line,
    shortened,
)
from samrutine.letters.writing import Words
from samrutine.messages import word


@dataclass(frozen=True, slots=True)
class Reader:
    """
    Whom a letter is for.

    Attributes:
        exempt: Routines and proposals whose very title is not sent by e-mail, which others may read on its way.
    """

    actor: str
    name: str | None
    language: str | None
    today: date
    exempt: Collection[str] = ()


def weekly(
    reader: Reader, week: str, waiting: Sequence[Waiting], told: Sequence[Notification]
) -> Letter | None:  # fmt: skip
    """
    Write *fredagsbrevet*; None where nothing waits and nothing is new.

    Args:
        week: As `week_of_letter` names it.
        waiting: What waits for the reader, the most urgent first.
        told: What is new for them, the newest first.
    """
    say = Words(reader.language)
    named = {key for one in waiting for key in _about(one)}
    # What waits says already that it is there.
    told = [one for one in told if not named.intersection(_about(one))]
    if not waiting and not told:
        return None
    parts = (
        _part(say, "waiting", [_line_of_waiting(reader, say, one) for one in waiting], MOST_WAITING),
        _part(say, "new", [_line_of_told(reader, say, one) for one in told], MOST_NEW),
    )
    subject = say.count("weekly_waiting", len(waiting)) if waiting else say.count("weekly_new", len(told))
    shown = tuple(one for one in parts if one.lines)
    return _letter(reader, say, Kind.WEEKLY, week, reader.today + LINK_LASTS, subject, (say("weekly_intro"),), shown)


def hearing(reader: Reader, kind: Kind, one: Waiting) -> Letter:
    """Invite to a hearing that waits for the reader's answer, or remind of its last day."""
    say = Words(reader.language)
    name = "hearing" if kind is Kind.HEARING else "hearing_soon"
    title = title_in(reader, say, one)
    paragraphs = (
        say(f"{name}_intro", body=in_one_line(one.body_name), day=one.due_on), say("hearing_easy"),
    )  # fmt: skip
    page = page_of_waiting(one)
    links = ((say("read_and_answer"), page), (say("no_remarks"), f"/forslag/{one.proposal}/ingen-merknader/{one.body}"))
    part = Part("", (Line(title, "", links, _about(one)),))
    last = max(reader.today + LINK_LASTS, one.due_on or reader.today)
    return _letter(reader, say, kind, one.subject, last, say(name, title=title, day=one.due_on), paragraphs, (part,))


def password(reader: Reader, when: str, page: str) -> Letter:
    """
    Write to whoever forgot their password.

    Args:
        when: What tells one such letter from the next.
        page: Where its link leads.
    """
    say = Words(reader.language)
    part = Part("", (Line(say("choose_password"), "", (("", page),)),))
    closing = (say("password_asked"), say("password_not_asked"))
    return Letter(
        Kind.FORGOTTEN, f"{Kind.FORGOTTEN.value}:{when}:{reader.actor}", say("password"), _greeting(say, reader.name),
        (say("password_intro"),), (part,), closing, say.language,
    )  # fmt: skip


def trial(reader: Reader) -> Letter:
    """Write a letter that says nothing, to see that it arrives."""
    say = Words(reader.language)
    return Letter(
        Kind.TEST, "", say("test"), _greeting(say, reader.name), (say("test_words"),), (), (), say.language
    )  # fmt: skip


def _part(say: Words, heading: str, lines: Sequence[Line], most: int) -> Part:
    shown, rest = shortened(lines, most)
    return Part(say(heading), shown, say("and_more", count=rest) if rest else "")


def _letter(
    reader: Reader, say: Words, kind: Kind, which: str, last: date, subject: str, paragraphs: tuple[str, ...],
    parts: tuple[Part, ...],
) -> Letter:  # fmt: skip
    closing = (say("links_last", day=last), say("why_you"))
    return Letter(
        kind, f"{kind.value}:{which}:{reader.actor}", in_one_line(subject), _greeting(say, reader.name), paragraphs, parts,
        closing, say.language, last_day=last, may_stop=kind is Kind.WEEKLY,
    )  # fmt: skip


def _greeting(say: Words, name: str | None) -> str:
    first = in_one_line(name or "", 60).partition(" ")[0]
    return say("hello", name=first) if first else say("hello_nobody")


def _line_of_waiting(reader: Reader, say: Words, one: Waiting) -> Line:
    what = _capital(word("waiting", one.what, say.formal))
    title = title_in(reader, say, one)
    due = say("overdue" if one.is_overdue else "due", day=one.due_on) if one.due_on else ""
    return _line(title, what, in_one_line(one.body_name), due, page=page_of_waiting(one), about=_about(one))


def _line_of_told(reader: Reader, say: Words, one: Notification) -> Line:
    what = _capital(word("told", one.what, say.formal))
    return _line(title_in(reader, say, one), what, page=page_of_told(one), about=_about(one))


def _line(title: str, what: str, *details: str, page: str, about: tuple[str, ...]) -> Line:
    """Give a line; where the thing has no title that may be sent, what is asked stands in its place."""
    shown = [what, *details] if title else [*details]
    return Line(title or what, " · ".join(one for one in shown if one), (("", page),), about)


def title_in(reader: Reader, say: Words, one: Waiting | Notification) -> str:
    """
    Give what a thing may be called in a letter.

    Only a routine's title, or a proposal's. What somebody wrote in a free field, such as a wish or a file's name, is not
    sent; nor the title of what is exempt.
    """
    about = _about(one)
    if any(key in reader.exempt for key in about):
        return say("exempt")
    return in_one_line(one.title) if about else ""


def _about(one: Waiting | Notification) -> tuple[str, ...]:
    return tuple(key for key in (one.procedure, one.proposal) if key)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
