"""The palette of all pictures: named colours, and shades that are mixed from them."""

INK = "#2b2a33"

PALETTE: dict[str, str] = {
    # whites and neutrals
    "chalk": "#f7f4ee", "cream": "#f3e9d7", "oat": "#e4d8c1", "sand": "#d6c19d", "stone": "#a9a39a",
    "fog": "#d3d5d3", "slate": "#626b75", "charcoal": "#43434b", "ink": INK,
    # earths and reds
    "blush": "#e2b5a3", "rose": "#c68782", "clay": "#bf7352", "terracotta": "#c76a48", "rust": "#a34e30",
    "brick": "#8f4436", "wine": "#75303c", "plum": "#664056",
    # yellows
    "butter": "#f1d98f", "mustard": "#d6a23e", "ochre": "#c98f35", "honey": "#e0a94a",
    # greens
    "sage": "#9fb094", "leaf": "#6b9460", "moss": "#73804f", "olive": "#7d7a45", "fern": "#44704d",
    "forest": "#35543f", "matcha": "#a5b85a",
    # blues
    "mist": "#bccfd3", "sky": "#8eb3c6", "teal": "#35726f", "denim": "#4f6f8f", "navy": "#2b3d55",
    "indigo": "#3d4670", "lavender": "#a9a3c4",
    # metals
    "steel": "#b4bdc4", "zinc": "#98a3aa", "iron": "#4a4c53", "brass": "#c69a4c", "copper": "#c47c50",
    # woods and hides
    "walnut": "#73503a", "oak": "#c49a68", "beech": "#dab788", "ash": "#e3cda6", "maple": "#e6cc9c",
    "cork": "#c39a6d", "bamboo": "#d5b676", "kraft": "#c8a67b", "tan": "#ab6f43", "cocoa": "#5b3d2e",
    # translucent and odd ones
    "glass": "#cfe2e1", "smoke": "#7f8084", "amber": "#b5702f", "coffee": "#4b2f22", "soil": "#4d392b",
    "oil": "#c9b13f", "wax": "#efd9a0", "flame": "#f6b445", "glow": "#ffedb8",
}  # fmt: skip

BACKDROPS: dict[str, str] = {
    "kitchen": "#f0e2d1",
    "coffee-and-tea": "#e7dacb",
    "home-textiles": "#ece1e1",
    "lighting": "#cdd3dd",
    "desk-and-paper": "#e6e6da",
    "travel-and-bags": "#dbe5ea",
    "garden": "#dfe8d4",
    "bath-and-wellness": "#d9e9e5",
}


def hex_of(colour: str) -> str:
    """Return the #rrggbb value of a palette name; a #rrggbb value is returned as it is."""
    return colour if colour.startswith("#") else PALETTE[colour]


def mix(colour: str, other: str, share: float) -> str:
    """Return the colour at `share` (0 to 1) of the way from one colour to another."""
    one, two = hex_of(colour), hex_of(other)
    pairs = ((int(one[i : i + 2], 16), int(two[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def darker(colour: str, share: float = 0.2) -> str:
    """Return a darker shade of a colour; share is 0 to 1."""
    return mix(colour, INK, share)


def lighter(colour: str, share: float = 0.3) -> str:
    """Return a lighter tint of a colour; share is 0 to 1."""
    return mix(colour, "#fffaf0", share)
