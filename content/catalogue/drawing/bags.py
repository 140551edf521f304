"""Bags, cases and what goes along on a journey."""

from content.catalogue.drawing.colour import darker, lighter
from content.catalogue.drawing.parts import segments
from content.catalogue.drawing.paths import ellipse, lathe, poly, rect
from content.catalogue.drawing.sheet import Sheet


def _stitches(sheet: Sheet, d: str, colour: str) -> None:
    sheet.line(d, lighter(colour, 0.4), 4, 0.8, "11 9")


def backpack(sheet: Sheet, body: str, leather: str = "tan") -> None:
    """A rucksack with a flap, two straps and a front pocket."""
    sheet.ground(190)
    sheet.line("M350 150Q350 90 400 90Q450 90 450 150", leather, 18)
    for s in (-1, 1):
        sheet.line(f"M{400 + s * 180} 300Q{400 + s * 260} 420 {400 + s * 196} 590", darker(leather, 0.2), 26)
    sheet.form(lathe(400, [(130, 140, 80), (204, 220, 90), (208, 600, 50), (180, 642, 40)]), body, 40, 8)
    sheet.form(lathe(400, [(140, 452, 16), (148, 600, 30), (140, 620, 24)]), lighter(body, 0.08), 26, 8)
    _stitches(sheet, "M272 470H528", body)
    flap = lathe(400, [(120, 136, 70), (196, 200, 80), (200, 340, 20), (160, 404, 70)])
    sheet.form(flap, darker(body, 0.12), 36, 8)
    for x in (306, 472):
        sheet.form(rect(x, 320, 24, 190, 8), leather, 8)
        sheet.line(rect(x - 6, 430, 36, 30, 4), "brass", 7)
    _stitches(sheet, "M236 370Q300 394 400 394T564 370", body)


def roll_pack(sheet: Sheet, body: str, strap: str = "charcoal") -> None:
    """A roll-top day pack with a buckle."""
    sheet.ground(180)
    for s in (-1, 1):
        sheet.line(f"M{400 + s * 160} 260Q{400 + s * 250} 400 {400 + s * 180} 600", darker(strap, 0.1), 24)
    sheet.form(lathe(400, [(170, 190, 8), (186, 300, 20), (196, 590, 50), (170, 642, 40)]), body, 40, 8)
    sheet.form(rect(216, 140, 368, 92, 40), lighter(body, 0.12), 30, 16)
    sheet.line("M240 196H560", darker(body, 0.25), 5)
    sheet.form(rect(382, 130, 36, 260, 6), strap, 10, 0)
    sheet.form(rect(368, 280, 64, 52, 10), "brass", 10)
    sheet.form(rect(262, 440, 276, 150, 24), darker(body, 0.08), 20, 8)
    sheet.line("M282 466H518", "charcoal", 9)
    sheet.line("M506 466V498", "brass", 8)


def duffel(sheet: Sheet, body: str, leather: str = "tan") -> None:
    """A weekend bag with two handles and leather ends."""
    sheet.ground(290)
    sheet.line("M280 430Q280 210 400 210Q520 210 520 430", darker(leather, 0.25), 18)
    bag = poly(
        [
            (190, 330, 90),
            (610, 330, 90),
            (690, 460, 60),
            (690, 600, 40),
            (650, 642, 30),
            (150, 642, 30),
            (110, 600, 40),
            (110, 460, 60),
        ]
    )
    sheet.form(bag, body, 40, 14)
    with sheet.within(bag):
        sheet.form(poly([(90, 520), (200, 560, 60), (200, 660), (90, 660)]), leather, 0)
        sheet.form(poly([(710, 520), (600, 560, 60), (600, 660), (710, 660)]), leather, 30)
        sheet.line("M150 352H650", darker(body, 0.4), 10)
        sheet.line("M150 352H650", "brass", 4, 1, "3 7")
    sheet.line("M262 642V460Q262 250 400 250Q538 250 538 460V642", darker(leather, 0.14), 24)
    sheet.line("M262 642V460Q262 250 400 250Q538 250 538 460V642", leather, 16)
    sheet.form(rect(350, 228, 100, 44, 16), leather, 12, 8, 0.25)
    sheet.dots([(262, 470), (538, 470), (262, 600), (538, 600)], 8, "brass")
    sheet.form(rect(330, 480, 140, 90, 8), darker(body, 0.08), 8)


