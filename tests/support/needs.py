"""A test that needs a system part says so: skipped without it, failed where nothing may be."""

from functools import cache

import pytest

from tests.running.parts import Part, require_all


def need(part: Part) -> None:
    if _found(part):
        return
    sentence = f"{part.name} is missing; cure: {part.cure}"
    if require_all():
        pytest.fail(sentence)
    pytest.skip(sentence)


@cache
def _found(part: Part) -> bool:
    """Asked once: some look in another process, and no test takes a part away."""
    return part.found()
