"""Things made of cloth, wool and hide for the house."""

from content.catalogue.drawing.colour import darker, lighter
from content.catalogue.drawing.parts import scatter, segments
from content.catalogue.drawing.paths import around, at, ellipse, lathe, poly, rect, smooth
from content.catalogue.drawing.sheet import Sheet


def folded_stack(sheet: Sheet, colours: list[str], ribbon: str = "", ribbed: bool = False) -> None:
    """Folded cloths in a pile, their folds to the left; colours from the lowest up."""
    sheet.ground(250)
    height = min(96, 330 / len(colours))
    for i, colour in enumerate(colours):
        y = 642 - (i + 1) * height
        inset = (i * 7) % 16
        d = poly(
            [
                (150 + inset, y + 3, 40),
                (646 - inset, y + 3, 14),
                (650 - inset, y + height - 2, 14),
                (150 + inset, y + height - 2, 40),
            ]
        )
        sheet.form(d, colour, 30, 12)
        with sheet.within(d):
            for k in (0.36, 0.66):
                sheet.line(f"M{182 + inset} {y + height * k:.0f}H660", darker(colour, 0.2), 4, 0.8)
            if ribbed:
                sheet.line(segments((x, y, x, y + height) for x in range(180, 660, 22)), darker(colour, 0.14), 4, 0.5)
    if ribbon:
        top = 642 - len(colours) * height
        sheet.form(rect(370, top - 4, 44, 646 - top, 6), ribbon, 10, 0)
        for s in (-1, 1):
            sheet.form(poly([(392, top - 4), (392 + s * 110, top - 66, 30), (392 + s * 120, top + 4, 30)]), ribbon, 8)
        sheet.form(ellipse(392, top - 8, 22, 18), ribbon, 6)


def hung_throw(sheet: Sheet, colour: str, second: str, weave: str = "herringbone") -> None:
    """A blanket over a wooden rail; its weave is herringbone, check or stripe."""
    cloth = smooth(
        [
            (212, 196),
            (400, 190),
            (588, 196),
            (596, 400),
            (590, 630),
            (500, 640),
            (400, 630),
            (300, 640),
            (208, 630),
            (204, 400),
        ],
        True,
    )
    fringe = segments((214 + i * 17, 630, 212 + i * 17, 690) for i in range(23))
    sheet.cast(cloth)
    sheet.line(fringe, darker(colour, 0.1), 7)
    sheet.form(cloth, colour, 30, 10)
    with sheet.within(cloth):
        if weave == "herringbone":
            zig = "".join(f"M190 {y}" + "l27 20l27 -20" * 8 for y in range(210, 650, 34))
            sheet.line(zig, second, 7, 0.7)
        elif weave == "check":
            sheet.fill("".join(rect(x, 180, 46, 480) for x in (236, 372, 508)), second, 0.6)
            sheet.fill("".join(rect(190, y, 430, 46) for y in (250, 376, 502)), second, 0.6)
        else:
            sheet.fill("".join(rect(190, y, 430, h) for y, h in ((470, 18), (506, 44), (568, 18))), second, 0.9)
        sheet.fill(smooth([(296, 190), (310, 400), (300, 650), (336, 650), (326, 400), (318, 190)], True), "ink", 0.07)
        sheet.fill(rect(190, 180, 430, 46), "ink", 0.08)
    sheet.form(rect(130, 168, 540, 36, 18), "oak", 0, 12, 0.24)


