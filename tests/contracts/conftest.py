"""What the contract tests share."""

import sys
from pathlib import Path

import pytest

# The places are also used by a program of its own, `killed_deliveries.py`, and so are a plain module beside it.
sys.path.insert(0, str(Path(__file__).parent))

# The contract's assertions are in the package, for outsiders' use; pytest explains them only when told to.
pytest.register_assert_rewrite("samrutine.testing")
