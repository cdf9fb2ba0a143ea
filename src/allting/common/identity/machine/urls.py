from django.urls import path

from allting.common.identity.machine import pages, views

METADATA = ".well-known/oauth-authorization-server"
urlpatterns = [
    path(f"machine/{METADATA}", views.metadata, name="machine_metadata"),
    path(f"{METADATA}/machine", views.metadata, name="machine_metadata_rfc8414"),
    path("machine/jwks", views.jwks, name="machine_jwks"),
    path("machine/token", views.token, name="machine_token"),
    path("office/scopes", pages.owned, name="scopes"),
    path("office/scopes/prefixes", pages.allot, name="scope_prefixes"),
    path("office/scopes/new", pages.create, name="scope_new"),
    path("office/scopes/scope", pages.scope, name="scope"),
    path("office/scopes/change", pages.change, name="scope_change"),
    path("my/machine", pages.held, name="machine_access"),
    path("my/machine/terms", pages.terms, name="machine_terms"),
    path("my/machine/delegate", pages.delegate, name="machine_delegate"),
    path("demo/enterprise-ca/<slug:which>.crl", views.demo_crl, name="demo_crl"),
    path("demo/enterprise-ca/<slug:which>/ocsp", views.demo_ocsp, name="demo_ocsp"),
    path("demo/enterprise-ca/<slug:which>/ocsp/<path:question>", views.demo_ocsp, name="demo_ocsp_get"),
]
