"""What every form needs: that sent twice it is one act, that its days are days, and why it was refused."""

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from samrutine.errors import Conflict, InvalidRequest, InvalidText, Refused
from samrutine.web.visit import Form, Visit

_DECISION: Final = re.compile(r"web-[0-9a-f]{32}")


def new_decision() -> str:
    """Give what makes a form that is sent twice one act."""
    return f"web-{uuid.uuid4().hex}"


def decision_of(form: Form) -> str:
    """Give what the form says makes it one act; a new one where it says nothing of ours."""
    given = str(form.get("beslutning", ""))
    return given if _DECISION.fullmatch(given) else new_decision()


def text_of(form: Form, name: str) -> str:
    """Give what was written in several lines, with the ends of lines that we keep."""
    return str(form.get(name, "")).replace("\r\n", "\n")


def line_of(form: Form, name: str) -> str | None:
    """Give what was written, without space around it; None for nothing."""
    return text_of(form, name).strip() or None


def day_of(form: Mapping[str, object], name: str) -> date | None:
    """
    Give a day that was chosen; None for none.

    Raises:
        InvalidRequest: It is none.
    """
    given = str(form.get(name, "")).strip()
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise InvalidRequest(what="day", value=given[:20], expected="2026-11-23") from error


def fault_of(visit: Visit, act: Callable[[], object]) -> str:
    """Do something, and say why it was refused; nothing when it was done."""
    try:
        act()
    except (Refused, InvalidRequest, InvalidText, Conflict) as error:
        return visit.why(error)
    return ""
