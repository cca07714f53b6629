"""Watches every page of a browser test for what no page of ours may do."""

import re
from urllib.parse import urlsplit

HOME = {"localhost", "127.0.0.1"}
FILES = {"stylesheet", "script", "image", "font", "manifest"}
# The browser repeats every answer above 399 on its console; answers are judged by themselves.
ECHO = "Failed to load resource"


class Watch:
    """Requests to other hosts, policy violations, console errors, lost files, answers above 499.

    A test that provokes one of them on purpose says so: `watch.expect("Internal Server Error")`.
    """

    def __init__(self):
        self.faults = []
        self.expected = []

    def over(self, context):
        context.on("request", self.request)
        context.on("response", self.response)
        context.on("console", self.console)
        context.on("weberror", lambda error: self.fault(f"script error: {error.error}"))
        return context

    def expect(self, pattern):
        self.expected.append(re.compile(pattern))

    def request(self, request):
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in HOME:
            self.fault(f"request to another host: {request.url}")

    def response(self, response):
        lost = response.status >= 400 and response.request.resource_type in FILES
        if lost or response.status >= 500:
            self.fault(f"answer {response.status}: {response.url}")

    def console(self, message):
        # Violations of the Content Security Policy come as errors too.
        if message.type == "error" and not message.text.startswith(ECHO):
            self.fault(f"console: {message.text}")

    def fault(self, sentence):
        if not any(pattern.search(sentence) for pattern in self.expected):
            self.faults.append(sentence)
