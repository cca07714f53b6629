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
def walker(theirs, ours):
    logging.disable()  # thousands of refusals, each told with its traceback
    yield Walk(theirs, ours)
    logging.disable(logging.NOTSET)


@pytest.fixture
def walk(walker):
    return walker.go


@pytest.fixture
def at_home(walker):
    return walker.at_home
