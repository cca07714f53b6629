"""The site as `loyalty.wsgi` serves it, on an SQLite that waits for no disk: a planted fault.

The start refuses such a setting, so it comes after the start.
"""

from django.conf import settings

from loyalty.wsgi import application

__all__ = ["application"]

settings.DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
