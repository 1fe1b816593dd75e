"""Where are the transforms that put another value in the place of an identifier?

| transform | turned back with the key | looks like | module |
| --- | --- | --- | --- |
| `pseudonymize` | no | a code | `transforms.pseudonymization` |
| `tokenize`, `detokenize` | yes, authenticated | a longer code | `transforms.tokens` |
| `format_preserving` | yes | the value: same length, same alphabet | `transforms.format_preservation` |
| `surrogate` | no | a real name, city, phone | `transforms.surrogates` |
"""

from __future__ import annotations

from transforms.format_preservation import format_preserving
from transforms.pseudonymization import pseudonymize
from transforms.surrogates import surrogate
from transforms.tokens import detokenize, tokenize

__all__ = ["detokenize", "format_preserving", "pseudonymize", "surrogate", "tokenize"]
