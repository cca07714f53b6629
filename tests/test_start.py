"""The bootstrap: what it reads, what it writes, and what it says instead of a traceback."""

import os
import stat
import subprocess
import sys

import pytest

from loyalty import start

pytestmark = pytest.mark.once


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "requirements.txt").write_text("# what we run on\nDjango[x]==5.2  # why\n\n")
    (tmp_path / "tests/requirements.txt").write_text("-r ../requirements.txt\npolib==1.2.0\n")
    return tmp_path


def test_pins_are_read_through_includes(folder):
    assert start.pins(folder / "tests/requirements.txt") == {"Django": "5.2", "polib": "1.2.0"}


def test_our_own_pins_are_importable_here():
    assert start.importable(start.ROOT / "tests/requirements.txt")


def test_another_version_is_not_good_enough(folder):
    (folder / "requirements.txt").write_text("polib==1.1\n")
    assert not start.importable(folder / "requirements.txt")


def test_a_missing_package_is_not_good_enough(folder):
    (folder / "requirements.txt").write_text("no-such-package==1.0\n")
    assert not start.importable(folder / "requirements.txt")


def test_a_changed_pin_makes_another_stamp(folder, monkeypatch):
    file = folder / "requirements.txt"
    monkeypatch.setattr(start, "STAMP", folder / "stamp")
    start.STAMP.write_text(start.digest(file))
    assert start.stamped(file)

    file.write_text("Django==5.3")
    assert not start.stamped(file)


def test_the_demo_gets_a_secret_only_its_owner_can_read(tmp_path, capsys):
    path = tmp_path / ".env"
    start.write_env(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text().split("SECRET_KEY=")[1].split()[0]) > 50


def test_a_second_demo_keeps_its_secret(tmp_path, capsys):
    path = tmp_path / ".env"
    start.write_env(path)
    first = path.read_text()
    start.write_env(path)

    assert path.read_text() == first


def test_no_secret_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    with pytest.raises(SystemExit, match=r"python3 manage\.py demo"):
        start.refuse_without_secret(tmp_path / ".env")


def test_an_old_python_is_a_sentence(monkeypatch):
    monkeypatch.setattr(start.sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit, match=r"3\.11 or newer"):
        start.refuse_old_python()


def test_no_network_is_a_sentence():
    output = "WARNING: Retrying after connection broken\nERROR: No matching distribution found"
    assert "no network" in start.why_not(output)
    assert start.why_not(output).endswith("No matching distribution found")


def test_another_refusal_of_pip_is_not_blamed_on_the_network():
    assert "network" not in start.why_not("ERROR: No space left on device")


def test_a_python_without_environments_is_a_sentence(monkeypatch):
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="python3-venv"):
        start.make_venv()


def test_the_bootstrap_needs_nothing_but_python():
    # -I -S: no site-packages, so an import of Django would fail here.
    program = f"import sys; sys.path.insert(0, {str(start.ROOT)!r}); import loyalty.start"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True)
    assert done.returncode == 0, done.stderr


def test_tests_do_not_read_the_developers_env():
    assert os.environ["DEBUG"] == "false"
