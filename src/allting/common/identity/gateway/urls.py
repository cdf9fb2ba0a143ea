from django.urls import path

from allting.common.identity.gateway import views

urlpatterns = [
    path("id/.well-known/openid-configuration", views.discovery, name="discovery"),
    path(".well-known/oauth-authorization-server/id", views.discovery, name="oauth_metadata"),
    path("id/jwks", views.jwks, name="jwks"),
    path("id/authorize", views.authorize, name="authorize"),
    path("id/par", views.pushed, name="pushed"),
    path("id/token", views.token, name="token"),
    path("id/userinfo", views.userinfo, name="userinfo"),
    path("id/introspect", views.introspect, name="introspect"),
    path("id/revoke", views.revoke, name="revoke"),
    path("id/logout", views.end_session, name="end_session"),
    path("id/logout/yes", views.confirm_logout, name="confirm_logout"),
]
