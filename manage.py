#!/usr/bin/env python3
"""The one door: `python3 manage.py demo`, `python3 manage.py test`, and every other command."""

import os
import sys

from loyalty import start


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loyalty.settings")
    start.prepare(sys.argv)
    # Only now is Django sure to be installed.
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
