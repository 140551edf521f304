"""Things for the bath, for rest and for the body."""

from content.catalogue.drawing.colour import darker, lighter
from content.catalogue.drawing.parts import grain, scatter, segment, segments
from content.catalogue.drawing.paths import around, ellipse, lathe, leaf, poly, rect, smooth
from content.catalogue.drawing.sheet import Sheet


def soap(sheet: Sheet, colours: list[str], dish: str = "") -> None:
    """Bars of soap in a stack with paper bands, perhaps on a slatted dish."""
    sheet.ground(220)
    y = 642.0
    if dish:
        for x in (200, 540):
            sheet.fill(rect(x, 610, 60, 32, 4), darker(dish, 0.3))
        sheet.form(rect(150, 584, 500, 34, 14), dish, 24, 8)
        y = 584
    for i, colour in enumerate(colours):
        y -= 112
        with sheet.turned((-3, 4, -2)[i % 3] if i else 0, 400, y + 56):
            bar = rect(216 + i * 14, y, 368 - i * 28, 110, 34)
            sheet.form(bar, colour, 26, 16)
            with sheet.within(bar):
                sheet.fill(rect(330, y - 4, 140, 120), lighter(colour, 0.62))
                sheet.fill(leaf(376, y + 78, 70, 24, 48), darker(colour, 0.2))
                sheet.dots(scatter(12, 230, y + 16, 80, 80), 3, darker(colour, 0.4), 0.6)
            sheet.shine(rect(246 + i * 14, y + 16, 66, 9, 4), 0.5)
    if dish:
        sheet.dots([(610, 560), (636, 540), (628, 572)], 11, "chalk", 0.9)


def bath_brush(sheet: Sheet, wood: str = "beech", bristle: str = "oat") -> None:
    """A long-handled bath brush."""
    with sheet.turned(36):
        body = lathe(
            400,
            [(22, 30, 20), (26, 120, 20), (18, 340, 60), (26, 440, 30), (84, 500, 60), (92, 640, 60), (60, 740, 60)],
        )
        sheet.cast(body, 20, 6)
        tufts = segments(
            (x, y, x + (x - 400) * 0.16 + 5, y + 8) for x in range(336, 470, 13) for y in range(520, 710, 22)
        )
        sheet.form(body, wood, 16)
        pad = ellipse(400, 614, 72, 106)
        sheet.fill(pad, darker(wood, 0.2))
        with sheet.within(pad):
            sheet.line(tufts, bristle, 8)
        sheet.line("M384 34Q370 -30 400 -34Q430 -30 416 34", "tan", 8)
        sheet.fill(ellipse(400, 56, 9), darker(wood, 0.5))


def hair_brush(sheet: Sheet, wood: str = "walnut", pad: str = "brick") -> None:
    """A paddle hairbrush with a cushioned face."""
    with sheet.turned(-32):
        body = lathe(400, [(90, 60, 80), (130, 160, 80), (120, 340, 90), (38, 460, 50), (32, 640, 50), (38, 730, 38)])
        sheet.cast(body)
        sheet.form(body, wood, 20, 10)
        face = ellipse(400, 228, 94, 138)
        sheet.fill(face, darker(pad, 0.2))
        sheet.form(ellipse(400, 226, 88, 131), pad, 12)
        pins = [(400 + c * 26 + (13 if r % 2 else 0), 126 + r * 26) for r in range(9) for c in range(-3, 4)]
        inside = [(x, y) for x, y in pins if ((x - 400) / 80) ** 2 + ((y - 226) / 122) ** 2 < 0.9]
        sheet.line(segments((x, y, x + 6, y - 6) for x, y in inside), "charcoal", 7)
        sheet.shine(rect(376, 500, 10, 190, 5), 0.3)


def comb(sheet: Sheet, wood: str = "oak") -> None:
    """A wide-toothed wooden comb."""
    with sheet.turned(-24):
        spine = poly([(110, 360, 60), (250, 300, 60), (550, 300, 60), (690, 360, 60), (690, 410), (110, 410)])
        teeth = segments((127 + i * 34, 404, 127 + i * 34, 548) for i in range(17))
        sheet.cast(spine)
        sheet.cast_line(teeth, 19)
        sheet.line(teeth, darker(wood, 0.1), 19)
        sheet.form(spine, wood, 16, 0)
        grain(sheet, spine, wood, (330, 352, 376), 110, 690)


