"""Many browsers at one till, at the same moment, over real HTTP."""

from collections import Counter
from functools import partial

from django.conf import settings
from django.urls import reverse

from loyalty import keys
from loyalty.access import COUNTER_COOKIE
from tests.support.together import Visitor, together

MANY = 24
PATIENCE = 40  # a crowded database answers "ask again"; so they do, with the same key


def at_the_till(live_server, counter):
    """A browser that has paired, and the form token of its pages."""
    cookies = {COUNTER_COOKIE: counter.device, settings.LANGUAGE_COOKIE_NAME: "en-gb"}
    visitor = Visitor(live_server.url, cookies=cookies)
    return visitor, visitor.token(reverse("counter:home"))


def post_until_answered(visitor, token, path, data):
    """As a browser does: a lost connection says nothing, so it asks again with the same key."""
    for _try in range(PATIENCE):
        try:
            answer = visitor.post(path, data, token=token)
        except OSError:  # the test server's queue of waiting connections is short
            continue
        if answer.status != 503:
            return answer
        assert answer.headers["Retry-After"]
    raise AssertionError("the shop never answered")


def rush(live_server, counter, path, asked):
    """Post all of `asked` at once, each from a browser of its own."""
    tills = [at_the_till(live_server, counter) for _one in asked]
    posts = [
        partial(post_until_answered, visitor, token, path, data)
        for (visitor, token), data in zip(tills, asked, strict=True)
    ]
    return together(posts)


def stamps(programme, key, **more):
    return {"programme": programme.pk, "count": 1, "key": str(key), **more}


def hand_overs(claim):
    return [{"claim": claim.pk, "key": str(keys.new())} for _one in range(MANY)]


def statuses(answers):
    return Counter(answer.status for answer in answers)
