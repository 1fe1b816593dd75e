"""Where do the facts that travel with the package stand?"""

from __future__ import annotations

from pathlib import Path


def data_folder() -> Path:
    """Find the shipped `data/`: inside the package of a wheel, beside it in a checkout or an editable install.

    Example:
        >>> (data_folder() / "register" / "providers.yaml").is_file()
        True
    """
    package = Path(__file__).resolve().parent
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"
