"""What the letter about a VAT return says."""

from __future__ import annotations

from datetime import date

from allting.kernel.text import Text

LATE = Text(
    {
        "nb": "Meldingen kom etter fristen.",
        "nn": "Meldinga kom etter fristen.",
        "en": "The return came after the deadline.",
    }
)
EARLY = Text(
    {
        "nb": "Terminen er ikke over ennå. Meldingen kan ikke leveres før den er det.",
        "nn": "Terminen er ikkje over enno. Meldinga kan ikkje leverast før han er det.",
        "en": "The term is not over yet. The return cannot be handed in before it is.",
    }
)
TOO_LATE = Text(
    {
        "nb": "Fristen for å rette meldingen er ute, tre år etter leveringsfristen (skatteforvaltningsloven § 9-4).",
        "nn": "Fristen for å rette meldinga er ute, tre år etter leveringsfristen (skatteforvaltningslova § 9-4).",
        "en": "The time to correct the return is out, three years after the deadline (skatteforvaltningsloven § 9-4).",
    }
)
SAME = Text(
    {
        "nb": "Beløpet er det samme som før. Du skal verken betale mer eller få noe tilbake.",
        "nn": "Beløpet er det same som før. Du skal verken betale meir eller få noko tilbake.",
        "en": "The amount is the same as before. You neither pay more nor get anything back.",
    }
)


TWO_RETURNS = Text(
    {
        "nb": "To mva-meldinger for samme termin",
        "nn": "To mva-meldingar for same termin",
        "en": "Two VAT returns for the same term",
    }
)
MEANWHILE = Text(
    {
        "nb": "Da du leverte meldingen, var en annen melding for samme termin ikke ferdig behandlet. Dette gjelder i stedet for det som står om beløpet i det andre brevet:",
        "nn": "Då du leverte meldinga, var ei anna melding for same termin ikkje ferdig behandla. Dette gjeld i staden for det som står om beløpet i det andre brevet:",
        "en": "When you handed in the return, another one for the same term was not decided yet. This holds instead of what the other letter says about the amount:",
    }
)
NEWER = Text(
    {
        "nb": "Du har levert en nyere melding for samme termin. Den gjelder. Denne meldingen fører ikke til noe å betale eller få tilbake, uansett hva som står i det andre brevet.",
        "nn": "Du har levert ei nyare melding for same termin. Ho gjeld. Denne meldinga fører ikkje til noko å betale eller få tilbake, same kva som står i det andre brevet.",
        "en": "You have handed in a newer return for the same term, which counts. This one leads to nothing to pay or get back, whatever the other letter says.",
    }
)


def instead(before: int, after: int, due: date) -> tuple[Text, Text]:
    """A return that replaces another, in kroner: what it was and is, and what moves."""
    return _replaced(before, after), _moved(after - before, due)


def comes_to(amount: int, due: date) -> Text:
    """A first return, in kroner; minus: to get back."""
    kroner, day = _kroner(amount), _day(due)
    if amount > 0:
        return Text(
            {
                "nb": f"Du skal betale {kroner} kroner innen {day}.",
                "nn": f"Du skal betale {kroner} kroner innan {day}.",
                "en": f"You are to pay {kroner} kroner by {day}.",
            }
        )
    if amount < 0:
        return Text(
            {
                "nb": f"Du har {kroner} kroner til gode. De betales til kontoen virksomheten har registrert.",
                "nn": f"Du har {kroner} kroner til gode. Dei blir betalte til kontoen verksemda har registrert.",
                "en": f"You get {kroner} kroner back, to the account that the enterprise has registered.",
            }
        )
    return Text(
        {
            "nb": "Du skal verken betale eller få noe tilbake.",
            "nn": "Du skal verken betale eller få noko tilbake.",
            "en": "You neither pay nor get anything back.",
        }
    )


def _replaced(before: int, after: int) -> Text:
    """What the term came to in the return that is corrected, and comes to now."""
    was, now = _sides(before), _sides(after)
    return Text(
        {
            "nb": f"Meldingen kommer i stedet for den forrige. Terminen kom da til {was['nb']}, og kommer nå til {now['nb']}.",
            "nn": f"Meldinga kjem i staden for den førre. Terminen kom då til {was['nn']}, og kjem no til {now['nn']}.",
            "en": f"This return replaces the one before. The term then came to {was['en']}, and now comes to {now['en']}.",
        }
    )


def _moved(more: int, due: date) -> Text:
    """Only the difference moves, in kroner; minus: in the enterprise's favour."""
    kroner, day = _kroner(more), _day(due)
    if more > 0:
        return Text(
            {
                "nb": f"Forskjellen er {kroner} kroner. Du får en regning som skal betales innen {day}.",
                "nn": f"Skilnaden er {kroner} kroner. Du får ei rekning som skal betalast innan {day}.",
                "en": f"The difference is {kroner} kroner. You get a bill to pay by {day}.",
            }
        )
    if more < 0:
        return Text(
            {
                "nb": f"Forskjellen er {kroner} kroner i din favør. Den trekkes fra regningen for terminen. "
                "Det som er betalt for mye, betales til kontoen virksomheten har registrert.",
                "nn": f"Skilnaden er {kroner} kroner i din favør. Han blir trekt frå rekninga for terminen. "
                "Det som er betalt for mykje, blir betalt til kontoen verksemda har registrert.",
                "en": f"The difference is {kroner} kroner in your favour. It is taken off the bill for the term. "
                "What was paid too much goes to the account that the enterprise has registered.",
            }
        )
    return SAME


def _sides(amount: int) -> dict[str, str]:
    kroner = _kroner(amount)
    if amount < 0:
        return {
            "nb": f"{kroner} kroner til gode",
            "nn": f"{kroner} kroner til gode",
            "en": f"{kroner} kroner to get back",
        }
    return {"nb": f"{kroner} kroner å betale", "nn": f"{kroner} kroner å betale", "en": f"{kroner} kroner to pay"}


def _kroner(amount: int) -> str:
    return f"{abs(amount):,}".replace(",", "\u00a0")


def _day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"
