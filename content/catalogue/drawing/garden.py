"""Garden tools, pots and what birds and plants need."""

from content.catalogue.drawing.colour import darker, lighter
from content.catalogue.drawing.parts import grain, scatter, segment, segments, sprig
from content.catalogue.drawing.paths import around, ellipse, lathe, leaf, poly, rect, smooth
from content.catalogue.drawing.sheet import Sheet


def watering_can(sheet: Sheet, body: str, trim: str = "") -> None:
    """A watering can, its rose to the left."""
    trim = trim or darker(body, 0.2)
    sheet.ground(180, cx=460)
    sheet.line("M360 560L170 300", darker(body, 0.1), 40)
    sheet.line("M356 552L170 298", body, 26)
    with sheet.turned(-38, 150, 270):
        sheet.form(poly([(118, 286, 6), (182, 286, 6), (214, 226, 6), (86, 226, 6)]), body, 12)
        sheet.fill(ellipse(150, 226, 66, 13), lighter(trim, 0.2))
        sheet.dots([(110 + i * 20, 226) for i in range(5)], 4, darker(trim, 0.5))
    sheet.line("M600 350Q730 380 716 480Q700 580 596 590", trim, 22)
    sheet.line("M350 350Q370 200 470 196Q570 200 590 350", trim, 22)
    sheet.form(lathe(466, [(130, 330, 8), (136, 400), (146, 616, 20), (140, 642, 14)]), body, 46, 6)
    sheet.fill(ellipse(466, 332, 130, 18), darker(body, 0.35))
    sheet.fill("M330 330Q400 300 466 312Q520 318 560 320A130 18 0 0 1 336 334Z", lighter(body, 0.1))
    for y in (392, 596):
        sheet.fill(rect(324 if y > 500 else 330, y, 284 if y > 500 else 272, 10), darker(body, 0.22), 0.7)
    sheet.shine(rect(352, 424, 18, 150, 9), 0.4)


def trowel(sheet: Sheet, wood: str = "ash", blade: str = "steel", narrow: bool = False) -> None:
    """A hand trowel with a wooden handle."""
    with sheet.turned(38):
        w = 58 if narrow else 92
        scoop = poly(
            [(400 - w * 0.8, 440, 40), (400 + w * 0.8, 440, 40), (400 + w, 560, 60), (400, 780, 30), (400 - w, 560, 60)]
        )
        grip = lathe(400, [(26, 20, 22), (34, 90, 40), (24, 190, 30), (32, 280, 14), (24, 300, 6)])
        for part in (scoop, grip):
            sheet.cast(part, 20, 8)
        sheet.line("M400 290V470", darker(blade, 0.2), 24)
        sheet.line("M398 290V470", blade, 14)
        sheet.form(scoop, blade, 16)
        sheet.fill(smooth([(400, 450), (410, 580), (400, 760), (390, 580)], True), darker(blade, 0.2))
        sheet.form(grip, wood, 12)
        sheet.fill(rect(374, 274, 52, 28, 4), "brass")
        sheet.line(ellipse(400, 26, 22), "tan", 6)


def hand_fork(sheet: Sheet, wood: str = "ash", metal: str = "iron") -> None:
    """A three-tined hand fork."""
    with sheet.turned(-36):
        grip = lathe(400, [(26, 30, 22), (34, 100, 40), (24, 200, 30), (32, 290, 14), (24, 310, 6)])
        sheet.cast(grip, 4, 20)
        tines = "M400 310V470M400 470V720M400 470Q322 474 322 560V700M400 470Q478 474 478 560V700"
        sheet.cast_line(tines, 20)
        sheet.line(tines, darker(metal, 0.2), 26)
        sheet.line(tines, lighter(metal, 0.14), 14)
        sheet.form(grip, wood, 12)
        sheet.fill(rect(374, 286, 52, 28, 4), "brass")