def suitcase(sheet: Sheet, shell: str, trim: str = "charcoal") -> None:
    """A hard cabin case on wheels, its handle pulled out."""
    sheet.ground(180, 690)
    sheet.line("M340 230V70H460V230", "steel", 14)
    sheet.form(rect(326, 52, 148, 34, 14), trim, 12)
    for x in (262, 498):
        sheet.form(rect(x, 640, 40, 50, 14), trim, 10)
    body = rect(220, 190, 360, 468, 44)
    sheet.form(body, shell, 34, 10)
    with sheet.within(body):
        ribs = [(x, 200, x, 650) for x in range(276, 560, 50)]
        sheet.line(segments(ribs), darker(shell, 0.2), 8)
        sheet.line(segments((x + 8, a, x + 8, b) for x, a, _, b in ribs), lighter(shell, 0.3), 5, 0.6)
        sheet.fill(rect(210, 404, 380, 12), darker(shell, 0.35))
    for x, y in ((220, 190), (540, 190), (220, 618), (540, 618)):
        sheet.fill(rect(x, y, 40, 40, 18), trim, 0.9)
    sheet.form(rect(360, 386, 80, 48, 10), trim, 12)
    sheet.line("M350 176Q400 150 450 176", trim, 14)


def tote(sheet: Sheet, body: str, handle: str = "", print_colour: str = "") -> None:
    """A shopping bag with long handles, perhaps with a printed half circle."""
    sheet.ground(200)
    grip = handle or darker(body, 0.12)
    sheet.line("M306 320Q300 90 400 90Q500 90 494 320", darker(grip, 0.22), 22)
    bag = poly([(196, 290, 6), (604, 290, 6), (622, 620, 20), (606, 642, 14), (194, 642, 14), (178, 620, 20)])
    sheet.form(bag, body, 34, 8)
    with sheet.within(bag):
        sheet.fill("M250 290L236 660H262L262 290ZM560 290L520 660H560L578 290Z", "ink", 0.06)
        if print_colour:
            sheet.fill("M290 520A110 110 0 0 1 510 520Z", print_colour)
            sheet.line("M270 548H530", print_colour, 10)
    sheet.line("M290 380V320Q284 120 400 120Q516 120 510 320V380", grip, 24)
    _stitches(sheet, "M200 314H600", body)
    sheet.line("M279 350h22v36h-22ZM499 350h22v36h-22Z", lighter(grip, 0.35), 3)


def satchel(sheet: Sheet, hide: str = "tan", lock: str = "brass") -> None:
    """A leather satchel with a flap, two buckles and a shoulder strap."""
    sheet.ground(230)
    sheet.line("M190 350Q200 100 400 100Q600 100 610 350", darker(hide, 0.25), 20)
    sheet.form(rect(176, 330, 448, 312, 36), hide, 34, 10)
    flap = poly([(176, 316, 36), (624, 316, 36), (630, 470, 40), (560, 530, 60), (240, 530, 60), (170, 470, 40)])
    sheet.form(flap, lighter(hide, 0.1), 34, 12)
    _stitches(sheet, "M196 340V466Q200 512 260 512H540Q600 512 604 466V340", hide)
    for x in (268, 496):
        sheet.form(rect(x, 460, 36, 130, 10), darker(hide, 0.2), 10)
        sheet.line(rect(x - 6, 520, 48, 34, 4), lock, 8)
    sheet.form(rect(340, 286, 120, 38, 18), darker(hide, 0.2), 12)


def hip_bag(sheet: Sheet, body: str, strap: str = "charcoal") -> None:
    """A small crossbody bag with a webbing belt and a zip."""
    sheet.cast(rect(190, 340, 420, 230, 90))
    belt = "M210 420Q60 330 130 220Q260 90 400 90T670 220Q740 330 590 420"
    sheet.cast_line(belt, 28)
    sheet.line(belt, darker(strap, 0.2), 30)
    sheet.line(belt, lighter(strap, 0.06), 20)
    sheet.form(rect(360, 66, 90, 48, 12), darker(strap, 0.35), 14)
    bag = poly([(190, 350, 50), (610, 350, 50), (616, 480, 60), (540, 590, 90), (260, 590, 90), (184, 480, 60)])
    sheet.form(bag, body, 30, 16)
    sheet.line("M226 402H574", darker(body, 0.4), 12)
    sheet.line("M226 402H574", "steel", 4, 1, "3 7")
    sheet.form(rect(548, 396, 18, 60, 8), "tan", 6)
    sheet.line("M250 474Q400 500 550 474", darker(body, 0.25), 5)


