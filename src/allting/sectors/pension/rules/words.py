"""What the arguments of the pension rules are called."""

WORDS = {
    "income": {"nb": "Pensjonsgivende inntekt i året", "nn": "Pensjonsgivande inntekt i året", "en": "Pensionable income of the year"},
    "balance": {"nb": "Pensjonsbeholdning", "nn": "Pensjonsbehaldning", "en": "Pension balance"},
    "pension_before": {"nb": "Inntektspensjon i året før endringen", "nn": "Inntektspensjon i året før endringa", "en": "Income pension a year before the change"},
    "cohort": {"nb": "Årskull", "nn": "Årskull", "en": "Cohort"},
    "age": {"nb": "Alder ved uttak", "nn": "Alder ved uttak", "en": "Age at take-up"},
    "later_age": {"nb": "Alder når resten tas ut", "nn": "Alder når resten blir teken ut", "en": "Age when the rest is taken"},
    "degree": {"nb": "Uttaksgrad (prosent)", "nn": "Uttaksgrad (prosent)", "en": "Degree of take-up (per cent)"},
    "level": {"nb": "Sats for garantipensjon", "nn": "Sats for garantipensjon", "en": "Rate of guarantee pension"},
    "years_insured": {"nb": "Trygdetid (år)", "nn": "Trygdetid (år)", "en": "Years of insurance"},
    "birth_year": {"nb": "Fødselsår", "nn": "Fødselsår", "en": "Year of birth"},
    "old_pension": {"nb": "Pensjon etter gamle regler", "nn": "Pensjon etter gamle reglar", "en": "Pension by the old rules"},
    "new_pension": {"nb": "Pensjon etter nye regler", "nn": "Pensjon etter nye reglar", "en": "Pension by the new rules"},
    "points": {"nb": "Sluttpoengtall i hundredeler (5,00 er 500)", "nn": "Sluttpoengtal i hundredelar (5,00 er 500)", "en": "Final points in hundredths (5.00 is 500)"},
    "years_before_1992": {"nb": "Poengår til og med 1991", "nn": "Poengår til og med 1991", "en": "Years with points through 1991"},
    "years_from_1992": {"nb": "Poengår fra 1992", "nn": "Poengår frå 1992", "en": "Years with points from 1992"},
    "ratio": {"nb": "Forholdstall i tusendeler (1,083 er 1083)", "nn": "Forholdstal i tusendelar (1,083 er 1083)", "en": "Ratio in thousandths (1.083 is 1083)"},
    "married": {"nb": "Gift eller samboer", "nn": "Gift eller sambuar", "en": "Married or cohabiting"},
    "pension": {"nb": "Pensjon i året", "nn": "Pensjon i året", "en": "Pension a year"},
}  # fmt: skip
