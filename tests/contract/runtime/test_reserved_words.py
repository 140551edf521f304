"""No expression for DynamoDB names an attribute by a word that it reserves: it refuses those, moto's queries do not."""

import ast
import re
from collections.abc import Iterator

from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from ecom67.base.paths import ROOT

EXPRESSIONS = {
    "KeyConditionExpression",
    "FilterExpression",
    "ProjectionExpression",
    "ConditionExpression",
    "UpdateExpression",
}
OPERATORS = {"ADD", "AND", "BETWEEN", "CONTAINS", "DELETE", "EXISTS", "IN", "NOT", "OR", "REMOVE", "SET", "SIZE"}
RESERVED = set(ReservedKeywords.get_reserved_keywords()) - OPERATORS


def _expressions(tree: ast.AST) -> Iterator[str]:
    """Return the texts of all expressions: values of a dict, of an assignment to a key, and of a parameter."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            values = [
                value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value in EXPRESSIONS
            ]
        elif isinstance(node, ast.Call):
            values = [keyword.value for keyword in node.keywords if keyword.arg in EXPRESSIONS]
        elif isinstance(node, ast.Assign):
            keys = [target.slice for target in node.targets if isinstance(target, ast.Subscript)]
            values = [node.value for key in keys if isinstance(key, ast.Constant) and key.value in EXPRESSIONS]
        else:
            continue
        for value in values:
            yield " ".join(
                part.value for part in ast.walk(value) if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )


def reserved_in(source: str) -> set[str]:
    """Return the reserved words that the expressions of a source name without a ``#``."""
    words = (word for text in _expressions(ast.parse(source)) for word in re.findall(r"(?<![#:\w])[A-Za-z]\w*", text))
    return {word for word in words if word.upper() in RESERVED}


def test_a_reserved_word_is_seen() -> None:
    assert reserved_in('{"KeyConditionExpression": "bucket = :bucket AND entry > :first"}') == {"bucket"}
    assert reserved_in('{"KeyConditionExpression": "#bucket = :bucket AND entry > :first"}') == set()


def test_no_expression_names_a_reserved_word() -> None:
    sources = (path for folder in ("bus", "services") for path in (ROOT / folder).rglob("*.py"))
    found = {str(path.relative_to(ROOT)): reserved_in(path.read_text()) for path in sources}
    assert {path: words for path, words in found.items() if words} == {}
