"""Damage by chance: what a disk, a mailbox or a bad program may do to a file."""

import io
import random
import re
import zipfile

from tests.support.documents.word import packed

_ELEMENT = re.compile(r"<[^<>]+>")


def damaged(data: bytes, seed: int) -> bytes:
    """Give a file with a few things broken in it; the same seed breaks the same."""
    rng = random.Random(seed)
    if data.startswith(b"PK") and rng.random() < 0.75:
        return _in_a_member(data, rng)
    return _in_bytes(data, rng)


def _in_bytes(data, rng):
    out = bytearray(data)
    match rng.randint(0, 3):
        case 0:
            for _ in range(rng.randint(1, 20)):
                out[rng.randrange(len(out))] = rng.randrange(256)
        case 1:
            del out[rng.randrange(len(out)) :]
        case 2:
            at = rng.randrange(len(out))
            del out[at : at + rng.randint(1, 400)]
        case _:
            at = rng.randrange(len(out))
            out[at:at] = out[at : at + rng.randint(1, 400)]
    return bytes(out)


def _in_a_member(data, rng):
    """Break a part of an archive, which still is a whole archive; half the times so that its XML is whole too."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice([one for one in members if one.endswith((".xml", ".rels"))])
    text = members[name].decode("utf-8")
    marks = list(_ELEMENT.finditer(text))
    match rng.randint(0, 5):
        case 0:
            del members[name]
            return packed(members)
        case 1:
            members[name] = _in_bytes(members[name], rng)
            return packed(members)
        case 2:
            text = re.sub(r' (?:[\w:]+)="[^"]*"', lambda found: found[0] if rng.random() < 0.9 else "", text)
        case 3:
            text = re.sub(
                r'="[^"]*"', lambda found: found[0] if rng.random() < 0.95 else f'="{rng.choice(_ODD)}"', text
            )
        case 4:
            # An element without words is taken out, its children stay.
            mark = rng.choice(marks)[0]
            tag = re.match(r"</?([\w:]+)", mark)
            if tag and not tag[1].endswith(("document", "styles", "body")):
                text = re.sub(rf"</?{tag[1]}(?: [^<>]*)?>", "", text)
        case _:
            pieces = re.findall(r"<w:p[ >].*?</w:p>", text, re.DOTALL)
            if pieces:
                text = text.replace(rng.choice(pieces), rng.choice(pieces), 1)
    members[name] = text.encode()
    return packed(members)


_ODD = ("", "-1", "99999999999", "rId1", "æ", "../../x", "w:p", "0", "true", "Overskrift1", "NaN")
