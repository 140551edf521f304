"""Lamps, lanterns and candles; all of them lit."""

from content.catalogue.drawing.colour import darker, lighter
from content.catalogue.drawing.parts import bulb, flame, rim, segment, segments, stand
from content.catalogue.drawing.paths import ellipse, lathe, poly, rect, smooth
from content.catalogue.drawing.sheet import Sheet


def table_lamp(sheet: Sheet, base: str, shade: str = "cream", pleated: bool = False) -> None:
    """A turned base under a fabric shade."""
    sheet.ground(130)
    sheet.glow(400, 280, 330)
    sheet.fill(rect(390, 340, 20, 60), "brass")
    profile = [(24, 384, 8), (30, 410, 20), (104, 470, 70), (96, 560, 60), (50, 610, 16), (92, 630, 8), (92, 642, 6)]
    sheet.form(lathe(400, profile), base, 36, 6)
    sheet.shine(smooth([(316, 490), (312, 530), (330, 566), (332, 520)], True), 0.4)
    cone = lathe(400, [(118, 130, 6), (186, 362, 6)])
    sheet.form(cone, shade, 40, 0, 0.12)
    with sheet.within(cone):
        sheet.glow(400, 300, 200)
        if pleated:
            sheet.line(
                segments((400 + i * 13, 130, 400 + i * 20, 362) for i in range(-8, 9)), darker(shade, 0.16), 4, 0.6
            )
    sheet.line(segment(284, 132, 516, 132), darker(shade, 0.2), 6)
    sheet.line(segment(216, 360, 584, 360), darker(shade, 0.2), 6)


def globe_lamp(sheet: Sheet, base: str = "brass") -> None:
    """An opal glass ball on a low stem."""
    sheet.ground(110)
    sheet.glow(400, 330, 340)
    stand(sheet, 400, 642, 112, base, 28)
    sheet.form(rect(384, 500, 32, 124), base, 10, 0)
    sheet.form(lathe(400, [(60, 480, 8), (40, 516, 8)]), base, 16, 0)
    sheet.form(ellipse(400, 330, 170), "#fff6dd", 26, 12, 0.1)
    sheet.shine(ellipse(342, 262, 34, 22), 0.8)


def mushroom_lamp(sheet: Sheet, body: str) -> None:
    """A cordless lamp with a domed cap."""
    sheet.ground(130)
    sheet.glow(400, 430, 300)
    sheet.form(lathe(400, [(54, 370), (60, 560, 30), (120, 622, 20), (124, 642, 8)]), body, 28, 4)
    sheet.form(lathe(400, [(60, 360), (60, 420, 10)]), "glow", 16)
    sheet.form("M190 388Q196 178 400 172Q604 178 610 388Q400 420 190 388Z", body, 46, 0)
    sheet.fill(ellipse(400, 388, 208, 22), "glow")
    sheet.fill(ellipse(400, 606, 9), "glow")
    sheet.shine(smooth([(236, 330), (262, 260), (318, 222), (284, 266), (256, 334)], True), 0.35)


def desk_lamp(sheet: Sheet, body: str, joint: str = "brass") -> None:
    """A jointed work lamp that looks to the left."""
    sheet.ground(120, cx=520)
    sheet.fill("M268 342L96 640H470L392 260Z", "glow", 0.5)
    stand(sheet, 520, 642, 116, body, 34)
    for d in ("M520 610L610 400", "M610 400L400 206"):
        sheet.line(d, darker(body, 0.2), 22)
        sheet.line(d, body, 12)
    for x, y in ((520, 606), (610, 400)):
        sheet.fill(ellipse(x, y, 24), joint)
        sheet.fill(ellipse(x, y, 9), darker(joint, 0.4))
    with sheet.turned(34, 360, 250):
        sheet.fill(ellipse(360, 360, 40), "#fff6dd")
        sheet.form(
            poly([(326, 150, 16), (394, 150, 16), (404, 214, 20), (474, 350, 6), (246, 350, 6), (316, 214, 20)]),
            body,
            30,
            0,
        )
        sheet.fill(rect(240, 340, 240, 16, 8), darker(body, 0.25))
        sheet.fill(ellipse(390, 176, 18), joint)


def clip_lamp(sheet: Sheet, body: str) -> None:
    """A reading lamp clamped to the edge of a shelf."""
    sheet.fill("M236 330L110 560H470L380 290Z", "glow", 0.5)
    sheet.form(rect(430, 560, 370, 52, 6), "oak", 0, 12)
    neck = smooth([(560, 520), (610, 380), (540, 240), (420, 200)])
    sheet.line(neck, darker(body, 0.25), 22)
    sheet.line(neck, lighter(body, 0.1), 14, 1, "2 9")
    sheet.form(poly([(520, 498, 10), (600, 498, 10), (606, 560, 6), (514, 560, 6)]), body, 18, 0)
    sheet.form(poly([(520, 612, 6), (596, 612, 6), (590, 660, 14), (526, 660, 14)]), body, 18)
    sheet.line("M602 520Q640 586 596 640", darker(body, 0.3), 14)
    with sheet.turned(36, 330, 240):
        sheet.fill(ellipse(320, 330, 34), "#fff6dd")
        sheet.form("M290 120Q320 104 350 120L366 186Q428 220 432 322H208Q212 220 274 186Z", body, 28, 0)


