"""Things that make coffee and tea."""

import math

from content.catalogue.drawing.colour import darker, lighter
from content.catalogue.drawing.parts import grain, rim, segment, segments, stand
from content.catalogue.drawing.paths import ellipse, lathe, leaf, poly, rect, smooth
from content.catalogue.drawing.sheet import Sheet


def dripper(sheet: Sheet, glaze: str, cup: str = "cream") -> None:
    """A conical coffee dripper standing on a cup."""
    sheet.ground(140)
    sheet.form(lathe(400, [(132, 500), (130, 610, 40), (106, 642, 24)]), cup, 34, 6)
    sheet.fill(ellipse(400, 500, 132, 18), darker(cup, 0.3))
    ring = poly([(500, 268, 16), (640, 262, 70), (636, 400, 80), (470, 420, 16)])
    hole = poly([(500, 300, 16), (606, 296, 50), (602, 372, 60), (470, 390, 16)])
    sheet.form(ring + hole, darker(glaze, 0.06), 10)
    sheet.form(lathe(400, [(222, 196), (214, 230, 60), (76, 446, 30), (66, 486)]), glaze, 44, 4)
    ribs = [(400 + i * 46, 250, 400 + i * 17, 430) for i in range(-4, 5)]
    sheet.line(segments(ribs), darker(glaze, 0.18), 5, 0.7)
    sheet.form(lathe(400, [(176, 472, 12), (176, 500, 12)]), glaze, 36)
    rim(sheet, 400, 196, 222, glaze, lip=14)


def gooseneck_kettle(sheet: Sheet, body: str, handle: str = "walnut") -> None:
    """A pouring kettle with a thin curved spout on the left."""
    sheet.ground(190, cx=430)
    spout = smooth([(310, 560), (226, 548), (196, 470), (206, 380), (184, 306), (128, 290)])
    sheet.line(spout, darker(body, 0.1), 30)
    sheet.line(spout, body, 18)
    sheet.line("M556 330H664Q690 332 688 362L668 560", darker(handle, 0.1), 28)
    sheet.line("M664 330Q690 332 688 362L668 560", handle, 20)
    sheet.form(lathe(440, [(104, 304, 8), (120, 330, 20), (172, 580, 30), (176, 624, 16), (160, 642, 12)]), body, 44, 6)
    sheet.form(lathe(440, [(30, 262, 10), (96, 276, 20), (112, 308, 6)]), lighter(body, 0.12), 26, 0)
    sheet.form(lathe(440, [(14, 262), (10, 242), (30, 226, 14), (26, 204, 12)][::-1]), handle, 14)
    sheet.shine(poly([(330, 360, 6), (346, 360, 6), (316, 560, 6), (298, 560, 6)]), 0.4)


def round_teapot(sheet: Sheet, glaze: str, knob: str = "") -> None:
    """A round porcelain teapot, its spout on the left."""
    sheet.ground(180)
    spout = [
        (260, 560, 50),
        (176, 500, 50),
        (150, 384, 30),
        (86, 346, 8),
        (108, 322, 8),
        (196, 338, 60),
        (300, 430, 40),
    ]
    sheet.form(poly(spout), glaze, 0, 12)
    ring = poly([(540, 376, 20), (700, 350, 80), (706, 556, 100), (530, 580, 20)])
    hole = poly([(540, 410, 20), (660, 392, 60), (664, 520, 70), (530, 540, 20)])
    sheet.form(ring + hole, darker(glaze, 0.06), 14)
    sheet.form(lathe(400, [(90, 336), (196, 360, 90), (204, 560, 110), (116, 634, 30), (110, 642)]), glaze, 30, 8)
    sheet.form(lathe(400, [(24, 280, 8), (80, 296, 30), (104, 342, 8)]), lighter(glaze, 0.14), 26, 0)
    sheet.form(ellipse(400, 262, 27), knob or glaze, 12)
    sheet.shine(smooth([(232, 450), (240, 540), (280, 588), (258, 530), (256, 450)], True), 0.35)