def secateurs(sheet: Sheet, grip: str = "brick", blade: str = "steel") -> None:
    """Bypass pruners, half open."""
    with sheet.turned(24):
        cutter = poly([(372, 380, 20), (352, 250, 60), (420, 110, 20), (452, 240, 80), (436, 390, 20)])
        hook = poly(
            [
                (380, 400, 20),
                (438, 380, 16),
                (500, 250, 50),
                (486, 150, 20),
                (540, 220, 50),
                (510, 360, 60),
                (430, 440, 20),
            ]
        )
        arms = [
            poly([(370, 380, 20), (430, 400, 20), (372, 560, 90), (392, 730, 30), (340, 736, 30), (310, 560, 90)]),
            poly([(376, 410, 20), (436, 376, 20), (512, 540, 90), (520, 720, 30), (468, 730, 30), (452, 560, 80)]),
        ]
        for part in (*arms, hook, cutter):
            sheet.cast(part)
        sheet.form(hook, darker(blade, 0.25), 10)
        for arm in arms:
            sheet.form(arm, grip, 12)
        sheet.form(cutter, blade, 14)
        sheet.line("M398 500q22 14 0 26q22 14 0 26q22 14 0 26", "zinc", 8)
        sheet.fill(ellipse(404, 396, 26), "zinc")
        sheet.fill(ellipse(404, 396, 11), "charcoal")


def pot(sheet: Sheet, body: str, plant: str = "", saucer: bool = True) -> None:
    """A flower pot with a rolled rim; plant is none, herb, fig, cactus or bulb."""
    sheet.ground(170)
    top = 420 if plant else 330
    _plant(sheet, plant, top)
    if saucer:
        sheet.form(lathe(400, [(168, 606, 8), (150, 640, 14), (140, 644)]), darker(body, 0.08), 26)
    half = 168
    sheet.form(lathe(400, [(half - 14, top + 40), (116, 616, 18), (110, 626)]), body, 40, 6)
    sheet.form(lathe(400, [(half, top, 8), (half - 4, top + 64, 8)]), lighter(body, 0.1), 36, 4)
    sheet.fill(rect(400 - half + 12, top + 60, 2 * half - 24, 10), darker(body, 0.3), 0.5)
    if not plant:
        sheet.fill(ellipse(400, top + 4, half - 4, 20), lighter(body, 0.2))
        sheet.fill(ellipse(400, top + 6, half - 18, 14), darker(body, 0.42))


def _plant(sheet: Sheet, plant: str, y: float) -> None:
    if plant == "herb":
        for x, height, lean, colour in ((350, 220, -60, "leaf"), (450, 210, 66, "leaf"), (400, 280, 6, "fern")):
            sprig(sheet, x, y + 10, height, lean, colour)
    elif plant == "fig":
        sheet.line(smooth([(400, y + 10), (392, y - 120), (404, y - 270)]), "cocoa", 12)
        for dy, turn, size in (
            (70, 20, 150),
            (90, 160, 150),
            (160, 35, 160),
            (180, 145, 160),
            (250, 55, 130),
            (262, 120, 130),
            (280, 88, 120),
        ):
            sheet.fill(leaf(398, y - dy, size, size * 0.38, turn), "fern" if turn < 90 else "forest")
            sheet.line(segment(398, y - dy, *around(398, y - dy, size * 0.8, turn)), "leaf", 4)
    elif plant == "cactus":
        for x, top, low, width in ((400, 160, 430, 110), (290, 260, 330, 60), (505, 220, 300, 60)):
            sheet.form(
                rect(x - width / 2, y - 420 + top, width, low - top + (0 if width < 100 else 10), width / 2),
                "fern",
                width * 0.2,
            )
        sheet.line(f"M290 {y - 110}Q290 {y - 70} 350 {y - 70}M505 {y - 140}Q505 {y - 96} 450 {y - 96}", "fern", 46)
        sheet.dots([(x, yy) for x in (376, 400, 424) for yy in range(int(y) - 220, int(y), 44)], 4, "cream")
        sheet.fill(ellipse(400, y - 262, 26, 18), "rose")
    elif plant == "bulb":
        for turn, size in ((70, 190), (110, 190), (90, 150)):
            sheet.fill(leaf(400, y + 10, size, 30, turn), "leaf")
        for x, height, colour in ((360, 270, "lavender"), (400, 310, "rose"), (446, 280, "lavender")):
            sheet.line(segment(400, y, x, y - height), "fern", 8)
            sheet.fill(
                poly(
                    [
                        (x - 34, y - height - 50),
                        (x - 14, y - height - 24),
                        (x, y - height - 60),
                        (x + 14, y - height - 24),
                        (x + 34, y - height - 50),
                        (x + 28, y - height + 20, 30),
                        (x - 28, y - height + 20, 30),
                    ],
                    0,
                ),
                colour,
            )


