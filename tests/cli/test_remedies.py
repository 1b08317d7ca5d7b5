"""What a message tells somebody to type can be typed."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from samrutine.cli.tree import build, commands_of
from samrutine.messages import catalogue

PATHS = {path for path, _ in commands_of(build("nb"))}
TYPED = re.compile(r"[`«]samrutine(?: --\S+ \S+)* ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?[^`»]*[`»]")
PUBLISHED_NOWHERE = re.compile(r"samrutine publish\s+--")
GUIDES = sorted((Path(__file__).parents[2] / "docs" / "guides").glob("*.md"))
CATALOGUES = sorted(one.name.removesuffix(".toml") for one in files("samrutine.messages").joinpath("nb").iterdir())


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("name", CATALOGUES)
def test_every_command_that_a_message_names_is_there(name, language):
    """
    A remedy that answers "there is no such command" is worse than no remedy.
    """
    for key, text in catalogue(language, name).items():
        for first, second in TYPED.findall(text):
            assert first in PATHS, f"{name}.{key}"
            if any(path.startswith(f"{first} ") for path in PATHS):
                assert f"{first} {second}" in PATHS, f"{name}.{key}"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_no_guide_publishes_without_saying_for_whom(guide):
    """
    Somebody who puts a library back at night copies the line, and is told that it cannot be typed.
    """
    assert PUBLISHED_NOWHERE.search(guide.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize("language", ["nb", "en"])
def test_no_message_publishes_without_saying_for_whom(language):
    """
    As in the guides.
    """
    messages = {f"{name}.{key}": text for name in CATALOGUES for key, text in catalogue(language, name).items()}

    assert [key for key, text in messages.items() if PUBLISHED_NOWHERE.search(text)] == []
