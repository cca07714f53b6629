"""The mail server refuses (R6): nobody at the till notices, and the mail waits."""

import pytest
from django.core import mail
from django.urls import reverse

from loyalty.outbox.models import OutboxMessage
from tests.running.postgres import free_port

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def refused(settings):
    """SMTP to where nobody listens; tried in the request itself, as here tasks are."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()


def test_a_code_waits_and_the_page_goes_on(visitor, ingrid_person, refused):
    answer = visitor.post(
        reverse("account_request_login_code"), {"email": ingrid_person.email}, follow=True
    )

    assert answer.status_code == 200
    waiting = OutboxMessage.objects.get()
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    assert "refused" in waiting.last_error
    assert not getattr(mail, "outbox", [])
