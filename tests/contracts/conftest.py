"""What the contract tests share."""

import pytest

# The contract's assertions are in the package, for outsiders' use; pytest explains them only when told to.
pytest.register_assert_rewrite("samrutine.testing")
