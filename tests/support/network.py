"""A network one can't rely on: it stands between a browser and the site, and does as it is told.

It loses requests, loses answers, asks twice, and answers in the site's place like the login page
of a hotel. Everything it passes on is really asked.
"""

import http.client
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PATIENCE = 30  # seconds
HOP = {"connection", "keep-alive", "transfer-encoding", "date", "server"}


class Network(ThreadingHTTPServer):
    """`network.url` instead of the site's own. `behave` is asked for every request: see below."""

    daemon_threads = True

    def __init__(self, site):
        self.site = urlsplit(site).netloc
        self.behave = fine
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://localhost:{self.server_port}"

    @contextmanager
    def behaving(self, how):
        self.behave = how
        try:
            yield
        finally:
            self.behave = fine

    def handle_error(self, request, client_address):
        """A browser that hung up is nothing to report here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length) if length else None
        self.server.behave(self)

    do_GET = do_POST = do_HEAD = answer  # noqa: N815

    def ask(self):
        """What the site says: (status, headers, body)."""
        site = http.client.HTTPConnection(self.server.site, timeout=PATIENCE)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        try:
            site.request(self.command, self.path, self.body, headers)
            answer = site.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            site.close()

    def say(self, status, headers, body):
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP | {"content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def hang_up(self):
        self.close_connection = True
        self.connection.close()

    def log_message(self, *args):
        """The browser tests say enough."""


# --- How it may behave ------------------------------------------------------------------------


def fine(request):
    request.say(*request.ask())


def away(request):
    """Nothing gets through."""
    request.hang_up()


def loses_the_answer(request):
    """The site does what it was asked, and nobody hears of it."""
    request.ask()
    request.hang_up()


def asks_twice(request):
    first = request.ask()
    if request.command == "POST":
        request.ask()
    request.say(*first)


def hangs(request):
    """It says nothing for longer than anybody waits."""
    time.sleep(PATIENCE)
    request.hang_up()


def cuts_off(request):
    """Half of the answer."""
    status, headers, body = request.ask()
    request.say(status, headers, body[: len(body) // 2])


def answers(status, body=b"<h1>Welcome to our hotel</h1>", kind="text/html", **headers):
    """In the site's place, without asking it."""
    told = [("Content-Type", kind), *headers.items()]
    return lambda request: request.say(status, told, body)


def only(posts_to, how):
    """As `how` for posts to one address, as usual for everything else."""

    def behave(request):
        (how if (request.command, request.path) == ("POST", posts_to) else fine)(request)

    return behave


def flapping(every):
    """There for some seconds, and away for as many; also in the middle of an answer."""
    begun = time.monotonic()

    def there():
        return int((time.monotonic() - begun) / every) % 2 == 0

    def behave(request):
        if not there():
            return request.hang_up()
        answer = request.ask()
        return request.say(*answer) if there() else request.hang_up()

    return behave
