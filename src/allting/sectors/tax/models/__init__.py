"""The tables of the tax sector."""

from allting.sectors.tax.models.returns import Delivery, TaxReport, TaxReturn

__all__ = ["Delivery", "TaxReport", "TaxReturn"]
