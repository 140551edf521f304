"""Things for a desk: paper, pens, trays and small tools."""

from content.catalogue.drawing.colour import darker, lighter
from content.catalogue.drawing.parts import grain, rim, segments
from content.catalogue.drawing.paths import around, ellipse, lathe, poly, rect, smooth
from content.catalogue.drawing.sheet import Sheet


def notebook(sheet: Sheet, cover: str, band: str = "charcoal", spine: str = "") -> None:
    """A closed notebook with an elastic band and a ribbon."""
    with sheet.turned(-9):
        sheet.cast(rect(216, 130, 380, 540, 18), 20, 24)
        sheet.line("M330 660V716", band, 12)
        sheet.fill(rect(222, 140, 378, 534, 14), "cream")
        sheet.line("M590 150V664M598 150V664", darker("cream", 0.2), 3)
        sheet.form(rect(210, 126, 376, 540, 18), cover, 10, 10)
        sheet.fill(rect(210, 126, 44, 540, 14), spine or darker(cover, 0.2))
        sheet.fill(rect(526, 122, 18, 548, 4), band)
        sheet.form(rect(306, 236, 170, 92, 4), "cream", 8, 4, 0.1)
        sheet.line("M332 270H450M332 296H414", darker("cream", 0.4), 5)


def open_book(sheet: Sheet, cover: str, page: str = "chalk") -> None:
    """A sketchbook lying open, a loose drawing of a leaf on one page."""
    sheet.cast(rect(92, 226, 616, 376, 12), 10, 26)
    sheet.fill(rect(92, 226, 616, 376, 12), cover)
    left = "M400 246Q250 206 108 236V584Q250 556 400 590Z"
    right = "M400 246Q550 206 692 236V584Q550 556 400 590Z"
    sheet.fill(left, page)
    sheet.fill(right, darker(page, 0.04))
    sheet.fill("M400 246Q440 236 470 232V578Q430 580 400 590Z", "ink", 0.1)
    sheet.fill("M400 246Q370 238 350 234V578Q380 582 400 590Z", "ink", 0.05)
    sheet.line(
        "M250 520Q262 400 246 310M250 470Q200 440 190 400M250 430Q306 396 310 350M250 380Q206 352 204 320", "fern", 7
    )
    for x, y, turn in ((186, 386, -30), (314, 340, 30), (200, 308, -20), (245, 296, 0)):
        with sheet.turned(turn, x, y):
            sheet.fill(ellipse(x, y, 16, 28), "sage")
    sheet.line("".join(f"M460 {y}H{640 - (y % 4) * 22}" for y in range(310, 530, 37)), "fog", 5)


def planner(sheet: Sheet, cover: str, accent: str) -> None:
    """A wire-bound weekly pad, its days in a row of panels."""
    page = rect(110, 220, 580, 390, 14)
    sheet.cast(page)
    sheet.form(rect(110, 212, 580, 60, 14), cover, 0, 0)
    sheet.form(page, "chalk", 10, 10, 0.12)
    sheet.fill(rect(110, 220, 580, 62, 14), cover)
    for i in range(5):
        sheet.line(rect(134 + i * 108, 304, 96, 220, 6), "fog", 4)
        sheet.fill(rect(134 + i * 108, 304, 96, 26, 6), accent, 0.35 + 0.12 * (i % 3))
    sheet.line("M140 556H480M140 580H380", "fog", 5)
    sheet.line("".join(f"M{150 + i * 40} 246V196" for i in range(14)), "charcoal", 8)
    sheet.line("M152 366H210M152 390H196M260 366H316M476 366H530M476 390H512M584 366H640", accent, 5, 0.7)


def fountain_pen(sheet: Sheet, body: str, trim: str = "brass") -> None:
    """An open fountain pen with its cap beside it."""
    with sheet.turned(-40):
        nib = poly([(148, 360), (240, 334, 10), (262, 340), (262, 380), (240, 386, 10)])
        barrel = poly(
            [
                (256, 336, 6),
                (340, 332),
                (350, 322),
                (660, 330, 20),
                (668, 360, 20),
                (660, 390, 20),
                (350, 398),
                (340, 388),
                (256, 384, 6),
            ]
        )
        cap = poly([(330, 456, 20), (620, 446, 10), (620, 526, 10), (330, 516, 20), (322, 486, 20)])
        for part in (nib, barrel, cap):
            sheet.cast(part, 18, 14)
        sheet.fill(nib, trim)
        sheet.line("M160 360H226", darker(trim, 0.5), 4)
        sheet.fill(ellipse(230, 360, 6), darker(trim, 0.5))
        sheet.form(barrel, body, 0, 18)
        sheet.fill(rect(338, 322, 16, 76, 2), trim)
        sheet.form(cap, body, 0, 20)
        sheet.fill(rect(600, 444, 22, 84, 3), trim)
        sheet.form(poly([(344, 474, 4), (560, 472, 14), (560, 500, 14), (344, 492, 4)]), trim, 0, 6)
        sheet.shine(rect(380, 338, 250, 8, 4), 0.4)


