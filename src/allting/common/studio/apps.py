from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "allting.common.studio"
    label = "studio"

    def ready(self) -> None:
        from allting.common.studio import access
        from allting.kernel.demo import suggest
        from allting.kernel.desks import offer

        offer("/studio", access.TITLE, access.at_work)
        suggest(
            "As Stian Vegeier, change to Statens vegvesen, and change the fee of a driving licence in the studio.",
            place=70,
        )