def tripod_lamp(sheet: Sheet, wood: str = "oak", shade: str = "cream") -> None:
    """A floor lamp on three wooden legs."""
    sheet.ground(190, 716)
    sheet.glow(400, 220, 300)
    for d in ("M400 340L404 716", "M390 330L240 720", "M410 330L560 720"):
        sheet.line(d, darker(wood, 0.14) if "404" in d else wood, 18)
    sheet.line("M400 330L560 720", darker(wood, 0.22), 5, 0.6)
    sheet.line("M312 540H492", "brass", 8)
    sheet.form(lathe(400, [(34, 322, 8), (26, 366, 10)]), "brass", 14)
    drum = lathe(400, [(150, 90, 6), (178, 316, 6)])
    sheet.form(drum, shade, 38, 0, 0.12)
    with sheet.within(drum):
        sheet.glow(400, 270, 190)
    sheet.line("M252 92H548M224 314H576", darker(shade, 0.2), 6)


def arc_lamp(sheet: Sheet, metal: str = "brass", shade: str = "charcoal", foot: str = "chalk") -> None:
    """A tall floor lamp whose arm bends over to the left."""
    sheet.ground(110, 720, 590)
    sheet.glow(250, 380, 230)
    sheet.line("M590 690V300Q590 90 420 90Q260 90 250 250", metal, 14)
    sheet.form(lathe(590, [(100, 664, 10), (110, 716, 14)]), foot, 30)
    sheet.fill(rect(576, 640, 28, 30, 6), darker(metal, 0.2))
    sheet.fill(ellipse(250, 366, 52), "#fff6dd")
    sheet.form("M236 236H264Q278 250 290 262Q364 284 372 366H128Q136 284 210 262Q224 250 236 236Z", shade, 32, 0)
    sheet.fill(ellipse(250, 366, 122, 12), "glow")


def enamel_pendant(sheet: Sheet, body: str, inside: str = "cream") -> None:
    """A wide enamelled dome that hangs on a cord."""
    sheet.line("M400 0V210", "charcoal", 8)
    sheet.glow(400, 520, 300)
    sheet.form(lathe(400, [(26, 190, 10), (40, 260, 8)]), "brass", 14, 0)
    sheet.fill(ellipse(400, 530, 50), "#fff6dd")
    sheet.form("M352 256H448Q470 330 560 370Q690 420 700 510H100Q110 420 240 370Q330 330 352 256Z", body, 54, 0)
    sheet.fill(ellipse(400, 510, 300, 34), inside)
    sheet.fill(ellipse(400, 516, 270, 26), "glow")
    sheet.fill(ellipse(400, 528, 56, 34), "#fffaf0")
    sheet.shine(smooth([(160, 466), (200, 416), (280, 380), (222, 424), (186, 470)], True), 0.35)


def cone_pendant(sheet: Sheet, body: str, wood: str = "oak") -> None:
    """A narrow spun cone with a wooden cap."""
    sheet.line("M400 0V150", "charcoal", 8)
    sheet.glow(400, 600, 260)
    sheet.form(lathe(400, [(30, 136, 12), (46, 230, 6)]), wood, 16, 0)
    sheet.form(lathe(400, [(48, 228, 6), (170, 590, 6)]), body, 40, 0)
    sheet.fill(ellipse(400, 590, 170, 20), "glow")
    sheet.fill(ellipse(400, 596, 50, 22), "#fffaf0")
    sheet.shine(poly([(362, 290, 6), (376, 290, 6), (290, 550, 6), (268, 550, 6)]), 0.35)


def paper_lantern(sheet: Sheet, paper: str = "chalk", flat: float = 1.0) -> None:
    """A ribbed paper ball, round or flattened."""
    sheet.line("M400 0V170", "charcoal", 6)
    ry = 230 * flat
    sheet.glow(400, 410, 380)
    ball = ellipse(400, 410, 250, ry)
    sheet.form(ball, "#fff6e0" if paper == "chalk" else paper, 34, 12, 0.1)
    with sheet.within(ball):
        sheet.glow(390, 420, 210)
        for i in range(-6, 7):
            y = 410 + i * ry / 6.6
            sheet.line(f"M140 {y:.0f}Q400 {y + i * 7 + 10:.0f} 660 {y:.0f}", darker(paper, 0.2), 3, 0.7)
    for s in (-1, 1):
        sheet.fill(ellipse(400, 410 + s * ry * 0.97, 60, 11), "oak")


