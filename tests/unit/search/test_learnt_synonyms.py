"""What a catalogue says of words that mean the same."""

from services.search.learnt_synonyms import evidence, likely_synonyms
from tests.unit.search.conftest import document


def _evidence(name: str, description: str, brand: str = "Esk") -> list[str]:
    terms: list[str] = document("p", name=name, description=description, brand=brand, tags=[]).fields[
        "synonym_evidence"
    ]
    return terms


def test_words_before_the_same_thing_in_name_and_description_are_evidence_both_ways() -> None:
    assert _evidence("Esk notebook case", "Laptop Case – S") == ["laptop notebook case esk", "notebook laptop case esk"]


def test_words_that_both_texts_have_brands_and_codes_are_none() -> None:
    assert _evidence("Notebook case", "Laptop case for a notebook") == []
    assert _evidence("Esk case", "Laptop case") == []
    assert _evidence("X2 case", "Laptop case") == []
    assert _evidence("Notebook case", "") == []


def test_the_words_before_what_the_product_is_not_are_none() -> None:
    assert _evidence("Black case lock", "Leather case") == []
    assert _evidence("Ink Original Black", "Ink Pigment Black") == []


def test_several_things_of_several_brands_make_a_synonym() -> None:
    terms = [f"laptop notebook {thing} esk" for thing in ("case", "lock")]

    assert list(likely_synonyms(terms)) == []
    assert list(likely_synonyms([*terms, "laptop notebook stand esk"])) == []
    assert list(likely_synonyms([*terms, "laptop notebook stand dun"])) == ["notebook"]


def test_evidence_is_from_names_and_descriptions_as_they_are_written() -> None:
    things = [("Case", "Esk"), ("Lock", "Dun"), ("Stand", "Esk")]
    terms = [term for thing, brand in things for term in _evidence(f"Notebook {thing}", f"Laptop {thing}", brand)]

    assert list(likely_synonyms([term for term in terms if term.startswith("notebook ")])) == ["laptop"]
    assert evidence([], [], set(), []) == []