def cushion(sheet: Sheet, colour: str, second: str = "", pattern: str = "plain", wide: float = 1.0) -> None:
    """A plump cushion; the pattern is plain, boucle, stripe or piped; wide stretches it sideways."""
    w, h = 236 * wide, 236 / wide
    left, right, top, low = 400 - w, 400 + w, 410 - h, 410 + h
    sides = (
        (400, top + h * 0.12, right, top),
        (right - w * 0.1, 410, right, low),
        (400, low - h * 0.1, left, low),
        (left + w * 0.1, 410, left, top),
    )
    d = f"M{at(left, top)}" + "".join(f"Q{at(bx, by)} {at(x, y)}" for bx, by, x, y in sides) + "Z"
    sheet.ground(w * 0.9, 410 + h * 0.97)
    sheet.form(d, colour, 34, 16)
    mark = second or darker(colour, 0.22)
    with sheet.within(d):
        if pattern == "stripe":
            sheet.fill("".join(rect(x, 100, 26, 620) for x in range(190, 640, 78)), mark, 0.85)
        elif pattern == "boucle":
            curls = "".join(f"M{at(x, y)}q9 -13 18 0t-4 9" for x, y in scatter(70, 165, 185, 450, 450))
            sheet.line(curls, mark, 5, 0.55)
        sheet.fill(smooth([(130, 190), (250, 250), (330, 360), (240, 290), (130, 240)], True), "ink", 0.06)
        sheet.fill(smooth([(670, 640), (560, 570), (480, 470), (570, 530), (680, 590)], True), "ink", 0.06)
    if pattern == "piped":
        sheet.line(d, mark, 11)


def tea_towels(sheet: Sheet, colour: str, stripe: str, waffle: bool = False) -> None:
    """A tea towel that hangs by its loop from a peg."""
    cloth = poly([(330, 176, 10), (470, 176, 10), (566, 330, 60), (552, 690, 8), (250, 690, 8), (236, 330, 60)])
    sheet.cast(cloth)
    sheet.line("M376 186Q372 120 400 116Q428 120 424 186", darker(stripe, 0.1), 9)
    sheet.form(ellipse(400, 112, 26), "oak", 10)
    sheet.form(cloth, colour, 28, 8)
    with sheet.within(cloth):
        if waffle:
            sheet.line(
                segments(
                    [(x, 170, x, 700) for x in range(240, 580, 26)] + [(230, y, 580, y) for y in range(190, 700, 26)]
                ),
                darker(colour, 0.2),
                4,
                0.5,
            )
        sheet.fill(rect(220, 560, 360, 22) + rect(220, 600, 360, 44), stripe, 0.9)
        for x, lean in ((340, -34), (400, 4), (462, 38)):
            sheet.line(smooth([(x, 180), (x + lean, 400), (x + lean * 1.3, 690)]), "ink", 12, 0.08)


def flat_rug(sheet: Sheet, colour: str, second: str, third: str) -> None:
    """A woven rug with a band of diamonds and a fringe at both ends, from above."""
    body = rect(226, 120, 348, 560, 4)
    sheet.cast(body)
    fringe = [(234 + i * 16, y, 234 + i * 16, y + s * 38) for i in range(22) for y, s in ((122, -1), (678, 1))]
    sheet.line(segments(fringe), "cream", 6)
    sheet.form(body, colour, 12, 8)
    with sheet.within(body):
        for y in (150, 630):
            sheet.fill(rect(226, y - 10, 348, 20), third)
        for y in (190, 590):
            sheet.fill(rect(226, y - 8, 348, 16), second)
        for row in range(3):
            y = 280 + row * 120
            for x in (284, 400, 516):
                sheet.fill(f"M{x} {y - 54}l50 54l-50 54l-50 -54Z", second if (row + x) % 2 else third)
                sheet.fill(f"M{x} {y - 26}l25 26l-25 26l-25 -26Z", colour)


def round_rug(sheet: Sheet, colour: str, band: str) -> None:
    """A braided round rug from above."""
    sheet.cast(ellipse(400, 400, 290))
    sheet.form(ellipse(400, 400, 290), colour, 12, 10)
    for i in range(9):
        r = 274 - i * 30
        sheet.line(ellipse(400, 400, r), band if i in {1, 4} else darker(colour, 0.2), 15 if i in {1, 4} else 4, 0.8)
        sheet.line(ellipse(400, 400, r), darker(colour, 0.3), 14, 0.35, "3 13")


