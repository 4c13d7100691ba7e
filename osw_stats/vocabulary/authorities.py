"""The authorities and other bodies this report speaks of, the five questions, and the codes of an answer."""

from __future__ import annotations

from dataclasses import dataclass

from osw_stats.errors import InputError


@dataclass(frozen=True)
class Authority:
    """One body: its code, short and full name, and whether the five questions were put to it."""

    code: str
    nl: str
    en: str
    full_nl: str
    full_en: str
    asked: bool = True


AUTHORITIES: dict[str, Authority] = {
    a.code: a
    for a in (
        Authority("police", "Politie", "Police", "Politie, met de teams TBKK", "Police, with the teams TBKK"),
        Authority("om", "OM", "OM", "Openbaar Ministerie", "Public Prosecution Service"),
        Authority("ap", "AP", "AP", "Autoriteit Persoonsgegevens", "Data protection authority"),
        Authority("acm", "ACM", "ACM", "Autoriteit Consument en Markt", "Authority for consumers and markets"),
        Authority("ec", "EC", "EC", "Europese Commissie", "European Commission"),
        Authority("atkm", "ATKM", "ATKM", "Autoriteit online Terroristisch en Kinderpornografisch Materiaal",
                  "Authority for online terrorist and child sexual abuse material"),
        Authority("cvdm", "CvdM", "CvdM", "Commissariaat voor de Media", "Media authority"),
        Authority("regeringscommissaris", "Regeringscommissaris", "Government commissioner",
                  "Regeringscommissaris seksueel grensoverschrijdend gedrag en seksueel geweld",
                  "Government commissioner on sexual misconduct and sexual violence"),
        Authority("nr", "Nationaal Rapporteur", "National rapporteur",
                  "Nationaal Rapporteur Mensenhandel en Seksueel Geweld tegen Kinderen",
                  "National rapporteur on trafficking and sexual violence against children"),
        Authority("college", "College", "Institute", "College voor de Rechten van de Mens",
                  "Institute for human rights"),
        Authority("ez", "EZ", "EZ", "Ministerie van Economische Zaken", "Ministry of economic affairs"),
        Authority("jv", "J&V", "J&V", "Ministerie van Justitie en Veiligheid", "Ministry of justice and security"),
        Authority("sdt", "SDT", "SDT", "Samenwerkingsplatform Digitale Toezichthouders",
                  "Cooperation platform of digital supervisors", asked=False),
    )
}  # fmt: skip
QUESTIONS: dict[int, dict[str, str]] = {
    1: {"nl": "Beleid", "en": "Policy"},
    2: {"nl": "Bevoegdheden", "en": "Powers"},
    3: {"nl": "Aantal meldingen", "en": "Number of reports"},
    4: {"nl": "Capaciteit nu", "en": "Capacity now"},
    5: {"nl": "Wat nodig is", "en": "What is needed"},
}
CODES: dict[int, dict[str, str]] = {
    0: {"nl": "niet bereid tot gesprek", "en": "not willing to meet"},
    1: {"nl": "geen antwoord in het verslag", "en": "no answer in the record"},
    2: {"nl": "antwoord: geen of nee", "en": "answer: none or no"},
    3: {"nl": "deels of in woorden", "en": "in part or in words"},
    4: {"nl": "in cijfers voor dit onderwerp", "en": "in figures for this subject"},
    9: {"nl": "geen verslag van deze organisatie in de bijlage", "en": "no record of this body in the annex"},
}
NO_RECORD = 9
REFUSED = 0
# what an answer is about
SCOPES: dict[str, dict[str, str]] = {
    "": {"nl": "", "en": ""},
    "part": {"nl": "over een deel van het onderwerp", "en": "about a part of the subject"},
    "broader": {"nl": "over meer taken samen", "en": "about more tasks together"},
    "subject": {"nl": "over dit onderwerp", "en": "about this subject"},
}


def authority(code: str) -> Authority:
    """Return one body.

    Raises
    ------
    InputError
        If there is no such body.

    Examples
    --------
    >>> authority("jv").nl
    'J&V'
    """
    if code not in AUTHORITIES:
        raise InputError("no such body", f"Bodies: {', '.join(AUTHORITIES)}.", value=code)
    return AUTHORITIES[code]
