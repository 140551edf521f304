"""Reads the bytes of a file as text: UTF-8, UTF-16, or an older encoding, which the detection library tells."""

import codecs
import io
import re
from typing import TYPE_CHECKING, BinaryIO

from services.catalog.product_file.rows import UnreadableFileError

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", None),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
WESTERN = "cp1252"
_OLDER = [WESTERN, "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp932", "gb18030", "big5", "cp949"]
"""What spreadsheets on Windows write."""
_RARE = re.compile(r"[\x80-\x9f¤¦¬\xad¯¸ƒˆ˜‰‡†‹›]")
_SIGN_IN_WORD = re.compile(r"[^\W\d_][¡-©«-´¶-¹»-¿]+[^\W\d_]|(?<!\w)[¡¢¤-¨ª-¯±-·¹-¾]+[^\W\d_]{2}|£[^\W\d_]{2}")


def open_text(stream: BinaryIO) -> tuple[io.TextIOWrapper, str | None]:
    """Return the file's text, and the encoding if it is not UTF-8; line ends are as they are in the file.

    Raises UnreadableFileError where the encoding cannot be told.
    """
    encoding, name = _detect(stream)
    stream.seek(0)
    return io.TextIOWrapper(stream, encoding, newline=""), name


def _detect(stream: BinaryIO) -> tuple[str, str | None]:
    stream.seek(0)
    head = stream.read(_SAMPLE)
    for mark, encoding, name in _MARKS:
        if head.startswith(mark):
            return encoding, name
    if b"\0" in head:
        # Every other byte of Latin letters, digits and separators is zero.
        return ("utf-16-be" if head[:1] == b"\0" else "utf-16-le"), "UTF-16"
    sample = _undecodable_lines(stream)
    if sample is None:
        return "utf-8", None
    encoding = _detect_older(sample)
    return encoding, encoding.replace("cp125", "Windows-125")


def _undecodable_lines(stream: BinaryIO) -> bytes | None:
    """Return the first lines with other than ASCII characters of a file that is not UTF-8; None if it is UTF-8."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        pass
    else:
        return None
    stream.seek(0)
    sample = bytearray()
    for line in stream:
        if not line.isascii():
            sample += line
        if len(sample) > _SAMPLE:
            break
    return bytes(sample)


def _detect_older(sample: bytes) -> str:
    if _is_western(sample):
        return WESTERN
    # Imported late: it is needed for few files.
    from charset_normalizer import from_bytes

    found = [match for match in from_bytes(sample, cp_isolation=_OLDER) if match.encoding != WESTERN]
    if not found or any(_is_as_likely(other, found[0]) for other in found[1:]):
        raise UnreadableFileError("its encoding cannot be told; save it as UTF-8")
    return found[0].encoding


def _is_western(sample: bytes) -> bool:
    """Return whether bytes read as Windows-1252: mostly plain letters, and signs such as £ or ³ in no word.

    The library does not tell Western from Central European text of a few words: most letters are the same in both.
    """
    try:
        text = sample.decode(WESTERN)
    except UnicodeDecodeError:
        return False
    letters = [character for character in text if character.isalpha()]
    plain = sum(character.isascii() for character in letters)
    return 2 * plain >= len(letters) and not _RARE.search(text) and not _SIGN_IN_WORD.search(text)


def _is_as_likely(other: "CharsetMatch", best: "CharsetMatch") -> bool:
    return (other.chaos, other.coherence) == (best.chaos, best.coherence) and str(other) != str(best)