def table_runner(sheet: Sheet, colour: str, stripe: str, wood: str = "oak") -> None:
    """A runner along a table, one end hanging over the edge."""
    sheet.form("M150 330H650L760 520H40Z", wood, 0, 0)
    sheet.fill("M40 520H760V548H40Z", darker(wood, 0.25))
    for x in (76, 696):
        sheet.form(rect(x, 548, 32, 200, 2), darker(wood, 0.14), 10)
    cloth = "M322 330H478L526 520V680H274V520Z"
    sheet.cast("M274 520H526V680H274Z", 14, 8)
    sheet.form(cloth, colour, 0, 0)
    sheet.fill("M274 520H526V680H274Z", darker(colour, 0.09))
    sheet.line("M346 330L312 520V680M454 330L488 520V680", stripe, 9)
    sheet.line(segments((282 + i * 17, 682, 282 + i * 17, 714) for i in range(15)), darker(colour, 0.12), 6)
    sheet.form(lathe(400, [(80, 380, 8), (64, 440, 40), (36, 462, 8)]), "terracotta", 16)
    sheet.fill(ellipse(400, 380, 80, 12), darker("terracotta", 0.35))


def napkins(sheet: Sheet, colour: str, ring: str = "oak") -> None:
    """A linen napkin drawn through a ring."""
    upper = poly(
        [(384, 400), (206, 170, 10), (300, 196, 20), (400, 150, 14), (500, 196, 20), (594, 170, 10), (416, 400)]
    )
    lower = poly([(384, 400), (262, 668, 8), (400, 644, 14), (538, 668, 8), (416, 400)])
    for part in (upper, lower):
        sheet.cast(part)
        sheet.form(part, colour, 14, 8)
    folds = "M392 390L300 200M398 390L400 160M408 390L500 200M394 410L330 640M400 410V636M406 410L470 640"
    sheet.line(folds, darker(colour, 0.22), 6, 0.7)
    sheet.form(rect(338, 366, 124, 68, 30), ring, 22, 10, 0.24)


def quilt(sheet: Sheet, colour: str, back: str) -> None:
    """A quilted bedspread folded in a square, one corner turned back."""
    body = rect(150, 190, 500, 440, 26)
    sheet.cast(body, 18, 26)
    sheet.form(rect(158, 560, 500, 90, 26), darker(back, 0.1), 18, 10)
    sheet.form(body, colour, 20, 14)
    with sheet.within(body):
        lines = [(100 + i * 66, 180, 100 + i * 66 + 460, 640) for i in range(-7, 9)]
        lines += [(100 + i * 66 + 460, 180, 100 + i * 66, 640) for i in range(-7, 9)]
        sheet.line(segments(lines), darker(colour, 0.2), 4, 0.8)
        sheet.fill("M480 190H660V390Z", "ink", 0.12)
    sheet.form("M462 176H624Q650 180 650 206V368Q560 376 530 330Q470 250 462 176Z", back, 0, 0)
    sheet.line("M462 176Q470 250 530 330Q560 376 650 368", darker(back, 0.2), 6)


def curtain(sheet: Sheet, colour: str, rod: str = "brass") -> None:
    """A curtain panel on rings, gathered in deep folds."""
    xs = [190 + i * 60 for i in range(8)]
    bottom = [(x, 700 + (10 if i % 2 else -6)) for i, x in enumerate(reversed(xs))]
    cloth = poly([(190, 170), (610, 170), *bottom], 8)
    sheet.cast(cloth, 22, 12)
    sheet.form(cloth, colour, 24, 0)
    with sheet.within(cloth):
        for i, x in enumerate(xs[:-1]):
            sheet.fill(
                poly([(x + 30, 170), (x + 58, 170), (x + 62, 720), (x + 24, 720)]),
                darker(colour, 0.12 + 0.02 * (i % 3)),
                0.8,
            )
            sheet.fill(poly([(x + 6, 170), (x + 16, 170), (x + 12, 720), (x + 2, 720)]), lighter(colour, 0.5), 0.6)
    for x in xs:
        sheet.line(ellipse(min(max(x, 202), 598), 138, 17, 22), darker(rod, 0.2), 6)
    sheet.form(rect(110, 120, 580, 20, 10), rod, 0, 7)
    for x in (104, 696):
        sheet.form(ellipse(x, 130, 24), rod, 8)


