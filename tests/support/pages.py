"""How a test reads a page."""

from html import unescape


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
