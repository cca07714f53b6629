import logging

import pytest

from loyalty.models import Trade
from tests.walker.walk import Walk
from tests.walker.world import target


@pytest.fixture
def theirs(db):
    return target("Kanari", Trade.CAFE)


@pytest.fixture
def ours(db):
    return target("Blomst", Trade.FLORIST)


@pytest.fixture
def walk(theirs, ours):
    logging.disable()  # thousands of refusals, each told with its traceback
    yield Walk(theirs, ours).go
    logging.disable(logging.NOTSET)
