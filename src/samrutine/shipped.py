"""What is shipped beside the code: the library's first settings, and the starter routines."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path


def shipped_library() -> dict[str, bytes]:
    """Give the files of `library/` that are shipped, by path."""
    with _shipped("library") as folder:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


@contextmanager
def shipped_procedures() -> Iterator[Path]:
    """Give the folder of starter routines for the length of a block."""
    with _shipped("procedures") as folder:
        yield folder


@contextmanager
def _shipped(name: str) -> Iterator[Path]:
    """In a wheel they lie inside the package, in a checkout at its top."""
    packed = resources.files("samrutine").joinpath("shipped", name)
    if packed.is_dir():
        with resources.as_file(packed) as folder:
            yield folder
    else:
        yield Path(__file__).parents[2] / name
