"""The site as `loyalty.wsgi` serves it, with one more address."""

from django.conf import settings

from loyalty import wsgi

settings.ROOT_URLCONF = "tests.bench.urls"
application = wsgi.application