def apron(sheet: Sheet, colour: str, strap: str = "tan") -> None:
    """A bib apron on a hook."""
    sheet.line("M330 250Q330 110 400 106Q470 110 470 250", strap, 15)
    sheet.line("M232 400Q150 430 170 560M568 400Q650 430 630 560", strap, 12)
    body = poly(
        [
            (312, 240, 8),
            (488, 240, 8),
            (500, 330, 60),
            (580, 400, 8),
            (590, 690, 12),
            (210, 690, 12),
            (220, 400, 8),
            (300, 330, 60),
        ]
    )
    sheet.cast(body)
    sheet.form(body, colour, 26, 8)
    sheet.line("M322 262H478", darker(colour, 0.25), 4, 1, "10 10")
    sheet.form(rect(280, 460, 240, 130, 14), darker(colour, 0.08), 12, 6)
    sheet.line("M400 466V584M290 482H510", darker(colour, 0.3), 4, 1, "10 10")
    sheet.dots([(330, 252), (470, 252), (236, 406), (564, 406)], 9, "brass")
    sheet.form(ellipse(400, 108, 22), "charcoal", 8)


def mitt(sheet: Sheet, colour: str, cuff: str) -> None:
    """A quilted oven mitt, its thumb to the right."""
    hand = poly(
        [
            (270, 560),
            (262, 300, 120),
            (330, 120, 110),
            (480, 130, 120),
            (520, 330, 40),
            (540, 330, 30),
            (610, 260, 60),
            (660, 330, 60),
            (560, 500, 60),
            (540, 560),
        ]
    )
    sheet.cast(hand)
    sheet.form(hand, colour, 24, 4)
    with sheet.within(hand):
        lines = [(60 + i * 64, 100, 60 + i * 64 + 480, 580) for i in range(-5, 9)]
        lines += [(60 + i * 64 + 480, 100, 60 + i * 64, 580) for i in range(-5, 9)]
        sheet.line(segments(lines), darker(colour, 0.2), 4, 0.8)
    band = rect(252, 548, 304, 92, 14)
    sheet.cast(band, 10, 16)
    sheet.form(band, cuff, 20, 8)
    sheet.line("M266 566H540M266 622H540", darker(cuff, 0.25), 4, 1, "10 10")


def pouf(sheet: Sheet, colour: str) -> None:
    """A knitted floor cushion, round and low."""
    sheet.ground(240)
    d = lathe(400, [(120, 300, 60), (262, 340, 110), (280, 540, 130), (180, 642, 70)])
    sheet.form(d, colour, 56, 14)
    with sheet.within(d):
        for i in range(-4, 5):
            bend = i * 68
            sheet.line(
                f"M{400 + i * 12} 306Q{400 + bend * 1.25:.0f} 450 {400 + i * 34} 650", darker(colour, 0.24), 6, 0.8
            )
            for k in range(4):
                t = 0.16 + k * 0.22
                x = 400 + i * 12 * (1 - t) ** 2 + 2 * t * (1 - t) * bend * 1.25 + i * 34 * t * t
                y = 306 * (1 - t) ** 2 + 900 * t * (1 - t) + 650 * t * t
                sheet.line(f"M{x + 6:.0f} {y:.0f}l20 14l20 -14", lighter(colour, 0.3), 5, 0.7)
    sheet.fill(ellipse(400, 312, 40, 13), darker(colour, 0.25))


