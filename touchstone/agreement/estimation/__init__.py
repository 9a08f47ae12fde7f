"""Coefficients of counts, with their intervals: formulas, draws, what a draw adds, clusters."""
