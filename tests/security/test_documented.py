"""deploy/security.md says what the standard wants written down, and says it right."""

import re

import pytest
from django.conf import settings

from loyalty import keys, pins
from loyalty.pictures import encoding
from loyalty.security import tries
from members.joining.limits import JOINS_PER_ADDRESS_AND_HOUR
from stampcards.counter import finding
from tests.support.house import ROOT

pytestmark = pytest.mark.once

PAGE = re.sub(r"\s+", " ", (ROOT / "deploy/security.md").read_text())
ENVIRONMENT = (ROOT / ".env.example").read_text()

CHAPTERS = [
    "Who may do what",
    "What may be typed",
    "Signing in, and how long it lasts",
    "Keys",
    "What is kept of people, and how well",
    "Whom the site talks to",
    "Logs",
    "Packages",
]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_page_has_every_chapter(chapter):
    assert f"## {chapter} " in PAGE


@pytest.mark.parametrize(
    "sentence",
    [
        f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000} MB, "
        f"{settings.DATA_UPLOAD_MAX_NUMBER_FIELDS} fields, "
        f"{settings.DATA_UPLOAD_MAX_NUMBER_FILES} files",
        f"{encoding.MOST_BYTES // 1024**2} MB; {encoding.MOST_MEGAPIXELS['PNG']} megapixels "
        f"(WebP {encoding.MOST_MEGAPIXELS['WEBP']})",
        f"{tries.MOST} tries each, {settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60} minutes; "
        "5 in 10 minutes to one mailbox; 60 a minute from one address",
        f"{pins.TRIES} tries, then {pins.PAUSE.seconds // 60} minutes, doubling",
        f"{finding.MISSES} wrong in {finding.PAUSE.seconds // 60} minutes at one counter",
        f"{JOINS_PER_ADDRESS_AND_HOUR} an hour from one address",
    ],
)
def test_its_figures_are_those_of_the_code(sentence):
    assert sentence in PAGE


def test_so_are_those_of_signing_in():
    day = 24 * 3600

    assert settings.ACCOUNT_RATE_LIMITS["request_login_code"] == "60/m/ip,5/10m/key"
    assert settings.ALLAUTH_USER_CODE_FORMAT["length"] == 6
    assert settings.MFA_TOTP_TOLERANCE == 1
    assert (14 * day, 30 * day) == (settings.SESSION_COOKIE_AGE, settings.SIGNED_IN_SECONDS)
    assert settings.ACCOUNT_REAUTHENTICATION_TIMEOUT == 5 * 60


def test_a_secret_is_as_long_as_the_page_says():
    assert len(keys.secret()) * 6 >= 256
    assert len(keys.secret(128)) * 6 >= 128


def test_what_goes_over_a_network_is_encrypted():
    assert "EMAIL_URL=smtp+tls://" in ENVIRONMENT
    assert re.search(r"DATABASE_URL=postgres://\S+@127\.0\.0\.1", ENVIRONMENT)
    assert "sslmode=verify-full" in PAGE
    assert "rediss://" in PAGE
