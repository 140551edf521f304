"""Texts that a person enters: only characters that every service, and AWS itself, can store and send.

SQS refuses a message with any other character, and so does EventBridge's delivery to a queue. Source: SQS's API
reference of SendMessage, which allows the characters of XML 1.0.
"""

import re
import unicodedata

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

# The characters that are forbidden, few as they are: to compile all the others takes 4 ms of each start.
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MESSAGE = "has control characters, or others that cannot be stored"


def _check_one_line(text: str) -> str:
    if not is_printable(text, allowed=""):
        raise PydanticCustomError("text", MESSAGE)
    return text


def _check_lines(text: str) -> str:
    if not is_printable(text, allowed="\t\n\r"):
        raise PydanticCustomError("text", MESSAGE)
    return text


def is_printable(text: str, allowed: str) -> bool:
    """Return whether a text has no character that XML forbids, and no control character but the allowed ones."""
    controls = (character for character in text if unicodedata.category(character) == "Cc")
    return not NOT_XML.search(text) and all(character in allowed for character in controls)


ONE_LINE = AfterValidator(_check_one_line)
"""Validator of a text of one line, such as a name. It stands behind the constraint that strips white space."""
LINES = AfterValidator(_check_lines)
"""Validator of a text that may have line ends and tabs, such as a description."""
