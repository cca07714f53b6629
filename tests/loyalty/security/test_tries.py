"""A mailed code has three tries, whatever was tried of others; see `tests/races/test_tries.py`."""

import pytest

from loyalty.security import tries

pytestmark = pytest.mark.django_db


def test_it_works():
    taken = [tries.take("session:482913") for _try in range(tries.MOST + 2)]

    assert taken == [True] * tries.MOST + [False, False]


def test_each_code_has_its_own():
    for _try in range(tries.MOST):
        tries.take("session:482913")

    assert tries.take("session:173920")
    assert not tries.take("session:482913"), "nor does that give back what was used"
