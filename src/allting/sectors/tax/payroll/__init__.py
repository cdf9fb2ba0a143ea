"""Payroll reports (a-melding): what employers tell each month of wages, tax withheld and their own contribution.

An employer's report becomes a bill, and is told to whoever subscribes to the event "tax.income_reported": ``employer``
(its id), ``employer_name``, ``month`` (its first day), ``reference`` and ``lines``, each with ``person``, ``incomes``
(øre by kind) and ``withheld`` (øre). What comes with a reference replaces all that came with it before, of that
employer and month.
"""
