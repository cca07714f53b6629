"""The site as `loyalty.wsgi` serves it, and a tally of codes that were really compared.

What a control takes away is named in WITHOUT.
"""

import os
from pathlib import Path

from loyalty.wsgi import application  # before anything that needs the apps

# isort: split
from allauth.account import forms
from allauth.mfa.totp.internal.auth import TOTP

from loyalty.security import tries

__all__ = ["application"]


compare, validate = forms.compare_user_code, TOTP.validate_code


def tell(which):
    """A line for each: appending is atomic, whichever process does it."""
    with Path(os.environ["TALLY"]).open("ab", buffering=0) as tally:
        tally.write(f"{which}\n".encode())


def compare_and_tell(*, actual, expected):
    tell(expected)
    return compare(actual=actual, expected=expected)


def validate_and_tell(app, code):
    tell("app")
    return validate(app, code)


forms.compare_user_code = compare_and_tell
TOTP.validate_code = validate_and_tell


if "tries" in os.environ["WITHOUT"]:
    tries.take = lambda code: True  # the session alone counts
