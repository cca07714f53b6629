"""Many at once: calls released by one barrier, and a visitor who speaks real HTTP."""

import http.cookiejar
import re
import threading
import urllib.error
import urllib.parse
import urllib.request

from django.db import connections

LIMIT = 60
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def together(calls):
    """Run all calls at the same moment, one thread each; results in the order of the calls.

    What a call raises is raised here, all of them as one group: a race test that lost a thread
    must not look like one that won.
    """
    calls = list(calls)
    barrier = threading.Barrier(len(calls))
    results = [None] * len(calls)
    errors = []

    def run(place, call):
        try:
            barrier.wait(LIMIT)
            results[place] = call()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()  # a thread's own, if it used any

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    if any(thread.is_alive() for thread in threads):
        errors.append(TimeoutError(f"not every call came back within {LIMIT} s"))
    if errors:
        raise ExceptionGroup("together", errors)
    return results


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.url = response.url
        self.headers = response.headers
        self.text = response.read().decode(errors="replace")


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


class Visitor:
    """A browser without a window: keeps cookies, sends the form token, follows no redirect."""

    def __init__(self, base, cookies=()):
        self.base = base
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self.jar),
            Stay,
        )
        self.sent = dict(cookies)  # cookies of a Django test client, say

    def get(self, path):
        return self.ask(path)

    def post(self, path, data, *, token):
        return self.ask(path, {"csrfmiddlewaretoken": token, **data})

    def token(self, path):
        """The form token of the page at this path."""
        return TOKEN.search(self.get(path).text)[1]

    def ask(self, path, data=None):
        body = None if data is None else urllib.parse.urlencode(data, doseq=True).encode()
        request = urllib.request.Request(self.base + path, body)
        if self.sent:
            kept = {cookie.name: cookie.value for cookie in self.jar}
            pairs = {**self.sent, **kept}.items()
            request.add_unredirected_header("Cookie", "; ".join(f"{k}={v}" for k, v in pairs))
        try:
            with self.opener.open(request, timeout=LIMIT) as response:
                return Answer(response)
        except urllib.error.HTTPError as response:
            return Answer(response)
