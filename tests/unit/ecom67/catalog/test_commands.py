"""``ecom67 catalog import``: its requests, its output, and its retries."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from ecom67.catalog import commands
from ecom67.catalog.client import MAX_ATTEMPTS, ImportClient

Answer = Callable[[httpx.Request], httpx.Response]
Run = Callable[..., Result]
SHOP = "http://shop.example"


class FakeShop:
    """Answers with one answer after the other, then as an import that creates every row."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answers: Iterator[httpx.Response | Exception] = iter(())

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = next(self.answers, None)
        if isinstance(answer, Exception):
            raise answer
        return answer or httpx.Response(200, json=report(*(f"p-{row['name']}" for row in self.rows)))

    @property
    def rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads(self.requests[-1].content)
        return rows


def report(*created: str, outcome: str = "CREATED", **said: Any) -> dict[str, Any]:
    imported = [
        {"row": number, "productId": product_id, "outcome": outcome}
        for number, product_id in enumerate(created, start=1)
    ]
    return {"imported": imported, "rejected": [], "ignoredFields": []} | said


def problem(status: int, **said: Any) -> httpx.Response:
    return httpx.Response(status, json={"code": "SOME", "detail": "Some sentence."} | said)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> FakeShop:
    fake = FakeShop()
    client = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **_: client(transport=httpx.MockTransport(fake)))
    return fake


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    pauses: list[float] = []
    monkeypatch.setattr(commands, "ImportClient", partial(ImportClient, sleep=pauses.append))
    return pauses


@pytest.fixture
def run(shop: FakeShop, pauses: list[float], tmp_path: Path) -> Run:
    def invoke(rows: object, *options: str, file: str = "products.json") -> Result:
        path = tmp_path / file
        path.write_text(rows if isinstance(rows, str) else json.dumps(rows))
        given = ["import", str(path), "--url", SHOP, "--token", "t", *options]
        return CliRunner().invoke(commands.app, given, env={"COLUMNS": "200"}, catch_exceptions=False)

    return invoke


def column(name: str) -> dict[str, str]:
    return {"column": name, "reason": "no meaning"}


def names(count: int) -> list[dict[str, str]]:
    return [{"name": str(number)} for number in range(count)]


def test_rows_go_in_batches_to_the_import_as_staff(run: Run, shop: FakeShop) -> None:
    result = run(names(5), "--batch", "2")
    assert (result.exit_code, result.stdout) == (0, "5 created, 0 updated, 0 unchanged, 0 rejected.\n")
    assert [len(json.loads(request.content)) for request in shop.requests] == [2, 2, 1]
    assert {str(request.url) for request in shop.requests} == {f"{SHOP}/api/products/import"}
    assert {request.headers["Authorization"] for request in shop.requests} == {"Bearer t"}


def test_a_decimal_is_sent_as_it_was_written(run: Run, shop: FakeShop) -> None:
    run('[{"name": "a", "price": 0.10}]')
    assert shop.rows == [{"name": "a", "price": "0.10"}]


@pytest.mark.parametrize("url", [f"{SHOP}/", f"{SHOP}/api", f"{SHOP}/api/"])
def test_the_address_may_be_that_of_the_api(run: Run, shop: FakeShop, url: str) -> None:
    run(names(1), "--url", url)
    assert str(shop.requests[0].url) == f"{SHOP}/api/products/import"


def test_a_dry_run_asks_for_one_and_says_so(run: Run, shop: FakeShop) -> None:
    result = run(names(1), "--dry-run")
    assert shop.requests[0].url.params["dryRun"] == "true"
    assert "Dry run, nothing is changed: 1 created" in result.stdout


def test_rejected_rows_are_shown_with_their_place_in_the_file(run: Run, shop: FakeShop) -> None:
    # Given a shop that rejects the second row of the second batch
    bad = {"row": 2, "productId": "lamp", "errors": ["price: [red] is dear", "name: is missing"]}
    shop.answers = iter(
        [httpx.Response(200, json=report("a", "b")), httpx.Response(200, json=report("c", rejected=[bad]))]
    )
    # When a CSV is imported, in which a cell has two lines
    text = 'name,description,price,category\na,"one\ntwo"\nb,\nc,\nd,\n'
    result = run(text, "--batch", "2", file="products.csv")
    # Then the line of the file is named, and what is wrong, and the command fails
    assert result.exit_code == 1
    assert "6     lamp     price: [red] is dear; name: is missing" in result.stdout.splitlines()
    assert result.stdout.endswith("3 created, 0 updated, 0 unchanged, 1 rejected.\n")


