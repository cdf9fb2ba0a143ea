from django.urls import path

from allting.common.identity.providers.oidc import pages

urlpatterns = [
    path("id/back/<slug:name>", pages.back),
    path("my/eids/connect/<slug:name>", pages.connect),
    path("my/eids/connected/<int:number>", pages.linked),
]
