"""Pots, pans and the tools of a kitchen."""

from content.catalogue.drawing.colour import darker, lighter
from content.catalogue.drawing.parts import grain, rim, segment, segments, stand
from content.catalogue.drawing.paths import around, ellipse, lathe, poly, rect, smooth
from content.catalogue.drawing.sheet import Sheet


def casserole(sheet: Sheet, body: str, knob: str = "brass") -> None:
    """A lidded casserole with two ears, seen from the front."""
    sheet.ground(240)
    for x in (128, 592):
        sheet.fill(rect(x, 398, 80, 50, 22), darker(body, 0.2))
        sheet.fill(rect(x + 18, 412, 44, 22, 10), sheet.backdrop)
    sheet.form(lathe(400, [(212, 366, 6), (212, 590, 90), (160, 642, 60)]), body, 46, 8)
    sheet.fill(rect(188, 366, 424, 14), darker(body, 0.3), 0.6)
    sheet.form(lathe(400, [(24, 276, 10), (90, 282, 60), (214, 330, 50), (224, 372, 8)]), body, 46, 0)
    sheet.fill(rect(174, 352, 452, 22, 11), lighter(body, 0.18))
    sheet.form(lathe(400, [(46, 232, 14), (40, 262, 8), (20, 280)]), knob, 14)
    sheet.shine(smooth([(226, 420), (224, 500), (236, 570), (242, 500), (240, 420)], True), 0.3)


def skillet(sheet: Sheet, body: str = "iron", handle: str = "iron") -> None:
    """A frying pan seen from above, its handle to the upper right."""
    with sheet.turned(42, 400, 420):
        grip = poly([(372, 250), (384, 70), (384, -6, 18), (416, -6, 18), (416, 70), (428, 250)], 20)
        sheet.cast(grip, 20, 8)
        sheet.cast(ellipse(400, 440, 212), 24, 10)
        sheet.form(grip, handle, 14)
        sheet.fill(rect(392, 14, 16, 34, 8), sheet.backdrop)
        sheet.form(ellipse(400, 440, 212), lighter(body, 0.12), 14)
        sheet.fill(ellipse(400, 440, 192), darker(body, 0.28))
        sheet.form(ellipse(402, 442, 176), body, -16, -8, 0.2)
        sheet.dots([(386, 238), (414, 238)], 7, lighter(body, 0.3))
    sheet.line(smooth([(268, 462), (272, 400), (312, 340), (356, 318)]), "chalk", 10, 0.16)


def saucepan(sheet: Sheet, body: str = "copper", handle: str = "iron") -> None:
    """A small saucepan with a long handle to the right."""
    sheet.ground(190, cx=330)
    grip = poly([(500, 436), (720, 372, 22), (732, 398, 14), (512, 474)], 6)
    sheet.form(grip, handle, 0, 10)
    sheet.fill(ellipse(706, 393, 10, 7), sheet.backdrop)
    sheet.form(
        poly([(150, 400), (512, 400), (508, 600, 46), (474, 642, 40), (188, 642, 40), (154, 600, 46)]), body, 44, 6
    )
    rim(sheet, 331, 400, 184, "steel", lip=10)
    sheet.form(poly([(468, 430, 8), (524, 420, 8), (530, 486, 8), (474, 492, 8)]), handle, 10)
    sheet.dots([(486, 446), (490, 476)], 7, "brass")
    sheet.shine(rect(178, 446, 18, 150, 9), 0.4)
    sheet.shine(rect(206, 446, 8, 120, 4), 0.3)


def board(sheet: Sheet, wood: str = "beech", round_end: bool = False) -> None:
    """A chopping board with a handle and a hole to hang it by."""
    r = 170 if round_end else 34
    low = r if round_end else 34
    body = [(345, 250, 26), (352, 96, 42), (448, 96, 42), (455, 250, 26), (586, 262, r * 0.6), (586, 690, low)]
    outline = poly([*body, (214, 690, low), (214, 262, r * 0.6)]) + ellipse(400, 150, 19)
    sheet.cast(outline)
    sheet.form(outline, wood, 14, 14, 0.22)
    xs = (250, 292, 330, 372, 404, 446, 490, 528, 560)
    with sheet.within(outline):
        for i, x in enumerate(xs):
            bend = 7 if i % 2 else -5
            sheet.line(smooth([(x, 80), (x + bend, 300), (x - bend, 500), (x, 690)]), darker(wood, 0.13), 4, 0.7)


