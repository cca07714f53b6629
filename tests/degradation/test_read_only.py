"""A database that takes no writes just now: a standby, a disk remounted (R6)."""

import pytest
from django.db import connection
from django.urls import reverse

from loyalty import keys
from members.ledger import audit
from members.ledger.models import Operation
from tests.factories import stamp

pytestmark = pytest.mark.django_db(transaction=True)

READ_ONLY = {
    "sqlite": ("PRAGMA query_only=ON", "PRAGMA query_only=OFF"),
    "postgresql": (
        "SET default_transaction_read_only=on",
        "SET default_transaction_read_only=off",
    ),
}


@pytest.fixture
def read_only():
    """read_only(): from now on the database takes no writes, and does again when called anew."""
    [off, on] = READ_ONLY[connection.vendor]

    def switch(sql=off):
        with connection.cursor() as cursor:
            cursor.execute(sql)

    yield switch
    switch(on)


def test_a_stamp_says_not_now_and_can_be_sent_again(in_shop, till, member, card, read_only):
    give = reverse("counter:stamp", args=[member.counter_code])
    asked = {"key": keys.new(), "programme": card.pk, "count": 1}
    read_only()
    answer = till.post(give, asked)

    assert answer.status_code == 503, answer.headers
    assert answer["Retry-After"]
    assert "It counts once, however often you try." in answer.content.decode()
    assert not any(word in answer.content.decode() for word in ("Traceback", "Error", "sqlite"))
    assert not Operation.objects.filter(key=asked["key"]).exists()

    read_only(READ_ONLY[connection.vendor][1])
    assert "done=" in till.post(give, asked).url
    assert member.accounts.get().balance == 2
    assert list(audit.disagreements()) == []


def test_a_card_can_still_be_read(in_shop, counter, member, visitor, read_only):
    stamp(member, counter=counter)
    read_only()

    assert visitor.get(reverse("card:card", args=[member.private])).status_code == 200