def iron_teapot(sheet: Sheet, iron: str = "iron") -> None:
    """A low cast-iron teapot with studs and a hoop handle."""
    sheet.ground(190)
    sheet.line("M232 420Q214 170 400 164Q586 170 568 420", darker(iron, 0.1), 20)
    sheet.form(poly([(240, 500, 30), (140, 420, 20), (110, 384, 6), (150, 372, 6), (270, 440, 30)]), iron, 0, 12)
    body = lathe(400, [(110, 388), (216, 420, 80), (226, 560, 110), (130, 636, 30), (126, 642)])
    sheet.form(body, iron, 50, 10)
    studs = [(400 + c * 34 + (17 if r % 2 else 0), 456 + r * 30) for r in range(5) for c in range(-6, 6)]
    with sheet.within(lathe(400, [(200, 440), (214, 480, 60), (206, 560, 60), (140, 600)])):
        sheet.dots(studs, 9, lighter(iron, 0.14))
    sheet.form(lathe(400, [(20, 344, 8), (90, 356, 24), (116, 394, 6)]), lighter(iron, 0.1), 26, 0)
    sheet.form(ellipse(400, 330, 22), "brass", 9)
    for x in (232, 568):
        sheet.form(rect(x - 18, 398, 36, 46, 12), darker(iron, 0.1), 8)


def hand_grinder(sheet: Sheet, body: str = "steel", wood: str = "walnut") -> None:
    """A slim coffee grinder with a crank on top."""
    sheet.ground(110)
    sheet.line("M400 176L590 148", "zinc", 18)
    sheet.line("M590 148V110", "zinc", 10)
    sheet.form(lathe(590, [(20, 46, 16), (30, 76, 20), (20, 112, 8)]), wood, 12)
    sheet.form(lathe(400, [(22, 164, 8), (22, 200)]), "zinc", 10)
    sheet.form(lathe(400, [(70, 196, 14), (86, 236, 6)]), wood, 26)
    sheet.form(lathe(400, [(88, 236, 4), (88, 440, 4)]), body, 30)
    sheet.form(lathe(400, [(94, 400, 8), (94, 462, 8)]), wood, 30)
    sheet.form(lathe(400, [(86, 462), (88, 626, 14), (80, 642, 14)]), darker(body, 0.08), 30)
    sheet.shine(rect(330, 254, 14, 128, 7), 0.5)
    sheet.shine(rect(330, 484, 14, 120, 7), 0.4)


def moka_pot(sheet: Sheet, body: str = "steel", handle: str = "charcoal") -> None:
    """An eight-sided stovetop pot."""
    sheet.ground(150)
    sheet.line("M508 300H630Q652 302 648 330L626 480", handle, 34)
    sheet.form(poly([(258, 402), (544, 402), (560, 642, 8), (242, 642, 8)]), body, 0, 6)
    sheet.form(
        poly([(286, 252, 4), (212, 262, 4), (196, 246, 6), (256, 240, 4), (528, 240), (508, 404), (296, 404)]),
        body,
        0,
        6,
    )
    for d, share in (("M420 240H528L508 404H424Z", 0.14), ("M480 240H528L508 404H470Z", 0.26),
                     ("M424 414H544L560 642H440Z", 0.14), ("M492 414H544L560 642H506Z", 0.26)):  # fmt: skip
        sheet.fill(d, darker(body, share))
    sheet.fill("M296 240H344L352 404H316Z", lighter(body, 0.4), 0.7)
    sheet.fill("M268 414H324L316 642H254Z", lighter(body, 0.4), 0.7)
    sheet.fill(rect(250, 396, 302, 24, 8), darker(body, 0.3))
    sheet.form(lathe(401, [(16, 184, 6), (120, 212, 10), (130, 244, 4)]), lighter(body, 0.12), 40)
    sheet.form(lathe(401, [(24, 144, 10), (14, 190, 4)]), handle, 12)
    sheet.fill(ellipse(300, 480, 12), "brass")


