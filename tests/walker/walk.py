"""Walks through the URLconf, asks every address in every way, and notes what it should not see."""

import copy
import re

from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

from loyalty import keys
from tests.walker.declared import DECLARED, data_for
from tests.walker.world import AS_MEANT, METHODS, rows_of, strangers

CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
READS = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
SIGNED_IN = {"customer", "staff", "manager", "owner", "dismissed"}
AT_HOME = {"owner": "owner", "counter": "counter"}  # who works where; elsewhere the member


def patterns(resolver=None, before="", space=""):
    """Name and route of every address, as the URLconf has them."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from patterns(pattern, route, inner)
        else:
            yield (space + pattern.name if pattern.name else route), route


ROUTES = sorted(set(patterns()))
AREA_OF = {"start": "start", "o": "owner", "j": "join", "m": "card", "accounts": "accounts"}
AREA_OF |= {"c": "counter", "s": "counter", "S": "counter"}


def area_of(route):
    return AREA_OF.get(route.split("/")[0], "front")


AREAS: dict[str, list[str]] = {}
for _name, _route in ROUTES:
    AREAS.setdefault(area_of(_route), []).append(_name)


def path_of(route, arguments):
    return "/" + CONVERTER.sub(lambda found: str(arguments[found[1]]), route)


def own_arguments(address, ours):
    """Of an address that opens by itself, our own link instead of a guess."""
    link = {"private": ours.member.private}
    found = [
        {**some, **(link if "private" in some else {})} for some in address.arguments(ours, ours)
    ]
    return [some for n, some in enumerate(found) if some not in found[:n]]


class Walk:
    """Some addresses, asked in every way by everybody. Each starts from the same state."""

    def __init__(self, theirs, ours):
        self.theirs, self.ours = theirs, ours
        self.people = strangers(theirs, ours)
        self.before = rows_of(theirs.shop)
        self.faults = []

    def go(self, *names, by=()):
        """Ask for what is theirs. `by`: who tries; nobody named: whoever is declared."""
        for name, route in ROUTES:
            if name in names:
                address = DECLARED[name]
                found = address.arguments(self.theirs, self.ours)
                for who in by or address.by or self.people:
                    self.visit(who, name, route, found, METHODS)
        return self.faults

    def at_home(self, *names):
        """Use our own pages as they are meant: on none of them stands, or changes, what is theirs.

        Whoever works there asks for our own things, and looks for theirs by their names.
        """
        for name, route in ROUTES:
            if name in names:
                found = own_arguments(DECLARED[name], self.ours)
                self.visit(AT_HOME.get(area_of(route), "member"), name, route, found, AS_MEANT)
        return self.faults

    def visit(self, who, name, route, arguments, methods):
        self.address, self.home = DECLARED[name], methods is AS_MEANT
        client = copy.copy(self.people[who])
        client.cookies = copy.deepcopy(client.cookies)
        savepoint, writes = transaction.savepoint(), Writes()
        with connection.execute_wrapper(writes):
            for some in arguments:
                for method in methods:
                    self.ask(who, client, method, path_of(route, some))
        if writes.any:  # most strangers are refused before that, and reading every table takes long
            self.compare(f"{route} as {who}", rows_of(self.theirs.shop))
        transaction.savepoint_rollback(savepoint)
        cache.clear()  # or limits of one visit would blunt the next

    def ask(self, who, client: Client, method, path):
        wanted = self.looking_for() if self.home else data_for(self.theirs)
        data = {**wanted, "key": str(keys.new())}
        body = {"data": data} if method == "POST" or self.home else {}
        response = getattr(client, method.lower())(path, **body)
        where = f"{method} {path} as {who}"
        if response.status_code >= 500:
            self.faults.append(f"{where}: {response.status_code}")
        # A write that is asked for with GET leads back to its page, which is a 404 in its turn.
        refusals = (302, 404, 405) if method in ("GET", "HEAD") else (404, 405)
        if self.must_be_refused(who, path) and response.status_code not in refusals:
            self.faults.append(f"{where}: {response.status_code}, not 404")
        if self.address.refuses and not self.home and response.status_code == 200:
            self.faults.append(f"{where}: opens")
        given = f"{path} {data}"
        text = everything_said(response)
        for canary in self.canaries():
            if canary not in given and canary in text:
                self.faults.append(f"{where}: shows {canary!r}")

    def looking_for(self):
        """Their name, in every field that looks for somebody."""
        label = self.theirs.shop.name.split()[0]
        return {**data_for(self.ours), "q": label, "name": label, "code": label}

    def must_be_refused(self, who, path):
        """Whoever is signed in and names a shop they don't work in: as if it did not exist."""
        named = f"/{self.theirs.shop.slug}/" in path
        return self.address.refuses and named and who in SIGNED_IN

    def canaries(self):
        return self.theirs.secrets + ([] if self.address.shows else self.theirs.public)

    def compare(self, where, after):
        changed = [row for row, digest in self.before.items() if after.get(row) != digest]
        new = [] if self.address.joins else [row for row in after if row not in self.before]
        self.faults += [f"{where}: changed {row}" for row in changed]
        self.faults += [f"{where}: added {row}" for row in new]


class Writes:
    """Has anything been asked of the database that is not plainly reading?"""

    any = False

    def __call__(self, execute, sql, params, many, context):
        self.any |= not sql.startswith(READS)
        return execute(sql, params, many, context)


def everything_said(response):
    """Body, headers, cookies, and the messages that the next page will show."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    said = [body.decode(errors="replace"), str(response.headers), str(response.cookies)]
    said += [str(message) for message in get_messages(response.wsgi_request)]
    return "\n".join(said)
