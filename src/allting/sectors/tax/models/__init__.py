"""The tables of the tax room."""

from allting.sectors.tax.models.cards import Employment, TaxCard
from allting.sectors.tax.models.payroll import PayrollLine, PayrollReport
from allting.sectors.tax.models.vat import VatReturn

__all__ = ["Employment", "PayrollLine", "PayrollReport", "TaxCard", "VatReturn"]
