"""The end of a round: its closings, the first reading after one, and what of it is held back from whom."""