def sponge(sheet: Sheet, colour: str = "honey") -> None:
    """A natural sponge with its pores."""
    sheet.ground(190, 622)
    ring = [around(400, 450, 200 + (18, -12, 8, -20, 14)[i % 5], i * 24) for i in range(15)]
    d = smooth([(x, 450 + (y - 450) * 0.86) for x, y in ring], True)
    sheet.form(d, colour, 40, 26)
    with sheet.within(d):
        for i, (x, y) in enumerate(scatter(26, 216, 290, 360, 310)):
            sheet.fill(ellipse(x, y, 9 + i % 4 * 5, 7 + i % 4 * 4), darker(colour, 0.24 + 0.04 * (i % 3)))
        sheet.dots(scatter(40, 205, 280, 380, 330), 4, darker(colour, 0.2))


def safety_razor(sheet: Sheet, metal: str = "brass") -> None:
    """A double-edged razor with a knurled handle."""
    with sheet.turned(34):
        head = poly([(250, 150, 20), (550, 150, 20), (566, 214, 16), (234, 214, 16)])
        grip = lathe(400, [(22, 250), (30, 300, 14), (30, 660, 14), (36, 690, 12), (30, 716, 12)])
        for part in (head, grip):
            sheet.cast(part)
        sheet.form(rect(386, 206, 28, 70), darker(metal, 0.2), 10)
        sheet.fill(rect(240, 196, 320, 18, 4), "steel")
        sheet.form(head, metal, 22, 0)
        sheet.fill(rect(246, 214, 308, 16, 8), darker(metal, 0.26))
        sheet.form(grip, metal, 16)
        with sheet.within(rect(370, 316, 60, 330)):
            lines = [(360, y, 440, y + 60) for y in range(250, 660, 26)] + [
                (440, y, 360, y + 60) for y in range(250, 660, 26)
            ]
            sheet.line(segments(lines), darker(metal, 0.3), 4, 0.8)
        sheet.shine(rect(270, 160, 160, 9, 4), 0.5)


def bath_mat(sheet: Sheet, wood: str = "oak") -> None:
    """A slatted wooden mat in perspective."""
    sheet.cast("M190 300H610L720 600H80Z", 4, 30)
    for x1, x2 in ((230, 150), (560, 630)):
        sheet.fill(f"M{x1} 300H{x1 + 24}L{x2 + 30} 606H{x2}Z", darker(wood, 0.4))
    for i in range(7):
        y = 290 + i * 42 + i * i * 0.8
        h = 26 + i * 2.4
        inset = 110 * (1 - (y - 290) / 300)
        slat = poly([(80 + inset, y, 4), (720 - inset, y, 4), (724 - inset + 6, y + h, 6), (76 + inset - 6, y + h, 6)])
        sheet.fill(rect(80 + inset, y + h - 2, 640 - 2 * inset, 9, 3), darker(wood, 0.35))
        sheet.form(slat, wood if i % 2 else lighter(wood, 0.12), 10, 0)
        sheet.line(segment(130 + inset, y + h * 0.5, 560 - inset / 2, y + h * 0.55), darker(wood, 0.16), 3, 0.7)


def meditation_cushion(sheet: Sheet, colour: str, tab: str = "") -> None:
    """A round pleated floor cushion with a side handle."""
    sheet.ground(250)
    side = lathe(400, [(240, 420, 60), (270, 530, 80), (230, 642, 60)])
    sheet.form(side, colour, 50, 12)
    with sheet.within(side):
        pleats = [(400 + i * 40, 430, 400 + i * 44, 640) for i in range(-6, 7)]
        sheet.line(segments(pleats), darker(colour, 0.2), 6, 0.8)
    sheet.fill(ellipse(400, 428, 238, 52), lighter(colour, 0.14))
    sheet.line(ellipse(400, 428, 238, 52), darker(colour, 0.22), 7)
    sheet.form(rect(336, 540, 128, 34, 14), tab or "tan", 12, 6)
    sheet.dots([(352, 557), (448, 557)], 6, "brass")


def water_bottle_warm(sheet: Sheet, cover: str, cuff: str = "cream") -> None:
    """A hot-water bottle in a cable-knitted cover."""
    body = poly(
        [
            (330, 220, 30),
            (320, 270, 30),
            (222, 310, 60),
            (216, 650, 60),
            (584, 650, 60),
            (578, 310, 60),
            (480, 270, 30),
            (470, 220, 30),
        ]
    )
    sheet.cast(body)
    sheet.form(rect(360, 90, 80, 70, 14), "charcoal", 16)
    sheet.form(poly([(330, 140, 10), (470, 140, 10), (456, 250), (344, 250)]), cuff, 16, 0)
    sheet.line("M354 150V240M376 150V244M400 150V246M424 150V244M446 150V240", darker(cuff, 0.2), 5)
    sheet.form(body, cover, 28, 12)
    with sheet.within(body):
        for x in (290, 400, 510):
            plait = "".join(f"M{x - 22} {y}q44 20 44 44M{x + 22} {y}q-44 20 -44 44" for y in range(300, 640, 44))
            sheet.line(plait, darker(cover, 0.22), 8)
        sheet.line("M345 270V660M455 270V660", darker(cover, 0.2), 4, 0.8, "5 10")


