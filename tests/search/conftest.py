"""What the tests of search share."""

import sys
from pathlib import Path

# The builders are also used by a program of its own, `index_processes.py`, and so are a plain module beside it.
sys.path.insert(0, str(Path(__file__).parent))
