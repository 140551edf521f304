"""Jars, bottles, cups, bowls and tins."""

from content.catalogue.drawing.colour import darker, lighter
from content.catalogue.drawing.parts import rim, scatter, segment, segments
from content.catalogue.drawing.paths import ellipse, lathe, leaf, poly, rect, smooth
from content.catalogue.drawing.sheet import Sheet


def glass_jar(sheet: Sheet, lid: str = "cork", content: str = "oat", fill_to: float = 420) -> None:
    """A straight glass jar with a plug lid; the content reaches up to the height fill_to."""
    sheet.ground(160)
    body = lathe(400, [(120, 232, 10), (132, 262, 30), (160, 300, 40), (160, 610, 36), (140, 642, 30)])
    sheet.fill(body, "glass", 0.85)
    with sheet.within(body):
        inner = lathe(400, [(144, fill_to), (144, 604, 30), (126, 628, 24)])
        sheet.form(inner, content, 36)
        sheet.fill(ellipse(400, fill_to, 144, 18), lighter(content, 0.35))
        sheet.dots(scatter(30, 270, fill_to + 34, 230, 590 - fill_to), 5, darker(content, 0.22), 0.7)
    sheet.fill(rect(282, 226, 236, 18, 9), lighter("glass", 0.5))
    sheet.form(lathe(400, [(122, 156, 14), (128, 176, 8), (110, 232, 6)]), lid, 30, 0)
    sheet.shine(rect(264, 330, 20, 250, 10), 0.6)
    sheet.shine(rect(516, 330, 10, 190, 5), 0.4)


def small_jar(sheet: Sheet, glass: str, lid: str, label: str = "cream") -> None:
    """A squat jar with a screw lid and a blank label."""
    sheet.ground(170)
    sheet.form(lathe(400, [(146, 330, 8), (176, 366, 30), (176, 606, 40), (150, 642, 30)]), glass, 40, 8)
    sheet.form(lathe(400, [(150, 238, 16), (156, 256, 8), (156, 338, 10)]), lid, 36)
    ridges = [(x, 262, x, 326) for x in range(264, 540, 17)]
    sheet.line(segments(ridges), darker(lid, 0.2), 3, 0.7)
    sheet.form(rect(250, 424, 300, 142, 6), label, 22, 0, 0.1)
    sheet.line("M300 478H500M330 510H470", darker(label, 0.5), 7)
    sheet.shine(rect(240, 390, 12, 210, 6), 0.35)


def storage_tin(sheet: Sheet, body: str, label: str = "cream", mark: str = "leaf") -> None:
    """A tall lidded tin with a round label that bears a leaf or a plain mark."""
    sheet.ground(150)
    sheet.form(lathe(400, [(148, 300, 4), (148, 626, 22), (136, 642, 20)]), body, 40, 4)
    sheet.form(lathe(400, [(132, 186, 22), (152, 206, 10), (152, 304, 6)]), lighter(body, 0.12), 40, 0)
    sheet.fill(rect(248, 300, 304, 8), darker(body, 0.35), 0.7)
    sheet.form(rect(372, 160, 56, 30, 12), "brass", 12)
    sheet.fill(ellipse(400, 468, 88), label)
    if mark == "leaf":
        sheet.fill(leaf(360, 512, 110, 44, 50), "leaf")
        sheet.line(segment(360, 512, 416, 446), "forest", 5)
    else:
        sheet.line(ellipse(400, 468, 70), darker(label, 0.4), 4)
        sheet.fill(ellipse(400, 468, 22), darker(body, 0.1))
    sheet.shine(rect(270, 330, 16, 270, 8), 0.35)


def mug(sheet: Sheet, glaze: str, dip: str = "", content: str = "coffee") -> None:
    """A mug with its handle on the right; dip is the colour of its lower part."""
    sheet.ground(150, cx=370)
    ring = poly([(500, 356, 20), (626, 348, 80), (636, 540, 90), (500, 560, 20)])
    hole = poly([(500, 394, 16), (588, 388, 60), (594, 510, 64), (500, 522, 16)])
    sheet.form(ring + hole, darker(glaze, 0.06), 14)
    body = poly([(210, 310), (530, 310), (526, 590, 60), (490, 642, 40), (250, 642, 40), (214, 590, 60)])
    sheet.form(body, glaze, 42, 8)
    if dip:
        with sheet.within(body):
            line = smooth([(200, 500), (300, 516), (420, 506), (540, 518), (540, 660), (200, 660)], True)
            sheet.form(line, dip, 0)
            sheet.fill(rect(486, 480, 60, 180), darker(dip, 0.16))
    rim(sheet, 370, 310, 160, glaze, content)
    sheet.shine(rect(232, 370, 18, 180, 9), 0.35)


