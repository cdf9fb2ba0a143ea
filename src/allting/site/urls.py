"""Every room's ``urls.py``, found by folder; each writes its own full paths, so no list is edited here."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import include, path

from allting.site.rest import api
from allting.site.routes import Remembering

_routes = [path("api/", api.urls)]
for config in apps.get_app_configs():
    if config.name.startswith("allting.") and config.name != "allting.site":
        if find_spec(f"{config.name}.urls"):
            _routes.append(path("", include(f"{config.name}.urls")))
_routes += import_module("allting.site.pages").urlpatterns
urlpatterns = [Remembering(_routes)]

handler400 = "allting.site.errors.bad_request"
handler404 = "allting.site.errors.not_found"
handler403 = "allting.site.errors.forbidden"
handler500 = "allting.site.errors.server_error"
