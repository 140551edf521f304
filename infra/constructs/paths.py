"""Paths of the repository from which constructs read."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
