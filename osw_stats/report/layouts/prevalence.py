"""Tables for readers: how common it is, what changed, what is not seen."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.report.cells import (
    Cell,
    fixed_cell,
    group_cell,
    interval_cell,
    number_cell,
    p_cell,
    series_cell,
    text_cell,
)
from osw_stats.report.charts.changes import contrast
from osw_stats.report.language import number
from osw_stats.report.tables import Layout, Shown
from osw_stats.report.words import word
from osw_stats.vocabulary.rounding import half_up
from osw_stats.vocabulary.units import UNITS

Row = dict[str, Any]
WORDS = {
    "microdata": ("uit de antwoorden zelf", "from the answers themselves"),
    "F1": ("iedereen, tussen rondes", "everyone, between waves"),
    "F2": ("groepen, tussen rondes", "groups, between waves"),
    "F3": ("groepen, binnen de laatste ronde", "groups, within the last wave"),
    "12m": ("twaalf maanden", "twelve months"),
    "6m": ("zes maanden", "six months"),
    "ever": ("ooit", "ever"),
    "unknown": ("niet gevonden", "not found"),
    "world": ("wereld", "world"),
    "NL": ("Nederland", "the Netherlands"),
    "partly": ("deels", "partly"),
    "primary": ("zoals op deze pagina", "as on this page"),
    "agresti_coull": ("interval volgens Agresti-Coull", "Agresti-Coull interval"),
    "clopper_pearson": ("interval volgens Clopper-Pearson", "Clopper-Pearson interval"),
    "logit": ("interval op de logitschaal", "interval on the logit scale"),
    "rounding lower": ("cijfer vóór afronding zo laag mogelijk", "figure before rounding as low as possible"),
    "rounding upper": ("cijfer vóór afronding zo hoog mogelijk", "figure before rounding as high as possible"),
    "rounding apart": ("afronding: eerste ronde laag, laatste hoog", "rounding: first wave low, last high"),
    "rounding together": ("afronding: eerste ronde hoog, laatste laag", "rounding: first wave high, last low"),
    "deff": ("ontwerpeffect", "design effect"),
    "share": ("aandeel", "share"),
    "change": ("verandering", "change"),
    "to": ("tot", "to"),
    "contacts_as_process": ("verzoeken als uitkomst van toeval", "requests as an outcome of chance"),
    "all_in_scope": ("alle ervaringen horen bij Helpwanted", "all experiences are of Helpwanted's kind"),
    "every_contact_a_victim": ("elk verzoek een ander slachtoffer", "every request another victim"),
    "no_bridge": ("zonder enige brug, zoals losse cijfers naast elkaar", "without any bridge, as bare figures side by side"),
    "scope_low": ("aandeel dwang of beeldmisbruik zo laag mogelijk", "part with coercion or images as low as possible"),
    "scope_high": ("aandeel dwang of beeldmisbruik zo hoog mogelijk", "part with coercion or images as high as possible"),
    "direct_contacts_only": ("alleen mail, chat en telefoon", "mail, chat and telephone only"),
    "persons_per_contact": ("verschillende mensen per verzoek", "different people per request"),
    "by_victims": ("deel van de verzoeken door slachtoffers vanaf 16 jaar in Nederland", "part of the requests by victims of 16 and over in the Netherlands"),
    "in_scope": ("deel van de slachtoffers met dwang of beeldmisbruik", "part of the victims with coercion or abuse of images"),
    "survey": ("enquête: meegemaakt", "survey: experienced"),
    "helpline": ("Helpwanted", "Helpwanted"),
    "centre": ("Centrum Seksueel Geweld", "Sexual Assault Centre"),
    "police": ("politie", "police"),
    "complaint": ("aangifte, volgens de enquête", "formal complaint, by the survey"),
}  # fmt: skip


def say(code: object, language: str) -> str:
    """Return the words of this page for a code; those of the site where it has none."""
    if str(code) in WORDS:
        return WORDS[str(code)][language == "en"]
    return word(code, language)


def own(name: str) -> Cell:
    """Show a code in the words of this page."""
    return lambda row, language: say(row[name], language)


def _variant(name: str) -> Cell:
    """Show "deff 1.6" or "change 2020 to 2024" part by part."""

    def cell(row: Row, language: str) -> str:
        text = str(row[name])
        if text in WORDS:
            return say(text, language)
        first, *rest = text.split(" ")
        shown = [number(float(w), language, 1) if first == "deff" else say(w, language) for w in rest]
        return " ".join([say(first, language), *shown])

    return cell


def _by_language(name: str) -> Cell:
    """Show a text whose English stands in the column itself and its Dutch in one with `_nl`."""
    return lambda row, language: str(row[name + ("_nl" if language == "nl" else "")])


def _reason(row: Row, language: str) -> str:
    return str(row[f"reason_{language}"])


def _n_eff(row: Row, language: str) -> str:
    """Show the effective n with its range, or that there is none."""
    if pd.isna(row["n_eff"]):
        return say("missing", language)
    shown = number(half_up(row["n_eff"], 0), language)
    if row["n_eff_min"] == row["n_eff_max"]:
        return shown
    high = "∞" if row["n_eff_max"] == float("inf") else number(row["n_eff_max"], language)
    return f"{shown} ({number(row['n_eff_min'], language)}–{high})"


def _people(value: str, lower: str, upper: str) -> Cell:
    """Show people of a survey in thousands, tens of thousands above half a million; other counts in full."""

    def cell(row: Row, language: str) -> str:
        if pd.isna(row[value]):
            return {"nl": "niet te zeggen", "en": "cannot be said"}[language]
        survey = row.get("unit") in ("percent", "persons")
        places = 0 if not survey else -4 if row[value] >= 500_000 else -3
        shown = number(half_up(row[value], places), language)
        if pd.isna(row[lower]) or row[lower] == row[upper]:
            return shown
        return f"{shown} ({'–'.join(number(half_up(row[c], places), language) for c in (lower, upper))})"

    return cell


def _ratio(row: Row, language: str) -> str:
    return fixed_cell("ratio", "ratio_lower", "ratio_upper", 2)(row, language)


def _per_hundred(row: Row, language: str) -> str:
    if pd.isna(row["share_per_100"]):
        return {"nl": "geen verhouding", "en": "no ratio"}[language]
    return fixed_cell("share_per_100", "share_lower", "share_upper")(row, language)


def _as_printed(row: Row, language: str) -> str:
    """Show a value with the decimals it was printed with, and its margin with one."""
    places = 0 if row["pct"] == int(row["pct"]) else 1
    limits = "–".join(number(row[c], language, 1) for c in ("lower", "upper"))
    return f"{number(row['pct'], language, places)} ({limits})"


def _study_of(row: Row, language: str) -> str:
    return f"{series_cell(row, language)}. {row['publisher']}"


def _scope(row: Row, language: str) -> str:
    """Show the time asked about, the place, and whether offline counts as well."""
    where = {
        True: {"nl": "alleen online", "en": "online only"},
        False: {"nl": "online en offline samen", "en": "online and offline together"},
    }[bool(row["online_only"])]
    return f"{say(row['recall'], language)}, {say(row['place'], language)}, {where[language]}"


def _study(row: Row, language: str) -> str:
    """Show a published share with its rounding; "one in six" has no decimals of its own and gets one."""
    if pd.notna(row["pct"]) and half_up(row["pct"], 1) != half_up(row["pct"], 6):
        return fixed_cell("pct", "lower", "upper")(row, language)
    if pd.notna(row["pct"]) and half_up(row["upper"], 2) != half_up(row["upper"], 6):
        return fixed_cell("pct", "lower", "upper")(row, language)
    return interval_cell("pct", "lower", "upper")(row, language)


def _share(row: Row, language: str) -> str:
    if row["suppressed"] and pd.isna(row["pct"]):
        return {"nl": "te weinig deelnemers om te tonen", "en": "too few respondents to show"}[language]
    return interval_cell("pct", "lower", "upper")(row, language)


def _robust(row: Row, language: str) -> str:
    if not row["finding"]:
        return {"nl": "geen verschil gevonden", "en": "no difference found"}[language]
    return word(row["robust_to_rounding"], language)


def _between(low: str, high: str, places: int = 1) -> Cell:
    def cell(row: Row, language: str) -> str:
        word_between = {"nl": " tot ", "en": " to "}[language]
        return word_between.join(number(row[c], language, places) for c in (low, high))

    return cell


def _compared(row: Row, language: str) -> str:
    return contrast(row, language).replace("\n", " ")


def _count_unit(row: Row, language: str) -> str:
    return str(getattr(UNITS[row["unit"]], language))


LAYOUTS: dict[str, Layout] = {
    "prev_estimates": Layout(
        "Online seksuele intimidatie in twaalf maanden, in procent van de groep, met interval",
        "Online sexual harassment in twelve months, in percent of the group, with interval",
        (
            Shown("Groep", "Group", group_cell),
            Shown("Ronde", "Wave", text_cell("wave")),
            Shown("Procent (interval)", "Percent (interval)", _share, True),
            Shown("Soort interval", "Kind of interval", own("source_of_interval")),
            Shown("Deelnemers", "Respondents", number_cell("n"), True),
            Shown("Tellen als (bandbreedte)", "Count as (range)", _n_eff, True),
            Shown("Mensen (marge)", "People (margin)", _people("persons", "persons_lower", "persons_upper"), True),
        ),
    ),
    "prev_differences": Layout(
        "Verschillen in procentpunt, met marge en toets; p na correctie voor het aantal toetsen",
        "Differences in percentage points, with margin and test; p after correction for the number of tests",
        (
            Shown("Vergelijking", "Comparison", _compared),
            Shown("Soort", "Family", own("family")),
            Shown("Verschil (marge)", "Difference (margin)", fixed_cell("diff", "lower", "upper"), True),
            Shown("Verhouding (marge)", "Ratio (margin)", _ratio, True),
            Shown("p", "p", p_cell("p_raw"), True),
            Shown("p na correctie", "p corrected", p_cell("p_adj"), True),
            Shown("Houdt stand bij elke afronding", "Holds under any rounding", _robust),
            Shown("Kleinste goed zichtbare verschil", "Smallest difference well seen", number_cell("mdd80", 1), True),
        ),
    ),
    "prev_detectable": Layout(
        "Groepen zonder marge: het gepubliceerde verschil, en hoe groot het had moeten zijn om goed zichtbaar te zijn (procentpunt; aanname: deelnemers verdeeld als de bevolking)",
        "Groups without a margin: the published difference, and how large it should have been to be well seen (percentage points; assumption: respondents spread as the population)",
        (
            Shown("Groep", "Group", group_cell),
            Shown("Van", "From", text_cell("wave_from")),
            Shown("Naar", "To", text_cell("wave_to")),
            Shown("Gepubliceerd verschil", "Published difference", _between("change_lower", "change_upper"), True),
            Shown("Kleinste goed zichtbare verschil", "Smallest difference well seen", fixed_cell("mdd80", "mdd80_low", "mdd80_high"), True),
            Shown("Groot genoeg", "Large enough", text_cell("within_reach")),
        ),
    ),
    "prev_model": Layout(
        "Model met ronde en groep samen: kansverhouding en gemiddeld verschil in procentpunt",
        "Model of wave and group together: odds ratio and average difference in percentage points",
        (
            Shown("Term", "Term", text_cell("term")),
            Shown("Kansverhouding (marge)", "Odds ratio (margin)", fixed_cell("or", "or_lower", "or_upper", 2), True),
            Shown("Gemiddeld verschil (marge)", "Average difference (margin)", fixed_cell("ame", "ame_lower", "ame_upper"), True),
        ),
    ),
    "prev_model_fit": Layout(
        "Past het model? Toets op verschillen tussen groepen in hun verloop",
        "Does the model fit? Test of differences between groups in their course",
        (
            Shown("Cellen", "Cells", number_cell("cells"), True),
            Shown("Deviantie", "Deviance", number_cell("deviance", 1), True),
            Shown("Vrijheidsgraden", "Degrees of freedom", number_cell("df"), True),
            Shown("Deviantie per vrijheidsgraad", "Deviance per degree of freedom", number_cell("phi", 2), True),
            Shown("p van de interactie", "p of the interaction", p_cell("lr_p"), True),
        ),
    ),
    "prev_shrunken": Layout(
        "Kleine groepen naar het model toe getrokken: ruw en bijgesteld, in procent",
        "Small groups drawn towards the model: raw and adjusted, in percent",
        (
            Shown("Groep", "Group", group_cell),
            Shown("Ronde", "Wave", text_cell("wave")),
            Shown("Ruw", "Raw", number_cell("pct", 1), True),
            Shown("Bijgesteld (marge)", "Adjusted (margin)", fixed_cell("shrunken_pct", "lower", "upper"), True),
        ),
    ),
    "prev_related": Layout(
        "Andere aandelen uit dezelfde enquête, in procent; een aandeel van slachtoffers rust op veel minder mensen",
        "Other shares from the same survey, in percent; a share of victims rests on far fewer people",
        (
            Shown("Wat", "What", series_cell),
            Shown("Ronde", "Wave", text_cell("wave")),
            Shown("Procent (marge, aangenomen)", "Percent (margin, assumed)", _as_printed, True),
            Shown("Alleen van slachtoffers", "Of victims only", text_cell("conditional")),
            Shown("Deelnemers (ongeveer)", "Respondents (about)", number_cell("n"), True),
        ),
    ),
    "prev_studies": Layout(
        "Andere onderzoeken: wat zij vroegen, en waarom hun cijfer geen tweede meting is",
        "Other studies: what they asked, and why their figure is no second measurement",
        (
            Shown("Wat, en wie het publiceert", "What, and who publishes it", _study_of),
            Shown("Groep, jaar", "Group, year", lambda row, language: f"{group_cell(row | {'age': row['ages']}, language)}, {row['year']}"),
            Shown("Procent (afronding)", "Percent (rounding)", _study, True),
            Shown("Over welke tijd, waar", "Over what time, where", _scope),
            Shown("Naast het CBS te leggen", "Comparable with CBS", own("comparable")),
            Shown("Waarom", "Why", _reason),
        ),
    ),
    "prev_sensitivity": Layout(
        "Hoe de uitkomst verschuift onder andere aannamen; de eerste keuze lag vooraf vast",
        "How the result moves under other assumptions; the first choice was fixed beforehand",
        (
            Shown("Uitkomst", "Result", _variant("quantity")),
            Shown("Aanname", "Assumption", _variant("variant")),
            Shown("Waarde (marge)", "Value (margin)", fixed_cell("value", "lower", "upper", 2), True),
        ),
    ),
    "prev_nonresponse": Layout(
        "Stel dat mensen die niet meededen het minder of vaker meemaakten dan wie wel meedeed, in procent",
        "Suppose people who did not take part experienced it less or more often than those who did, in percent",
        (
            Shown("Ronde", "Wave", text_cell("wave")),
            Shown("Deelname (procent)", "Response (percent)", number_cell("response", 1), True),
            Shown("Kansverhouding van niet-deelnemers", "Odds of nonrespondents (times)", number_cell("odds_ratio", 1), True),
            Shown("Procent van iedereen (marge)", "Percent of everyone (margin)", fixed_cell("pct", "lower", "upper"), True),
        ),
    ),
    "funnel": Layout(
        "Van enquête tot politie: elke rij telt iets anders; een verhouding staat er alleen met een brug",
        "From survey to police: each row counts something else; a ratio only with a bridge",
        (
            Shown("Plek", "Place", own("stage")),
            Shown("Periode", "Period", text_cell("period")),
            Shown("Aantal (marge)", "Count (margin)", _people("count", "count_lower", "count_upper"), True),
            Shown("Wat is geteld", "What was counted", _count_unit),
            Shown("Per honderd slachtoffers (bandbreedte)", "Per hundred victims (range)", _per_hundred, True),
            Shown("Waarom, en met welke brug", "Why, and by which bridge", _by_language("bridge_text")),
        ),
    ),
    "funnel_parameters": Layout(
        "De aannamen achter de verhouding, als deel; niemand heeft ze gemeten",
        "The assumptions behind the ratio, as parts; nobody measured them",
        (
            Shown("Aanname", "Assumption", own("parameter")),
            Shown("Laag", "Low", number_cell("low", 2), True),
            Shown("Hoog", "High", number_cell("high", 2), True),
            Shown("Waarom", "Why", _reason),
        ),
    ),
    "funnel_sensitivity": Layout(
        "Mensen in de enquête op één slachtoffer bij Helpwanted, onder andere aannamen",
        "People in the survey to one victim at Helpwanted, under other assumptions",
        (
            Shown("Aanname", "Assumption", own("variant")),
            Shown("Mensen op één (bandbreedte)", "People to one (range)", fixed_cell("factor", "lower", "upper", 0), True),
            Shown("Per honderd", "Per hundred", number_cell("share_per_100", 1), True),
        ),
    ),
}  # fmt: skip
