from django.urls import path

from allting.common.studio import rate_views, views

app_name = "studio"
urlpatterns = [
    path("studio", views.services, name="services"),
    path("studio/new", views.new, name="new"),
    path("studio/rates/<str:file>", rate_views.overview, name="rates"),
    path("studio/rates/<str:file>/text", rate_views.text, name="rates-text"),
    path("studio/rates/<str:file>/patch", rate_views.patch, name="rates-patch"),
    path("studio/rates/<str:file>/figures/<str:figure>", rate_views.one_figure, name="figure"),
    path("studio/<slug:slug>", views.service, name="service"),
    path("studio/<slug:slug>/text", views.text, name="text"),
    path("studio/<slug:slug>/part", views.part, name="whole"),
    path("studio/<slug:slug>/part/<str:at>", views.part, name="part"),
    path("studio/<slug:slug>/try", views.try_out, name="try"),
    path("studio/<slug:slug>/cases", views.following, name="cases"),
    path("studio/<slug:slug>/patch", views.patch, name="patch"),
]
