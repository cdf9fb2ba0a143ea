from django.urls import path

from allting.common.identity import views

app_name = "identity"
urlpatterns = [
    path("id/.well-known/openid-configuration", views.discovery, name="discovery"),
    path("id/jwks", views.jwks, name="jwks"),
    path("id/authorize", views.authorize, name="authorize"),
    path("id/eid", views.eid, name="eid"),
    path("id/token", views.token, name="token"),
    path("id/userinfo", views.userinfo, name="userinfo"),
    path("id/logout", views.end_session, name="end_session"),
    path("id/logout/yes", views.confirm_logout, name="confirm_logout"),
    path("login", views.login, name="login"),
    path("login/callback", views.callback, name="callback"),
    path("logout", views.logout, name="logout"),
    path("stay", views.stay, name="stay"),
    path("act-as", views.act_as, name="act_as"),
    path("my/sessions", views.sessions, name="sessions"),
]
