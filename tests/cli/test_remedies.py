"""What a message tells somebody to type can be typed."""

import re
from importlib.resources import files

import pytest

from samrutine.cli.tree import build, commands_of
from samrutine.messages import catalogue

PATHS = {path for path, _ in commands_of(build("nb"))}
TYPED = re.compile(r"[`«]samrutine(?: --\S+ \S+)* ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?[^`»]*[`»]")
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
