"""How programs are answered: JSON with a tag of its own, in pages, and described in OpenAPI as it is."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date
from enum import Enum
from inspect import isclass
from types import UnionType
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin

from fastapi import Query
from starlette.responses import Response

from samrutine.errors import InvalidRequest
from samrutine.plain import plain
from samrutine.procedures.model import VersionNumber
from samrutine.web.api.caller import Caller

MOST: Final = 200
"""Of a page."""
Item = TypeVar("Item")
After = Annotated[
    str | None, Query(max_length=200, description="`next` of the page before; the first page when it is left out.")
]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many of them.")]


def answer(caller: Caller, value: object, status: int = 200) -> Response:
    """Answer with a value, or with nothing when the program has it already."""
    found = plain(value)
    data = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
    return tagged(caller, hashlib.sha256(data).hexdigest()[:32], lambda: data, "application/json", status)


def tagged(
    caller: Caller, tag: str, make: Callable[[], bytes], media_type: str, status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """Answer with bytes that have a tag, which are not made when the program has them already."""
    given = {
        "ETag": f'"{tag}"', "Cache-Control": "private, no-cache", "Vary": "Authorization, Accept-Language", **(headers or {})
    }  # fmt: skip
    known = {one.strip().removeprefix("W/") for one in caller.if_none_match.split(",")}
    if caller.request.method == "GET" and ("*" in known or f'"{tag}"' in known):
        return Response(status_code=304, headers=given)
    return Response(make(), status, given, media_type)


def page(
    caller: Caller, found: Sequence[Item], key: Callable[[Item], object], after: str | None, limit: int
) -> Response:
    """
    Answer with a part of a list: those after one of them.

    Raises:
        InvalidRequest: None of them is the one that it is to begin after.
    """
    names = [str(key(one)) for one in found]
    if after is not None and after not in names:
        raise InvalidRequest(what="after", value=ascii(after[:60])[1:-1], expected="next")
    begin = names.index(after) + 1 if after is not None else 0
    end = begin + limit
    more = names[end - 1] if end < len(found) else None
    return answer(caller, {"items": found[begin:end], "next": more, "total": len(found)})


# OpenAPI ------------------------------------------------------------------------------------------------------------------

SCHEMAS: Final[dict[str, Any]] = {
    "Error": {
        "type": "object",
        "description": "Why it was not done: a stable code, what is wrong, what to do, and what the text names.",
        "properties": {
            "error": {
                "type": "object",
                "properties": {
                    "code": {"type": "string"}, "fact": {"type": "string"}, "remedy": {"type": "string"},
                    "places": {"type": "object"},
                    "reasons": {"type": "array", "items": {"type": "object"}},
                    "findings": {"type": "array", "items": {}},
                },
                "required": ["code", "fact", "remedy", "places"],
            }
        },
        "required": ["error"],
    }
}  # fmt: skip
"""The parts of the description, by name."""
_ERROR: Final = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
_NAMED: Final[dict[str, type]] = {}
FAULTS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": text, "content": _ERROR}
    for status, text in {
        400: "Not under this name, or no HTTP that we read.",
        401: "No token, or one that holds no more.",
        403: "The token only reads, or its person may not.",
        404: "There is none, or none that one may see.",
        409: "Somebody else decided first; nothing was changed.",
        412: "The text is not the one that was read (`If-Match`).",
        413: "Larger than it may be.",
        422: "A rule says no, or a value cannot be right.",
        429: "Too often; `Retry-After` says when.",
        503: "A store did not answer; it is safe to try again.",
    }.items()
}
_TAG: Final = {"ETag": {"description": "Of this answer.", "schema": {"type": "string"}}}
_UNCHANGED: Final[dict[int | str, dict[str, Any]]] = {304: {"description": "As the program has it."}}


def gives(kind: Any, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """Describe an answer of one value."""
    return _described(status, {"application/json": {"schema": schema_of(kind)}})


def gives_page(kind: Any) -> dict[int | str, dict[str, Any]]:
    """Describe an answer that is a page of a list."""
    schema = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": schema_of(kind)},
            "next": {"type": ["string", "null"], "description": "What the next page begins after; null for the last."},
            "total": {"type": "integer"},
        },
        "required": ["items", "next", "total"],
    }
    return _described(200, {"application/json": {"schema": schema}})


def gives_file(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Describe an answer that is a file."""
    return _described(
        200, {one.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for one in media_types}
    )


def _described(status: int, content: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    return {status: {"description": "Done.", "content": content, "headers": _TAG}, **_UNCHANGED}


def schema_of(kind: Any) -> dict[str, Any]:  # noqa: PLR0911  one way out for each sort of value, as `plain`
    """Describe what `plain` makes of a value of some kind; anything unforeseen may be anything."""
    while hasattr(kind, "__supertype__"):
        kind = kind.__supertype__
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return {"anyOf": [schema_of(one) for one in inner]}
    if origin is not None and isclass(origin):
        if issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": schema_of(inner[-1])}
        each = inner[0] if len(inner) == 1 or inner[-1:] == (...,) else Any
        return {"type": "array", "items": schema_of(each)}
    if kind is None or kind is type(None):
        return {"type": "null"}
    if not isclass(kind):
        return {}
    if issubclass(kind, Enum):
        return {"enum": [plain(one) for one in kind]}
    for simple, schema in _SIMPLE.items():
        if issubclass(kind, simple):
            return dict(schema)
    return _of_fields(kind) if is_dataclass(kind) or hasattr(kind, "_fields") else {}


_SIMPLE: Final[Mapping[type, Mapping[str, Any]]] = {
    VersionNumber: {"type": "string", "pattern": "^[0-9]+\\.[0-9]+$"}, bool: {"type": "boolean"}, int: {"type": "integer"},
    float: {"type": "number"}, date: {"type": "string"}, bytes: {"type": "string"}, str: {"type": "string"},
}  # fmt: skip


def _of_fields(kind: type) -> dict[str, Any]:
    name = next(
        one for one in (kind.__name__, kind.__module__.rpartition(".")[2] + kind.__name__) if _NAMED.get(one, kind) is kind
    )  # fmt: skip
    if name not in _NAMED:
        _NAMED[name] = kind
        # What it is made of is described after it is named: a part may hold others of its own sort.
        fields = _hints(kind)
        SCHEMAS[name] = {
            "type": "object",
            "description": (kind.__doc__ or "").strip().partition("\n\n")[0],
            "properties": {one: schema_of(hint) for one, hint in fields.items()},
            "required": list(fields),
        }
    return {"$ref": f"#/components/schemas/{name}"}


def _hints(kind: type) -> dict[str, Any]:
    """Give the type of each field; of those that only a type checker knows, anything."""
    import sys

    names = kind.__dataclass_fields__ if is_dataclass(kind) else getattr(kind, "_fields", ())
    written = {
        one: hint for base in reversed(kind.__mro__) for one, hint in vars(base).get("__annotations__", {}).items()
    }
    scope = vars(sys.modules[kind.__module__])
    return {one: _evaluated(written.get(one, Any), scope) for one in names}


def _evaluated(hint: Any, scope: dict[str, Any]) -> Any:
    import typing

    if not isinstance(hint, str):
        return hint
    try:
        reference = typing.ForwardRef(hint)
        return typing.get_type_hints(type("_", (), {"__annotations__": {"one": reference}}), globalns=scope)["one"]
    except NameError:
        return Any
