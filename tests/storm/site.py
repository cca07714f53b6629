"""The whole server group: granian with two workers and the night, which live and die together."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from loyalty.management.demo.serving import HOST, web_server
from tests.running.postgres import free_port
from tests.support import serving

WORKERS = 2


class Site:
    """The servers on one port. `application`: what granian serves, "module:name"."""

    def __init__(self, night: Path, log: Path, application: str = serving.WHOLE) -> None:
        self.night, self.log, self.application = night, log, application
        self.port = free_port()
        self.environment = {
            **os.environ,
            "PUBLIC_URL": f"http://{self.host}",
            "PROXY_COUNT": "1",  # each newcomer has an address of their own, told by the proxy
            "DJANGO_SETTINGS_MODULE": "loyalty.settings",
        }
        self.group: list[subprocess.Popen[bytes]] = []

    @property
    def host(self) -> str:
        return f"{HOST}:{self.port}"

    def start(self) -> None:
        """Returns when a page is served. RuntimeError: what is wrong stands in the log."""
        web = self._begin(*web_server(self.port, self.application, workers=WORKERS), group=0)
        self._begin("tests.storm", "night", str(self.night), group=web.pid)
        serving.until_it_answers(f"http://{self.host}/", web)

    def _begin(self, module: str, *words: str, group: int) -> subprocess.Popen[bytes]:
        """A member of a process group; 0: the first one of its own."""
        with self.log.open("ab") as log:
            begun = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=group,
            )
        self.group.append(begun)
        return begun

    def kill(self) -> None:
        """SIGKILL to everybody at once: nobody finishes anything."""
        if self.group:
            os.killpg(self.group[0].pid, signal.SIGKILL)
        for each in self.group:
            each.wait()
        self.group = []
