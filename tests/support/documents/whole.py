"""The same contents in a format, a case of each."""

from tests.support.documents.content import FULL, HYGIENE, LETTERS, MEDICINE, Content, truth_of
from tests.support.documents.truth import Case, case

CONTENTS = (("hygiene", HYGIENE), ("medicine", MEDICINE), ("violence", FULL), ("letters", LETTERS))


def whole(
    ending, kind, write, *, notes=True, below=False, pictures=True, tree=True, contents=CONTENTS, **expected
) -> list[Case]:
    """Give a case of each content in a format."""

    def one(name: str, content: Content) -> Case:
        truth = truth_of(content, notes=notes, below=below, pictures=pictures, tree=tree)
        return case(name, f"rutine.{ending}", lambda: write(content), truth=truth, kind=kind, **expected)

    return [one(name, content) for name, content in contents]