def french_press(sheet: Sheet, frame: str = "steel", wood: str = "oak") -> None:
    """A glass plunger pot two thirds full of coffee."""
    sheet.ground(150, cx=380)
    sheet.line("M512 320H596Q622 322 622 350V520Q622 548 596 550H512", frame, 16)
    sheet.line("M622 366V504", wood, 36)
    glass = lathe(380, [(128, 250), (128, 630, 16)])
    sheet.fill(glass, "glass", 0.85)
    with sheet.within(glass):
        sheet.fill(rect(252, 392, 256, 240), "coffee")
        sheet.fill(rect(470, 392, 40, 240), darker("coffee", 0.35))
        sheet.fill(ellipse(380, 392, 128, 17), "tan")
        sheet.fill(rect(262, 326, 236, 14, 7), "zinc")
    sheet.line(segment(380, 340, 380, 120), "zinc", 10)
    sheet.form(ellipse(380, 104, 28), wood, 12)
    sheet.form(lathe(380, [(40, 188, 20), (124, 206, 30), (138, 254, 6)]), frame, 36, 0)
    for x in (246, 366, 490):
        sheet.fill(rect(x, 254, 22, 380), darker(frame, 0.12) if x > 250 else frame)
    sheet.form(rect(234, 596, 292, 46, 12), frame, 40)
    sheet.fill(rect(238, 356, 284, 18, 4), frame)
    sheet.shine(rect(284, 410, 14, 170, 7), 0.3)


def whisk(sheet: Sheet, wood: str = "bamboo") -> None:
    """A split bamboo tea whisk, its tines up."""
    sheet.ground(80)
    for i in range(-7, 8):
        spread = 15 * i
        d = smooth([(400 + i * 6, 446), (400 + spread * 0.98, 330), (400 + spread, 230), (400 + spread * 0.78, 160)])
        sheet.line(d, darker(wood, 0.06 + 0.02 * (i + 7)), 7)
    for i in range(-4, 5):
        sheet.line(smooth([(400 + i * 9, 440), (400 + i * 13, 320), (400 + i * 7, 210)]), lighter(wood, 0.25), 5)
    sheet.form(lathe(400, [(56, 440, 8), (62, 480, 10), (62, 624, 14), (54, 642, 12)]), wood, 24)
    sheet.fill(rect(342, 436, 116, 18, 8), "charcoal")
    sheet.fill(rect(340, 540, 120, 6), darker(wood, 0.25))
    sheet.line("M358 566V620M386 560V626", darker(wood, 0.16), 3)


def milk_jug(sheet: Sheet, body: str = "steel") -> None:
    """A frothing jug with a sharp lip on the left."""
    sheet.ground(150, cx=390)
    ring = poly([(500, 300, 16), (636, 300, 60), (620, 560, 80), (520, 570, 16)])
    hole = poly([(500, 332, 16), (602, 334, 44), (588, 524, 56), (520, 536, 16)])
    sheet.form(ring + hole, darker(body, 0.1), 10)
    body_path = [(276, 232, 40), (216, 190, 10), (200, 204, 6), (246, 330, 60), (212, 540, 90), (240, 642, 40),
                 (540, 642, 40), (566, 540, 90), (520, 330, 60), (520, 226, 8)]  # fmt: skip
    sheet.form(poly(body_path), body, 44, 6)
    sheet.fill(
        smooth([(214, 198), (300, 216), (400, 210), (516, 228), (400, 246), (290, 238)], True), darker(body, 0.35)
    )
    sheet.shine(smooth([(270, 360), (256, 460), (254, 560), (270, 580), (278, 470), (292, 360)], True), 0.6)


def hourglass_server(sheet: Sheet, wood: str = "oak", level: float = 540) -> None:
    """A waisted glass coffee maker with a wooden collar tied on."""
    sheet.ground(160)
    body = lathe(400, [(156, 150), (60, 350, 60), (66, 400, 60), (186, 570, 60), (150, 642, 40)])
    sheet.fill(body, "glass", 0.85)
    with sheet.within(body):
        sheet.fill(rect(200, level, 400, 200), "coffee")
        sheet.fill(ellipse(400, level, 164, 20), "tan")
        sheet.fill("M560 660L600 480H640V700Z", "ink", 0.2)
    sheet.line(ellipse(400, 150, 154, 20), "chalk", 7, 0.9)
    sheet.line(body, "chalk", 5, 0.6)
    collar = lathe(400, [(98, 290, 8), (66, 356, 30), (96, 424, 8)])
    sheet.form(collar, wood, 26)
    grain(sheet, collar, wood, (314, 336, 380, 402))
    sheet.line("M330 356H470", "cocoa", 12)
    sheet.line("M400 358L384 402M400 358L420 396", "cocoa", 6)
    sheet.fill(ellipse(400, 358, 15), "tan")
    sheet.shine(poly([(270, 180, 6), (288, 180, 6), (336, 276, 6), (322, 276, 6)]), 0.7)


