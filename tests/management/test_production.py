"""What the settings ask of an installation that is no demo."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.once

# A developer's own .env must not answer for the installation.
WITHOUT_ENV_FILE = "import environ; environ.Env.read_env = lambda *a, **k: None; "
MANAGE = WITHOUT_ENV_FILE + (
    "import sys; from django.core.management import execute_from_command_line as run; "
    "run(['manage.py', *sys.argv[1:]])"
)
REAL = {
    "DJANGO_SETTINGS_MODULE": "loyalty.settings",
    "SECRET_KEY": "a-secret-that-is-long-enough-for-the-deploy-check-0123456789",
    "PUBLIC_URL": "https://stamps.example.com",
    "ALLOWED_HOSTS": "stamps.example.com",
    "PROXY_COUNT": "1",
    "EMAIL_URL": "smtp://127.0.0.1:2525",
}


@pytest.fixture
def manage(tmp_path):
    def run(*words, without=(), **more):
        variables = {name: value for name, value in REAL.items() if name not in without}
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": f"sqlite:///{tmp_path / 'real.sqlite3'}",
            **variables,
            **more,
        }
        return subprocess.run(
            [sys.executable, "-c", MANAGE, *words], env=environment, capture_output=True, text=True
        )

    return run


def test_the_deploy_check_finds_nothing(manage):
    done = manage("check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "PUBLIC_URL"])
def test_without_it_nothing_starts(manage, name):
    done = manage("check", without=[name])

    assert done.returncode
    assert f"Set the {name} environment variable" in done.stderr


def test_the_demo_leaves_a_real_installation_alone(manage):
    done = manage("demo", "--fresh")

    assert done.returncode
    assert "nothing was touched" in done.stderr


def test_the_demos_sign_in_does_not_exist(manage):
    done = manage(
        "shell",
        "--no-imports",
        "-c",
        "from loyalty import urls; print(any('demo' in str(p.pattern) for p in urls.urlpatterns))",
    )

    assert done.stdout.strip() == "False", done.stderr


def test_the_shared_cache_holds_more_than_a_busy_day(manage):
    """What is thrown away early are limits: a robot would only have to fill it."""
    told = "from django.core.cache import cache; print(cache._max_entries)"
    done = manage("shell", "--no-imports", "-c", told)

    assert int(done.stdout) >= 10_000, done.stderr


def test_what_one_process_counts_every_other_one_knows(manage):
    """A limit that each process counted for itself would be as many limits as there are."""
    told = """
import os
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
call_command("createcachetable", verbosity=0)
connection.close()  # the two have one each
another = os.fork()
if not another:
    cache.set("tries", 5)
    os._exit(0)
os.waitpid(another, 0)
print(cache.get("tries"))
"""
    done = manage("shell", "--no-imports", "-c", told)

    assert done.stdout.strip() == "5", done.stderr


def test_every_cookie_of_a_card_asks_for_https(manage):
    told = """
from django.http import HttpResponse
from members.card.happenings import mark_seen
from members.models import Membership
answer = HttpResponse()
mark_seen(answer, Membership(private="link"), 1)
print(all(cookie["secure"] for cookie in answer.cookies.values()))
"""
    assert manage("shell", "--no-imports", "-c", told).stdout.strip() == "True"
