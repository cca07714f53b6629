"""When it can't be done: say what happened, and whether to ask again."""

import pytest
from django.db import IntegrityError, OperationalError
from django.test import RequestFactory

from loyalty.errors import PatienceMiddleware
from members.ledger.refusals import Busy

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer():
    def to(error):
        request = RequestFactory().get("/m/the-key-of-a-card/")
        return PatienceMiddleware(lambda request: None).process_exception(request, error)

    return to


@pytest.mark.parametrize("error", [Busy(), OperationalError("couldn't get a connection")])
def test_a_busy_database_may_be_asked_again(answer, error):
    response = answer(error)

    assert response.status_code == 503
    assert response["Retry-After"] == "2"


def test_anything_else_is_a_fault_of_ours(answer):
    assert answer(IntegrityError("against the rules")) is None
