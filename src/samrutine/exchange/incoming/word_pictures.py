"""The pictures of a Word file: found by their relations, named by their order, told of when they are somewhere else."""

from typing import Final

from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.pictures import media_type
from samrutine.exchange.incoming.word_changes import place
from samrutine.exchange.incoming.word_package import A, Element, R, Relation, W, WordPackage

_DRAWING: Final = f"{W}drawing"


class Pictures:
    """The pictures that the text shows. Those of the same bytes are one."""

    def __init__(self, package: WordPackage) -> None:
        self._package = package
        self._known: dict[str, dict[str, Relation]] = {}
        self._by_part: dict[str, str] = {}
        self.by_target: dict[str, tuple[str, bytes]] = {}
        self.relations: dict[str, str] = {}
        self.count = 0

    def keep(self, root: Element) -> list[Finding]:
        """Keep the pictures of a part, and give each a relation of our own; one that is not there is taken out and told."""
        found: list[Finding] = []
        for blip in list(root.iter(f"{A}blip")):
            part, _, relation_id = blip.get(f"{R}embed", "").partition("|")
            self.count += 1
            relation = self._relations(part).get(relation_id)
            data = None if relation is None or relation.external else self._package.bytes(relation.target)
            if relation is None or data is None:
                outside = relation is not None and relation.external
                where = relation.target if relation is not None else ""
                found.append(Finding("picture-elsewhere" if outside else "picture-unreadable", place(blip), where))
                _take_out(blip)
                continue
            blip.set(f"{R}embed", self._named(relation.target, data))
        return found

    def _named(self, part: str, data: bytes) -> str:
        if part not in self._by_part:
            kind, ending = media_type(data)
            n = len(self._by_part) + 1
            target = f"media/bilde-{n}.{ending}"
            self._by_part[part] = f"picture{n}"
            self.relations[f"picture{n}"] = target
            self.by_target[target] = (kind, data)
        return self._by_part[part]

    def _relations(self, part: str) -> dict[str, Relation]:
        if part not in self._known:
            self._known[part] = self._package.relations(part)
        return self._known[part]


def _take_out(blip: Element) -> None:
    drawing = next((above for above in blip.iterancestors(_DRAWING)), None)
    if drawing is not None and drawing.getparent() is not None:
        drawing.getparent().remove(drawing)