def pencils(sheet: Sheet, colours: list[str]) -> None:
    """A row of sharpened pencils."""
    with sheet.turned(14):
        gap = min(76, 420 / len(colours))
        left = 400 - gap * len(colours) / 2
        for i, colour in enumerate(colours):
            x, y = left + i * gap + gap * 0.14, 120 + (i % 3) * 26
            w = gap * 0.72
            body = f"M{x:.0f} {y + 90:.0f}H{x + w:.0f}V{y + 530:.0f}H{x:.0f}Z"
            sheet.cast(body, 12, 12)
            sheet.fill(f"M{x + w / 2:.0f} {y}L{x + w:.0f} {y + 94}H{x:.0f}Z", "ash")
            sheet.fill(f"M{x + w / 2:.0f} {y}L{x + w * 0.66:.0f} {y + 34}H{x + w * 0.34:.0f}Z", colour)
            sheet.fill(body, colour)
            sheet.fill(
                f"M{x + w * 0.68:.0f} {y + 94}H{x + w:.0f}V{y + 530:.0f}H{x + w * 0.68:.0f}Z", darker(colour, 0.2)
            )
            sheet.fill(f"M{x:.0f} {y + 94}H{x + w * 0.3:.0f}V{y + 530:.0f}H{x:.0f}Z", lighter(colour, 0.25))
            sheet.fill(f"M{x:.0f} {y + 500}H{x + w:.0f}V{y + 516}H{x:.0f}Z", "brass")


def ruler(sheet: Sheet, wood: str = "maple", edge: str = "brass") -> None:
    """A wooden ruler with an inlaid metal edge."""
    with sheet.turned(-36):
        body = rect(60, 340, 680, 116, 8) + ellipse(700, 410, 16)
        sheet.cast(body, 20, 16)
        sheet.form(body, wood, 0, 12)
        grain(sheet, rect(60, 366, 680, 90), wood, (400, 424, 440), 60, 740)
        sheet.fill(rect(60, 340, 680, 20, 4), edge)
        marks = [(84 + i * 15, 362, 84 + i * 15, 402 if i % 10 == 0 else 390 if i % 5 == 0 else 380) for i in range(41)]
        sheet.line(segments(marks), "cocoa", 4)


def scissors(sheet: Sheet, handle: str, blade: str = "steel") -> None:
    """Paper scissors, a little open, points up."""
    with sheet.turned(20):
        one = poly([(384, 420, 10), (430, 100), (446, 130, 30), (430, 440, 10)])
        two = poly([(416, 420, 10), (358, 104), (346, 134, 30), (370, 440, 10)])
        rings = [(312, 590, -16), (490, 590, 16)]
        for part in (one, two):
            sheet.cast(part)
        sheet.form(two, darker(blade, 0.12), 6)
        sheet.form(one, blade, 10)
        for (x, y, lean), start in zip(rings, (424, 376), strict=True):
            sheet.cast_line(ellipse(x, y, 58, 84), 28)
            sheet.line(f"M{start} 420Q{(start + x) / 2 + 10:.0f} 480 {x - lean} 510", handle, 34)
            with sheet.turned(lean, x, y):
                sheet.line(ellipse(x, y, 56, 84), darker(handle, 0.2), 32)
                sheet.line(ellipse(x - 2, y - 2, 56, 84), handle, 24)
        sheet.fill(ellipse(400, 404, 17), "brass")
        sheet.line("M390 404H410", darker("brass", 0.4), 4)