def hanging_planter(sheet: Sheet, body: str, cord: str = "oat") -> None:
    """A bowl that hangs in knotted cords, trailing leaves."""
    sheet.line("M400 0V110", cord, 10)
    for x in (230, 400, 570):
        sheet.line(segment(400, 110, x, 440), darker(cord, 0.06), 9)
    sheet.form(ellipse(400, 116, 20), "oak", 8)
    for x, turn in ((330, 120), (380, 100), (430, 78), (480, 55), (300, 145), (510, 35)):
        sheet.fill(leaf(x, 430, 130, 36, turn), "leaf" if turn < 90 else "fern")
    sheet.form("M200 420H600Q604 610 400 620Q196 610 200 420Z", body, 44, 8)
    sheet.form(rect(188, 410, 424, 30, 12), lighter(body, 0.12), 30)
    for x, low in ((240, 650), (320, 700), (540, 680)):
        sheet.line(smooth([(x, 430), (x - 14, 520), (x + 10, 600), (x, low)]), "forest", 5)
        for i in range(4):
            sheet.fill(leaf(x, 480 + i * (low - 480) / 4, 46, 18, -40 if i % 2 else -140), "leaf")
    sheet.line("M230 440Q300 600 400 640M570 440Q500 600 400 640M400 640V700", cord, 8)
    sheet.fill(ellipse(400, 640, 15), cord)


def seed_packets(sheet: Sheet, colours: list[str]) -> None:
    """Three paper packets in a fan, each with its plant on it."""
    for i, colour in enumerate(colours):
        with sheet.turned(-20 + i * 20, 400, 760):
            packet = rect(268, 190, 264, 390, 6)
            sheet.cast(packet)
            sheet.form(packet, colour, 12, 8)
            sheet.fill("M268 196Q268 190 274 190H526Q532 190 532 196V236L400 262L268 236Z", darker(colour, 0.16))
            sheet.fill(ellipse(400, 410, 96), "cream")
            sprig(sheet, 400, 490, 140, (-10, 14, 0)[i], ("leaf", "fern", "moss")[i], 3)
            if i == 2:
                sheet.fill(ellipse(400, 350, 26), "honey")
            sheet.line("M330 538H470", lighter(colour, 0.5), 8)


def trug(sheet: Sheet, wood: str = "ash") -> None:
    """A shallow wooden basket with a hoop handle, vegetables in it."""
    sheet.ground(260)
    sheet.line("M290 480Q280 180 400 176Q520 180 510 480", darker(wood, 0.3), 26)
    for x, turn in ((220, 60), (250, 84), (280, 110)):
        sheet.fill(leaf(x, 470, 150, 36, turn), "leaf")
    for x, colour, r in ((330, "brick", 58), (440, "honey", 66), (540, "terracotta", 58)):
        sheet.form(ellipse(x, 450, r), colour, 14, 6)
        sheet.line(segment(x, 450 - r, x + 8, 432 - r), "fern", 9)
    body = "M120 430Q140 630 260 640H540Q660 630 680 430Q400 500 120 430Z"
    sheet.form(body, wood, 30, 10)
    with sheet.within(body):
        sheet.line("M110 490Q400 560 690 490M130 560Q400 610 670 560", darker(wood, 0.26), 6)
    sheet.line("M122 432Q400 502 678 432", darker(wood, 0.2), 20)
    sheet.line("M284 640V480Q280 190 400 186Q520 190 516 480V640", darker(wood, 0.14), 28)
    sheet.dots([(284, 500), (516, 500), (284, 600), (516, 600)], 7, "brass")


