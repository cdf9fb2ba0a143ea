from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.urls import include, path

from allting.common.identity import ending_page, providers, representing, views
from allting.common.identity.eids import views as eids

app_name = "identity"
urlpatterns = [
    path("", include("allting.common.identity.gateway.urls")),
    path("", include("allting.common.identity.owners.urls")),
    path("", include("allting.common.identity.machine.urls")),
    path("id/eid", views.eid, name="eid"),
    path("id/eid/<slug:name>", views.eid),
    path("id/eid/<slug:name>/<slug:step>", views.eid),
    path("id/for", representing.choose, name="choose_party"),
    path("id/cancel", views.cancel, name="cancel"),
    path("login", views.login, name="login"),
    path("login/callback", views.callback, name="callback"),
    path("logout", views.logout, name="logout"),
    path("stay", views.stay, name="stay"),
    path("act-as", views.act_as, name="act_as"),
    path("my/sessions", views.sessions, name="sessions"),
]
urlpatterns += [
    path("my/eids", eids.mine, name="eids"),
    path("my/eids/block", eids.block, name="eid-block"),
    path("my/eids/history", eids.past, name="eid-history"),
    path("office/logins", ending_page.logins, name="office-logins"),
    path("office/eids", eids.switches, name="eid-switches"),
]
for folder in iter_modules(providers.__path__, f"{providers.__name__}."):  # an eID may have pages of its own
    if find_spec(f"{folder.name}.urls"):
        urlpatterns += import_module(f"{folder.name}.urls").urlpatterns