def pen_pot(sheet: Sheet, body: str, band: str = "") -> None:
    """A pot with pencils, a brush and a ruler in it."""
    sheet.ground(150)
    sheet.form(poly([(420, 150, 4), (470, 140, 4), (500, 460), (440, 460)]), "maple", 14)
    sheet.line("M444 180l14 -2M447 210l22 -3M450 240l14 -2M453 270l22 -3M456 300l14 -2M459 330l22 -3", "cocoa", 4)
    for x, y, colour, lean in ((300, 210, "rust", -14), (352, 160, "denim", -4), (540, 236, "forest", 16)):
        with sheet.turned(lean, x, 420):
            sheet.form(rect(x - 15, y + 50, 30, 260), colour, 10, 0, 0.22)
            sheet.fill(f"M{x} {y}l15 52h-30Z", "ash")
            sheet.fill(f"M{x} {y}l5 18h-10Z", colour)
    sheet.fill(ellipse(400, 390, 148, 14), darker(body, 0.4))
    front = poly(
        [(252, 390), (400, 410, 150), (548, 390), (548, 618, 24), (534, 642, 16), (266, 642, 16), (252, 618, 24)]
    )
    sheet.form(front, body, 40, 6)
    if band:
        with sheet.within(front):
            sheet.fill(rect(240, 560, 320, 90), band)
            sheet.fill(rect(508, 560, 60, 90), darker(band, 0.16))


def letter_tray(sheet: Sheet, wood: str = "walnut") -> None:
    """Two stacked trays with paper in them."""
    sheet.ground(290)
    for x in (140, 636):
        sheet.fill(rect(x, 300, 24, 330, 6), "brass")
    for y in (330, 520):
        sheet.fill(f"M170 {y - 20}L210 {y - 74}H590L630 {y - 20}Z", "chalk")
        sheet.fill(f"M170 {y - 2}L226 {y - 58}H600L630 {y - 2}Z", "cream")
        sheet.line(f"M250 {y - 48}H470M240 {y - 32}H520", "fog", 5)
        front = poly(
            [
                (120, y - 22, 8),
                (300, y - 22, 10),
                (330, y + 24, 24),
                (470, y + 24, 24),
                (500, y - 22, 10),
                (680, y - 22, 8),
                (680, y + 92, 10),
                (120, y + 92, 10),
            ]
        )
        sheet.form(front, wood, 16, 12, 0.26)
        grain(sheet, front, wood, (y + 40, y + 60, y + 78), 120, 680)


def desk_clock(sheet: Sheet, body: str, face: str = "chalk") -> None:
    """A round clock on two feet, at ten past ten."""
    sheet.ground(150)
    for s in (-1, 1):
        sheet.line(f"M{400 + s * 110} 560L{400 + s * 150} 632", darker(body, 0.3), 26)
    sheet.form(ellipse(400, 400, 232), body, 22, 14)
    sheet.fill(ellipse(400, 400, 196), darker(body, 0.25))
    sheet.form(ellipse(402, 403, 192), face, -10, -8, 0.08)
    marks = [(*around(400, 400, 150 if i % 3 == 0 else 164, i * 30), *around(400, 400, 176, i * 30)) for i in range(12)]
    sheet.line(segments(marks), "charcoal", 8)
    sheet.line(segments([(400, 400, *around(400, 400, 92, 150))]), "charcoal", 16)
    sheet.line(segments([(400, 400, *around(400, 400, 140, 32))]), "charcoal", 11)
    sheet.line(segments([(*around(400, 400, 36, 100), *around(400, 400, 148, 280))]), "terracotta", 5)
    sheet.fill(ellipse(400, 400, 14), "brass")


def desk_mat(sheet: Sheet, hide: str, edge: str = "") -> None:
    """A desk mat, one end rolled, with a stitched edge."""
    mat = "M190 210H700V610H190Z"
    sheet.cast(mat)
    sheet.form(poly([(170, 210), (704, 210, 24), (704, 610, 24), (170, 610)]), hide, 10, 10)
    sheet.line("M200 230H672Q686 230 686 244V576Q686 590 672 590H200", lighter(hide, 0.35), 4, 0.9, "12 10")
    roll = rect(96, 196, 104, 428, 46)
    sheet.cast(roll, 20, 8)
    sheet.form(roll, edge or lighter(hide, 0.1), 44, 0, 0.2)
    sheet.fill(ellipse(148, 606, 44, 18), darker(hide, 0.3))
    sheet.line("M118 606Q148 588 172 604Q160 620 138 612", lighter(hide, 0.3), 5)
    sheet.line("M520 520h110v30h-110Z", darker(hide, 0.16), 5)


