"""How a plan comes about, is approved, and is held against what a run finds."""
