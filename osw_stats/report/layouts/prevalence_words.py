"""The words of the prevalence page for ids, by kind: Dutch, English."""

from __future__ import annotations

WORDS: dict[str, dict[str, tuple[str, str]]] = {
  "interval": {
    "microdata": ("uit de antwoorden zelf", "from the answers themselves"),
    "not_of_answers": ("cijfer van de uitgever, niet uit deze antwoorden", "figure of the publisher, not from these answers"),
    "few_respondents": ("weinig deelnemers", "few respondents"),
    "large_error": ("erg onzeker", "very uncertain"),
    "deff_unusual": ("ongewoon ontwerpeffect", "unusual design effect"),
  },
  "outcome": {
    "consistent": ("klopt met het gedrukte aantal", "agrees with the number printed"),
    "edge": ("klopt alleen in de uitersten van de afronding; wij gebruiken de bevolking die uit het gedrukte aantal volgt", "agrees only at the extremes of rounding; we use the population that follows from the number printed"),
    "refuted": ("klopt niet met het gedrukte aantal; wij gebruiken de bevolking die daaruit volgt", "does not agree with the number printed; we use the population that follows from it"),
    "no_count": ("geen gedrukt aantal in wat wij lazen", "no printed number in what we read"),
    "no_population": ("bevolking niet bekend", "population not known"),
  },
  "people": {
    "printed": ("de uitgever drukte", "the publisher printed"),
  },
  "family": {
    "F1": ("iedereen, tussen rondes", "everyone, between waves"),
    "F2": ("groepen, tussen rondes", "groups, between waves"),
    "F3": ("groepen, binnen de laatste ronde", "groups, within the last wave"),
  },
  "recall": {
    "12m": ("twaalf maanden", "twelve months"),
    "6m": ("zes maanden", "six months"),
    "ever": ("ooit", "ever"),
    "unknown": ("niet gevonden", "not found"),
  },
  "place": {
    "world": ("wereld", "world"),
    "NL": ("Nederland", "the Netherlands"),
  },
  "comparable": {
    "no": ("nee", "no"),
    "partly": ("deels", "partly"),
  },
  "variant": {
    "primary": ("zoals op deze pagina", "as on this page"),
    "agresti_coull": ("interval volgens Agresti-Coull", "Agresti-Coull interval"),
    "clopper_pearson": ("interval volgens Clopper-Pearson", "Clopper-Pearson interval"),
    "logit": ("interval op de logitschaal", "interval on the logit scale"),
    "deff": ("ontwerpeffect", "design effect"),
  },
  "rounding": {
    "lower": ("cijfer vóór afronding zo laag mogelijk", "figure before rounding as low as possible"),
    "upper": ("cijfer vóór afronding zo hoog mogelijk", "figure before rounding as high as possible"),
    "apart": ("afronding: eerste ronde laag, laatste hoog", "rounding: first wave low, last high"),
    "together": ("afronding: eerste ronde hoog, laatste laag", "rounding: first wave high, last low"),
  },
  "quantity": {
    "share": ("aandeel", "share"),
    "change": ("verandering", "change"),
    "to": ("tot", "to"),
  },
  "funnel": {
    "primary": ("zoals op deze pagina", "as on this page"),
    "contacts_as_process": ("verzoeken als uitkomst van toeval", "requests as an outcome of chance"),
    "all_in_scope": ("alle ervaringen horen bij Helpwanted", "all experiences are of Helpwanted's kind"),
    "every_contact_a_victim": ("elk verzoek een ander slachtoffer", "every request another victim"),
    "no_bridge": ("zonder enige brug, zoals losse cijfers naast elkaar", "without any bridge, as bare figures side by side"),
    "scope_low": ("aandeel dwang of beeldmisbruik zo laag mogelijk", "part with coercion or images as low as possible"),
    "scope_high": ("aandeel dwang of beeldmisbruik zo hoog mogelijk", "part with coercion or images as high as possible"),
    "direct_contacts_only": ("alleen mail, chat en telefoon", "mail, chat and telephone only"),
  },
  "bridge": {
    "persons_per_contact": ("verschillende mensen per verzoek", "different people per request"),
    "by_victims": ("deel van de verzoeken door slachtoffers vanaf 16 jaar in Nederland", "part of the requests by victims of 16 and over in the Netherlands"),
    "in_scope": ("deel van de slachtoffers met dwang of beeldmisbruik", "part of the victims with coercion or abuse of images"),
  },
  "stage": {
    "survey": ("enquête: meegemaakt", "survey: experienced"),
    "in_scope": ("waarvan dwang of beeldmisbruik (aanname)", "of which coercion or abuse of images (assumed)"),
    "helpline": ("Helpwanted", "Helpwanted"),
    "centre": ("Centrum Seksueel Geweld", "Sexual Assault Centre"),
    "police": ("politie", "police"),
    "complaint": ("aangifte, volgens de enquête", "formal complaint, by the survey"),
  },
}  # fmt: skip
