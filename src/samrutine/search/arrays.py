"""
numpy, brought in when it is first used, and what our rows of numbers are called.

It takes 0.08 s to import. A search is worth that; whoever opens a library, decides something and has the index follow
does without.
"""

import os
from types import ModuleType
from typing import TYPE_CHECKING


class _Later(ModuleType):
    """Stands for numpy, and brings in what is asked for."""

    def __getattr__(self, name: str) -> object:
        # It brings a library for matrices, which we do not use, and that would start a thread for each core.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        import numpy as np

        found = getattr(np, name)
        setattr(self, name, found)
        return found


if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int32]
    """Numbers of sections or of facts, as many of them are kept."""

    Indexes = NDArray[np.intp]
    """The same as places in rows."""

    Scores = NDArray[np.float64]
    Steps = NDArray[np.uint8]
else:
    np = _Later("numpy")
    Numbers = Indexes = Scores = Steps = object

__all__ = ["Indexes", "Numbers", "Scores", "Steps", "np"]
