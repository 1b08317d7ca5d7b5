"""What came out of a document as JSON, to be carried from the process that read it: never as code or as a pickle."""

import base64
import json
from dataclasses import asdict
from typing import Any

from samrutine.exchange.incoming.model import (
    ChangeKind,
    Comment,
    Counts,
    Difference,
    DifferenceKind,
    FileKind,
    Finding,
    Incoming,
    OwnCopy,
    Picture,
    Suggested,
    TrackedChange,
)


def packed(incoming: Incoming) -> bytes:
    """Write it as JSON; the bytes of pictures in base 64."""
    told = asdict(incoming)
    for picture in told["pictures"]:
        picture["data"] = base64.b64encode(picture["data"]).decode("ascii")
    return json.dumps(told, ensure_ascii=False).encode("utf-8", errors="replace")


def unpacked(data: bytes) -> Incoming:
    """
    Read what `packed` wrote.

    Raises:
        ValueError, KeyError, TypeError: It is something else.
    """
    told: dict[str, Any] = json.loads(data)
    return Incoming(
        kind=FileKind(told["kind"]),
        title=str(told["title"]),
        markdown=str(told["markdown"]),
        pictures=tuple(Picture(**{**one, "data": base64.b64decode(one["data"])}) for one in told["pictures"]),
        suggested=tuple(Suggested(**one) for one in told["suggested"]),
        findings=tuple(Finding(**one) for one in told["findings"]),
        changes=tuple(TrackedChange(**{**one, "kind": ChangeKind(one["kind"])}) for one in told["changes"]),
        comments=tuple(Comment(**one) for one in told["comments"]),
        source=None if told["source"] is None else Counts(**told["source"]),
        result=Counts(**told["result"]),
        recall=float(told["recall"]),
        readings=tuple(Difference(**{**one, "kind": DifferenceKind(one["kind"])}) for one in told["readings"]),
        own=None if told["own"] is None else OwnCopy(**told["own"]),
        only_there=tuple(told["only_there"]),
        only_here=tuple(told["only_here"]),
    )