def sheepskin(sheet: Sheet, colour: str = "cream") -> None:
    """A sheepskin from above, its edge all curls."""
    base = [(0, -1.0), (0.34, -0.92), (0.5, -0.74), (0.62, -0.8), (0.74, -0.6), (0.62, -0.3), (0.6, 0.1), (0.72, 0.5),
            (0.84, 0.7), (0.66, 0.86), (0.44, 0.8), (0.2, 0.94)]  # fmt: skip
    ring = base + [(-x, y) for x, y in reversed(base[1:])] + []
    outline = [(400 + x * 290, 410 + y * 290) for x, y in ring]
    d = smooth(outline, True)
    sheet.cast(d)
    sheet.form(d, colour, 16, 16, 0.1)
    curls = "".join(f"M{x:.0f} {y:.0f}q10 -16 22 -2t-6 10" for x, y in scatter(44, 240, 180, 310, 440))
    with sheet.within(d):
        sheet.line(curls, darker(colour, 0.16), 5, 0.7)


def blanket_roll(sheet: Sheet, colour: str, stripe: str, strap: str = "tan") -> None:
    """A rolled blanket held by two straps with a carrying handle."""
    sheet.ground(270)
    sheet.line("M290 440Q290 290 400 290Q510 290 510 440", strap, 20)
    roll = rect(130, 420, 540, 222, 100)
    sheet.form(roll, colour, 0, 46)
    with sheet.within(roll):
        sheet.fill("".join(rect(x, 410, 30, 240) for x in (196, 590)), stripe)
        sheet.fill("".join(rect(x, 410, 10, 240) for x in (240, 564)), stripe)
        sheet.line("M130 560Q400 584 670 560", darker(colour, 0.25), 6)
    for x in (268, 490):
        sheet.form(rect(x, 412, 42, 236, 12), strap, 10, 10)
        sheet.line(rect(x + 6, 500, 30, 36, 4), "brass", 7)


def pillow(sheet: Sheet, colour: str, trim: str) -> None:
    """Two bed pillows in flanged cases, one leaning on the other."""
    sheet.ground(280)
    for cy, turn in ((350, 7), (510, 0)):
        with sheet.turned(turn, 400, cy):
            top, low = cy - 118, cy + 122
            right = [(688, top, 40), (664, cy, 90), (688, low, 40)]
            left = [(112, low, 40), (136, cy, 90), (112, top, 40)]
            below = [(550, low - 8, 120), (250, low - 8, 120)]
            d = poly([(250, top + 14, 120), (550, top + 14, 120), *right, *below, *left])
            sheet.cast(d, 0, -12)
            sheet.form(d, colour, 22, 22, 0.12)
            seam = (
                f"M170 {top + 50}Q400 {top + 62} 630 {top + 50}Q612 {cy} 630 {low - 46}Q400 {low - 56} 170 {low - 46}"
            )
            sheet.line(f"{seam}Q188 {cy} 170 {top + 50}Z", trim, 6)
            sheet.line(f"M230 {cy - 20}Q290 {cy + 6} 330 {cy + 2}", "ink", 9, 0.07)
            sheet.line(f"M570 {cy + 30}Q500 {cy + 10} 470 {cy + 18}", "ink", 9, 0.07)


def bolster(sheet: Sheet, colour: str, stripe: str) -> None:
    """A long round cushion with gathered ends."""
    sheet.ground(280)
    body = poly([(130, 408, 60), (668, 408), (668, 640), (130, 640, 60), (96, 524, 90)], 0)
    sheet.fill(body, colour)
    with sheet.within(body):
        sheet.fill("".join(rect(x, 400, 20, 250) for x in range(138, 640, 52)), stripe, 0.9)
        sheet.fill(rect(80, 590, 620, 60), "ink", 0.14)
        sheet.fill(rect(80, 426, 620, 22), "chalk", 0.25)
    sheet.fill(ellipse(668, 524, 44, 116), darker(colour, 0.12))
    pleats = [
        (668.0, 524.0, 668 + (x - 400) * 0.38, 524 + y - 400)
        for x, y in (around(400, 400, 104, i * 30) for i in range(12))
    ]
    sheet.line(segments(pleats), darker(colour, 0.3), 4)
    sheet.fill(ellipse(668, 524, 9, 15), stripe)
