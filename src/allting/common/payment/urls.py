from django.urls import path

from allting.common.payment import office, office_bills, office_in, views

app_name = "payment"
urlpatterns = [
    path("my/payments", views.overview, name="overview"),
    path("my/payments/<uuid:bill_id>", views.bill, name="bill"),
    path("office/payments", office.desk, name="office"),
    path("office/payments/batches", office.make, name="office-make"),
    path("office/payments/batches/<uuid:batch_id>", office.batch, name="office-batch"),
    path("office/payments/batches/<uuid:batch_id>/file", office.batch_file, name="office-file"),
    path("office/payments/in", office_in.came_in, name="office-in"),
    path("office/payments/in/<uuid:receipt_id>", office_in.receipt, name="office-receipt"),
    path("office/payments/bills", office_bills.bills, name="office-bills"),
    path("office/payments/bills/<uuid:bill_id>", office_bills.bill, name="office-bill"),
    path("office/payments/ledger", office.accounts, name="office-ledger"),
    path("payments/return/<uuid:reference>", views.back, name="return"),
    path("payments/notice", views.notice, name="notice"),
    path("demo/pay/<uuid:token>", views.demo_pay, name="demo-pay"),
    path("demo/bank-file", office_in.demo_file, name="demo-bank-file"),
    path("demo/payouts", views.demo_payouts, name="demo-payouts"),
]