def test_fields_without_a_meaning_are_named(run: Run, shop: FakeShop) -> None:
    shop.answers = iter(
        [
            httpx.Response(200, json=report(name, leftOutColumns=[column(field)]))
            for name, field in (("a", "x"), ("b", "[b]"))
        ]
    )
    lines = run(names(2), "--batch", "1").stdout.splitlines()
    assert lines[:4] == ["Columns that are left out", "Column  Why", "[b]     no meaning", "x       no meaning"]


def test_for_programs_all_of_it_is_json(run: Run, shop: FakeShop) -> None:
    bad = {"row": 1, "errors": ["name: is missing"]}
    shop.answers = iter([httpx.Response(200, json=report(rejected=[bad], leftOutColumns=[column("x")]))])
    result = run(names(1), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "created": 0,
        "updated": 0,
        "unchanged": 0,
        "rejected": [bad],
        "ignoredFields": ["x"],
        "leftOutRows": [],
        "leftOutColumns": [column("x")],
        "notes": [],
        "readAs": [],
        "dryRun": False,
    }


def test_one_product_in_two_batches_is_told_of(run: Run, shop: FakeShop) -> None:
    shop.answers = iter(
        [httpx.Response(200, json=report("lamp")), httpx.Response(200, json=report("lamp", outcome="UPDATED"))]
    )
    result = run(names(2), "--batch", "1", "--json")
    summary = json.loads(result.stdout)
    assert (result.exit_code, summary["created"], summary["updated"], summary["rejected"]) == (0, 1, 0, [])
    note = "the product lamp is also that of row 1, and has been replaced"
    assert summary["notes"] == [{"note": note, "rows": [2]}]


@pytest.mark.parametrize("batch", ["1", "2", "3"])
def test_a_row_that_repeats_an_earlier_one_is_rejected_whatever_the_batch(run: Run, shop: FakeShop, batch: str) -> None:
    # Given a shop that itself rejects what comes twice in a request
    rows = [*names(1), *names(2)]
    twice = {"row": 2, "productId": "p-0", "errors": ["productId: row 1 is the same product"]}
    once = report("p-0")
    if batch != "1":
        shop.answers = iter([httpx.Response(200, json=once | {"rejected": [twice]})])
    result = run(rows, "--batch", batch, "--json")
    # Then it is not in the catalog, and is rejected; no row is both
    assert [row["row"] for row in json.loads(result.stdout)["rejected"]] == [2]
    assert json.loads(result.stdout)["rejected"][0]["errors"] == ["productId: row 1 is the same product"]


def test_a_row_that_repeats_a_rejected_one_is_sent(run: Run, shop: FakeShop) -> None:
    bad = {"row": 1, "errors": ["price: is missing"]}
    shop.answers = iter([httpx.Response(200, json=report(rejected=[bad]))])
    result = run([*names(1), *names(1)], "--batch", "1", "--json")
    assert (len(shop.requests), json.loads(result.stdout)["created"]) == (2, 1)


def test_an_export_of_another_shop_needs_no_option(run: Run, shop: FakeShop) -> None:
    text = (
        "Handle;Title;Variant Price;Image Src;SEO Title\n"
        "mug;Mug;12,50;https://pictures.example/1.jpg;Best mug\n"
        "mug;;;https://pictures.example/2.jpg;\n;;;https://pictures.example/3.jpg;\n"
    )
    result = run(text, file="export.txt")
    assert shop.rows == [
        {
            "handle": "mug",
            "name": "Mug",
            "category": "Other",
            "price": "12.50",
            "images": ["https://pictures.example/1.jpg", "https://pictures.example/2.jpg"],
            "status": "ACTIVE",
            "initialStock": 1,
        }
    ]
    for line in (
        "Read as: the layout of Shopify; separated by semicolons; prices with decimal commas.",
        "4     it has no handle",
        "SEO Title  pages name themselves by the product's name and description",
        "2      the file names no category; it is in 'Other'",
    ):
        assert line in result.stdout.splitlines()


def test_a_file_without_products_says_so(run: Run, shop: FakeShop) -> None:
    result = run("name,price,category\n", file="products.csv")
    assert (result.exit_code, shop.requests) == (0, [])
    assert result.stdout.startswith("The file has no products.\n")


def test_a_malformed_file_changes_nothing(run: Run, shop: FakeShop) -> None:
    result = run("name,price,category\na,1,x\nb,1,000,x\n", "--batch", "1", file="products.csv")
    assert (result.exit_code, shop.requests) == (2, [])
    assert result.stderr == "Cannot read the file: line 3 has 4 cells under 3 columns\n"


