"""`manage.py demo` from nothing: shops, web and worker, and all of it gone afterwards."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from loyalty.management.demo import databases, serving

pytestmark = pytest.mark.once

LIMIT = 180


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(tmp_path, port):
    """Starts the demo on a database of its own and returns it with what it has said so far."""
    started = []

    def run(*words):
        said = tmp_path / f"said-{len(started)}"
        environment = {
            **os.environ,
            "DEMO": "true",
            "CACHE_URL": "dbcache://shared_cache",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'demo.sqlite3'}",
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "EMAIL_URL": "dummymail://",
        }
        with said.open("w") as file:
            command = [sys.executable, "manage.py", "demo", "--port", str(port)]
            command += ["--members", "2", *words]
            demo = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
        started.append(demo)
        return demo, said

    yield run
    for demo in started:
        if demo.poll() is None:
            demo.terminate()
            demo.wait(LIMIT)


def wait_for(demo, said, sentence):
    deadline = time.monotonic() + LIMIT
    while sentence not in said.read_text():
        assert demo.poll() is None, said.read_text()
        assert time.monotonic() < deadline, said.read_text()
        time.sleep(0.2)


def test_it_works(start, port):
    demo, said = start()
    wait_for(demo, said, "codes appear here")

    [card, *_others] = re.findall(r"Card +(http\S+)", said.read_text())
    with urllib.request.urlopen(card) as page:
        assert "Kaffe &amp; Kardemomme" in page.read().decode()

    demo.send_signal(signal.SIGINT)
    assert demo.wait(LIMIT) == 0, said.read_text()
    assert said.read_text().endswith("Stopped.\n")
    assert serving.is_free(port), "nobody outlives it"

    # The second start finds everything there, and a taken port is said in a sentence.
    demo, said = start()
    wait_for(demo, said, "codes appear here")
    assert "Making three shops" not in said.read_text()
    second, complaint = start()
    assert second.wait(LIMIT)
    assert f"Port {port} is taken" in complaint.read_text()


def test_when_one_child_ends_the_other_does_not_stay():
    household = serving.Household(port=0)
    household.children = {
        "web server": serving.child("-c", "import time; time.sleep(60)"),
        "worker": serving.child("-c", ""),
    }

    assert household.live() == "worker"
    household.end()

    assert all(child.poll() is not None for child in household.children.values())


def test_a_child_that_will_not_end_is_ended(monkeypatch):
    monkeypatch.setattr(serving, "END_LIMIT", 0.5)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    child = serving.child("-c", deaf)
    time.sleep(1)

    serving.end_all([child])

    assert child.returncode == -signal.SIGKILL


def test_starting_over_forgets_the_file_and_what_lies_beside_it(tmp_path, monkeypatch):
    for name in ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "other.sqlite3"):
        (tmp_path / name).touch()
    monkeypatch.setattr(databases, "connection", FakeConnection("sqlite", tmp_path / "db.sqlite3"))

    databases.forget()

    assert [path.name for path in tmp_path.iterdir()] == ["other.sqlite3"]


def test_starting_over_leaves_a_server_alone(monkeypatch):
    monkeypatch.setattr(databases, "connection", FakeConnection("postgresql", "stamkunde"))

    with pytest.raises(databases.CommandError, match="empty this database yourself"):
        databases.forget()


class FakeConnection:
    def __init__(self, vendor, name):
        self.vendor, self.settings_dict = vendor, {"NAME": str(name)}

    def close(self):
        pass
