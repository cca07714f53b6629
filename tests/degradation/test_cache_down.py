"""The shared cache does not answer (R6). What it only makes quicker goes on; its limits say no."""

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.urls import reverse

from loyalty import keys
from tests.running.postgres import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def cache_down(settings):
    """A Redis where nobody listens."""
    nobody = f"redis://127.0.0.1:{free_port()}/1"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": nobody}
    }
    assert isinstance(caches["default"], RedisCache)


def test_stamping_goes_on(in_shop, till, member, card, cache_down):
    asked = {"key": keys.new(), "programme": card.pk, "count": 1}
    answer = till.post(reverse("counter:stamp", args=[member.counter_code]), asked)

    assert "done=" in answer.url
    assert member.accounts.get().balance == 2


def test_who_is_signed_in_stays_so(shop, card, ingrid, cache_down):
    """Sessions are in the database too."""
    assert ingrid.get(reverse("owner:settings", args=[shop.slug])).status_code == 200


def test_no_code_is_mailed_that_nobody_counts(visitor, ingrid_person, cache_down, mailoutbox):
    """Guesses and mails are limited in the cache: without it, a robot would have no limit."""
    answer = visitor.post(reverse("account_request_login_code"), {"email": ingrid_person.email})

    assert answer.status_code == 503
    assert "Send it again in a moment." in answer.content.decode()
    assert mailoutbox == []
