from django.urls import path

from allting.common.studio import views

app_name = "studio"
urlpatterns = [
    path("studio", views.services, name="services"),
    path("studio/<slug:slug>", views.service, name="service"),
]