def cup_and_saucer(sheet: Sheet, glaze: str, second: str = "") -> None:
    """A small cup on its saucer, perhaps with a second cup behind it."""
    sheet.ground(250, 626, 370 if second else 400)
    if second:
        sheet.ground(170, 566, 600)
        with sheet.moved(280, 60, 0.8):
            _saucer(sheet, second, 400, 230)
            _cup(sheet, second, 390, 380)
    with sheet.moved(-60 if second else 0, 0):
        _saucer(sheet, glaze, 400, 250)
        _cup(sheet, glaze, 380, 350)


def _saucer(sheet: Sheet, glaze: str, cx: float, half: float) -> None:
    sheet.form(lathe(cx, [(half, 574, 6), (half - 14, 596, 20), (120, 624, 8), (116, 632)]), glaze, 40)
    sheet.fill(ellipse(cx, 574, half, 34), lighter(glaze, 0.25))
    sheet.fill(ellipse(cx, 578, half * 0.6, 19), darker(glaze, 0.16))


def _cup(sheet: Sheet, glaze: str, cx: float, top: float) -> None:
    ring = poly(
        [(cx + 110, top + 36, 20), (cx + 216, top + 20, 50), (cx + 206, top + 130, 60), (cx + 90, top + 150, 20)]
    )
    hole = poly(
        [(cx + 110, top + 62, 16), (cx + 182, top + 52, 36), (cx + 174, top + 112, 40), (cx + 90, top + 124, 16)]
    )
    sheet.form(ring + hole, darker(glaze, 0.08), 8)
    sheet.form(lathe(cx, [(138, top), (130, top + 110, 90), (78, top + 208, 40), (66, top + 228, 8)]), glaze, 36, 6)
    rim(sheet, cx, top, 138, glaze, "coffee")
    sheet.shine(
        smooth([(cx - 116, top + 50), (cx - 108, top + 120), (cx - 82, top + 160), (cx - 98, top + 50)], True), 0.4
    )


def footed_bowl(sheet: Sheet, glaze: str, content: str = "", drip: str = "") -> None:
    """A tea bowl on a small foot; drip is a second glaze that runs down from the rim."""
    sheet.ground(150)
    sheet.form(lathe(400, [(88, 600), (80, 642, 8)]), darker(glaze, 0.2), 24)
    body = lathe(400, [(226, 336), (224, 500, 120), (120, 612, 60), (84, 618, 8)])
    sheet.form(body, glaze, 50, 8)
    if drip:
        with sheet.within(body):
            runs = [(160, 330), (180, 430), (230, 476), (270, 440), (320, 452), (352, 510), (392, 460), (450, 446),
                    (486, 482), (540, 428), (640, 410), (640, 320)]  # fmt: skip
            sheet.fill(smooth(runs, True), drip)
    rim(sheet, 400, 336, 226, drip or glaze, content, lip=13)
    sheet.shine(smooth([(204, 410), (216, 500), (262, 560), (236, 500), (226, 410)], True), 0.35)


def tumblers(sheet: Sheet, tint: str = "glass", water: bool = True) -> None:
    """Two ribbed drinking glasses, one behind the other."""
    sheet.ground(230)
    for cx, low in ((510, 604), (306, 646)):
        body = lathe(cx, [(122, low - 330), (104, low - 30, 16), (92, low, 24)])
        sheet.fill(body, lighter(tint, 0.1), 0.88)
        with sheet.within(body):
            if water:
                sheet.fill(rect(cx - 130, low - 216, 260, 300), "sky", 0.35)
                sheet.fill(ellipse(cx, low - 216, 116, 15), "chalk", 0.55)
            sheet.fill(lathe(cx, [(120, low - 26), (120, low)]), darker(tint, 0.16), 0.8)
            ribs = [(cx + i * 24, low - 270, cx + i * 20.5, low - 30) for i in range(-4, 5)]
            sheet.line(segments(ribs), darker(tint, 0.22), 4, 0.6)
            sheet.line(segments((x + 6, a, z + 6, b) for x, a, z, b in ribs), "chalk", 4, 0.7)
        sheet.line(ellipse(cx, low - 330, 119, 15), lighter(tint, 0.6), 7)


