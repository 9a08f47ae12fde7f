"""Drawn: Rounds: opened, followed, closed; retest and calibration."""
