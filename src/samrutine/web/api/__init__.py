"""
The library for programs: `/api/v1`, in JSON.

A route calls one verb of `Library`, as whoever made the token that the program shows; what it answers is what `--json`
prints, and what it refuses is refused by the verb. A browser's session opens nothing here, so there is no form to forge.
"""

from typing import Final

WHERE: Final = "/api/v1"
"""Where programs reach it."""
