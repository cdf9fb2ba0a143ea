from django.urls import path

from allting.sectors.tax import cards_views
from allting.sectors.tax.payroll import views as payroll

app_name = "tax"
urlpatterns = [
    path("my/tax-card", cards_views.my_card, name="my-tax-card"),
    path("employer/payroll", payroll.reports, name="payroll"),
    path("employer/payroll/new", payroll.new, name="payroll-new"),
    path("employer/payroll/<uuid:report_id>", payroll.report, name="payroll-report"),
]
