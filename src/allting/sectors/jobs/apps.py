from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "allting.sectors.jobs"
    label = "jobs"

    def ready(self) -> None:
        from allting.common.outbox.api import handles
        from allting.kernel import events
        from allting.kernel.demo import suggest
        from allting.kernel.desks import offer, offer_own
        from allting.sectors.jobs import alerts, demo, interests

        handles("jobs.tell", alerts.tell)
        handles("jobs.closed", interests.closed)
        handles("jobs.forget", interests.forget)
        events.subscribe("demo.loaded", demo.load)
        offer("/employer/vacancies", _("Vacancies"), lambda one: True)
        offer_own("/my/jobs", _("My jobs"), "case", place=45, fits=lambda one: one.party.kind == "person")
        offer_own("/employer/vacancies", _("Our vacancies"), "case", place=45, fits=lambda one: one.represents)
        suggest(
            "As Siri Romsdal for the bistro, tell of a vacancy; as Amir, write a CV and apply; as Siri, answer.",
            place=60,
        )
