"""The console's list of 10,000 rows while it is scrolled: how long its frames take, with a processor slowed down.

The yardstick is a page in the same window that draws its rows by hand, without a framework: what the browser itself
takes, and what else the machine is doing.
"""

from collections.abc import Iterator
from statistics import median, quantiles

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from ecom67.local.connection import Connection
from tests.bench.conftest import Record
from tests.bench.report import Figure
from tests.deadlines import DEADLINE_MS
from tests.e2e.web.chromium import ARGUMENTS, chromium
from tests.e2e.web.console import enter, list_products, scroll_to_the_end
from tests.e2e.web.visit import DESK, Visit

ROWS = 10_000
FRAMES = 240
STEP = 400
"""Pixels a frame: ten rows, which is a fast turn of the wheel."""
SLOWDOWN = 4
LIMITS = {"median": 4.0, "95th of 100": 6.0}
"""Of the ratio to the rows drawn by hand."""
DRAWN_BY_HAND = f"""<body style="margin: 0; height: {ROWS * 40}px">
<table style="position: absolute; width: 100%"></table>
<script>
    const table = document.querySelector("table");
    const cells = (row) => `<td><a href="/p-${{row}}">Product ${{row}}</a><td>kitchen<td>On sale<td>$1.00`;
    function draw() {{
        const first = Math.max(0, Math.floor(scrollY / 40) - 12);
        const rows = Array.from({{length: Math.ceil(innerHeight / 40) + 24}}, (_, count) => first + count);
        table.style.top = `${{first * 40}}px`;
        table.innerHTML = rows.map((row) => `<tr style="height: 40px">${{cells(row)}}`).join("");
    }}
    addEventListener("scroll", draw);
    draw();
</script>"""
"""As many rows without a framework, and without what makes them a list for people: those in view, drawn each time."""
SCROLL = """async ([frames, step]) => {
    const frame = () => new Promise(requestAnimationFrame);
    window.scrollTo(0, 0);
    let before = await frame();
    const took = [];
    for (let count = 0; count < frames; count += 1) {
        window.scrollBy(0, step);
        const now = await frame();
        took.push(now - before);
        before = now;
    }
    return took;
}"""


@pytest.fixture
def visit(stage: Connection) -> Iterator[Visit]:
    """A visit without a trace, which would take a part of each frame."""
    expect.set_options(timeout=DEADLINE_MS)
    with sync_playwright() as playwright:
        program = chromium(playwright)
        if program is None:
            pytest.skip("There is no Chromium: install it, or name it in CHROMIUM. The list was not measured.")
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        context = browser.new_context(base_url=stage.shop_url, viewport={"width": DESK[0], "height": DESK[1]})
        context.set_default_timeout(DEADLINE_MS)
        yield Visit(context)
        browser.close()


def frames(page: Page) -> dict[str, float]:
    """Scroll a page with a slow processor; return how long its frames took, in milliseconds."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.evaluate(SCROLL, [FRAMES, STEP])
    took = page.evaluate(SCROLL, [FRAMES, STEP])
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return {"median": median(took), "95th of 100": quantiles(took, n=20)[-1]}


def test_a_list_of_ten_thousand_rows_is_scrolled_nearly_as_smoothly_as_rows_by_hand(
    visit: Visit, record: Record
) -> None:
    list_products(visit, ROWS)
    page = enter(visit, "/staff/products")
    expect(page.get_by_role("link", name="Product 0", exact=True)).to_be_visible()
    scroll_to_the_end(page, ROWS)
    of_the_list = frames(page)
    assert page.locator("tbody tr").count() < 100

    by_hand = visit.context.new_page()
    by_hand.set_content(DRAWN_BY_HAND)
    of_rows_by_hand = frames(by_hand)

    record(
        *(
            Figure(
                f"console: {each} frames of a list of {ROWS:,} rows, processor {SLOWDOWN} × slower",
                of_the_list[each],
                "rows drawn by hand",
                of_rows_by_hand[each],
                "ms",
                limit,
            )
            for each, limit in LIMITS.items()
        )
    )
