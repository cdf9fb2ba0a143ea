from django.urls import path

from allting.sectors.tax import cards_views
from allting.sectors.tax import returns_views as returns
from allting.sectors.tax.payroll import views as payroll

app_name = "tax"
urlpatterns = [
    path("my/tax-card", cards_views.my_card, name="my-tax-card"),
    path("my/tax-return", returns.newest, name="tax-return-newest"),
    path("my/tax-return/<int:year>", returns.one, name="tax-return"),
    path("my/tax-return/<int:year>/items/<uuid:item>", returns.change, name="tax-return-change"),
    path("my/tax-return/<int:year>/add", returns.add, name="tax-return-add"),
    path("my/tax-return/<int:year>/undo", returns.undo, name="tax-return-undo"),
    path("my/tax-return/<int:year>/files", returns.files, name="tax-return-files"),
    path("my/tax-return/<int:year>/deliver", returns.deliver, name="tax-return-deliver"),
    path("my/tax-return/<int:year>/extra", returns.extra, name="tax-return-extra"),
    path("employer/payroll", payroll.reports, name="payroll"),
    path("employer/payroll/new", payroll.new, name="payroll-new"),
    path("employer/payroll/<uuid:report_id>", payroll.report, name="payroll-report"),
]
