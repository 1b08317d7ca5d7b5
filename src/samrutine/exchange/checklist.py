"""The points to tick off of one routine on a sheet of their own: to fill in by hand, or with what is done."""

from dataclasses import fields, is_dataclass, replace

from samrutine.adoptions.paper import Checklist
from samrutine.exchange.check_points import groups_on
from samrutine.exchange.page import Page, page
from samrutine.exchange.pdf_data import PageWriter, as_json, held, mark_size
from samrutine.exchange.tree import LocalValue
from samrutine.exchange.typeset import typeset
from samrutine.exchange.xmp import about


def render(checklist: Checklist, *, copy: bool = False) -> bytes:
    """
    Print a checklist as PDF.

    Raises:
        DocumentUnavailable: Typst could not set it.
    """
    document = checklist.document
    printed = page(document, copy=copy)
    said = about(document, printed)
    return typeset(
        "checklist.typ", lambda only_latin: _data(checklist, printed, only_latin=only_latin),
        procedure=printed.procedure_id, about=replace(said, kind=printed.say("kind.checklist")),
    )  # fmt: skip


def _data(checklist: Checklist, printed: Page, *, only_latin: bool) -> str:
    say = printed.say
    whole = PageWriter(say, only_latin=only_latin).page(printed)
    writer = PageWriter(say, only_latin=only_latin)
    done = {one.number: one.on for one in checklist.done}
    found = groups_on(printed)
    groups = []
    for group in found:
        points: list[object] = [
            [
                one.number, one.number in done, writer.blocks(one.blocks),
                writer.text(f"{on:%d.%m.%Y}") if (on := done.get(one.number)) else "",
            ]
            for one in group.points
        ]  # fmt: skip
        heading, introduction = writer.text(group.heading or say("checklist.general")), writer.line(group.introduction)
        whole_group = held(points)[0]
        groups.append({"heading": heading, "introduction": introduction, "points": points, "whole": whole_group})
    count = sum(len(group.points) for group in found)
    told = say("checklist.done", done=len(done), count=count) if done else None
    if told and checklist.printed_on is not None:
        told += " " + say("checklist.printed", day=say.day(checklist.printed_on))
    title = printed.title
    if not title.casefold().startswith(say("kind.checklist").casefold()):
        title = say("checklist.title", title=title)
    notes = [[str(one.number), writer.blocks(one.blocks)] for one in printed.notes if one.number in writer.referred]
    names = ("number", "point", "day", "sign", "where", "who", "when", "note")
    return as_json({
        **whole,
        "title": writer.text(title),
        "kind": writer.text(say("kind.checklist")),
        "mark_size": mark_size(printed.mark),
        "groups": groups,
        "local_note": whole["local_note"] if _has_local_values(found) else None,
        "told": writer.text(told) if told else None,
        "words": {name: writer.text(say(f"checklist.{name}")) for name in names},
        "referred": notes,
        "body": [],
        "after": [],
    })  # fmt: skip


def _has_local_values(part: object) -> bool:
    """Tell whether there is something that a municipality fills in; only then is it explained on the sheet."""
    match part:
        case LocalValue():
            return True
        case tuple():
            return any(_has_local_values(one) for one in part)
        case _ if is_dataclass(part):
            return any(_has_local_values(getattr(part, field.name)) for field in fields(part))
        case _:
            return False