def mat_roll(sheet: Sheet, colour: str, strap: str = "tan") -> None:
    """A rolled mat standing on end with a carrying strap."""
    sheet.ground(120)
    sheet.line("M300 250Q150 400 300 560", strap, 20)
    sheet.form(rect(290, 150, 220, 492, 26), colour, 40, 6)
    sheet.fill(ellipse(400, 164, 110, 30), lighter(colour, 0.25))
    turns = [around(0, 0, 96 - i * 5, i * 45) for i in range(17)]
    sheet.line(smooth([(400 + x, 164 + y * 0.27) for x, y in turns]), darker(colour, 0.3), 5)
    for y in (250, 530):
        sheet.form(rect(280, y, 240, 34, 8), strap, 30)
        sheet.line(rect(382, y - 4, 36, 42, 5), "brass", 7)


def yoga_blocks(sheet: Sheet, colours: list[str]) -> None:
    """Two blocks, one standing on the other."""
    sheet.ground(240)
    spots = scatter(44, 170, 450, 460, 180)
    low = rect(160, 452, 480, 190, 18)
    sheet.form(low, colours[0], 34, 12)
    high = rect(300, 160, 190, 292, 18)
    sheet.form(high, colours[1], 28, 0)
    sheet.dots(spots, 4, darker(colours[0], 0.3), 0.7)
    sheet.dots(scatter(26, 310, 176, 170, 264), 4, darker(colours[1], 0.3), 0.7)


def foam_roller(sheet: Sheet, colour: str) -> None:
    """A ribbed massage roller lying on its side."""
    with sheet.turned(-24):
        barrel = rect(150, 300, 470, 220, 20)
        sheet.cast(barrel, 20, 30)
        sheet.form(barrel, colour, 0, 60)
        with sheet.within(barrel):
            for row in range(4):
                y = 316 + row * 52
                for i in range(6):
                    x = 166 + i * 76 + (38 if row % 2 else 0)
                    sheet.fill(rect(x, y, 58, 34, 10), lighter(colour, 0.22) if row < 3 else colour)
        sheet.form(ellipse(620, 410, 54, 110), darker(colour, 0.12), 8)
        sheet.fill(ellipse(622, 410, 36, 82), darker(colour, 0.5))
        sheet.fill(ellipse(630, 410, 26, 70), darker(colour, 0.62))


def incense(sheet: Sheet, holder: str = "slate", stick: str = "cocoa") -> None:
    """A bowl with burning incense, smoke rising."""
    sheet.ground(190)
    sheet.line(smooth([(520, 176), (500, 130), (540, 90), (516, 40), (540, 0)]), "chalk", 13, 0.7)
    sheet.line(smooth([(520, 176), (540, 120), (510, 70)]), "chalk", 7, 0.5)
    sheet.line("M390 560L520 180", stick, 9)
    sheet.line("M512 206L520 180", "terracotta", 9)
    sheet.line("M372 560L330 250", stick, 9)
    sheet.form(lathe(400, [(190, 520, 6), (170, 590, 60), (100, 634, 20), (96, 642)]), holder, 40, 8)
    sheet.fill(ellipse(400, 520, 190, 30), lighter(holder, 0.25))
    sheet.fill(ellipse(400, 523, 172, 23), "sand")
    sheet.dots(scatter(20, 290, 514, 220, 20), 3, darker("sand", 0.3))


def diffuser(sheet: Sheet, glaze: str, base: str = "oak") -> None:
    """A drop-shaped aroma diffuser with rising mist."""
    sheet.ground(150)
    for x, top in ((370, 40), (400, 10), (432, 50)):
        sheet.line(smooth([(400, 200), (x - 12, 150), (x + 12, 100), (x, top)]), "chalk", 11, 0.75)
    sheet.form(rect(256, 580, 288, 62, 24), base, 36, 8)
    body = lathe(400, [(24, 206, 12), (44, 290, 60), (150, 430, 110), (150, 590, 20)])
    sheet.form(body, glaze, 44, 0)
    with sheet.within(body):
        sheet.line("".join(f"M240 {y}Q400 {y + 34} 560 {y}" for y in range(350, 590, 34)), darker(glaze, 0.14), 5, 0.7)
    sheet.fill(ellipse(400, 208, 22, 6), darker(glaze, 0.5))
    sheet.fill(ellipse(400, 612, 8), "glow")


