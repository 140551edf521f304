"""What either engine finds: words in all their forms, typos, synonyms, phrases, unicode, and anything that is typed."""

from typing import Any

import pytest

from bus.cursor import InvalidCursorError
from services.search.document import ProductDocument
from services.search.engine import Engine, Filters, Sort
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


def test_products_with_all_words_come_first_and_those_with_most_follow(engine: Engine) -> None:
    engine.write(
        [
            document("both", name="A Long Name of a Brass Lamp in Oak"),
            document("rare", name="Brass Bell"),
            document("lamp", name="Lamp"),
            document("desk-lamp", name="Desk Lamp"),
            document("none", name="Mug"),
        ]
    )

    assert ids(found(engine, "brass lamp")) == ["both", "rare", "lamp", "desk-lamp"]


def test_where_enough_products_have_all_words_they_are_all_that_is_found(engine: Engine) -> None:
    engine.write([document(f"p{number}", name=f"Oak Lamp {number}") for number in range(12)])
    engine.write([document("oak", name="Oak"), document("lamp", name="Lamp")])

    assert found(engine, "oak lamp").total == 12


def test_one_chance_hit_of_all_words_does_not_end_the_search(engine: Engine) -> None:
    engine.write(
        [
            document("headset", name="PC Headset", description="For gaming, on any laptop"),
            document("laptop", name="ROG Laptop 15"),
            document("mouse", name="Gaming Mouse"),
        ]
    )

    assert sorted(ids(found(engine, "gaming laptop"))) == ["headset", "laptop", "mouse"]


def test_a_list_by_price_has_all_words_of_the_text(engine: Engine) -> None:
    engine.write([document("lamp", name="Oak Lamp"), document("cheap", name="Lamp", price={"amount": 100})])

    assert ids(found(engine, "oak lamp", sort=Sort.PRICE_ASC)) == ["lamp"]


def test_a_rare_word_weighs_more_than_a_common_one(engine: Engine) -> None:
    engine.write([document(f"p{number}", name=f"Black Cable {number}") for number in range(30)])
    engine.write([document("tripod", name="Tripod"), document("cover", name="Cover", description="Black")])

    assert ids(found(engine, "black tripod"))[0] == "tripod"


def test_the_thing_itself_comes_before_its_accessories(engine: Engine) -> None:
    engine.write(
        [
            document("case", name="Notebook case Black"),
            document("stand", name="Notebook Stand"),
            document("drum", name="Drum for Notebook"),
            document(
                "notebook",
                name='Pavilion dv7 Notebook Silver 43.2 cm (17") 1440 x 900 pixels',
                attributes={"colour": "Silver"},
            ),
            document("short", name="Compaq 530 Notebook PC"),
        ]
    )

    assert ids(found(engine, "notebooks"))[:2] == ["short", "notebook"]


@pytest.mark.parametrize(
    ("name", "attributes", "text"),
    [
        ("Toner", {"sku": "311992D4"}, "311992D4"),
        ("Toner", {"oem_code": "CB-400.A"}, "cb400a"),
        ("DCS-8325LH Camera", {}, "dcs8325lh"),
        ("Headphones SHS8005/10", {}, "SHS8005"),
        ("Headphones SHS8005/10", {}, "shs8005/10"),
        ("SSD 3 TB", {}, "3tb ssd"),
        ("Mouse 3TB", {}, "mice 3 tb"),
        ("USB 2.0 Hub", {}, "usb hub 2.0"),
    ],
)
def test_a_code_is_found_wherever_it_stands(engine: Engine, name: str, attributes: dict[str, str], text: str) -> None:
    engine.write([document("wanted", name=name, attributes=attributes), document("other", name="Mug 311992D3")])

    assert ids(found(engine, text)) == ["wanted"]


def test_a_code_that_differs_in_a_digit_is_another(engine: Engine) -> None:
    engine.write([document("d3", name="Drum 311992D3"), document("d", name="D 4 311992")])

    assert ids(found(engine, "311992D4")) == []
    assert ids(found(engine, "311992D3")) == ["d3"]


def test_a_code_as_it_is_comes_before_its_parts(engine: Engine) -> None:
    engine.write([document("parts", name="Box E 27"), document("exact", name="A Long Name of a Box", tags=["E27"])])

    assert ids(found(engine, "e27")) == ["exact", "parts"]


def test_a_number_alone_says_nothing_of_what_is_wanted(engine: Engine) -> None:
    engine.write([document("oppo", name="Oppo Reno 16"), document("iphone", name="iPhone 13 Pro")])

    assert ids(found(engine, "iphone 16")) == ["iphone"]


def test_a_number_is_never_left_out_of_what_is_suggested(engine: Engine) -> None:
    engine.write([document("ssd", name="Fast SSD 2TB"), document("lamp", name="Lamp")])

    assert found(engine, "3tb ssd").did_you_mean is None
    assert found(engine, "3tb lmap").did_you_mean == "3tb lamp"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Wireless Mouse", "mice"),
        ("Wool Scarf", "scarves"),
        ("Oak Bookshelf", "bookshelves"),
        ("Child Seat", "children"),
        ("Bread Knife", "knives"),
        ("Salt Cellar", "saltcellar"),
        ("Pepper Grinder", "peppergrinder"),
        ("Peppergrinder", "pepper grinder"),
        ("Leather Gloves", "glove"),
        ("Olives", "olive"),
    ],
)
def test_plurals_and_words_written_together_are_found(engine: Engine, name: str, text: str) -> None:
    engine.write([document("wanted", name=name), document("other", name="Mug")])

    assert ids(found(engine, text)) == ["wanted"]


