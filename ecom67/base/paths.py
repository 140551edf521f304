"""Where the checkout is, from which the commands read sources and into which they build."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
"""What can be made again at any time."""
