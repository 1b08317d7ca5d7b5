"""Damage by chance: what a disk, a mailbox or a bad program may do to a file."""

import io
import random
import re
import zipfile
import zlib

from tests.support.documents.word import packed


def damaged(data: bytes, seed: int) -> bytes:
    """Give a file with a few things broken in it; the same seed breaks the same."""
    rng = random.Random(seed)
    if data.startswith(b"PK") and rng.random() < 0.75 and (members := _members(data)):
        return _in_a_member(members, rng)
    return _in_bytes(data, rng)


def _members(data):
    """Give the members by name, none of an archive that cannot be opened or holds no XML."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
            for name in _marked(members):
                members[name].decode("utf-8")
    except (zipfile.BadZipFile, zlib.error, RuntimeError, UnicodeDecodeError):
        return {}
    return members if _marked(members) else {}


def _marked(members):
    return [name for name in members if name.endswith((".xml", ".rels"))]


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


def _in_a_member(members, rng):
    """Break a part of an archive, which still is a whole archive; most times so that its XML is whole too."""
    rng.choice(_CHANGES)(members, rng)
    return packed(members)


def _gone(members, rng):
    del members[rng.choice(_marked(members))]


def _in_its_bytes(members, rng):
    name = rng.choice(_marked(members))
    members[name] = _in_bytes(members[name], rng)


def _as_another(members, rng):
    members[rng.choice(_marked(members))] = members[rng.choice(_marked(members))]


def _attributes_gone(members, rng):
    _rewrite(members, rng, lambda text: re.sub(r' (?:[\w:]+)="[^"]*"', lambda one: _kept(one[0], "", 0.9, rng), text))


def _attributes_odd(members, rng):
    _rewrite(
        members,
        rng,
        lambda text: re.sub(r'="[^"]*"', lambda one: _kept(one[0], f'="{rng.choice(_ODD)}"', 0.95, rng), text),
    )


def _kept(value, other, share, rng):
    return value if rng.random() < share else other


def _element_gone(members, rng):
    """Take a kind of element out; its children stay."""

    def change(text):
        tag = _tag(text, rng)
        if not tag or tag.endswith(("document", "styles", "body")):
            return text
        return re.sub(rf"</?{tag}(?: [^<>]*)?>", "", text)

    _rewrite(members, rng, change)


def _element_renamed(members, rng):
    def change(text):
        one, other = _tag(text, rng), _tag(text, rng)
        return re.sub(rf"(</?){one}(?=[\s/>])", rf"\g<1>{other}", text) if one and other else text

    _rewrite(members, rng, change, main=True)


def _words_between(members, rng):
    """Put words where no words stand: after a paragraph, or in one and in no run."""

    def change(text):
        places = [one.end() for one in re.finditer(r"</?(?:w|text):p>", text)]
        at = rng.choice(places) if places else 0
        return f"{text[:at]} Ring alltid 113 {text[at:]}" if places else text

    _rewrite(members, rng, change, main=True)


def _in_unknown_marks(members, rng):
    _rewrite(
        members,
        rng,
        lambda text: text.replace("<w:r>", "<w:r><w:ukjent><w:r>").replace("</w:r>", "</w:r></w:ukjent></w:r>"),
        main=True,
    )


def _paragraph_as_another(members, rng):
    def change(text):
        pieces = re.findall(r"<w:p[ >].*?</w:p>", text, re.DOTALL)
        return text.replace(rng.choice(pieces), rng.choice(pieces), 1) if pieces else text

    _rewrite(members, rng, change)


def _rewrite(members, rng, change, *, main=False):
    names = [one for one in members if one in {"word/document.xml", "content.xml"}] if main else []
    name = rng.choice(names or _marked(members))
    members[name] = change(members[name].decode("utf-8")).encode()


def _tag(text, rng):
    tags = re.findall(r"</?([\w:]+)", text)
    return rng.choice(tags) if tags else ""


_CHANGES = (
    _gone,
    _in_its_bytes,
    _as_another,
    _attributes_gone,
    _attributes_odd,
    _element_gone,
    _element_renamed,
    _words_between,
    _in_unknown_marks,
    _paragraph_as_another,
)
_ODD = ("", "-1", "99999999999", "rId1", "æ", "../../x", "w:p", "0", "true", "Overskrift1", "NaN")
