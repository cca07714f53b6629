"""Web and worker as children of one terminal: they start together and end together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from types import FrameType

HOST = "127.0.0.1"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
START_LIMIT = 30  # seconds until the web server must answer
NAP = 0.25
END_LIMIT = 10  # seconds a child has to end by itself

Child = subprocess.Popen[bytes]


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


class Household:
    """The two children. `ended` is true when somebody wants them to stop."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.ended = False
        self.children: dict[str, Child] = {}

    def start(self) -> None:
        for wanted in SIGNALS:
            under_nohup = wanted == signal.SIGHUP and signal.getsignal(wanted) == signal.SIG_IGN
            if not under_nohup:
                signal.signal(wanted, self.ask_to_end)
        self.children["web server"] = child("-m", *web_server(self.port))
        self.children["worker"] = child("manage.py", "worker")

    def ask_to_end(self, number: int, frame: FrameType | None) -> None:
        self.ended = True

    def wait_until_it_answers(self) -> None:
        for _try in range(START_LIMIT * 10):
            with socket.socket() as caller:
                if caller.connect_ex((HOST, self.port)) == 0 or self.one_has_ended():
                    return
            if self.ended:
                return
            time.sleep(0.1)

    def one_has_ended(self) -> str:
        """The name of a child that ended by itself; none: an empty text."""
        gone = (name for name, each in self.children.items() if each.poll() is not None)
        return next(gone, "")

    def live(self) -> str:
        """Until somebody asks to end, or a child does; then its name is returned."""
        while not self.ended:
            if name := self.one_has_ended():
                return name
            time.sleep(NAP)
        return ""

    def end(self) -> None:
        """Nobody outlives this."""
        end_all(self.children.values())


def web_server(
    port: int, application: str = "loyalty.wsgi:application", *, workers: int = 1
) -> list[str]:
    """The words that serve an application on this machine, and to it alone."""
    web = ["granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    web += ["--workers", str(workers), "--blocking-threads", "4"]
    web += ["--no-ws", "--log-level", "warning"]
    return [*web, application]


def child(*words: str) -> Child:
    # A session of its own, so that Ctrl-C reaches it through us and only once.
    return subprocess.Popen([sys.executable, *words], start_new_session=True)


def end_all(children: Iterable[Child]) -> None:
    for each in children:
        if each.poll() is None:
            each.terminate()
    for each in children:
        try:
            each.wait(END_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(each.pid, signal.SIGKILL)  # with the processes it started
            each.wait()
