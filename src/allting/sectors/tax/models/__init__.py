"""The tables of the tax sector."""

from allting.sectors.tax.models.additional import AdditionalTax
from allting.sectors.tax.models.advance import AdvanceTax, AdvanceTerm
from allting.sectors.tax.models.cards import Employment, TaxCard
from allting.sectors.tax.models.payroll import PayrollLine, PayrollReport
from allting.sectors.tax.models.returns import Delivery, TaxReport, TaxReturn
from allting.sectors.tax.models.vat import VatReturn, VatTerms

__all__ = [
    "AdditionalTax", "AdvanceTax", "AdvanceTerm", "Delivery", "Employment", "PayrollLine", "PayrollReport", "TaxCard",
    "TaxReport", "TaxReturn", "VatReturn", "VatTerms",
]  # fmt: skip
