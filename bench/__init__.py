"""Figures: the running program driven from outside, beside a floor in the same interleaved run."""
