"""Making tasks of a benchmark, checking them, keeping some sealed."""