def packing_cubes(sheet: Sheet, colours: list[str]) -> None:
    """Zipped cubes in three sizes, stacked; colours from the lowest up."""
    sheet.ground(250)
    y = 642.0
    for colour, half, height in zip(colours, (250, 210, 160), (150, 130, 110), strict=True):
        y -= height
        sheet.form(rect(400 - half, y, 2 * half, height, 26), colour, 28, 10)
        sheet.line(f"M{400 - half + 14} {y + 32:.0f}H{400 + half - 14}", darker(colour, 0.4), 10)
        sheet.line(f"M{400 - half + 14} {y + 32:.0f}H{400 + half - 14}", "steel", 3, 1, "3 7")
        sheet.form(rect(400 + half - 74, y + 28, 16, 44, 6), "tan", 5)
        sheet.line(f"M{400 - half + 60} {y + height * 0.72:.0f}q0 -26 30 -26h40q30 0 30 26", darker(colour, 0.22), 11)


def passport_wallet(sheet: Sheet, hide: str, book: str = "wine") -> None:
    """A folded travel wallet with a passport and a ticket showing."""
    with sheet.turned(-8):
        sheet.cast(
            poly(
                [
                    (264, 150, 16),
                    (514, 150, 16),
                    (514, 306),
                    (572, 300),
                    (572, 650, 26),
                    (232, 650, 26),
                    (232, 340),
                    (264, 336),
                ]
            )
        )
        sheet.form(rect(330, 120, 170, 220, 6), "chalk", 8)
        sheet.line("M352 150H470M352 172H430", "sky", 7)
        sheet.form(rect(264, 150, 250, 300, 16), book, 12)
        sheet.line(ellipse(389, 262, 52), "brass", 7)
        sheet.line("M337 262H441M389 210Q356 262 389 314Q422 262 389 210", "brass", 5)
        sheet.form(poly([(232, 340, 6), (572, 300, 6), (572, 650, 26), (232, 650, 26)]), hide, 18, 10)
        _stitches(sheet, "M250 358L554 322M250 370V614Q250 632 268 632H536Q554 632 554 614V336", hide)
        sheet.fill(rect(232, 340, 22, 300, 10), darker(hide, 0.2), 0.6)


def wash_bag(sheet: Sheet, body: str, leather: str = "tan") -> None:
    """A boxy zipped pouch with a side handle."""
    sheet.ground(240)
    sheet.line("M190 460Q110 470 110 530Q110 590 190 596", leather, 22)
    bag = poly(
        [
            (226, 384, 60),
            (574, 384, 60),
            (640, 470, 50),
            (636, 610, 40),
            (610, 642, 30),
            (190, 642, 30),
            (164, 610, 40),
            (160, 470, 50),
        ]
    )
    sheet.form(bag, body, 40, 12)
    with sheet.within(bag):
        sheet.fill(rect(150, 560, 500, 90), leather)
        sheet.fill(rect(600, 560, 50, 90), darker(leather, 0.2))
        sheet.line("M150 560H650", darker(leather, 0.3), 5)
    sheet.line("M206 412H594", darker(body, 0.4), 14)
    sheet.line("M206 412H594", "brass", 5, 1, "3 7")
    sheet.line("M590 412Q640 400 650 440", "brass", 7)
    sheet.form(rect(638, 432, 24, 70, 8), leather, 8)


def umbrella(sheet: Sheet, canopy: str, handle: str = "oak") -> None:
    """An open umbrella with a crook handle."""
    sheet.line("M400 130V610Q400 690 340 690Q286 690 286 630", "charcoal", 10)
    sheet.line("M400 560V610Q400 690 340 690Q286 690 286 630", handle, 24)
    scallops = "Q660 350 607 400Q555 350 503 400Q452 350 400 400Q348 350 297 400Q245 350 193 400Q140 350 90 400Z"
    top = f"M90 400Q110 140 400 130Q690 140 710 400{scallops}"
    sheet.cast(top, 8, 18)
    sheet.form(top, canopy, 30, 0)
    with sheet.within(top):
        sheet.fill("M400 130Q300 200 297 400Q350 340 400 400Z", "ink", 0.08)
        sheet.fill("M400 130Q500 200 503 400Q555 340 607 400Q590 200 400 130Z", "ink", 0.08)
        sheet.line(
            "M193 400Q200 190 400 130M297 400Q300 200 400 130V400M503 400Q500 200 400 130M607 400Q600 190 400 130",
            darker(canopy, 0.25),
            4,
        )
    sheet.fill(rect(392, 96, 16, 44, 7), handle)


