"""What a web server imports. Before it serves, the database must be one that keeps its word."""

import os

from django.core.wsgi import get_wsgi_application

from loyalty.checks import refuse_unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loyalty.settings")

application = get_wsgi_application()
refuse_unsafe()
