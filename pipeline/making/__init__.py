"""How an extract becomes a release's tables, batch by batch."""
