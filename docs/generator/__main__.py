"""`python -m docs.generator` writes the generated pages; `--check` only says which are out of date (exit 1)."""

from __future__ import annotations

import sys
from pathlib import Path

from docs.generator.pages import generated

REFERENCE = Path(__file__).parents[1] / "reference"


def stale() -> list[str]:
    """Name the generated files that are not what the code would write today."""
    return [name for name, text in generated().items() if not _is(REFERENCE / name, text)]


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def main() -> int:
    """Write the files, or check them."""
    if "--check" in sys.argv[1:]:
        late = stale()
        for name in late:
            print(f"docs/reference/{name} is out of date: run make reference", file=sys.stderr)  # noqa: T201 - a script
        return 1 if late else 0
    for name, text in generated().items():
        path = REFERENCE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
