from django.urls import include, path

from allting.common.identity import views

app_name = "identity"
urlpatterns = [
    path("", include("allting.common.identity.gateway.urls")),
    path("", include("allting.common.identity.owners.urls")),
    path("", include("allting.common.identity.machine.urls")),
    path("id/eid", views.eid, name="eid"),
    path("id/cancel", views.cancel, name="cancel"),
    path("login", views.login, name="login"),
    path("login/callback", views.callback, name="callback"),
    path("logout", views.logout, name="logout"),
    path("stay", views.stay, name="stay"),
    path("act-as", views.act_as, name="act_as"),
    path("my/sessions", views.sessions, name="sessions"),
]