def luggage_tag(sheet: Sheet, hide: str, second: str) -> None:
    """Two luggage tags with buckled loops."""
    for x, turn, colour in ((470, 16, second), (330, -12, hide)):
        with sheet.turned(turn, x, 240):
            strap = f"M{x} 300Q{x - 70} 160 {x} 110Q{x + 70} 160 {x} 300"
            sheet.cast_line(strap, 18)
            sheet.line(strap, darker(colour, 0.2), 20)
            body = poly(
                [
                    (x - 60, 260, 26),
                    (x + 60, 260, 26),
                    (x + 112, 340, 30),
                    (x + 112, 650, 30),
                    (x - 112, 650, 30),
                    (x - 112, 340, 30),
                ]
            )
            sheet.cast(body)
            sheet.form(body, colour, 16, 12)
            sheet.fill(ellipse(x, 300, 17), "brass")
            sheet.fill(ellipse(x, 300, 8), darker(colour, 0.5))
            sheet.form(rect(x - 76, 400, 152, 190, 10), "cream", 8, 0, 0.1)
            sheet.line(f"M{x - 50} 440H{x + 50}M{x - 50} 478H{x + 50}M{x - 50} 516H{x + 10}", darker("cream", 0.35), 6)


def neck_pillow(sheet: Sheet, colour: str, button: str = "charcoal") -> None:
    """A horseshoe pillow with a snap tie."""
    d = poly(
        [
            (150, 420, 150),
            (180, 150, 180),
            (620, 150, 180),
            (650, 420, 150),
            (560, 680, 90),
            (440, 620, 70),
            (500, 430, 90),
            (470, 320, 80),
            (330, 320, 80),
            (300, 430, 90),
            (360, 620, 70),
            (240, 680, 90),
        ]
    )
    sheet.cast(d)
    sheet.form(d, colour, 28, 18)
    sheet.line("M196 470Q180 330 250 262Q320 210 400 212T550 262Q620 330 604 470", lighter(colour, 0.3), 9, 0.6)
    sheet.line("M340 590Q400 640 460 590", button, 16)
    sheet.dots([(340, 590), (460, 590)], 15, button)


def eye_mask(sheet: Sheet, colour: str, band: str = "") -> None:
    """A padded sleep mask with an elastic strap."""
    strap = "M180 380Q120 180 400 170T620 380"
    sheet.cast_line(strap, 22)
    sheet.line(strap, band or darker(colour, 0.25), 24)
    d = poly(
        [
            (130, 400, 80),
            (180, 310, 80),
            (620, 310, 80),
            (670, 400, 80),
            (640, 560, 110),
            (480, 580, 90),
            (400, 480, 70),
            (320, 580, 90),
            (160, 560, 110),
        ]
    )
    sheet.cast(d)
    sheet.form(d, colour, 24, 16)
    sheet.line(d, lighter(colour, 0.3), 9)
    for x in (270, 530):
        sheet.line(
            f"M{x - 66} 440Q{x} 490 {x + 66} 440M{x - 40} 456l-12 22M{x} 466v24M{x + 40} 456l12 22",
            lighter(colour, 0.4),
            7,
        )


def card_wallet(sheet: Sheet, hide: str, cards: list[str]) -> None:
    """A slim card holder with cards showing."""
    with sheet.turned(-10):
        for i, card in enumerate(cards):
            sheet.form(rect(222 + i * 8, 220 + i * 46, 360 - i * 16, 240, 18), card, 10, 0)
            sheet.line(f"M{250 + i * 8} {246 + i * 46}H{320}", lighter(card, 0.4), 7, 0.8)
        body = poly(
            [
                (200, 372, 24),
                (340, 372, 30),
                (400, 412, 40),
                (460, 372, 30),
                (600, 372, 24),
                (604, 620, 30),
                (196, 620, 30),
            ]
        )
        sheet.cast(body)
        sheet.form(body, hide, 20, 12)
        sheet.line("M200 470H600", darker(hide, 0.3), 5)
        _stitches(sheet, "M214 392V594Q214 604 226 604H574Q586 604 586 594V392", hide)


