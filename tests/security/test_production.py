"""As on a server of its own, behind one proxy that speaks https."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running.stages import ROOT, production

pytestmark = pytest.mark.once

NGINX = (ROOT / "deploy/nginx/stamkunde.conf").read_text()
# A cookie with a path of its own cannot be of the whole host.
WITH_A_PATH = {"__Secure-seen"}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Every cookie that was set, and the answers, of the settings of an installation."""
    environment = {**os.environ, **production(tmp_path_factory.mktemp("production"))}
    environment |= {
        "DATABASE_URL": "sqlite://:memory:",
        "DJANGO_SETTINGS_MODULE": "loyalty.settings",
    }
    words = [sys.executable, "-m", "tests.security.production"]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_kind_of_cookie_was_seen(served):
    assert {
        "__Host-session",
        "__Host-csrf",
        "__Host-cards",
        "__Host-counter",
        "__Host-language",
        "__Host-theme",
        "__Host-sound",
    } <= set(served["cookies"])


def test_every_cookie_is_of_this_host_and_of_https_alone(served):
    for name, cookie in served["cookies"].items():
        assert name.startswith("__Host-") or name in WITH_A_PATH
        assert "; Secure" in cookie
        assert "; SameSite=Lax" in cookie
        assert "Domain" not in cookie


def test_scripts_read_no_cookie_that_opens_anything(served):
    for name in ("session", "csrf", "cards", "counter", "language"):
        assert "; HttpOnly" in served["cookies"][f"__Host-{name}"]


def test_browsers_come_back_over_https_for_a_year(served):
    for status, headers in served["answers"]:
        said = headers.get("Strict-Transport-Security", "")
        assert re.fullmatch(r"max-age=31536000; includeSubDomains; preload", said), status


def test_every_answer_has_its_policy(served):
    for _status, headers in served["answers"]:
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_plain_http_leads_to_https_before_anything_else(served):
    status, headers = served["plain"]

    assert status == 301
    assert headers["Location"] == "https://stamkunde.example/privacy/"
    assert not served["debug"]


# --- What stands in front of it -----------------------------------------------------------------


def test_only_todays_tls_is_spoken():
    assert re.findall(r"ssl_protocols ([^;]+);", NGINX) == ["TLSv1.2 TLSv1.3"]
    [ciphers] = re.findall(r"ssl_ciphers ([^;]+);", NGINX)
    assert all(re.match(r"ECDHE-.*(GCM|POLY1305)", cipher) for cipher in ciphers.split(":"))


def test_what_a_visitor_says_of_their_own_address_is_replaced():
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in NGINX
    assert "$proxy_add_x_forwarded_for" not in NGINX


def test_it_lists_no_folder_names_no_version_and_serves_no_file():
    assert "autoindex" not in NGINX
    assert "server_tokens off;" in NGINX
    assert re.findall(r"root ([^;]+);", NGINX) == ["/var/www/html"]  # for the certificate alone


def test_units_run_as_somebody_who_may_write_little():
    for unit in Path(ROOT / "deploy/systemd").glob("*.service"):
        text = unit.read_text()
        assert re.search(r"^User=(?!root)", text, re.MULTILINE), unit
        assert "ProtectSystem=strict" in text, unit
        assert "NoNewPrivileges=" in text, unit


def test_its_certificate_is_publicly_trusted():
    assert "/etc/letsencrypt/live/" in NGINX


def test_the_proxy_reads_a_request_whole():
    """It passes on what it has understood, over a connection of its own."""
    assert "proxy_http_version 1.1;" in NGINX
    assert 'proxy_set_header Connection "";' in NGINX
    assert "proxy_request_buffering off" not in NGINX
