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
        from allting.common.catalogue.api import effect
        from allting.common.outbox.api import handles
        from allting.kernel.events import subscribe

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
