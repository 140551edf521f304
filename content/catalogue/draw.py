"""Draws the catalogue's pictures, one SVG a product and one more for each close-up.

`python -m content.catalogue.draw` writes them; with `--check` it writes nothing and exits 1 if the
committed pictures differ from what would be drawn. The drawing is the same on every run.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import NotRequired, TypedDict

from content.catalogue.drawing.colour import BACKDROPS
from content.catalogue.drawing.shapes import SHAPES
from content.catalogue.drawing.sheet import Sheet

CATALOGUE = Path(__file__).parent
IMAGES = CATALOGUE / "images"

# "with" is a keyword, so this type needs the functional form.
Picture = TypedDict(
    "Picture",
    {
        "shape": str,
        "with": NotRequired[dict[str, object]],
        "scale": NotRequired[float],
        "detail": NotRequired[tuple[float, float, float]],
    },
)


class Row(TypedDict):
    """What a picture needs to know of a product."""

    productId: str
    name: str
    category: str


def main(arguments: list[str] | None = None) -> int:
    """Draws or checks all pictures; answers the exit code."""
    parser = argparse.ArgumentParser(description="Draw the pictures of the shop's own catalogue.")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if a picture differs")
    only_check: bool = parser.parse_args(arguments).check
    wanted = pictures()
    if only_check:
        differing = differences(wanted)
        for name in differing:
            sys.stderr.write(f"{name} is not what the script draws\n")
        return 1 if differing else 0
    IMAGES.mkdir(exist_ok=True)
    for name in differences(wanted):
        path = IMAGES / name
        if name in wanted:
            path.write_text(wanted[name], encoding="utf-8")
        else:
            path.unlink()
    sys.stdout.write(f"{len(wanted)} pictures in {IMAGES.name}/\n")
    return 0


def pictures() -> dict[str, str]:
    """All pictures as SVG text, by file name."""
    rows: list[Row] = json.loads((CATALOGUE / "products.json").read_text(encoding="utf-8"))
    plans: dict[str, Picture] = json.loads((CATALOGUE / "pictures.json").read_text(encoding="utf-8"))
    drawn: dict[str, str] = {}
    for row in rows:
        product, plan = row["productId"], plans[row["productId"]]
        sheet = Sheet(BACKDROPS[row["category"]])
        SHAPES[plan["shape"]](sheet, **plan.get("with", {}))
        whole = (400.0, 420.0, plan["scale"]) if "scale" in plan else None
        drawn[f"{product}.svg"] = sheet.svg(row["name"], whole)
        if "detail" in plan:
            drawn[f"{product}-detail.svg"] = sheet.svg(f"{row['name']}, close up", plan["detail"])
    return drawn


def differences(wanted: dict[str, str]) -> list[str]:
    """Names of files that are missing, changed, or no longer wanted."""
    present = {path.name: path.read_text(encoding="utf-8") for path in IMAGES.glob("*.svg")}
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


if __name__ == "__main__":
    sys.exit(main())
