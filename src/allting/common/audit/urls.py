from django.urls import path

from allting.common.audit import views

app_name = "audit"
urlpatterns = [path("my/lookups", views.lookups, name="lookups")]
