"""Allting: one platform for a country's digital public services."""

__version__ = "0.1.0"