def rattan_pendant(sheet: Sheet, cane: str = "bamboo") -> None:
    """A woven bell of cane."""
    sheet.line("M400 0V180", "charcoal", 8)
    sheet.glow(400, 470, 330)
    bulb(sheet, 400, 330, 120)
    bell = lathe(400, [(44, 176, 8), (70, 240, 40), (236, 380, 90), (262, 590, 8)])
    with sheet.within(bell):
        for i in range(-11, 12):
            d = f"M{400 + i * 7} 170Q{400 + i * 26} 330 {400 + i * 24} 600"
            sheet.line(d, darker(cane, 0.05 + 0.012 * (i + 11)), 8)
        for i in range(9):
            y = 222 + i * 46
            sheet.line(f"M120 {y}Q400 {y + 24} 680 {y}", darker(cane, 0.22 if i % 2 else 0.1), 9)
    sheet.line("M140 588Q400 612 660 588", darker(cane, 0.14), 20)
    sheet.form(lathe(400, [(34, 150, 8), (48, 190, 8)]), "charcoal", 12)


def glass_pendant(sheet: Sheet, glass: str = "smoke", cap: str = "brass") -> None:
    """A tinted glass bell around a bare bulb."""
    sheet.line("M400 0V190", "charcoal", 8)
    sheet.glow(400, 400, 330)
    bell = lathe(400, [(52, 230, 8), (70, 300, 40), (186, 380, 110), (196, 590, 6)])
    sheet.fill(bell, glass, 0.4)
    with sheet.within(bell):
        sheet.fill(rect(540, 200, 80, 420), darker(glass, 0.3), 0.28)
        bulb(sheet, 400, 280, 180, cap)
    sheet.line(ellipse(400, 590, 194, 22), lighter(glass, 0.5), 6, 0.8)
    sheet.form(lathe(400, [(30, 168, 10), (56, 196, 8), (56, 254, 8)]), cap, 18, 0)
    sheet.shine(smooth([(238, 430), (226, 500), (230, 566), (246, 566), (244, 500), (262, 420)], True), 0.5)


def sconce(sheet: Sheet, metal: str = "brass") -> None:
    """A wall lamp: plate, arm and an opal globe."""
    plate = rect(196, 300, 96, 260, 48)
    sheet.cast(plate)
    sheet.form(plate, metal, 16, 10)
    arm = "M244 450H420Q470 450 470 400V380"
    sheet.cast_line(arm, 20)
    sheet.line(arm, darker(metal, 0.18), 20)
    sheet.line(arm, metal, 12)
    sheet.fill(ellipse(244, 450, 22), darker(metal, 0.14))
    sheet.glow(470, 290, 300)
    sheet.form(lathe(470, [(66, 372, 8), (30, 404, 10)]), metal, 18, 0)
    sheet.form(ellipse(470, 264, 124), "#fff6dd", 22, 10, 0.1)
    sheet.shine(ellipse(428, 214, 26, 17), 0.8)


def filament_bulb(sheet: Sheet, cap: str = "brass") -> None:
    """A large clear bulb with a looped filament, hanging."""
    sheet.line("M400 0V120", "charcoal", 8)
    sheet.glow(400, 450, 330)
    glass = lathe(400, [(62, 268), (74, 310, 50), (190, 420, 110), (176, 580, 110), (70, 650, 60)])
    sheet.fill(glass, "butter", 0.55)
    sheet.line(glass, "chalk", 5, 0.9)
    sheet.line("M400 270V340", "zinc", 10)
    sheet.line(
        "M384 340L340 470Q330 540 352 540T372 440Q380 380 392 440T420 540T428 440Q436 400 444 470T470 500L416 340",
        "flame",
        8,
    )
    sheet.form(lathe(400, [(30, 110, 8), (66, 140, 10), (66, 274, 8)]), cap, 24, 0)
    sheet.line("M336 172H464M336 204H464M336 236H464", darker(cap, 0.25), 7)
    sheet.shine(smooth([(246, 430), (244, 490), (266, 550), (264, 490), (272, 420)], True), 0.7)


def festoon(sheet: Sheet, cord: str = "charcoal") -> None:
    """Bulbs on a slack cord, in two swags."""
    for y, n in ((150, 5), (400, 5)):
        wire = [(x, y + 90 - ((x - 400) / 400) ** 2 * 90) for x in range(-20, 840, 70)]
        sheet.line(smooth(wire), cord, 8)
        for i in range(n):
            x = 64 + i * 168
            drop = y + 90 - ((x - 400) / 400) ** 2 * 90
            bulb(sheet, x, drop, 92, cord)


