"""
samrutine: routines held in common.

Small municipalities write health and welfare routines together, and each decides for itself what applies there. Begin
with `Library`; see docs/reference/python.md.
"""

from samrutine.errors import (
    Conflict,
    InvalidRequest,
    InvalidText,
    NotAllowed,
    NotFound,
    Refused,
    SamrutineError,
    StoreUnavailable,
)
from samrutine.library import Library

__all__ = [
    "Conflict",
    "InvalidRequest",
    "InvalidText",
    "Library",
    "NotAllowed",
    "NotFound",
    "Refused",
    "SamrutineError",
    "StoreUnavailable",
]
