from django.urls import path

from allting.common.identity.owners import pages

urlpatterns = [
    path("clients", pages.own, name="clients"),
    path("clients/new", pages.register, name="client_new"),
    path("clients/tried", pages.tried, name="client_tried"),
    path("clients/<str:client_id>", pages.show, name="client"),
    path("clients/<str:client_id>/change", pages.change, name="client_change"),
    path("clients/<str:client_id>/secret", pages.secret, name="client_secret"),
    path("clients/<str:client_id>/key", pages.key, name="client_key"),
    path("clients/<str:client_id>/key/remove", pages.remove_key, name="client_key_remove"),
    path("clients/<str:client_id>/state", pages.state, name="client_state"),
    path("clients/<str:client_id>/try", pages.try_login, name="client_try"),
]
