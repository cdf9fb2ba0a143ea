from django.urls import path

from allting.common.payment import views

app_name = "payment"
urlpatterns = [
    path("my/payments", views.overview, name="overview"),
    path("my/payments/<uuid:bill_id>", views.bill, name="bill"),
    path("payments/return/<uuid:reference>", views.back, name="return"),
    path("payments/notice", views.notice, name="notice"),
    path("demo/pay/<uuid:token>", views.demo_pay, name="demo-pay"),
    path("demo/payouts", views.demo_payouts, name="demo-payouts"),
]