def letter_set(sheet: Sheet, paper: str, lining: str, seal: str = "wine") -> None:
    """An envelope with a sheet coming out of it, and a wax seal."""
    sheet.cast(rect(120, 330, 560, 320, 10))
    sheet.fill(rect(120, 330, 560, 320, 10), darker(paper, 0.12))
    flap = "M120 336L372 150Q400 130 428 150L680 336Z"
    sheet.fill(flap, darker(paper, 0.08))
    sheet.fill("M160 336L382 172Q400 160 418 172L640 336Z", lining)
    sheet.form(rect(168, 210, 464, 330, 6), "chalk", 8, 0, 0.1)
    sheet.line("M210 262H520M210 298H580M210 334H560M210 370H440", "fog", 7)
    sheet.fill("M120 340L380 520Q400 532 420 520L680 340V636Q680 650 666 650H134Q120 650 120 636Z", paper)
    sheet.fill("M126 648L360 470Q400 446 440 470L674 648Z", darker(paper, 0.06))
    sheet.line("M126 646L360 470Q400 446 440 470L674 646", darker(paper, 0.2), 4)
    sheet.form(smooth([around(400, 520, 46 + (i % 2) * 6, i * 36) for i in range(10)], True), seal, 8)
    sheet.line(ellipse(400, 520, 28), lighter(seal, 0.25), 5)


def ink_bottle(sheet: Sheet, ink: str, cap: str = "charcoal", label: str = "cream") -> None:
    """A square bottle of ink."""
    sheet.ground(190)
    body = poly(
        [
            (320, 330, 10),
            (480, 330, 10),
            (496, 366, 20),
            (594, 410, 40),
            (600, 620, 30),
            (580, 642, 20),
            (220, 642, 20),
            (200, 620, 30),
            (206, 410, 40),
            (304, 366, 20),
        ]
    )
    sheet.fill(body, "glass", 0.9)
    inner = poly([(232, 470, 6), (568, 470, 6), (572, 604, 20), (556, 620, 14), (244, 620, 14), (228, 604, 20)])
    sheet.form(inner, ink, 40, 0)
    sheet.line(body, "chalk", 6, 0.8)
    sheet.form(lathe(400, [(92, 216, 14), (98, 336, 8)]), cap, 30, 0)
    sheet.line(segments((x, 240, x, 320) for x in range(322, 490, 20)), lighter(cap, 0.2), 4, 0.7)
    sheet.form(rect(300, 494, 200, 100, 4), label, 16, 0, 0.1)
    sheet.line(smooth([(336, 552), (370, 520), (390, 560), (420, 524), (440, 556), (470, 536)]), ink, 8)
    sheet.shine(rect(246, 430, 14, 160, 7), 0.6)


def binder_clips(sheet: Sheet, metal: str = "brass") -> None:
    """A handful of paper clips and one bulldog clip."""
    with sheet.turned(-14, 330, 330):
        d = poly([(190, 360, 8), (230, 250, 20), (430, 250, 20), (470, 360, 8)])
        sheet.line("M280 260V190Q280 150 330 150Q380 150 380 190V260", darker(metal, 0.2), 14)
        sheet.cast(d)
        sheet.form(d, metal, 20, 10)
        sheet.form(rect(180, 346, 300, 30, 12), darker(metal, 0.12), 14)
        sheet.fill(ellipse(330, 304, 16), sheet.backdrop)
    for x, y, turn in ((270, 560, 24), (430, 610, -50), (560, 420, 8), (600, 600, 62)):
        with sheet.turned(turn, x, y):
            outer = f"M{x - 26} {y - 40}V{y + 60}a26 26 0 0 0 52 0V{y - 64}"
            clip = f"{outer}a20 20 0 0 0 -40 0V{y + 50}a12 12 0 0 0 24 0V{y - 40}"
            sheet.cast_line(clip, 8)
            sheet.line(clip, metal, 9)


def tape_dispenser(sheet: Sheet, body: str, tape: str = "butter") -> None:
    """A weighted tape dispenser with a roll in it."""
    sheet.ground(240)
    sheet.fill("M420 252L640 372L634 384L410 300Z", tape, 0.9)
    sheet.form(ellipse(330, 380, 150), tape, 18, 10)
    sheet.fill(ellipse(330, 380, 92), darker(tape, 0.3))
    sheet.form(ellipse(330, 380, 84), "chalk", 14)
    sheet.fill(ellipse(330, 380, 22), darker(body, 0.3))
    d = poly(
        [
            (150, 430, 40),
            (200, 420, 30),
            (260, 500, 60),
            (420, 500, 60),
            (520, 380, 40),
            (640, 362, 10),
            (652, 384, 8),
            (690, 620, 20),
            (684, 642, 10),
            (120, 642, 14),
            (116, 600, 20),
        ]
    )
    sheet.form(d, body, 24, 14)
    sheet.line("M630 366l8 16l8 -14l8 16", "steel", 7)
    sheet.shine(rect(160, 560, 200, 12, 6), 0.3)


