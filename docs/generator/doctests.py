"""How does mkdocstrings show the one example of a docstring as code?

Griffe knows Google's plural `Examples:`; a section of one example is headed `Example:` in this house.
"""

from __future__ import annotations

import re
from typing import Any

from griffe import Extension, Object


class Doctests(Extension):
    """Read `Example:` as `Examples:`."""

    def on_object(self, *, obj: Object, **_: Any) -> None:  # noqa: ANN401 - griffe's own signature
        """Rewrite the heading before the docstring is parsed."""
        if obj.docstring:
            obj.docstring.value = re.sub(r"^Example:$", "Examples:", obj.docstring.value, flags=re.MULTILINE)
