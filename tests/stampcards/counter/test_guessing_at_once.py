"""Many guesses of six digits at the same moment: ten are looked up, and no more (F3)."""

import pytest
from django_scopes import scope

from loyalty.refusals import Refused
from stampcards.counter import finding
from stampcards.counter.models import CodeMiss
from tests.stampcards.counter.test_finding import wrong_but_plausible
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_ten_are_looked_up_however_many_come_at_once(counter, card):
    guesses = [wrong_but_plausible(counter.shop) for _guess in range(16)]

    def guess(short):
        try:
            with scope(shop=counter.shop):
                finding.card_of_digits(counter, short)
        except Refused as refusal:
            return refusal.code

    answers = together(lambda short=short: guess(short) for short in guesses)

    assert answers.count("unknown_code") == 10
    assert answers.count("typing_paused") == 6
    with scope(shop=counter.shop):
        assert CodeMiss.objects.count() == 10
