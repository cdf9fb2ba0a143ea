from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "allting.common.cases"
    label = "cases"

    def ready(self) -> None:
        from allting.common.cases import (
            archiving,
            certificates,
            deadlines,
            demo,
            effects,
            following,
            gone,
            looking_again,
            noting,
            reminding,
            submitting,
        )
        from allting.common.cases.advice import ADVICE
        from allting.common.catalogue.api import effect
        from allting.common.outbox.api import handles
        from allting.kernel.demo import suggest
        from allting.kernel.events import subscribe
        from allting.kernel.problems import advise

        advise(ADVICE)
        for name, (wants, _carry_out) in effects.EFFECTS.items():
            effect(name, wants)
        handles("archive.destroyed", archiving.destroyed)
        handles("cases.archive", archiving.incoming)
        handles("cases.by_rule", following.by_rule)
        handles("cases.time_is_out", following.time_is_out)
        handles("cases.hearing_is_over", following.hearing_is_over)
        handles("cases.look_again", looking_again.look_again)
        handles("cases.somebody_is_gone", gone.end)
        handles("cases.warn", deadlines.warn)
        handles("cases.remind", noting.told)
        subscribe("mailbox.delivered", following.arrived)
        subscribe("mailbox.delivered", archiving.sent)
        subscribe("registers.person_moved", looking_again.moved)
        subscribe("registers.person_died", gone.died)
        subscribe("registers.person_emigrated", gone.emigrated)
        subscribe("mailbox.delivered", certificates.sealed)
        subscribe("payment.settling", submitting.hold)
        subscribe("payment.paid", submitting.paid)
        subscribe("payment.reminded", reminding.reminded)
        subscribe("payment.credited", reminding.credited)
        subscribe("payment.set_off", reminding.set_off)
        subscribe("demo.loaded", demo.load)
        suggest(
            "As Ingrid Moldestad, search for barnehage, and apply for a place for Ella.",
            "As Nina Sak, change to Molde kommune, and decide it in the queue. Ingrid's letter comes; she can appeal.",
            "As Nina at Molde kommune, go on with what Harald said by telephone: Enter an application for somebody.",
            place=10,
        )
        suggest(
            "As Jonas Moldestad, send a neighbour notice to Amir Bolsøy's identity number; Amir answers on his page.",
            "As Siri Romsdal, change to Romsdalsfjorden Bistro AS, and apply for a serving licence.",
            place=30,
        )