def bird_feeder(sheet: Sheet, roof: str, wood: str = "oak") -> None:
    """A hanging feeder: roof, glass of seeds, tray and a small bird."""
    sheet.line("M400 0V150", "charcoal", 7)
    glass = rect(310, 270, 180, 270, 8)
    sheet.fill(glass, "glass", 0.8)
    with sheet.within(glass):
        sheet.fill("M310 360Q360 330 400 350T490 350V540H310Z", "honey")
        sheet.dots(scatter(40, 316, 366, 168, 160), 6, "cocoa", 0.7)
    sheet.line(glass, "chalk", 5, 0.7)
    sheet.form(poly([(400, 120, 16), (580, 262, 12), (566, 286, 10), (234, 286, 10), (220, 262, 12)]), roof, 60, 8)
    sheet.form(poly([(210, 540, 10), (590, 540, 10), (566, 590, 14), (234, 590, 14)]), wood, 24, 8)
    sheet.fill(rect(386, 590, 28, 26, 6), darker(wood, 0.3))
    bird = smooth(
        [(520, 500), (546, 450), (586, 440), (612, 468), (660, 470), (726, 500), (650, 520), (600, 540), (548, 536)],
        True,
    )
    sheet.form(bird, "denim", 6, 10)
    sheet.fill(smooth([(522, 500), (548, 486), (584, 510), (590, 536), (550, 536)], True), "honey")
    sheet.fill("M534 466L506 476L536 484Z", "charcoal")
    sheet.fill(ellipse(558, 466, 6), "ink")


def nest_box(sheet: Sheet, wood: str = "oak", roof: str = "slate") -> None:
    """A nest box with a round hole and a perch."""
    post = rect(376, 110, 48, 590, 10)
    sheet.cast(post)
    sheet.form(post, darker(wood, 0.3), 12)
    sheet.cast(poly([(250, 300), (400, 180), (550, 300), (550, 640), (250, 640)]))
    front = poly([(250, 290), (400, 180), (550, 290), (550, 640, 6), (250, 640, 6)])
    sheet.form(front, wood, 30, 8)
    grain(sheet, front, wood, (330, 390, 450, 530, 590), 250, 550)
    sheet.form(
        poly([(400, 130, 8), (604, 290, 8), (586, 326, 8), (400, 186), (214, 326, 8), (196, 290, 8)]), roof, 30, 10
    )
    sheet.fill(ellipse(400, 400, 56), darker(wood, 0.25))
    sheet.fill(ellipse(403, 404, 47), "ink")
    sheet.cast_line("M400 500V500", 26)
    sheet.fill(ellipse(400, 498, 14), darker(wood, 0.35))
    sheet.dots([(272, 620), (528, 620)], 6, "charcoal")


def twine(sheet: Sheet, fibre: str = "kraft", wood: str = "oak") -> None:
    """A spool of twine with a loose end."""
    sheet.ground(170)
    sheet.form(rect(240, 596, 320, 46, 14), wood, 30, 8)
    coil = lathe(400, [(116, 250, 20), (136, 420, 60), (116, 600, 20)])
    sheet.form(coil, fibre, 40, 0)
    with sheet.within(coil):
        sheet.line("".join(f"M250 {y}L550 {y + 34}" for y in range(210, 610, 22)), darker(fibre, 0.22), 6, 0.8)
        sheet.line("".join(f"M250 {y + 120}L550 {y}" for y in range(270, 470, 34)), lighter(fibre, 0.25), 6, 0.8)
    sheet.form(rect(240, 206, 320, 50, 14), wood, 30, 8)
    sheet.fill(ellipse(400, 212, 40, 7), darker(wood, 0.4))
    sheet.line(smooth([(520, 520), (600, 540), (620, 610), (680, 630), (720, 600)]), darker(fibre, 0.1), 8)