def paper_filters(sheet: Sheet, paper: str = "chalk") -> None:
    """Three crimped cone papers, one over another."""
    for turn, shade in ((-24, 0.14), (20, 0.07), (-3, 0.0)):
        with sheet.turned(turn, 400, 640):
            d = "M318 640L158 300Q400 166 642 300L482 640Z"
            colour = darker(paper, shade)
            sheet.cast(d, 8, 14)
            sheet.fill(d, colour)
            sheet.fill("M448 640L606 282L642 300L482 640Z", darker(colour, 0.08))
            sheet.fill("M330 640L320 608H494L482 640Z", darker(colour, 0.08))
            sheet.line("M466 628L622 296M334 624H474", darker(colour, 0.26), 4, 1, "2 11")
            sheet.line("M176 318Q400 196 600 306", darker(colour, 0.12), 4)


def coffee_bag(sheet: Sheet, bag: str = "kraft", label: str = "rust", band: str = "cream") -> None:
    """A gusseted bag of beans with a folded top and a valve."""
    sheet.ground(170)
    body = poly([(256, 244, 10), (544, 244, 10), (566, 600, 30), (556, 642, 14), (244, 642, 14), (234, 600, 30)])
    sheet.form(body, bag, 42, 6)
    with sheet.within(body):
        sheet.line("M262 300L300 640M538 300L500 640", darker(bag, 0.16), 5, 0.7)
    sheet.form(poly([(250, 164, 8), (550, 164, 8), (552, 250, 6), (248, 250, 6)]), lighter(bag, 0.1), 40, 6)
    sheet.fill(rect(240, 206, 320, 18, 8), darker(bag, 0.4))
    sheet.fill(ellipse(400, 296, 15), darker(bag, 0.28))
    sheet.dots([(395, 296), (405, 296)], 3, bag)
    sheet.form(rect(290, 348, 220, 220, 6), label, 20, 0, 0.1)
    sheet.fill(ellipse(400, 434, 42, 56), band)
    sheet.line(smooth([(394, 384), (412, 420), (390, 450), (406, 486)]), label, 8)
    sheet.line("M330 520H470M356 544H444", band, 7)


def scoop(sheet: Sheet, metal: str = "brass") -> None:
    """A measuring scoop with a long handle, a few beans beside it."""
    with sheet.turned(-36):
        handle = poly([(420, 384, 10), (700, 380, 20), (716, 400, 10), (700, 420, 20), (420, 416, 10)])
        bowl = ellipse(300, 400, 150, 138)
        sheet.cast(handle)
        sheet.cast(bowl)
        sheet.form(handle, metal, 0, 10)
        sheet.fill(ellipse(688, 400, 8), sheet.backdrop)
        sheet.form(bowl, metal, 16, 14)
        sheet.fill(ellipse(296, 398, 124, 112), darker(metal, 0.4))
        with sheet.within(ellipse(296, 398, 124, 112)):
            for i in range(11):
                x, y = 206 + (i * 71) % 180, 320 + (i * 47) % 160
                with sheet.turned(i * 40, x, y):
                    _bean(sheet, x, y)
    for x, y, turn in ((560, 540, 20), (628, 596, -40), (520, 630, 70)):
        with sheet.turned(turn, x, y):
            sheet.cast(ellipse(x, y, 30, 21), 6, 8)
            _bean(sheet, x, y)


def _bean(sheet: Sheet, x: float, y: float) -> None:
    sheet.fill(ellipse(x, y, 30, 21), "coffee")
    sheet.line(f"M{x - 24} {y}q12 -10 24 0t24 0", lighter("coffee", 0.3), 4)