def robe(sheet: Sheet, colour: str, trim: str = "") -> None:
    """A belted bathrobe on a hanger."""
    edge = trim or darker(colour, 0.14)
    sheet.line("M400 130V100Q400 70 426 70Q450 74 444 96", "zinc", 8)
    sheet.line("M400 130L270 190M400 130L530 190", "oak", 16)
    for s in (-1, 1):
        sleeve = poly(
            [
                (400 + s * 110, 170, 40),
                (400 + s * 180, 210, 50),
                (400 + s * 270, 500, 16),
                (400 + s * 190, 530, 16),
                (400 + s * 120, 320, 20),
            ]
        )
        sheet.cast(sleeve)
        sheet.form(sleeve, darker(colour, 0.06), 14)
        sheet.line(segment(400 + s * 266, 474, 400 + s * 182, 504), edge, 16)
    body = poly(
        [
            (330, 150, 10),
            (470, 150, 10),
            (548, 200, 50),
            (530, 420, 60),
            (560, 720, 14),
            (240, 720, 14),
            (270, 420, 60),
            (252, 200, 50),
        ]
    )
    sheet.cast(body)
    sheet.form(body, colour, 26, 8)
    sheet.fill("M350 150H450L404 400L392 420Z", darker(colour, 0.4))
    sheet.line("M346 150L410 430V716", edge, 24)
    sheet.line("M454 150L404 400", edge, 24)
    sheet.form(rect(262, 416, 276, 36, 6), edge, 20)
    sheet.line("M384 440Q360 520 372 600M416 440Q440 510 430 580", edge, 20)
    sheet.form(rect(374, 408, 52, 52, 12), edge, 12)


def towel_roll(sheet: Sheet, colours: list[str]) -> None:
    """Three rolled towels in a pyramid."""
    sheet.ground(240)
    for (x, y), colour in zip(((284, 528), (516, 528), (400, 334)), colours, strict=True):
        sheet.form(ellipse(x, y, 114), colour, 14, 10)
        spiral = [around(x, y, 96 - i * 5.4, i * 50 + 20) for i in range(17)]
        sheet.line(smooth(spiral), darker(colour, 0.22), 7)


def salts_jar(sheet: Sheet, salt: str, lid: str = "cork") -> None:
    """A round jar of bath salts with a wooden spoon leaning on it."""
    sheet.ground(190)
    body = lathe(380, [(110, 286, 10), (170, 380, 80), (172, 590, 70), (130, 642, 30)])
    sheet.fill(body, "glass", 0.9)
    with sheet.within(body):
        sheet.fill("M200 400Q300 380 380 396T560 392V660H200Z", salt)
        sheet.dots(scatter(40, 216, 412, 330, 220), 9, lighter(salt, 0.45), 0.8)
        sheet.dots(scatter(30, 226, 424, 320, 210), 6, darker(salt, 0.14), 0.8)
        sheet.fill(rect(510, 280, 60, 380), "ink", 0.12)
    sheet.line(body, "chalk", 6, 0.85)
    sheet.form(lathe(380, [(122, 214, 14), (116, 292, 8)]), lid, 30, 0)
    with sheet.turned(22, 610, 640):
        sheet.form(rect(600, 330, 20, 240, 10), "oak", 7)
        sheet.form(ellipse(610, 590, 38, 52), "oak", 10)
    sheet.shine(smooth([(244, 430), (236, 500), (248, 580), (262, 580), (254, 500), (264, 430)], True), 0.7)


def bath_caddy(sheet: Sheet, wood: str = "oak") -> None:
    """A bath caddy across a tub, with a candle and a book."""
    sheet.ground(330, 690)
    sheet.form("M60 480H740Q730 690 560 690H240Q70 690 60 480Z", "chalk", 40, 10, 0.14)
    sheet.form(rect(40, 450, 720, 44, 22), "chalk", 20, 10, 0.2)
    sheet.fill(ellipse(230, 446, 70, 20), "chalk")
    sheet.dots([(180, 432), (216, 418), (262, 424), (292, 440), (236, 440)], 24, "chalk")
    sheet.form(rect(120, 420, 560, 30, 8), wood, 16, 10, 0.26)
    sheet.form(lathe(560, [(44, 330, 6), (44, 412, 14)]), "sage", 14)
    sheet.glow(560, 306, 110)
    sheet.fill(leaf(560, 330, 40, 14, 90), "flame")
    sheet.form(poly([(300, 410), (400, 396, 6), (400, 300), (286, 316)]), "chalk", 0)
    sheet.form(poly([(400, 396), (500, 410), (514, 316), (400, 300)]), darker("chalk", 0.06), 0)
    sheet.line("M310 340L384 330M312 362L384 352M416 330L490 340M416 352L488 362", "fog", 5)
    sheet.line("M286 414L400 402L514 414", "navy", 9)
