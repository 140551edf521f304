"""Draws the product pictures: one SVG file per product, and one per close-up.

``python -m content.catalogue.draw`` writes the files. With ``--check`` it writes nothing, and exits with 1 if the
committed files differ from what it draws. The output is the same on every run.
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

# "with" is a keyword, so the type needs the functional form.
PictureSpec = TypedDict(
    "PictureSpec",
    {
        "shape": str,
        "with": NotRequired[dict[str, object]],
        "scale": NotRequired[float],
        "detail": NotRequired[tuple[float, float, float]],
    },
)


class Product(TypedDict):
    """The fields of a product that its picture depends on."""

    productId: str
    name: str
    category: str


def main(arguments: list[str] | None = None) -> int:
    """Draw or check all pictures.

    Parameters:
        arguments: of the command line, without the program's name; None takes those of the process.

    Returns the exit code.
    """
    parser = argparse.ArgumentParser(description="Draw the product pictures of the catalogue.")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if a picture differs")
    check: bool = parser.parse_args(arguments).check
    drawn = draw_pictures()
    if check:
        stale = stale_files(drawn)
        for name in stale:
            sys.stderr.write(f"{name} is not what the script draws\n")
        return 1 if stale else 0
    IMAGES.mkdir(exist_ok=True)
    for name in stale_files(drawn):
        path = IMAGES / name
        if name in drawn:
            path.write_text(drawn[name], encoding="utf-8")
        else:
            path.unlink()
    sys.stdout.write(f"{len(drawn)} pictures in {IMAGES.name}/\n")
    return 0


def draw_pictures() -> dict[str, str]:
    """Return all pictures as SVG text by file name."""
    products: list[Product] = json.loads((CATALOGUE / "products.json").read_text(encoding="utf-8"))
    specs: dict[str, PictureSpec] = json.loads((CATALOGUE / "pictures.json").read_text(encoding="utf-8"))
    drawn: dict[str, str] = {}
    for product in products:
        product_id = product["productId"]
        spec = specs[product_id]
        sheet = Sheet(BACKDROPS[product["category"]])
        SHAPES[spec["shape"]](sheet, **spec.get("with", {}))
        zoom = (400.0, 420.0, spec["scale"]) if "scale" in spec else None
        drawn[f"{product_id}.svg"] = sheet.svg(product["name"], zoom)
        if "detail" in spec:
            drawn[f"{product_id}-detail.svg"] = sheet.svg(f"{product['name']}, close up", spec["detail"])
    return drawn


def stale_files(drawn: dict[str, str]) -> list[str]:
    """Return the names of committed files that are missing, changed, or no longer drawn."""
    present = {path.name: path.read_text(encoding="utf-8") for path in IMAGES.glob("*.svg")}
    return sorted(name for name in drawn.keys() | present.keys() if drawn.get(name) != present.get(name))


if __name__ == "__main__":
    sys.exit(main())
