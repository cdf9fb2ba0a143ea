from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdCardConfig(AppConfig):
    name = "allting.sectors.idcard"
    label = "idcard"

    def ready(self) -> None:
        from allting.common.cases.api import carries_out
        from allting.common.outbox.api import handles
        from allting.kernel.demo import suggest
        from allting.kernel.desks import offer, offer_own
        from allting.kernel.problems import advise
        from allting.sectors.idcard import bureaus, office, ordering, revocation
        from allting.sectors.idcard.advice import ADVICE

        advise(ADVICE)
        carries_out("idcard.order", ("travel", "delivery", "reason"), ordering.order)
        handles("idcard.produce", bureaus.produce)
        handles("idcard.list", revocation.renew)
        offer("/office/id-cards", office.TITLE, office.at_work)
        offer_own("/my/id-card", _("My ID card"), "card", place=40)
        suggest(
            "As Amir, order a national ID card; as Ida Kortvik, Politiet, check who he is, grant it and hand it over.",
            place=60,
        )
