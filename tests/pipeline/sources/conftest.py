"""What the sources' tests share: real servers."""

import runpy
from pathlib import Path

_FIXTURES = runpy.run_path(str(Path(__file__).parents[2] / "servers" / "fixtures.py"))
postgres_server, mariadb_server, s3_server, breaking = (
    _FIXTURES[name] for name in ("postgres_server", "mariadb_server", "s3_server", "breaking")
)
