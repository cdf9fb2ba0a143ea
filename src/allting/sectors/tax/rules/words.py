"""What the arguments of the tax rules are called."""

WORDS = {
    "table": {"nb": "Trekktabell", "nn": "Trekktabell", "en": "Withholding table"},
    "period": {"nb": "Lønnsperiode", "nn": "Lønsperiode", "en": "Pay period"},
    "gross": {"nb": "Brutto i perioden", "nn": "Brutto i perioden", "en": "Gross pay in the period"},
    "withheld": {"nb": "Forskuddstrekk", "nn": "Forskotstrekk", "en": "Tax withheld"},
    "zone": {"nb": "Sone", "nn": "Sone", "en": "Zone"},
    "personal_income": {"nb": "Personinntekt", "nn": "Personinntekt", "en": "Personal income"},
    "taxable": {"nb": "Grunnlag for skatt", "nn": "Grunnlag for skatt", "en": "Taxable base"},
    "contribution_class": {"nb": "Trygdeavgiftsklasse", "nn": "Trygdeavgiftsklasse", "en": "Contribution class"},
    "at_high_rate": {"nb": "Inntekt med høy sats", "nn": "Inntekt med høg sats", "en": "Income at the high rate"},
    "at_low_rate": {"nb": "Inntekt med lav sats", "nn": "Inntekt med låg sats", "en": "Income at the low rate"},
    "wages": {"nb": "Lønn i året", "nn": "Løn i året", "en": "Wages in the year"},
    "pension": {"nb": "Pensjon i året", "nn": "Pensjon i året", "en": "Pension in the year"},
    "other_income": {
        "nb": "Annen inntekt, netto (minus for underskudd)",
        "nn": "Anna inntekt, netto (minus for underskot)",
        "en": "Other income, net (minus for a deficit)",
    },
    "deductions": {
        "nb": "Andre fradrag enn minstefradrag, som renter",
        "nn": "Andre frådrag enn minstefrådrag, som renter",
        "en": "Deductions other than the minimum deduction, as interest",
    },
    "age": {"nb": "Alder ved utgangen av året", "nn": "Alder ved utgangen av året", "en": "Age at the end of the year"},
    "months": {"nb": "Måneder med pensjon", "nn": "Månader med pensjon", "en": "Months of pension"},
    "degree": {"nb": "Pensjonsgrad i prosent", "nn": "Pensjonsgrad i prosent", "en": "Degree of pension in per cent"},
    "amount": {"nb": "Beløp for et helt år", "nn": "Beløp for eit heilt år", "en": "Amount for a whole year"},
    "taxes": {"nb": "Skatt før fradraget", "nn": "Skatt før frådraget", "en": "Tax before the deduction"},
    "cost": {"nb": "Betalt for pass og stell", "nn": "Betalt for pass og stell", "en": "Paid for childcare"},
    "children": {"nb": "Barn under 12 år", "nn": "Barn under 12 år", "en": "Children under 12"},
    "tax": {"nb": "Skatt i året", "nn": "Skatt i året", "en": "Tax for the year"},
    "yearly": {
        "nb": "Skatt i året etter tabellen",
        "nn": "Skatt i året etter tabellen",
        "en": "Tax for the year by the table",
    },
}
