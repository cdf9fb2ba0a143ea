"""The WSGI app: Django, with all service files read before the first request."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allting.site.settings")
application = get_wsgi_application()

from allting.common.catalogue import api as catalogue  # noqa: E402 - after Django is set up

catalogue.start_up()  # a platform with a bad service file does not start
# What is here now stays: the collector need not go through it again and again, nor after every few requests.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
