"""The portal's own pages."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