def knife(sheet: Sheet, handle: str = "walnut") -> None:
    """A wide kitchen knife, its edge down, its tip to the upper left."""
    with sheet.turned(32):
        blade = poly(
            [(58, 372), (86, 344, 50), (150, 330, 60), (500, 330), (500, 428, 6), (190, 432, 160), (58, 386, 4)]
        )
        grip = poly([(500, 334, 8), (740, 336, 26), (752, 398, 30), (620, 384, 60), (500, 388, 8)])
        sheet.cast(blade)
        sheet.cast(grip)
        sheet.fill(blade, "steel")
        with sheet.within(blade):
            sheet.fill(smooth([(40, 386), (150, 400), (330, 398), (510, 390), (510, 450), (40, 450)], True), "#e2e7ea")
            for i in range(9):
                sheet.fill(ellipse(192 + i * 34, 384, 8, 17), "zinc", 0.6)
        sheet.form(grip, handle, 8, 12, 0.25)
        sheet.form(rect(490, 330, 34, 60, 5), "brass", 6)
        sheet.dots([(572, 362), (640, 363), (704, 366)], 8, "brass")


def nested_bowls(sheet: Sheet, colours: list[str]) -> None:
    """Three bowls, each standing in the next larger; colours from large to small."""
    sheet.ground(200)
    sizes = ((250, 392, 640), (205, 330, 560), (158, 276, 480))
    for (half, top, low), colour in reversed(list(zip(sizes, colours, strict=True))):
        profile = [(half, top), (half - 14, top + 110, 120), (half * 0.46, low - 14, 60), (half * 0.4, low, 8)]
        sheet.form(lathe(400, profile), colour, 50, 8)
        rim(sheet, 400, top, half, colour, lip=13)
    sheet.shine(smooth([(186, 456), (204, 520), (250, 574), (222, 520), (206, 456)], True), 0.35)


def mortar(sheet: Sheet, stone: str = "fog") -> None:
    """A heavy mortar with its pestle leaning in it."""
    sheet.ground(170)
    profile = [(214, 384, 10), (206, 500, 90), (130, 596, 40), (150, 620, 16), (150, 642, 8)]
    sheet.form(lathe(400, profile), stone, 46, 6)
    rim(sheet, 400, 388, 214, stone, lip=34)
    with sheet.turned(28, 420, 390), sheet.within(rect(200, 0, 440, 412)):
        sheet.form(lathe(420, [(30, 120, 26), (34, 170, 20), (22, 260, 40), (40, 420, 20)]), stone, 18)
    veins = "M236 470Q300 500 330 560T420 590M470 440Q520 470 560 460M300 440Q340 430 352 470"
    sheet.line(veins, "zinc", 4, 0.55)


def spoons(sheet: Sheet, wood: str = "oak", tools: int = 3) -> None:
    """A fan of wooden cooking spoons."""
    for i in range(tools):
        with sheet.turned((i - (tools - 1) / 2) * 21, 400, 820):
            head = (
                ellipse(400, 190, 58, 86)
                if i != 1
                else poly([(352, 96, 20), (448, 96, 20), (440, 270, 50), (360, 270, 50)])
            )
            shaft = poly([(388, 250), (412, 250), (417, 700, 16), (383, 700, 16)])
            for part in (shaft, head):
                sheet.cast(part)
            sheet.form(shaft, wood, 7)
            sheet.form(head, wood, 10)
            if i == 1:
                for x in (378, 400, 422):
                    sheet.fill(rect(x - 5, 130, 10, 100, 5), sheet.backdrop)
            else:
                sheet.form(ellipse(400, 186, 40, 64), darker(wood, 0.14), -9, -6, 0.12)
            sheet.line(segment(396, 330, 396, 610), darker(wood, 0.2), 3, 0.5)


def rolling_pin(sheet: Sheet, wood: str = "maple") -> None:
    """A rolling pin with turned handles, lying aslant."""
    with sheet.turned(-34):
        ends = [poly([(x, 376), (x + s * 30, 368, 10), (x + s * 110, 374, 26), (x + s * 110, 426, 26),
                      (x + s * 30, 432, 10), (x, 424)]) for x, s in ((196, -1), (604, 1))]  # fmt: skip
        barrel = rect(186, 338, 428, 124, 18)
        for part in (*ends, barrel):
            sheet.cast(part, 20, 26)
        for end in ends:
            sheet.form(end, darker(wood, 0.14), 0, 14)
        sheet.form(barrel, wood, 0, 30)
        grain(sheet, barrel, wood, (362, 384, 406), 180, 620)


def grater(sheet: Sheet, handle: str = "beech") -> None:
    """A box grater with a wooden handle."""
    sheet.ground(170)
    sheet.line("M330 232V150Q330 118 362 118H438Q470 118 470 150V232", "steel", 16)
    sheet.form(rect(318, 100, 164, 44, 22), handle, 12, 6)
    body = poly([(306, 214, 8), (494, 214, 8), (566, 642, 10), (234, 642, 10)])
    sheet.form(body, "steel", 0, 10)
    with sheet.within(body):
        sheet.fill("M440 200H600V660H476Z", "zinc")
        for row in range(5):
            for col in range(4):
                x, y = 312 + col * 36 - row * 7 + col * row * 2, 284 + row * 66
                sheet.fill(ellipse(x, y, 12, 7), "slate")
                sheet.line(f"M{x - 12} {y}a12 9 0 0 1 24 0", "chalk", 4, 0.8)
        sheet.dots([(500 + r * 5 + c * 22, 262 + r * 40) for r in range(9) for c in range(3)], 5, "slate")
    sheet.fill(rect(228, 620, 344, 24, 10), "slate")


