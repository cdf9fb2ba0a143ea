"""The tables of the tax room."""

from allting.sectors.tax.models.cards import Employment, TaxCard

__all__ = ["Employment", "TaxCard"]