def mister(sheet: Sheet, glass: str, metal: str = "brass") -> None:
    """A plant mister with a finger trigger."""
    sheet.ground(140)
    sheet.line("M400 250V180", metal, 22)
    sheet.form(poly([(290, 136, 8), (470, 130, 20), (500, 170, 20), (440, 196, 14), (300, 172, 8)]), metal, 12, 8)
    sheet.line("M330 180Q316 230 340 262", metal, 13)
    sheet.dots([(256, 150), (226, 134), (226, 166), (190, 118), (190, 150), (190, 184)], 6, "sky")
    body = lathe(400, [(48, 250, 8), (56, 300, 20), (140, 400, 70), (150, 600, 40), (130, 642, 30)])
    sheet.fill(body, glass, 0.9)
    with sheet.within(body):
        sheet.fill("M240 470Q320 456 400 470T560 470V660H240Z", darker(glass, 0.2), 0.8)
        sheet.fill(rect(500, 300, 80, 360), "ink", 0.12)
        sheet.line("M400 250V620", "chalk", 7, 0.7)
        ribs = [(x, 380, x, 640) for x in range(270, 540, 30)]
        sheet.line(segments(ribs), "chalk", 3, 0.35)
    sheet.form(rect(346, 236, 108, 36, 8), metal, 20)
    sheet.shine(smooth([(286, 430), (276, 500), (284, 590), (298, 590), (294, 500), (304, 430)], True), 0.6)


def gloves(sheet: Sheet, palm: str, cuff: str) -> None:
    """A pair of garden gloves, one over the other."""
    for x, turn in ((90, 14), (-50, -10)):
        with sheet.turned(turn, 400 + x, 560), sheet.moved(x, 0):
            fingers = "M320 420L300 250M370 400L366 210M424 400L436 220M470 420L500 270"
            sheet.cast_line(fingers, 58)
            hand = rect(292, 370, 212, 210, 50)
            sheet.cast(hand)
            sheet.form(hand, palm, 18, 6)
            for d in (
                "M320 420L300 250",
                "M370 400L366 210",
                "M424 400L436 220",
                "M470 420L500 270",
                "M322 504L236 420",
            ):
                sheet.line(d, darker(palm, 0.2), 58)
                sheet.line(d, palm, 49)
            wrist = poly([(300, 560, 8), (498, 560, 8), (516, 690, 12), (284, 690, 12)])
            sheet.cast(wrist)
            sheet.form(wrist, cuff, 18, 8)
            sheet.line("M300 590H500M294 664H506", lighter(cuff, 0.4), 5, 0.9, "10 9")


def plant_labels(sheet: Sheet, metal: str = "brass") -> None:
    """Three markers stuck in a mound of earth, a seedling between them."""
    sheet.ground(260)
    for x, y, turn, colour in ((270, 300, -8, metal), (530, 280, 7, metal), (400, 220, 0, "slate")):
        with sheet.turned(turn, x, 600):
            sheet.form(rect(x - 7, y + 80, 14, 250), darker(colour, 0.2), 5)
            sheet.form(
                poly([(x - 74, y, 16), (x + 74, y, 16), (x + 74, y + 110, 16), (x - 74, y + 110, 16)]), colour, 16, 6
            )
            sheet.line(f"M{x - 44} {y + 42}H{x + 44}M{x - 44} {y + 70}H{x + 14}", lighter(colour, 0.6), 7)
    sprig(sheet, 338, 590, 110, -6, "leaf", 2)
    sprig(sheet, 470, 590, 96, 6, "leaf", 2)
    sheet.form("M110 642Q150 560 280 556Q400 530 520 556Q650 560 690 642Z", "soil", 20, -10)
    sheet.dots(scatter(30, 180, 580, 440, 50), 6, lighter("soil", 0.2))


def raised_bed(sheet: Sheet, wood: str = "oak") -> None:
    """A timber bed on legs with rows of young plants."""
    sheet.ground(290)
    for i in range(4):
        sprig(sheet, 190 + i * 140, 400, 170 + (i % 3) * 36, (-8, 6, 10)[i % 3], ("leaf", "fern", "moss")[i % 3], 2)
    for x in (140, 632):
        sheet.form(rect(x, 392, 28, 250, 3), darker(wood, 0.24), 8)
    sheet.fill(rect(120, 384, 560, 26, 10), "soil")
    for y in (400, 456, 512):
        plank = rect(110, y, 580, 56, 4)
        sheet.form(plank, wood, 12, 8)
        sheet.line(segments(((150, y + 20, 420, y + 18), (470, y + 36, 650, y + 38))), darker(wood, 0.14), 3, 0.8)
    for x in (110, 654):
        sheet.form(rect(x, 388, 36, 196, 4), lighter(wood, 0.1), 10)
    sheet.dots([(x, y) for x in (128, 672) for y in (428, 488, 548)], 6, "charcoal")


