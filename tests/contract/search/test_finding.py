"""What either engine finds: words in all their forms, typos, synonyms, phrases, unicode, and anything that is typed."""

from typing import Any

import pytest

from services.search.engine import Engine, Filters
from services.search.search_service import suggest
from tests.contract.search.conftest import NewEngine
from tests.contract.search.products import document, found, ids, mark


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # As it is written, in any case and form
        ("gooseneck kettle", "gooseneck-kettle"),
        ("GOOSENECK KETTLE", "gooseneck-kettle"),
        ("kettle gooseneck", "gooseneck-kettle"),
        ("kettles", "gooseneck-kettle"),
        ("napkin", "linen-napkins-four"),
        ("pencil", "drafting-pencils-five"),
        ("boucle cushion", "boucle-cushion"),
        ("bouclé cushion", "boucle-cushion"),
        ("gooseneck kettle 0.9l", "gooseneck-kettle"),
        ("kettlestead kettle", "gooseneck-kettle"),
        ("kettle for the coffee", "gooseneck-kettle"),
        # Typos: swapped, missing, added, wrong, the first letter, two of them, in any word
        ("kettel", "gooseneck-kettle"),
        ("ketle", "gooseneck-kettle"),
        ("kettlle", "gooseneck-kettle"),
        ("kittle", "gooseneck-kettle"),
        ("jettle", "gooseneck-kettle"),
        ("gosneck ketle", "gooseneck-kettle"),
        ("notbook dot grid", "dot-grid-notebook-a5"),
        ("umbrela", "long-umbrella-oak"),
        ("secatuers", "bypass-secateurs"),
        # Synonyms: single words, phrases, misspelt ones
        ("backpack", "waxed-canvas-rucksack"),
        ("frying pan", "carbon-steel-skillet-26"),
        ("fring pan", "carbon-steel-skillet-26"),
        ("bakpack", "waxed-canvas-rucksack"),
        ("dressing gown", "linen-bathrobe"),
        ("cafetiere", "glass-french-press"),
        # One word or two
        ("tea pot", "round-porcelain-teapot"),
        ("pourover dripper", "stoneware-pour-over-dripper"),
        ("pour-over dripper", "stoneware-pour-over-dripper"),
        # Its beginning, while it is typed
        ("goose", "gooseneck-kettle"),
        ("stovetop mo", "stovetop-moka-pot"),
        # In quotes
        ('"moka pot"', "stovetop-moka-pot"),
    ],
)
def test_it_is_found(stocked: Engine, text: str, expected: str) -> None:
    assert expected in ids(found(stocked, text, limit=10))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kettle", "gooseneck-kettle"),
        ("teapot", "round-porcelain-teapot"),
        ("tea pot", "round-porcelain-teapot"),
        ("desk lamp", "jointed-desk-lamp"),
        ("floor lamp", "arched-floor-lamp"),
        ("skillet", "carbon-steel-skillet-26"),
        ("hand cream", "body-lotion-unscented"),
        ("rug", "braided-jute-rug"),
    ],
)
def test_what_fits_best_comes_first(stocked: Engine, text: str, expected: str) -> None:
    assert expected in ids(found(stocked, text, limit=3))


def test_every_word_has_to_fit(stocked: Engine) -> None:
    for text in ("oak", "oak brass", "oak brass stand"):
        for hit in found(stocked, text, limit=100).hits:
            said = str(hit.product).lower()
            assert all(word in said for word in text.split())


def test_in_quotes_words_have_to_be_side_by_side(engine: Engine) -> None:
    engine.write([document("a", name="Pour Over Stand"), document("b", name="Over the Pour", description="pour, over")])

    assert ids(found(engine, '"pour over"')) == ["a", "b"]
    assert ids(found(engine, '"pour over stand"')) == ["a"]
    assert ids(found(engine, '"over pour"')) == []


def test_a_field_of_more_weight_comes_first(engine: Engine) -> None:
    engine.write(
        [
            document("description", name="A", description="walnut"),
            document("tags", name="B", tags=["walnut"]),
            document("brand", name="C", brand="Walnut"),
            document("name", name="Walnut D"),
            document("thing", name="Great Walnut"),
        ]
    )

    assert ids(found(engine, "walnut")) == ["thing", "name", "brand", "tags", "description"]


def test_exact_words_come_before_what_is_similar(engine: Engine) -> None:
    engine.write(
        [
            document("synonym", name="Blue Cup"),
            document("plural", name="Blue Mugs"),
            document("like", name="Blue Mog"),
        ]
    )

    assert ids(found(engine, "mug")) == ["plural", "synonym"]
    assert ids(found(engine, "mgu")) == ["plural", "synonym"]


def test_a_word_may_be_a_beginning_only_where_it_is_no_word_itself(engine: Engine) -> None:
    engine.write([document("lamp", name="Oak Lamp"), document("lampshade", name="Oak Lampshade")])

    assert ids(found(engine, "oak lamp")) == ["lamp"]
    assert sorted(ids(found(engine, "oak lam"))) == ["lamp", "lampshade"]
    assert ids(found(engine, "lamps oa")) == ["lamp"]


def test_among_equals_what_is_in_stock_comes_first_and_then_the_shorter_name(engine: Engine) -> None:
    engine.write(
        [
            document("gone", name="Blue Mug", available=0),
            document("long", name="Blue Stoneware Big Mug"),
            document("short", name="Blue Mug"),
        ]
    )

    assert ids(found(engine, "mug")) == ["short", "long", "gone"]


