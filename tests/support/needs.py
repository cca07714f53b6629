"""A test that needs a system part says so: skipped without it, failed where nothing may be."""

import pytest

from tests.running.parts import Part, require_all


def need(part: Part) -> None:
    if part.found():
        return
    sentence = f"{part.name} is missing; cure: {part.cure}"
    if require_all():
        pytest.fail(sentence)
    pytest.skip(sentence)