def cloche(sheet: Sheet, knob: str = "brass") -> None:
    """A glass bell over a young plant."""
    sheet.ground(190)
    sheet.form("M220 642Q270 590 400 590T580 642Z", "soil", 20, -6)
    sprig(sheet, 400, 600, 220, 4, "leaf", 4)
    bell = "M210 642V400Q214 190 400 186Q586 190 590 400V642Z"
    sheet.fill(bell, "glass", 0.45)
    with sheet.within(bell):
        sheet.fill("M540 180H620V660H540Q560 400 500 200Z", "sky", 0.3)
    sheet.line(bell, "chalk", 8, 0.95)
    sheet.fill(rect(198, 628, 404, 18, 9), "chalk", 0.9)
    sheet.form(lathe(400, [(20, 120, 20), (30, 148, 20), (16, 188)]), knob, 12)
    sheet.shine(smooth([(254, 420), (270, 320), (330, 250), (300, 310), (282, 420), (276, 540), (260, 540)], True), 0.8)


def leaf_rake(sheet: Sheet, wood: str = "ash", metal: str = "fern") -> None:
    """A fan rake, its tines down."""
    with sheet.turned(24):
        sheet.cast_line("M400 20V470", 24, 16, 8)
        tines = []
        for i in range(-5, 6):
            x, y = around(400, 430, 250, -90 + i * 8.4)
            tines.append(f"M400 450L{x:.0f} {y:.0f}q{i * 2} 16 {-i * 2} 30")
        sheet.cast_line("".join(tines), 11)
        sheet.line("".join(tines), metal, 12)
        sheet.line(smooth([around(400, 430, 150, -90 + i * 8.6) for i in range(-5, 6)]), darker(metal, 0.25), 14)
        sheet.line("M400 20V430", darker(wood, 0.16), 26)
        sheet.line("M397 20V430", wood, 18)
        sheet.form(lathe(400, [(18, 396, 6), (42, 478, 14)]), darker(metal, 0.2), 12)


def bucket(sheet: Sheet, metal: str = "zinc", handle: str = "oak") -> None:
    """A galvanised pail with a swung handle."""
    sheet.ground(160)
    sheet.line("M212 320Q240 90 400 90Q560 90 588 320", "slate", 10)
    sheet.form(rect(340, 74, 120, 34, 16), handle, 10, 6)
    body = lathe(400, [(200, 300), (148, 630, 10), (144, 642, 8)])
    sheet.form(body, metal, 46, 0)
    sheet.fill(ellipse(400, 300, 200, 28), lighter(metal, 0.4))
    sheet.fill(ellipse(400, 304, 186, 21), darker(metal, 0.4))
    with sheet.within(body):
        sheet.line("M180 400Q400 432 620 400M180 420Q400 452 620 420M230 590Q400 616 580 590", darker(metal, 0.22), 6)
    for x in (212, 588):
        sheet.form(rect(x - 20, 312, 40, 44, 12), darker(metal, 0.14), 8)
    sheet.shine(poly([(244, 350), (266, 350), (292, 590), (276, 590)], 6), 0.35)


def kneeler(sheet: Sheet, colour: str, strap: str = "tan") -> None:
    """A thick kneeling pad with a carrying loop, seen from above."""
    with sheet.turned(-12):
        body = rect(120, 270, 560, 290, 60)
        sheet.line("M320 290Q320 180 400 180Q480 180 480 290", strap, 26)
        sheet.cast(body)
        sheet.form(rect(120, 290, 560, 300, 60), darker(colour, 0.3), 20)
        sheet.form(body, colour, 22, 12)
        sheet.line(rect(146, 296, 508, 238, 44), lighter(colour, 0.35), 5, 0.9, "12 10")
        for x in (270, 400, 530):
            sheet.fill(ellipse(x, 415, 10), darker(colour, 0.3))
            sheet.line(segment(x - 26, 415, x + 26, 415), darker(colour, 0.2), 6)
