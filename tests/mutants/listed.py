"""All mutants, theme by theme."""

from tests.mutants import counter, ledger, people, rewards, upkeep, web

MUTANTS = [
    *ledger.MUTANTS,
    *rewards.MUTANTS,
    *people.MUTANTS,
    *web.MUTANTS,
    *counter.MUTANTS,
    *upkeep.MUTANTS,
]
