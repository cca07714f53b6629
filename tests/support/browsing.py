"""A form of a page, as a browser would send it: what was filled in, and what a page made for it."""

from html.parser import HTMLParser


class Forms(HTMLParser):
    """Every form of a page, by its address: lists of names and values."""

    def __init__(self, html):
        super().__init__()
        self.forms, self._open, self._select, self._text = [], None, None, None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self._open = []
            self.forms.append((given.get("action", ""), self._open))
        elif self._open is not None:
            self._field(tag, given)

    def _field(self, tag, given):
        name = given.get("name")
        if tag == "select":
            self._select = name, []
        elif tag == "option" and self._select:
            self._select[1].append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self._text = name
            self._open.append((name, ""))
        elif tag == "input" and name and sent(given):
            self._open.append((name, given.get("value") or ""))

    def handle_data(self, data):
        if self._text:
            self._open[-1] = (self._text, self._open[-1][1] + data)

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = None
        elif tag == "textarea" and self._text:
            self._open[-1] = (self._text, self._open[-1][1].removeprefix("\n"))
            self._text = None
        elif tag == "select" and self._select:
            (name, options), self._select = self._select, None
            chosen = [value for value, selected in options if selected]
            chosen = chosen or [value for value, _selected in options][:1]
            self._open.extend((name, value) for value in chosen)


def sent(given):
    """Does a browser send this input?"""
    kind = given.get("type", "text")
    if kind in {"checkbox", "radio"}:
        return "checked" in given
    return kind not in {"file", "submit", "button", "image", "reset"}


def filled(html, address, /, **changed):
    """The form of a page that is sent to `address` ("": to the page itself), with changes."""
    for action, fields in Forms(html).forms:
        if action.partition("?")[0].partition("#")[0] == address:
            data = {}
            for name, value in fields:
                data.setdefault(name, []).append(value)
            return {**data, **changed}
    raise LookupError(f"There is no form for {address!r}.")
