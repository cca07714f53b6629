import pytest

from loyalty import clock
from members.ledger.models import Operation
from tests.dashboard.log.told import MAY
from tests.factories import (
    stamp,
)
from tests.support.pages import words_of


@pytest.fixture
def read(ingrid, at):
    """What the owner reads, asking for something."""

    def read(reader=ingrid, **asked):
        answer = reader.get(at("log"), asked)
        assert answer.status_code == 200
        return words_of(answer)

    return read


@pytest.fixture
def stamped(in_shop, card, counter, member):
    """One stamp for Maja, by Ola, by the door."""

    def stamped(card_of=member, when=MAY, **more):
        with clock.at(when):
            stamp(card_of, 1, counter=counter, programme=card, **more)
            return Operation.objects.latest("pk")

    return stamped


@pytest.fixture
def role(ingrid_person):
    return ingrid_person.roles.get()
