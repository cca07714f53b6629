"""Run by test_production.py, in the environment of an installation: what it sets, as JSON."""

import json

import django
from django.conf import settings


class NoMigrations:
    """The tables as the models have them: quicker, and nobody looks at their history here."""

    def __contains__(self, app):
        return True

    def __getitem__(self, app):
        return None


settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"  # nothing was collected here
)
settings.MIGRATION_MODULES = NoMigrations()
django.setup()

# isort: split
# ruff: noqa: E402
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment

from loyalty import keys
from tests.factories import CounterFactory, ProgrammeFactory, ShopFactory, StaffMemberFactory
from tests.people import till_of

HOST = "stamkunde.example"
HTTPS = {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7", "host": HOST}


def cookies_and_headers():
    setup_test_environment()
    settings.ALLOWED_HOSTS = [HOST]
    call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("createcachetable", verbosity=0)
    shop = ShopFactory()
    ProgrammeFactory(shop=shop)
    counter = CounterFactory(shop=shop, staff=StaffMemberFactory(shop=shop))
    strict = Client(headers=HTTPS, raise_request_exception=False)
    till = till_of(counter)
    answers = [
        strict.get("/accounts/login/"),
        strict.post("/accounts/login/", {"email": "maja@example.no"}),
        strict.post("/language/", {"language": "nb", "next": "/"}),
        strict.get(f"/j/{shop.slug}/"),
        strict.post(f"/j/{shop.slug}/", {"key": str(keys.new())}),
        strict.get("/nowhere/"),
        strict.get("/", headers={**HTTPS, "host": "evil.example"}),
        strict.get("/p/nowhere.webp"),
        till.get("/c/", headers=HTTPS),
        till.post("/c/theme/", {"theme": "dark", "sound": "on"}, headers=HTTPS),
        till.get("/c/sw.js", headers=HTTPS),
    ]
    answers.append(strict.get(answers[4].headers["Location"]))
    plain = Client().get("/privacy/", headers={"host": HOST, "x-forwarded-for": "203.0.113.7"})
    return {
        "cookies": {c.key: c.OutputString() for a in answers for c in a.cookies.values()},
        "answers": [[a.status_code, dict(a.headers)] for a in answers],
        "plain": [plain.status_code, dict(plain.headers)],
        "debug": settings.DEBUG,
    }


print(json.dumps(cookies_and_headers()))
