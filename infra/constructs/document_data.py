"""The files that a function reads when it makes a PDF."""

DOCUMENT_DATA = ("content/legal/imprint.md", "documents/fonts")
"""The letterhead's facts, and the fonts; for the parameter ``data`` of a function with the set ``documents``."""
