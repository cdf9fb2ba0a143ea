from django.urls import path

from allting.common.payment import office, views

app_name = "payment"
urlpatterns = [
    path("my/payments", views.overview, name="overview"),
    path("my/payments/<uuid:bill_id>", views.bill, name="bill"),
    path("office/payments", office.desk, name="office"),
    path("office/payments/batches", office.make, name="office-make"),
    path("office/payments/batches/<uuid:batch_id>", office.batch, name="office-batch"),
    path("office/payments/entries/<uuid:entry_id>", office.entry, name="office-entry"),
    path("payments/return/<uuid:reference>", views.back, name="return"),
    path("payments/notice", views.notice, name="notice"),
    path("demo/pay/<uuid:token>", views.demo_pay, name="demo-pay"),
    path("demo/payouts", views.demo_payouts, name="demo-payouts"),
]
