"""Paths of the checkout that the commands read from and build into."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
"""Build results that can be deleted at any time."""