def storm_lantern(sheet: Sheet, body: str) -> None:
    """An oil lantern with a glass chimney and a wire guard."""
    sheet.ground(150)
    sheet.line("M250 400Q236 96 400 96Q564 96 550 400", "zinc", 9)
    sheet.line("M262 560Q200 400 300 210M538 560Q600 400 500 210", body, 20)
    sheet.form(lathe(400, [(46, 150, 10), (50, 186, 8), (96, 214, 14), (96, 244, 6)]), body, 26, 0)
    glass = lathe(400, [(78, 244), (126, 350, 80), (112, 470, 50), (84, 506)])
    sheet.fill(glass, "glass", 0.7)
    flame(sheet, 400, 468, 110)
    sheet.line("M274 390H526", "zinc", 6)
    sheet.form(lathe(400, [(88, 498, 6), (96, 536, 8)]), darker(body, 0.14), 26, 0)
    sheet.form(lathe(400, [(120, 530, 16), (156, 566, 20), (160, 626, 14), (150, 642, 8)]), body, 40, 6)
    sheet.form(ellipse(498, 552, 18), "brass", 6)
    sheet.shine(smooth([(296, 330), (288, 380), (302, 440), (312, 440), (304, 380), (312, 320)], True), 0.7)


def taper_candles(sheet: Sheet, wax: str = "wax", holder: str = "brass") -> None:
    """Two tapers in low holders."""
    sheet.ground(100, cx=280)
    sheet.ground(100, cx=520)
    for cx, top in ((280, 240), (520, 150)):
        flame(sheet, cx, top, 70)
        sheet.form(lathe(cx, [(16, top, 8), (24, 590)]), wax, 12, 0)
        sheet.form(lathe(cx, [(36, 548, 6), (30, 586, 10), (34, 606, 8), (96, 624, 8), (90, 642, 6)]), holder, 20)


def jar_candle(sheet: Sheet, glass: str, wax: str = "cream", label: str = "cream") -> None:
    """A candle poured in a tumbler, with a blank label."""
    sheet.ground(160)
    flame(sheet, 400, 330, 90)
    sheet.form(lathe(400, [(168, 344), (168, 610, 36), (150, 642, 30)]), glass, 42, 6)
    rim(sheet, 400, 344, 168, glass, wax)
    sheet.fill(rect(397, 310, 6, 40, 3), "charcoal")
    sheet.form(rect(300, 440, 200, 130, 6), label, 20, 0, 0.1)
    sheet.line("M340 488H460M364 522H436", darker(label, 0.5), 7)
    sheet.shine(rect(252, 400, 15, 190, 8), 0.35)


def candlestick(sheet: Sheet, metal: str = "brass", wax: str = "chalk") -> None:
    """A chamber stick: a dish with a finger ring, one candle."""
    sheet.ground(190)
    flame(sheet, 400, 236, 84)
    sheet.form(lathe(400, [(34, 236, 10), (34, 520)]), wax, 20, 0)
    sheet.fill(smooth([(366, 244), (366, 300), (374, 312), (382, 280), (384, 244)], True), lighter(wax, 0.5))
    sheet.line(ellipse(622, 560, 46), darker(metal, 0.1), 16)
    sheet.form(lathe(400, [(58, 470, 8), (44, 500, 10), (44, 580)]), metal, 20, 0)
    sheet.form(lathe(400, [(212, 560, 8), (188, 620, 40), (130, 642, 12)]), metal, 44, 6)
    sheet.fill(ellipse(400, 562, 204, 20), darker(metal, 0.25))
    sheet.form(lathe(400, [(46, 520), (58, 568, 10)]), metal, 18, 0)


def sun_jar(sheet: Sheet, lid: str = "zinc") -> None:
    """A preserving jar that glows, with a solar panel in its lid and a wire handle."""
    sheet.ground(150)
    sheet.line("M262 300Q240 90 400 90Q560 90 538 300", "zinc", 8)
    sheet.glow(400, 430, 330)
    body = lathe(400, [(118, 250, 8), (152, 310, 40), (156, 610, 36), (136, 642, 30)])
    sheet.fill(body, "glow", 0.9)
    sheet.line(body, "chalk", 6, 0.9)
    wire = smooth([(330, 300), (470, 350), (320, 410), (480, 470), (330, 530), (460, 590)])
    sheet.line(wire, "brass", 3)
    sheet.dots(
        [(352, 306), (440, 336), (400, 380), (330, 410), (410, 448), (470, 474), (390, 504), (340, 540), (430, 576)],
        9,
        "flame",
    )
    sheet.form(lathe(400, [(126, 190, 12), (130, 260, 8)]), lid, 32, 0)
    sheet.fill(rect(300, 180, 200, 16, 6), "navy")
    sheet.shine(rect(268, 350, 14, 220, 7), 0.8)
