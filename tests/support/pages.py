"""How a test reads a page."""


def html_of(answer):
    """The page as it came. Whether what was typed is escaped is seen here."""
    return answer.content.decode()


def text(answer):
    """The same on one line: every space is a plain one."""
    return " ".join(html_of(answer).split())