def oil_cruet(sheet: Sheet, glass: str = "glass", liquid: str = "oil") -> None:
    """A glass bottle with a pouring spout, half full of oil."""
    sheet.ground(130)
    body = lathe(400, [(30, 250, 8), (34, 330, 30), (130, 430, 70), (140, 600, 36), (124, 642, 30)])
    sheet.line("M400 214Q398 160 424 140Q452 122 480 128", "steel", 20)
    sheet.fill(body, glass, 0.9)
    with sheet.within(body):
        sheet.form(rect(250, 470, 300, 200), liquid, 70)
        sheet.fill(ellipse(400, 470, 138, 17), lighter(liquid, 0.4))
    sheet.line(body, "chalk", 5, 0.75)
    sheet.form(lathe(400, [(36, 206, 8), (30, 262, 8)]), "cork", 14)
    sheet.shine(smooth([(290, 480), (284, 540), (290, 606), (304, 606), (300, 540), (304, 480)], True), 0.6)


def pump_bottle(sheet: Sheet, glass: str = "amber", pump: str = "charcoal", label: str = "cream") -> None:
    """A bottle with a pump and a blank label."""
    sheet.ground(130)
    sheet.line("M400 214V150", pump, 16)
    sheet.form(poly([(290, 128, 10), (430, 128, 16), (430, 164, 16), (318, 158, 10), (296, 176, 6)]), pump, 0, 10)
    sheet.form(lathe(400, [(44, 206, 8), (50, 262, 8)]), pump, 20)
    body = lathe(400, [(56, 256, 8), (74, 274, 24), (134, 330, 50), (134, 610, 26), (118, 642, 24)])
    sheet.form(body, glass, 40, 6)
    sheet.form(rect(276, 404, 244, 166, 4), label, 30, 0, 0.1)
    sheet.line("M316 454H468M316 484H430M316 530H370", darker(label, 0.5), 7)
    sheet.shine(rect(282, 346, 14, 44, 7), 0.5)
    sheet.shine(rect(282, 584, 14, 34, 7), 0.4)


def dropper_bottle(sheet: Sheet, glass: str = "amber", cap: str = "charcoal", label: str = "cream") -> None:
    """A small bottle with a rubber dropper."""
    sheet.ground(126)
    sheet.form(lathe(400, [(24, 132, 24), (30, 180, 20), (30, 232)]), cap, 14)
    sheet.form(lathe(400, [(46, 226, 6), (46, 310, 6)]), darker(cap, 0.12), 20)
    sheet.line(segments((x, 240, x, 298) for x in range(364, 440, 12)), lighter(cap, 0.25), 3, 0.7)
    sheet.form(lathe(400, [(48, 306, 4), (60, 330, 20), (128, 380, 50), (128, 612, 30), (112, 642, 24)]), glass, 38, 6)
    sheet.form(rect(280, 442, 236, 140, 4), label, 28, 0, 0.1)
    sheet.line("M318 488H478M318 518H430", darker(label, 0.5), 7)
    sheet.shine(rect(288, 398, 12, 34, 6), 0.5)


def travel_bottle(sheet: Sheet, body: str, cap: str = "steel", strap: str = "tan") -> None:
    """A slim insulated drinking bottle with a carrying loop."""
    sheet.ground(110)
    sheet.line("M366 168Q352 92 400 90Q448 92 434 168", strap, 18)
    sheet.form(lathe(400, [(66, 150, 16), (70, 240, 6)]), cap, 28, 0)
    sheet.form(lathe(400, [(64, 236, 6), (78, 256, 30), (108, 310, 50), (108, 612, 24), (96, 642, 20)]), body, 38, 6)
    sheet.fill(rect(292, 574, 216, 10), darker(body, 0.25), 0.7)
    sheet.shine(rect(308, 340, 16, 220, 8), 0.4)


def tumbler_cup(sheet: Sheet, body: str, band: str = "cork", lid: str = "charcoal") -> None:
    """A travel cup with a lid and a grip band."""
    sheet.ground(120)
    sheet.form(lathe(400, [(150, 236), (112, 630, 14), (104, 642, 12)]), body, 36, 6)
    grip = lathe(400, [(140, 350), (122, 520)])
    sheet.form(grip, band, 34)
    with sheet.within(grip):
        sheet.dots(scatter(34, 270, 356, 250, 160), 4, darker(band, 0.25), 0.7)
    sheet.form(lathe(400, [(128, 176, 10), (134, 206, 6), (160, 212, 8), (158, 246, 8)]), lid, 34, 0)
    sheet.fill(rect(330, 162, 60, 20, 8), lighter(lid, 0.16))
    sheet.shine(rect(270, 270, 14, 60, 7), 0.4)
