from django.urls import path

from allting.common.identity.machine import views

urlpatterns = [
    path("demo/enterprise-ca/<slug:which>.crl", views.demo_crl, name="demo_crl"),
    path("demo/enterprise-ca/<slug:which>/ocsp", views.demo_ocsp, name="demo_ocsp"),
    path("demo/enterprise-ca/<slug:which>/ocsp/<path:question>", views.demo_ocsp, name="demo_ocsp_get"),
]
