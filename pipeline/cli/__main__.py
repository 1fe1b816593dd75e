"""`python -m pipeline.cli` is `douane`."""

from pipeline.cli import main

main()
