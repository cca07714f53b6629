"""How a test reads a page."""

import re
from html import unescape

TEMPLATE = re.compile(r"<template.*?</template>", re.DOTALL)  # for scripts, not for readers
TAG = re.compile(r"<[^>]*>")


def html_of(answer):
    """The page as it came. Whether what was typed is escaped is seen here."""
    return answer.content.decode()


def text(answer):
    """The same on one line: every space is a plain one."""
    return " ".join(html_of(answer).split())


def plain_html(answer):
    """The page with its entities resolved, for sentences with an apostrophe or an ampersand."""
    return unescape(html_of(answer))


def plain_text(answer):
    """The same on one line."""
    return " ".join(plain_html(answer).split())


def words_of(answer):
    """Its words on one line, without the markup around them."""
    return _words(html_of(answer))


def page_of(answer):
    """The page without what scripts may put in later."""
    return TEMPLATE.sub("", html_of(answer))


def text_of(answer):
    """The words of its main part, without what scripts may put in later."""
    page = page_of(answer)
    _before, found, main = page.partition("<main")
    return _words("<" + main if found else page)


def _words(html):
    return " ".join(TAG.sub(" ", html).split())
