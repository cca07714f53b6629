"""`python3 manage.py test --mutants`: plants one fault after the other and says who noticed."""

import signal
import sys
import time

from loyalty.languages import compile_languages
from tests.mutants.judging import judge_all, our_ground
from tests.mutants.listed import MUTANTS

AT_ONCE = 2


def try_mutants(words: tuple[str, ...]) -> int:
    """Try all, or those with one of these words in their name or file. Returns the exit code."""
    # Being told to stop must still stop the server and the tests we started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    chosen = [
        mutant
        for mutant in MUTANTS
        if not words or any(word in f"{mutant.name} {mutant.file}" for word in words)
    ]
    compile_languages()
    began, killed = time.monotonic(), 0
    with our_ground(chosen) as ground:
        for verdict in judge_all(chosen, ground, at_once=AT_ONCE):
            killed += verdict.is_good
            why = f" ({verdict.why})" if verdict.why else ""
            print(f"{verdict.how:8}  {verdict.mutant.name}{why}", flush=True)
    print(f"{killed} of {len(chosen)} killed in {time.monotonic() - began:.0f} s")
    return 0 if chosen and killed == len(chosen) else 1
