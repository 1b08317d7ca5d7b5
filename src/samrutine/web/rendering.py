"""Templates, and what they may call. Every word is escaped; what is HTML already says so by its type."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from samrutine.web.static_files import address_of

_TEMPLATES: Final = Path(__file__).with_name("templates")


@cache
def environment() -> Environment:
    """Give the templates; a name that is missing in one is our mistake, and shows."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.globals["static"] = address_of
    return made


def render(template: str, values: dict[str, Any]) -> str:
    """Fill a template."""
    return environment().get_template(template).render(values)