@pytest.mark.parametrize(
    "fault",
    [
        problem(503),
        httpx.Response(502, text="<html>Bad gateway"),
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("cut off"),
    ],
)
def test_after_a_fault_the_same_rows_are_sent_again(
    run: Run, shop: FakeShop, pauses: list[float], fault: httpx.Response | Exception
) -> None:
    shop.answers = iter([fault, fault])
    result = run(names(1))
    assert (result.exit_code, len(shop.requests), pauses) == (0, 3, [0.5, 1.0])
    assert len({request.content for request in shop.requests}) == 1


def test_what_an_interrupted_import_has_written_counts_once(run: Run, shop: FakeShop) -> None:
    # Given a shop that writes one row, is interrupted, and then finds that row unchanged
    bad = {"row": 3, "errors": ["price: is missing"]}
    after = report("a", "b", rejected=[bad])
    after["imported"][0]["outcome"] = "UNCHANGED"
    interrupted = problem(503, report=report("a", rejected=[bad]))
    shop.answers = iter([interrupted, httpx.Response(200, json=after)])
    # Then both count as created, and what is rejected is told once
    summary = json.loads(run(names(3), "--json").stdout)
    assert (summary["created"], summary["unchanged"], len(summary["rejected"])) == (2, 0, 1)


def test_faults_without_an_end_fail_and_tell_what_was_done(run: Run, shop: FakeShop) -> None:
    shop.answers = iter([httpx.Response(200, json=report("a")), *[problem(503)] * MAX_ATTEMPTS])
    result = run(names(2), "--batch", "1")
    assert (result.exit_code, len(shop.requests)) == (2, 1 + MAX_ATTEMPTS)
    assert "the shop answered 503: Some sentence., 4 times; import the same file again later" in result.stderr
    assert "1 created" in result.stdout


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (problem(401), "the shop does not know this token (401); it may have expired"),
        (problem(403), "only the shop's staff may import (403)"),
        (httpx.Response(413), "the request is too large (413); choose a smaller --batch"),
        (problem(422), "the shop answered 422: Some sentence."),
        (httpx.Response(404, text="nothing"), "the shop answered 404: nothing"),
        (httpx.Response(301), "the shop answered 301: Moved Permanently"),
        (httpx.Response(200, text="<html>"), f"what answers at {SHOP}/api/products/import is not the shop's import"),
        (
            httpx.ConnectError("refused"),
            f"nothing answers at {SHOP}/api/products/import; does the shop run?",
        ),
        (httpx.ConnectTimeout("far"), f"nothing answers at {SHOP}/api/products/import; does the shop run?"),
    ],
)
def test_a_refusal_is_said_and_not_tried_again(
    run: Run, shop: FakeShop, answer: httpx.Response | Exception, said: str
) -> None:
    shop.answers = iter([answer])
    result = run(names(1))
    assert (result.exit_code, len(shop.requests)) == (2, 1)
    assert result.stderr.endswith(f"The import failed: {said}\n")
    assert result.stdout == ""


@pytest.mark.parametrize("url", ["shop.example", "ftp://shop.example"])
def test_an_address_that_is_none_is_said(pauses: list[float], tmp_path: Path, url: str) -> None:
    file = tmp_path / "a.json"
    file.write_text('[{"name": "a"}]')
    result = CliRunner().invoke(commands.app, ["import", str(file), "--url", url, "--token", "t"])
    assert result.exit_code == 2
    assert "is not an http(s) address" in result.stderr


def test_a_token_that_no_header_can_carry_is_said(run: Run) -> None:
    result = run(names(1), "--token", "tök\nen")
    assert result.exit_code == 2
    assert "the token is none" in result.stderr


def test_a_file_that_cannot_be_read_is_said_and_nothing_is_sent(run: Run, shop: FakeShop) -> None:
    result = run("[", file="broken.json")
    assert (result.exit_code, shop.requests) == (2, [])
    assert "Cannot read the file: it is not JSON" in result.stderr


def test_no_rows_are_no_request(run: Run, shop: FakeShop) -> None:
    assert (run([]).exit_code, shop.requests) == (0, [])


@pytest.mark.parametrize("batch", ["0", "501"])
def test_a_batch_is_what_the_shop_takes(run: Run, batch: str) -> None:
    assert run(names(1), "--batch", batch).exit_code == 2


def test_the_local_shop_is_asked_where_nothing_is_given(
    shop: FakeShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecom67.local.connection.shop_url", lambda: "http://localhost:1")
    monkeypatch.setattr("ecom67.local.connection.staff_token", lambda: "local")
    file = tmp_path / "a.json"
    file.write_text('[{"name": "a"}]')
    assert CliRunner().invoke(commands.app, ["import", str(file)]).exit_code == 0
    assert str(shop.requests[0].url) == "http://localhost:1/api/products/import"
    assert shop.requests[0].headers["Authorization"] == "Bearer local"