def key_loop(sheet: Sheet, hide: str, metal: str = "brass") -> None:
    """A leather key fob on a carabiner, with one key."""
    ring = rect(300, 90, 130, 230, 60)
    sheet.cast_line(ring, 22)
    sheet.line(ring, metal, 24)
    sheet.line("M430 160V250", darker(metal, 0.25), 24)
    sheet.line(ellipse(364, 352, 44), darker(metal, 0.15), 12)
    with sheet.turned(14, 364, 380):
        fob = poly([(330, 380, 20), (404, 380, 20), (420, 660, 50), (314, 660, 50)])
        sheet.cast(fob)
        sheet.form(fob, hide, 14, 10)
        _stitches(sheet, "M346 400L334 640H400L388 400", hide)
        sheet.fill(ellipse(367, 410, 13), metal)
    with sheet.turned(-26, 380, 370):
        key = "M368 430H392V640H430V616H410V596H436V572H392Z"
        sheet.cast(key)
        sheet.form(ellipse(380, 420, 50) + ellipse(380, 404, 16), "zinc", 10)
        sheet.form(rect(368, 460, 24, 200, 6), "zinc", 8)
        sheet.fill(rect(390, 600, 34, 18, 3) + rect(390, 632, 26, 18, 3), "zinc")


def net_bag(sheet: Sheet, cord: str) -> None:
    """A knotted string bag with fruit in it."""
    sheet.ground(160)
    sheet.line("M300 330Q290 90 400 90Q510 90 500 330", cord, 16)
    d = lathe(400, [(110, 320, 20), (220, 460, 120), (190, 642, 110)])
    for x, y, r, colour in (
        (330, 540, 86, "honey"),
        (470, 548, 82, "terracotta"),
        (400, 430, 80, "matcha"),
        (300, 430, 56, "brick"),
        (500, 440, 58, "honey"),
    ):
        sheet.form(ellipse(x, y, r), colour, 16, 8)
    with sheet.within(d):
        for i in range(-6, 7):
            sheet.line(f"M{400 + i * 22} 310Q{400 + i * 74} 460 {400 + i * 20 + 90} 660", cord, 6)
            sheet.line(f"M{400 + i * 22} 310Q{400 + i * 74} 460 {400 + i * 20 - 90} 660", darker(cord, 0.1), 6)
    sheet.line("M292 322H508", darker(cord, 0.1), 18)


def sun_hat(sheet: Sheet, straw: str = "bamboo", ribbon: str = "charcoal") -> None:
    """A straw hat with a wide brim and a band."""
    sheet.ground(300, 570)
    sheet.form("M70 520Q120 420 400 420T730 520Q700 600 400 600T70 520Z", straw, 20, 14)
    sheet.line("M110 524Q200 470 400 468T690 524M150 548Q260 500 400 500T650 548", darker(straw, 0.18), 4, 0.8)
    crown = "M232 490Q226 240 400 236Q574 240 568 490Q400 540 232 490Z"
    sheet.form(crown, straw, 34, 0)
    with sheet.within(crown):
        sheet.line("".join(f"M220 {y}Q400 {y + 30} 580 {y}" for y in range(270, 420, 30)), darker(straw, 0.18), 4, 0.7)
        sheet.fill("M220 410Q400 464 580 410V480Q400 540 220 480Z", ribbon)
    sheet.form(poly([(540, 424, 6), (590, 430, 6), (600, 560, 6), (572, 540), (548, 566, 6)]), darker(ribbon, 0.1), 8)


def shoe_bag(sheet: Sheet, colour: str, cord: str) -> None:
    """A drawstring bag, its neck gathered."""
    sheet.ground(180)
    sheet.line("M360 262Q300 210 270 290M440 262Q500 210 536 300", cord, 10)
    sheet.form(
        poly(
            [
                (280, 150, 30),
                (340, 176, 20),
                (400, 146, 20),
                (460, 176, 20),
                (520, 150, 30),
                (452, 262, 20),
                (348, 262, 20),
            ]
        ),
        lighter(colour, 0.1),
        12,
        6,
    )
    sheet.form(lathe(400, [(60, 256, 20), (180, 370, 90), (196, 600, 60), (160, 642, 40)]), colour, 40, 10)
    sheet.line(
        "M360 280Q320 340 310 420M400 280V430M440 280Q480 340 492 420M380 284Q360 330 356 380",
        darker(colour, 0.24),
        7,
        0.7,
    )
    sheet.form(rect(340, 250, 120, 26, 12), cord, 10)
    sheet.dots([(270, 296), (536, 306)], 13, "brass")
    sheet.line("M350 520H450M376 548H424", darker(colour, 0.3), 8)
