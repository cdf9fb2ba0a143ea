from django.urls import path

from allting.common.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("search", views.search, name="search"),
    path("services", views.services, name="services"),
    path("services/<slug:slug>", views.service, name="service"),
    path("life-events/<slug:slug>", views.life_event, name="life-event"),
]
