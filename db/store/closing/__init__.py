"""The end of a round: its closings, and the first reading after one."""