def strainer(sheet: Sheet, metal: str = "steel", wood: str = "walnut") -> None:
    """A hemispherical tea strainer with a handle, resting on a small dish."""
    sheet.ground(170, cx=330)
    sheet.form(lathe(330, [(170, 560, 8), (120, 630, 40), (90, 642, 8)]), "cream", 36)
    sheet.fill(ellipse(330, 560, 170, 24), lighter("cream", 0.4))
    mesh = "M170 390A160 190 0 0 0 490 390Z"
    sheet.form(mesh, metal, 30)
    with sheet.within(mesh):
        for i in range(-9, 10):
            a, b = 330 + i * 26, 330 + i * 26 + 150
            sheet.line(f"M{a} 380L{b} 600M{a} 380L{a - 150} 600", darker(metal, 0.35), 3, 0.7)
    sheet.line("M480 384L730 318", metal, 16)
    sheet.form(poly([(560, 348, 14), (734, 300, 18), (742, 330, 18), (568, 378, 14)]), wood, 0, 10)
    sheet.form(rect(154, 372, 352, 30, 14), metal, 26)
    for x, y, turn in ((262, 366, 20), (318, 358, 70), (380, 362, 130)):
        sheet.fill(leaf(x, y, 60, 18, turn), "fern")


def tray(sheet: Sheet, wood: str = "walnut") -> None:
    """A tea tray with raised ends, a small pot's ring of light on it, seen from above."""
    outer = rect(110, 220, 580, 360, 34)
    sheet.cast(outer)
    sheet.form(outer, wood, 14, 14, 0.26)
    inner = rect(138, 248, 524, 304, 20)
    sheet.fill(inner, darker(wood, 0.2))
    sheet.form(rect(146, 258, 516, 294, 16), lighter(wood, 0.08), -8, -8, 0.2)
    grain(sheet, rect(146, 258, 508, 286, 16), wood, (288, 326, 360, 402, 440, 480, 520), 140, 660)
    for x in (124, 652):
        sheet.fill(rect(x, 340, 24, 120, 12), sheet.backdrop)
    sheet.cast(ellipse(310, 390, 84), 10, 14)
    sheet.form(ellipse(310, 390, 84), "cream", 12, 8)
    sheet.fill(ellipse(310, 390, 68), "matcha")
    sheet.line(ellipse(310, 390, 44), lighter("matcha", 0.4), 5, 0.7, "40 30")
    sheet.cast(ellipse(500, 440, 56), 10, 14)
    sheet.form(ellipse(500, 440, 56), "sage", 10, 8)
    sheet.fill(ellipse(500, 440, 43), "amber")


def pourer_stand(sheet: Sheet, wood: str = "oak", metal: str = "brass") -> None:
    """A frame that holds a glass cone over a cup."""
    sheet.ground(190)
    stand(sheet, 400, 642, 170, wood, 40)
    sheet.line("M560 620V210H470", metal, 16)
    sheet.line(ellipse(400, 250, 112, 16), metal, 12)
    sheet.fill(lathe(400, [(130, 190), (20, 400, 10), (14, 440)]), "glass", 0.9)
    sheet.fill(lathe(400, [(96, 250), (18, 392, 10)]), "coffee", 0.85)
    sheet.form(lathe(400, [(80, 480), (76, 590, 30), (60, 602, 10)]), "cream", 24)
    sheet.fill(ellipse(400, 480, 80, 12), "coffee")
    sheet.line(segment(400, 446, 400, 480), "coffee", 5)


def infuser_ball(sheet: Sheet, metal: str = "steel") -> None:
    """A perforated ball on a chain, with a hook."""
    links = smooth([(300, 380), (330, 260), (440, 200), (540, 260), (560, 340)])
    ball = ellipse(300, 510, 136)
    sheet.cast(ball)
    sheet.cast_line(links, 10)
    sheet.line(links, "zinc", 12, 1, "1 18")
    sheet.line("M560 340Q600 350 592 392Q580 420 556 404", metal, 10)
    sheet.form(ball, metal, 34, 14)
    sheet.fill(rect(160, 500, 280, 18, 8), darker(metal, 0.25))
    holes = []
    for row in range(-4, 5):
        half = math.sqrt(max(0, 118**2 - (row * 26) ** 2))
        count = int(half // 15)
        holes += [(300 + (i - (count - 1) / 2) * 28, 509 + row * 26) for i in range(count) if row]
    sheet.dots(holes, 5, "slate")
    sheet.form(rect(286, 362, 28, 26, 8), "zinc", 8)
