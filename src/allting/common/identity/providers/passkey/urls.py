from django.urls import path

from allting.common.identity.providers.passkey import pages

urlpatterns = [
    path("my/eids/passkey/new", pages.new),
    path("my/eids/passkey/<uuid:key>", pages.one),
]