def dial_scale(sheet: Sheet, body: str) -> None:
    """A kitchen scale with a round dial and a pan on top."""
    sheet.ground(180)
    sheet.form(
        poly([(316, 318, 30), (484, 318, 30), (574, 610, 30), (566, 642, 16), (234, 642, 16), (226, 610, 30)]),
        body,
        34,
        8,
    )
    sheet.fill(rect(384, 268, 32, 54), "zinc")
    sheet.form(lathe(400, [(226, 206, 8), (190, 262, 50), (70, 276, 10)]), "steel", 40)
    sheet.fill(ellipse(400, 206, 226, 20), lighter("steel", 0.5))
    sheet.fill(ellipse(400, 474, 122), darker(body, 0.3))
    sheet.fill(ellipse(400, 474, 112), "chalk")
    ticks = []
    for i in range(24):
        inner = 84 if i % 6 == 0 else 94
        ticks.append((*around(400, 474, inner, i * 15), *around(400, 474, 102, i * 15)))
    sheet.line(segments(ticks), "slate", 4)
    sheet.line(segment(400, 474, *around(400, 474, 80, 52)), "terracotta", 8)
    sheet.fill(ellipse(400, 474, 13), "charcoal")


def mill(sheet: Sheet, body: str = "brass", band: str = "") -> None:
    """A tall turned pepper mill."""
    sheet.ground(100)
    low = [(64, 330), (56, 400, 90), (72, 500, 90), (88, 600, 30), (92, 642, 10)]
    sheet.form(lathe(400, low), body, 30, 6)
    sheet.form(
        lathe(400, [(20, 196), (70, 214, 40), (76, 262, 40), (48, 306, 16), (64, 318, 6), (64, 336)]), body, 26, 6
    )
    sheet.form(ellipse(400, 178, 27), body, 12)
    for y in (330, 578):
        sheet.fill(
            lathe(400, [(65 if y == 330 else 86, y), (65 if y == 330 else 89, y + 12)]), band or darker(body, 0.3)
        )
    sheet.shine(smooth([(352, 400), (360, 470), (346, 550), (338, 560), (346, 470)], True), 0.45)


def platter(sheet: Sheet, glaze: str, rim_colour: str = "", speckle: bool = True) -> None:
    """An oval serving dish seen from above."""
    with sheet.turned(-18):
        outer = ellipse(400, 400, 300, 204)
        sheet.cast(outer, 10, 26)
        sheet.form(outer, rim_colour or glaze, 16, 12)
        sheet.fill(ellipse(400, 400, 238, 148), darker(glaze, 0.12))
        sheet.form(ellipse(402, 404, 232, 143), glaze, -14, -8, 0.1)
        if speckle:
            spots = [around(400, 400, 24 + (i * 67) % 190, i * 137.5) for i in range(46)]
            flat = [(x, 400 + (y - 400) * 0.66) for x, y in spots]
            sheet.dots(flat, 3.2, darker(glaze, 0.45), 0.6)
    sheet.line(smooth([(176, 430), (220, 350), (320, 286)]), "chalk", 12, 0.4)


def colander(sheet: Sheet, body: str) -> None:
    """An enamelled colander on a foot, with two handles."""
    sheet.ground(130)
    for s in (-1, 1):
        sheet.line(f"M{400 + s * 236} 372q{s * 62} -6 {s * 52} 44q{s * -8} 28 {s * -62} 24", darker(body, 0.2), 18)
    profile = [(250, 372), (232, 500, 130), (110, 596, 40), (100, 604)]
    bowl = lathe(400, profile)
    stand(sheet, 400, 642, 112, body, 46)
    sheet.form(bowl, body, 50, 8)
    rim(sheet, 400, 372, 250, body, lip=14)
    rows = [
        (400 + c * (44 - r * 4), 446 + r * 40 + abs(c) * -4) for r in range(4) for c in range(-4 + r // 2, 5 - r // 2)
    ]
    sheet.dots(rows, 8, darker(body, 0.45))


def salt_cellar(sheet: Sheet, body: str = "walnut") -> None:
    """A round box with a swivel lid turned aside, salt inside."""
    sheet.ground(170)
    box = lathe(400, [(180, 430), (184, 600, 40), (160, 642, 30)])
    sheet.form(box, body, 44, 8)
    grain(sheet, box, body, (486, 530, 574, 610))
    rim(sheet, 400, 430, 180, body, "chalk", lip=18)
    lid = [(252, 352, 30), (600, 372, 30), (602, 396, 14), (560, 418, 40), (300, 402, 40), (250, 376, 14)]
    with sheet.turned(-12, 560, 400):
        sheet.form(poly(lid), lighter(body, 0.12), 24, 12, 0.26)
        sheet.form(rect(396, 330, 50, 34, 14), "brass", 12)
