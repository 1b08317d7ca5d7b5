"""How a library from 2016 is brought in."""

import subprocess
import sys
from pathlib import Path

from samrutine.search.whoosh_parts import _urlretrieve

PROGRAM = """
import sys
import samrutine.search.engine
from samrutine.search import whoosh_parts

whoosh_parts.load_writing()
print(sorted({"http.client", "urllib.request"} & sys.modules.keys()))

import urllib.request
import whoosh.compat

print(urllib.request.Request("https://eksempel.no/a").host, whoosh.compat.urlretrieve is not None)
"""


def test_importing_search_is_quiet_and_leaves_the_http_client_out():
    """
    Whoosh warns on every import where bytecode is not written, and its unused HTTP client is a third of its import.

    What was left out for the moment must be there, whole, for whoever asks for it afterwards.
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.stderr == ""
    assert done.stdout.splitlines() == ["[]", "eksempel.no True"]


def test_whoosh_may_still_fetch_an_address():
    """The stand-in hands over to the real function."""
    path, _ = _urlretrieve("data:,Pr%C3%B8vevik")

    assert Path(path).read_text(encoding="utf-8") == "Prøvevik"
