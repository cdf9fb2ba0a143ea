from django.urls import path

from allting.common.studio import views

app_name = "studio"
urlpatterns = [
    path("studio", views.services, name="services"),
    path("studio/<slug:slug>", views.service, name="service"),
    path("studio/<slug:slug>/text", views.text, name="text"),
    path("studio/<slug:slug>/part", views.part, name="whole"),
    path("studio/<slug:slug>/part/<str:at>", views.part, name="part"),
    path("studio/<slug:slug>/try", views.try_out, name="try"),
    path("studio/<slug:slug>/cases", views.following, name="cases"),
    path("studio/<slug:slug>/patch", views.patch, name="patch"),
]