def wall_calendar(sheet: Sheet, accent: str, wood: str = "oak") -> None:
    """A month on a sheet that hangs from a wooden rail."""
    page = rect(206, 190, 388, 490, 4)
    sheet.line("M230 170L400 70L570 170", "cocoa", 6)
    sheet.cast(page)
    sheet.form(page, "chalk", 8, 8, 0.1)
    sheet.fill(rect(206, 190, 388, 170), accent)
    sheet.fill("M206 360L300 250L370 330L450 226L594 360Z", lighter(accent, 0.3))
    sheet.fill(ellipse(512, 244, 26), "butter")
    sheet.dots([(248 + (i % 7) * 51, 414 + (i // 7) * 52) for i in range(2, 33)], 8, "stone")
    sheet.dots([(248 + 3 * 51, 414 + 2 * 52)], 19, accent)
    sheet.form(rect(190, 164, 420, 32, 10), wood, 10, 8, 0.24)


def archive_box(sheet: Sheet, body: str, label: str = "cream") -> None:
    """A lidded storage box with a label holder."""
    sheet.ground(240)
    front = rect(180, 370, 440, 272, 6)
    sheet.form(front, body, 24, 8)
    sheet.form(rect(164, 268, 472, 112, 8), lighter(body, 0.12), 26, 6)
    sheet.fill("M196 268L240 218H560L604 268Z", lighter(body, 0.32))
    sheet.line("M164 380H636", darker(body, 0.3), 6)
    sheet.form(rect(310, 440, 180, 104, 4), "brass", 10, 6)
    sheet.fill(rect(324, 454, 152, 76), label)
    sheet.line("M346 482H454M346 506H420", darker(label, 0.4), 6)
    sheet.dots([(200, 392), (600, 392), (200, 620), (600, 620)], 8, "brass")
    sheet.fill(rect(380, 572, 40, 18, 9), darker(body, 0.35))


def stapler(sheet: Sheet, body: str) -> None:
    """A long-arm stapler from the side."""
    sheet.ground(260)
    sheet.form(poly([(130, 590, 16), (660, 590, 20), (680, 642, 14), (120, 642, 14)]), darker(body, 0.3), 14, 6)
    sheet.fill(poly([(170, 560, 8), (580, 500, 6), (590, 556, 6), (180, 592, 8)]), "steel")
    arm = poly(
        [
            (116, 500, 30),
            (150, 446, 30),
            (600, 396, 50),
            (674, 440, 40),
            (684, 500, 30),
            (630, 530, 20),
            (170, 574, 10),
            (126, 570, 20),
        ]
    )
    sheet.form(arm, body, 20, 22)
    sheet.fill(poly([(612, 500), (676, 480), (664, 600, 10), (600, 600, 10)]), darker(body, 0.24))
    sheet.fill(ellipse(640, 552, 15), "brass")
    sheet.shine(poly([(180, 466, 6), (580, 422, 6), (590, 434, 6), (184, 480, 6)]), 0.35)


def pin_board(sheet: Sheet, frame: str = "walnut") -> None:
    """A framed cork board with three notes pinned to it."""
    outer = rect(110, 170, 580, 460, 8)
    sheet.cast(outer)
    sheet.form(outer, frame, 12, 12, 0.24)
    sheet.fill(rect(140, 200, 520, 400), "cork")
    sheet.fill("M140 200H660V212H152V600H140Z", "ink", 0.16)
    notes = ((190, 250, 150, 180, "chalk", -4), (380, 240, 220, 130, "blush", 3), (410, 410, 160, 150, "butter", -2))
    for x, y, w, h, colour, turn in notes:
        with sheet.turned(turn, x + w / 2, y):
            sheet.cast(rect(x, y, w, h), 6, 8)
            sheet.fill(rect(x, y, w, h), colour)
            sheet.line(f"M{x + 24} {y + 50}H{x + w - 30}M{x + 24} {y + 76}H{x + w - 60}", darker(colour, 0.2), 5)
            sheet.fill(ellipse(x + w / 2, y + 14, 12), "rust")


def washi_rolls(sheet: Sheet, colours: list[str]) -> None:
    """Rolls of paper tape stacked like a tower, one leaning at its side."""
    sheet.ground(220)
    for i, colour in enumerate(colours[1:]):
        y = 600 - i * 84
        sheet.form(lathe(360, [(150, y - 66), (150, y + 24, 10)]), colour, 34, 0)
        sheet.fill(ellipse(360, y - 66, 150, 24), lighter(colour, 0.3))
        if i == len(colours) - 2:
            rim(sheet, 360, y - 66, 96, "cream")
    sheet.form(ellipse(590, 540, 102), colours[0], 12, 8)
    sheet.fill(ellipse(590, 540, 64), "cream")
    sheet.fill(ellipse(592, 542, 54), darker("cream", 0.3))
