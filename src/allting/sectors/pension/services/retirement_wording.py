"""What decisions about retirement pension say, and what an officer reads each fact as."""

from __future__ import annotations

from typing import Final

from allting.kernel.text import Text

WORDS: Final = {
    "born": {"nb": "Født", "nn": "Fødd", "en": "Born"},
    "start": {"nb": "Fra og med", "nn": "Frå og med", "en": "From"},
    "level": {"nb": "Sats for garantipensjon", "nn": "Sats for garantipensjon", "en": "Rate of guarantee pension"},
    "level.ordinary": {"nb": "Ordinær sats", "nn": "Ordinær sats", "en": "Ordinary rate"},
    "level.high": {"nb": "Høy sats", "nn": "Høg sats", "en": "High rate"},
    "degree": {"nb": "Uttaksgrad (prosent)", "nn": "Uttaksgrad (prosent)", "en": "Degree of take-up (per cent)"},
    "years_insured": {"nb": "Trygdetid i hele år", "nn": "Trygdetid i heile år", "en": "Years of insurance"},
    "balance": {
        "nb": "Pensjonsbeholdning den dagen pensjonen begynner (kroner)",
        "nn": "Pensjonsbehaldning den dagen pensjonen byrjar (kroner)",
        "en": "Pension balance on the day the pension begins (kroner)",
    },
    "enough": {
        "nb": "Opptjeningen er høy nok for uttak før 67 år (der delingstallet ikke er kjent her)",
        "nn": "Oppteninga er høg nok for uttak før 67 år (der delingstalet ikkje er kjent her)",
        "en": "Enough is earned to begin before 67 (where the divisor is not known here)",
    },
    "amount": {
        "nb": "Pensjon i måneden, der Nav har regnet den ut for hånd (kroner)",
        "nn": "Pensjon i månaden, der Nav har rekna han ut for hand (kroner)",
        "en": "Pension a month, where Nav has counted it by hand (kroner)",
    },
}
TITLE: Final = Text({"nb": "Alderspensjon", "nn": "Alderspensjon", "en": "Retirement pension"})
MONTHLY: Final = Text({"nb": "Pensjon i måneden", "nn": "Pensjon i månaden", "en": "Pension a month"})
BY_HAND: Final = Text(
    {
        "nb": "Pensjon i måneden, regnet ut for hånd hos Nav",
        "nn": "Pensjon i månaden, rekna ut for hand hos Nav",
        "en": "Pension a month, counted by hand at Nav",
    }
)
RIGHT: Final = Text(
    {
        "nb": "Du er gammel nok, og har bodd lenge nok i Norge.",
        "nn": "Du er gammal nok, og har budd lenge nok i Noreg.",
        "en": "You are old enough, and have lived in Norway long enough.",
    }
)
ENOUGH: Final = Text(
    {
        "nb": "Du har tjent opp nok til å begynne før du fyller 67 år.",
        "nn": "Du har tent opp nok til å byrje før du fyller 67 år.",
        "en": "You have earned enough to begin before you turn 67.",
    }
)
OLD: Final = Text(
    {
        "nb": "Den som er født før 1954, har alderspensjon etter de gamle reglene.",
        "nn": "Den som er fødd før 1954, har alderspensjon etter dei gamle reglane.",
        "en": "One who was born before 1954 has a pension by the old rules.",
    }
)
YOUNG: Final = Text(
    {
        "nb": "Pensjonen kan begynne tidligst måneden etter at du fyller 62 år.",
        "nn": "Pensjonen kan byrje tidlegast månaden etter at du fyller 62 år.",
        "en": "The pension can begin at the earliest in the month after you turn 62.",
    }
)
SHORT: Final = Text(
    {
        "nb": "Du må ha bodd eller arbeidet i Norge i minst fem år etter at du fylte 16.",
        "nn": "Du må ha budd eller arbeidd i Noreg i minst fem år etter at du fylte 16.",
        "en": "You must have lived or worked in Norway for at least five years since you turned 16.",
    }
)
LITTLE: Final = Text(
    {
        "nb": "Du har ikke tjent opp nok til å begynne før du fyller 67 år. Du kan ta ut en mindre del, eller vente.",
        "nn": "Du har ikkje tent opp nok til å byrje før du fyller 67 år. Du kan ta ut ein mindre del, eller vente.",
        "en": "You have not earned enough to begin before you turn 67. You can take a smaller part, or wait.",
    }
)
NO_BALANCE: Final = Text(
    {
        "nb": "Pensjonsbeholdningen mangler i registeret. Skriv den.",
        "nn": "Pensjonsbehaldninga manglar i registeret. Skriv henne.",
        "en": "The pension balance is missing in the register. Write it.",
    }
)
SAY_ENOUGH: Final = Text(
    {
        "nb": "Si om opptjeningen er høy nok til å begynne før 67 år.",
        "nn": "Sei om oppteninga er høg nok til å byrje før 67 år.",
        "en": "Say whether enough is earned to begin before 67.",
    }
)
SAY_AMOUNT: Final = Text(
    {
        "nb": "Skriv pensjonen i måneden, slik Nav har regnet den ut.",
        "nn": "Skriv pensjonen i månaden, slik Nav har rekna han ut.",
        "en": "Write the pension a month, as Nav has counted it.",
    }
)
# Why an amount is counted by hand.
MIXED: Final = Text(
    {
        "nb": "Den som er født mellom 1954 og 1962, har en del av pensjonen etter de gamle reglene. Pensjonspoengene de regnes av, er ikke her.",
        "nn": "Den som er fødd mellom 1954 og 1962, har ein del av pensjonen etter dei gamle reglane. Pensjonspoenga dei blir rekna av, er ikkje her.",
        "en": "One who was born between 1954 and 1962 has a part of the pension by the old rules. The pension points they are counted from are not here.",
    }
)
NO_COHORT: Final = Text(
    {
        "nb": "Delingstallene for årskullet er ikke publisert der vi kan hente dem.",
        "nn": "Delingstala for årskullet er ikkje publiserte der vi kan hente dei.",
        "en": "The annuity divisors of the cohort are not published where we can take them from.",
    }
)
BETWEEN: Final = Text(
    {
        "nb": "Delingstallene vi har, gjelder den som begynner måneden etter fødselsdagen. Pensjonen ligger mellom det de to nærmeste årene gir.",
        "nn": "Delingstala vi har, gjeld den som byrjar månaden etter fødselsdagen. Pensjonen ligg mellom det dei to nærmaste åra gir.",
        "en": "The annuity divisors we have are for one who begins in the month after a birthday. The pension lies between what the two nearest years give.",
    }
)
LATE: Final = Text(
    {
        "nb": "Delingstallene for dem som begynner etter 67 år, er ikke publisert der vi kan hente dem.",
        "nn": "Delingstala for dei som byrjar etter 67 år, er ikkje publiserte der vi kan hente dei.",
        "en": "The annuity divisors for those who begin after 67 are not published where we can take them from.",
    }
)
NO_FIGURES: Final = Text(
    {
        "nb": "Satsene for året er ikke kommet ennå.",
        "nn": "Satsane for året er ikkje komne enno.",
        "en": "The figures of the year are not out yet.",
    }
)
# What a change of degree says besides.
WORDS_OF_CHANGE: Final = {
    "before": {"nb": "Uttaksgrad til nå (prosent)", "nn": "Uttaksgrad til no (prosent)", "en": "Degree until now (per cent)"},
    "changeable": {
        "nb": "Kan endres fritt fra og med",
        "nn": "Kan endrast fritt frå og med",
        "en": "May be changed freely from",
    },
    "pension_before": {
        "nb": "Inntektspensjon i året til nå (kroner)",
        "nn": "Inntektspensjon i året til no (kroner)",
        "en": "Income pension a year until now (kroner)",
    },
    "balance": {
        "nb": "Pensjonsbeholdning som er igjen den dagen (kroner)",
        "nn": "Pensjonsbehaldning som er igjen den dagen (kroner)",
        "en": "Pension balance that is left on that day (kroner)",
    },
    "together": {
        "nb": "Beholdning i alt, med pensjonen til nå regnet om, der delingstallet ikke er kjent her (kroner)",
        "nn": "Behaldning i alt, med pensjonen til no rekna om, der delingstalet ikkje er kjent her (kroner)",
        "en": "Balance in all, with the pension until now made into balance, where the divisor is not known here (kroner)",
    },
}  # fmt: skip
SAME: Final = Text(
    {
        "nb": "Du har denne uttaksgraden fra før.",
        "nn": "Du har denne uttaksgraden frå før.",
        "en": "You have this degree already.",
    }
)
TOO_SOON: Final = Text(
    {
        "nb": "Det er mindre enn tolv måneder siden du begynte eller endret sist. Du kan likevel ta ut alt, eller stanse pensjonen.",
        "nn": "Det er mindre enn tolv månader sidan du byrja eller endra sist. Du kan likevel ta ut alt, eller stanse pensjonen.",
        "en": "It is less than twelve months since you began or changed last. You can still take all of it, or stop the pension.",
    }
)
SAY_TOGETHER: Final = Text(
    {
        "nb": "Skriv beholdningen i alt, slik Nav har regnet den ut.",
        "nn": "Skriv behaldninga i alt, slik Nav har rekna henne ut.",
        "en": "Write the balance in all, as Nav has counted it.",
    }
)
STOPPED: Final = Text(
    {
        "nb": "Pensjonen stanser, slik du har bedt om. Det du har tjent opp, blir stående og øker med lønningene.",
        "nn": "Pensjonen stansar, slik du har bede om. Det du har tent opp, blir ståande og aukar med lønningane.",
        "en": "The pension stops, as you asked. What you have earned stays and grows with wages.",
    }
)
