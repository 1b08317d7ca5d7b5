"""The formats that a document is made in, by the suffix of its file."""

from typing import Final

FORMATS: Final = ("docx", "html", "md", "pdf")
"""Publishing to a quality system takes fewer, `publishing.model.DOCUMENT_SUFFIXES`: what is controlled is not sent to be changed."""
