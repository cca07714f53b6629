"""A database that takes no writes just now: a standby, a disk remounted (R6)."""

import pytest
from django.db import connection
from django.urls import reverse

from loyalty import keys
from members.ledger import audit
from members.ledger.models import Operation
from tests.factories import stamp

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def read_only():
    """read_only(True): from now on no writes are taken; read_only(False): they are again."""

    def switch(on):
        state = "ON" if on else "OFF"
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(f"PRAGMA query_only={state}")
                return
            cursor.execute("SET default_transaction_read_only=OFF")  # or this could not be altered
            name = connection.ops.quote_name(connection.settings_dict["NAME"])
            cursor.execute(f"ALTER DATABASE {name} SET default_transaction_read_only={state}")
        connection.close()
        connection.close_pool()  # a session keeps what it began with

    yield switch
    switch(False)


def test_a_stamp_says_not_now_and_can_be_sent_again(in_shop, till, member, card, read_only):
    give = reverse("counter:stamp", args=[member.counter_code])
    asked = {"key": keys.new(), "programme": card.pk, "count": 1}
    read_only(True)
    answer = till.post(give, asked)

    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "It counts once, however often you try." in answer.content.decode()
    assert not any(word in answer.content.decode() for word in ("Traceback", "Error", "sqlite"))
    assert not Operation.objects.filter(key=asked["key"]).exists()

    read_only(False)
    assert "done=" in till.post(give, asked).url
    assert member.accounts.get().balance == 2
    assert list(audit.disagreements()) == []


def test_a_card_can_still_be_read(in_shop, counter, member, visitor, read_only):
    stamp(member, counter=counter)
    read_only(True)

    assert visitor.get(reverse("card:card", args=[member.private])).status_code == 200
