"""Planted faults that the suite must notice: one for each mistake a colleague could make.

`planting.py` says what a mutant is, `judging.py` runs the tests that must fail; the mutants
themselves are listed by theme.
"""
