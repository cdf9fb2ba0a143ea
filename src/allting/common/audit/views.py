"""The page where a person sees who has looked at her data, and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from allting.common.audit import api
from allting.kernel.access import citizen
from allting.kernel.actor import Level

PAGE = 25
DATASETS = {
    "population.person": _("Name, identity number, date of birth and address"),
    "population.address": _("Address"),
    "population.children": _("Children"),
    "population.guardians": _("Guardians"),
    "contact.details": _("Contact details"),
    "account.number": _("Bank account"),
    "entities.organisation": _("The organisation in the entity register"),
    "registers.power": _("A power of attorney"),
    "idcard.card": _("Your ID card"),
    "idcard.identity_check": _("The identity check for your ID card"),
    "identity.login": _("Who you are, when you log in"),
    "identity.eid": _("Your electronic IDs"),
    "pension.earnings": _("Your pension earnings"),
    "pension.taken": _("How much of your pension you take"),
    "tax.assessed": _("Your assessed income"),
    "case.contents": _("What you wrote in a case"),
    "case.part": _("What you filled in before you signed"),
    "case.document": _("A document in a case"),
    "case.question": _("A question that another authority was asked about your case"),
    "studio.service": _("A service that the organisation offers"),
    "machine.access": _("Access from machine to machine"),
    "machine.delegation": _("What a supplier may do for the organisation"),
}


@citizen(Level.SUBSTANTIAL)
@require_GET
def lookups(request: HttpRequest) -> HttpResponse:
    """Newest first, a page at a time by the last entry's number."""
    before = request.GET.get("before", "")
    entries = api.entries_about(
        request.actor,  # type: ignore[attr-defined]
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
        limit=PAGE + 1,
    )
    older = entries[PAGE - 1].id if len(entries) > PAGE else None
    return render(request, "audit/lookups.html", {"entries": entries[:PAGE], "datasets": DATASETS, "older": older})
