"""What every answer must carry, whatever it is an answer to (S6, ASVS 3.3 and 3.4)."""

from django.conf import settings

from loyalty.choices import COOKIES

CARRIES = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
POWERS = set(settings.PERMISSIONS_POLICY)
SCANS = "/c/"  # the till reads codes: it may use the camera, and compile what decodes them
# Pages about somebody, or about a shop's business. The rest anybody may keep.
PERSONAL = ("/o/", "/m/", "/c/", "/accounts/", "/start/", "/clubs/", "/invitation/", "/u/")
# Nor do refusals and redirects.
SHOWS_NOBODY = (".webmanifest", ".svg", ".css", ".ics", "/c/sw.js")
FOR_SCRIPTS = {f"{COOKIES}{name}" for name in ("theme", "sound", "vibration")}
TEXT = ("text/", "application/json", "application/javascript")


def wrongs(response, path):
    """Everything that is missing from an answer, or too much."""
    return [
        *(
            f"{name} is {response.headers.get(name)!r}"
            for name, value in CARRIES.items()
            if response.headers.get(name) != value
        ),
        *wrong_policy(response.headers.get("Content-Security-Policy", ""), path),
        *wrong_permissions(response.headers.get("Permissions-Policy", ""), path),
        *wrong_rest(response, path),
        *(wrong for cookie in response.cookies.values() for wrong in wrong_cookie(cookie)),
    ]


def wrong_policy(policy, path):
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    if directives.get("default-src") != "'none'":
        yield f"the policy begins with {policy[:40]!r}"
    if directives.get("frame-ancestors") != "'none'":
        yield "others may frame it"
    if "sandbox" not in directives and directives.get("base-uri") != "'none'":
        yield "its base may be changed"
    allowed = policy.replace("'wasm-unsafe-eval'", "") if path.startswith(SCANS) else policy
    yield from (f"the policy has {word}" for word in ("unsafe", "http:", "*") if word in allowed)


def wrong_permissions(header, path):
    given = dict(part.strip().partition("=")[::2] for part in header.split(","))
    for power in POWERS:
        may = {"()", "(self)"} if power == "camera" and path.startswith(SCANS) else {"()"}
        if given.get(power) not in may:
            yield f"{power} is {given.get(power)!r}"


def wrong_rest(response, path):
    kind = response.headers.get("Content-Type", "")
    if kind.startswith(TEXT[0]) and "charset=" not in kind:
        yield f"{kind} without a charset"
    if "Access-Control-Allow-Origin" in response.headers:
        yield "scripts of other sites may read it"
    if not stays_here(response.headers.get("Location", "/")):
        yield f"leads to {response.headers['Location']}"
    shows = path.startswith(PERSONAL) and not path.endswith(SHOWS_NOBODY)
    kept = "no-store" not in response.headers.get("Cache-Control", "")
    if shows and kept and response.status_code in (200, 409, 410, 422):
        yield "a browser may keep it"


def stays_here(location):
    return location.startswith("/") and not location.startswith(("//", "/\\"))


def wrong_cookie(cookie):
    if not cookie.value:  # it goes away
        return
    if cookie["samesite"] not in ("Lax", "Strict"):
        yield f"{cookie.key} is sent along from other sites"
    if not cookie["httponly"] and cookie.key not in FOR_SCRIPTS:
        yield f"scripts read {cookie.key}"
    if cookie["domain"]:
        yield f"{cookie.key} is for other hosts too"