def test_words_written_together_are_found_in_a_description(engine: Engine) -> None:
    engine.write([document("dish", name="Stoneware Tray", description="A soap dish."), document("soap", name="Soap")])

    assert ids(found(engine, "soapdishes")) == ["dish"]


def test_the_thing_by_another_name_comes_before_what_only_mentions_the_word(engine: Engine) -> None:
    engine.write(
        [
            document("smartphone", name="Vivo S1 Smartphone"),
            document("case", name="Travel Wallet", description="Room for a phone."),
        ]
    )

    assert ids(found(engine, "phone")) == ["smartphone", "case"]


def test_what_goes_with_the_wanted_thing_comes_after_it_however_often_it_names_it(engine: Engine) -> None:
    engine.write(
        [
            document(
                "drum",
                name="Esk Drum for Laser Printer printer drum",
                description="Drum for Laser Printer or Fax",
                tags=[],
            ),
            document("toner", name="Esk Laser Printer Toner", description="Laser Printer Toner, 14,000 Pages", tags=[]),
            document("printer", name="Esk FS-9130DN 1800 x 600 A3", description="FS-9130DN Laser Printer", tags=[]),
        ]
    )

    assert ids(found(engine, "laser printer", limit=1)) == ["printer"]


def test_a_colour_after_the_thing_hides_it_no_more_than_another_word(engine: Engine) -> None:
    """Shops write ``notebook Gray`` and ``notebook Black 15``; whether an attribute has the colour is chance."""
    common: dict[str, Any] = {
        "description": "A machine for all that is to be done on the way, and at the desk.",
        "tags": [],
    }
    engine.write(
        [
            document("gray", name="Esk TUF506 notebook Gray 39.6 cm", **common),
            document("sleeve", name="Esk TUF506 notebook sleeve", **common),
        ]
    )

    assert ids(found(engine, "notebook")) == ["gray", "sleeve"]


def _called_by_two_names(*, together: bool = False) -> list[ProductDocument]:
    """Return accessories of two brands, with notebook in the name and laptop in the description, and some of each."""
    sold = [("Case", "Esk"), ("Lock", "Dun"), ("Stand", "Esk")]
    fits = " Notebook" if together else ""
    accessories = [
        document(f"{thing}", name=f"Notebook {thing}", description=f"Laptop {thing}", brand=brand, tags=[])
        for thing, brand in sold
    ]
    bags = [document(f"bag{n}", name=f"Laptop{fits} Bag {n}", description="", tags=[]) for n in range(4)]
    return [
        *accessories,
        *bags,
        *(document(f"pc{n}", name=f"Esk 53{n} Notebook PC", description="Core 2, 4 GB", tags=[]) for n in range(4)),
    ]


def test_words_that_take_each_others_place_in_the_catalogue_are_synonyms(engine: Engine) -> None:
    engine.write(_called_by_two_names())

    assert "pc0" in ids(found(engine, "laptop"))
    assert "bag0" in ids(found(engine, "notebooks"))
    first = found(engine, "laptop", limit=1)
    assert "pc0" in ids(found(engine, "laptop", limit=20, cursor=first.cursor))


def test_words_that_often_stand_in_one_product_are_none(engine: Engine) -> None:
    engine.write(_called_by_two_names(together=True))

    assert "pc0" not in ids(found(engine, "laptop"))


def test_in_quotes_words_have_to_be_side_by_side(engine: Engine) -> None:
    engine.write([document("a", name="Pour Over Stand"), document("b", name="Over the Pour", description="pour, over")])

    assert ids(found(engine, '"pour over"')) == ["a", "b"]
    assert ids(found(engine, '"pour over stand"')) == ["a"]
    assert ids(found(engine, '"over pour"')) == []


def test_a_field_of_more_weight_comes_first(engine: Engine) -> None:
    engine.write(
        [
            document(
                "description",
                name="A",
                description="A sentence that only mentions, among many other words, the walnut.",
            ),
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

    assert ids(found(engine, "oak lamp", sort=Sort.NEWEST)) == ["lamp"]
    assert sorted(ids(found(engine, "oak lam"))) == ["lamp", "lampshade"]
    assert ids(found(engine, "lamps oa"))[0] == "lamp"


def test_among_equals_what_is_in_stock_comes_first(engine: Engine) -> None:
    engine.write([document("gone", name="Blue Mug", available=0), document("there", name="Grey Mug")])

    assert ids(found(engine, "mug")) == ["there", "gone"]


def test_a_word_says_more_in_a_shorter_name(engine: Engine) -> None:
    engine.write([document("long", name="Blue Mug of Grey Stoneware by the Sea"), document("short", name="Blue Mug")])

    assert ids(found(engine, "mug")) == ["short", "long"]


def test_where_nothing_fits_fewer_words_do_and_it_is_told_what_was_meant(stocked: Engine) -> None:
    result = found(stocked, "leather wallet qqqxyz")

    assert "passport-wallet" in ids(result)
    assert result.did_you_mean == "leather wallet"
    assert found(stocked, "kettel").did_you_mean == "kettle"
    assert found(stocked, "kettle").did_you_mean is None


def test_as_typed_no_word_is_taken_for_a_misspelt_one(stocked: Engine) -> None:
    result = found(stocked, "kettel", as_typed=True)

    assert (result.hits, result.did_you_mean) == ([], None)
    assert ids(found(stocked, "kett", as_typed=True)) == ids(found(stocked, "kett"))
    assert ids(found(stocked, "kettle", as_typed=True)) == ids(found(stocked, "kettle"))
    with pytest.raises(InvalidCursorError):
        found(stocked, "kettle", cursor=found(stocked, "kettle", limit=1).cursor, as_typed=True)


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