def test_where_nothing_fits_fewer_words_do_and_it_is_told_what_was_meant(stocked: Engine) -> None:
    result = found(stocked, "leather wallet qqqxyz")

    assert "passport-wallet" in ids(result)
    assert result.did_you_mean == "leather wallet"
    assert found(stocked, "kettel").did_you_mean == "kettle"
    assert found(stocked, "kettle").did_you_mean is None


def test_where_nothing_is_near_nothing_is_found(stocked: Engine) -> None:
    result = found(stocked, "qqqxyzzy")

    assert (result.hits, result.total, result.did_you_mean, result.cursor) == ([], 0, None, None)


@pytest.mark.parametrize("text", ["", "   "])
def test_without_words_everything_is_found(stocked: Engine, text: str) -> None:
    assert found(stocked, text).total == 177


@pytest.mark.parametrize("text", ["!!!", '""', "***", "-- ;", "\N{PILE OF POO}"])
def test_signs_without_a_word_find_nothing(stocked: Engine, text: str) -> None:
    assert found(stocked, text).total == 0


INJECTIONS = [
    "name:kettle OR *:*",
    "kettle AND NOT kettle",
    "kettle) OR (1=1",
    "'; DROP TABLE products; --",
    '{"match_all": {}}',
    "<script>alert(1)</script>",
    "${jndi:ldap://x}",
    "../../etc/passwd",
    "kettle\x00\r\nSet-Cookie: a=b",
    "/.*/",
    "~kettle^9 +oak -oak",
    "\\\\\\",
    "\ud83d broken",
    "a" * 5000,
    "kettle " * 714,
    '"' * 5000,
    "äöü" * 1666,
    "( " * 2500,
]


@pytest.mark.parametrize("text", INJECTIONS, ids=lambda text: text[:16].encode("unicode_escape").decode())
def test_anything_may_be_typed(stocked: Engine, text: str) -> None:
    result = found(stocked, text, limit=100)
    suggested = suggest(stocked, text)

    assert result.total < 177
    assert len(result.hits) == min(result.total, 100)
    assert len(suggested.products) <= 5


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("緑茶 ティーポット", "緑茶"),
        ("緑茶 ティーポット", "ティーポット"),
        ("Чайник синий", "чайник"),
        ("Ψωμιέρα", "ψωμιερα"),
        ("שולחן עץ", "שולחן"),
        ("한국 찻잔", "찻잔"),
        ("Crème Brûlée Torch", "creme brulee"),
        ("Smørrebrød Board", "smorrebrod"),
        ("İstanbul Tulip Glass", "istanbul"),
        ("Straße Map", "strasse"),
        ("ＦＵＬＬ Width", "full width"),
        ("Cafe\N{COMBINING ACUTE ACCENT} Cup", "café"),
        ("Women’s Coat", "womens coat"),
        ("Women’s Coat", "women's coats"),
        ("Mug \N{HOT BEVERAGE} Big", "mug big"),
        ("Bulb E27 9W", "e27"),
        ("500ml Bottle", "500 ml bottle"),
    ],
)
def test_any_script_can_be_searched(engine: Engine, name: str, text: str) -> None:
    engine.write([document("it", name=name), document("other", name="Plain Thing")])

    assert ids(found(engine, text)) == ["it"]


def test_a_product_that_is_hidden_is_in_no_answer(engine: Engine) -> None:
    engine.write([document("mug"), document("cup", name="Stoneware Cup")])
    engine.write([mark("mug", 2)])

    assert ids(found(engine, "")) == ["cup"]
    assert ids(found(engine, "stoneware")) == ["cup"]
    assert found(engine, "").facets.brand == {"Culverhay Pottery": 1}
    assert [each["productId"] for each in suggest(engine, "stone").products] == ["cup"]


def test_an_index_that_was_never_written_is_empty(new_engine: NewEngine) -> None:
    engine = new_engine()

    assert found(engine, "mug").total == 0
    assert suggest(engine, "mug").queries == []
    assert engine.indexes() == (None, None)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("cof", "coffee and tea"),
        ("lan", "lantern"),
        ("copper wat", "copper watering can"),
        ("larkh", "larkhurst yard"),
        ("Cultural", None),
        ("qqq", None),
    ],
)
def test_queries_are_suggested_while_they_are_typed(stocked: Engine, text: str, query: str | None) -> None:
    queries = suggest(stocked, text).queries

    assert len(queries) <= 5
    assert (query in queries) if query else queries == []


def test_what_is_suggested_finds_something(stocked: Engine) -> None:
    for text in ("cof", "l", "ga", "oak s", "brass p"):
        for query in suggest(stocked, text).queries:
            assert found(stocked, query).total > 0, query


def test_products_are_suggested_although_they_are_mistyped(stocked: Engine) -> None:
    assert "gooseneck-kettle" in [each["productId"] for each in suggest(stocked, "kettel").products]
    assert suggest(stocked, "  ").products == []


def test_filters_do_not_loosen_what_a_text_finds(stocked: Engine) -> None:
    narrowed = found(stocked, "kettle", filters=Filters(categories=("garden",)))

    assert (narrowed.total, narrowed.did_you_mean) == (0, None)
    assert narrowed.facets.category["coffee-and-tea"] == 1


def test_what_is_kept_is_what_was_written(engine: Engine) -> None:
    given: dict[str, Any] = {"attributes": {"colour": "blue"}, "tags": ["gift"], "compare_at_price": {"amount": 2500}}
    engine.write([document("mug", available=3, **given)])

    (hit,) = found(engine, "mug").hits
    assert (hit.product, hit.available) == (document("mug", **given).product, 3)
