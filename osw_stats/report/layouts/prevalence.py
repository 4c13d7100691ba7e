"""Tables for readers: how common it is, what changed, what is not seen."""

from __future__ import annotations

from osw_stats.report.cells import (
    fixed_cell,
    group_cell,
    in_language_cell,
    number_cell,
    p_cell,
    series_cell,
    text_cell,
    truth_cell,
)
from osw_stats.report.layouts.prevalence_cells import (
    as_printed_cell,
    basis_cell,
    between_cell,
    by_language_cell,
    compared_cell,
    count_unit_cell,
    either_cell,
    kind_cell,
    n_eff_cell,
    own,
    people_cell,
    per_hundred_cell,
    quantity_cell,
    ratio_cell,
    robust_cell,
    scope_cell,
    share_cell,
    study_cell,
    study_of_cell,
    term_cell,
    thousands_cell,
    variant_cell,
)
from osw_stats.report.tables import Layout, Shown

LAYOUTS: dict[str, Layout] = {
    "prev_estimates": Layout(
        "Online seksuele intimidatie in twaalf maanden, in procent van de groep, met interval",
        "Online sexual harassment in twelve months, in percent of the group, with interval",
        (
            Shown("Groep", "Group", group_cell),
            Shown("Ronde", "Wave", text_cell("wave")),
            Shown("Procent (interval)", "Percent (interval)", share_cell, True),
            Shown("Soort interval", "Kind of interval", kind_cell),
            Shown("Deelnemers", "Respondents", number_cell("n"), True),
            Shown("Tellen als (bandbreedte)", "Count as (range)", n_eff_cell, True),
            Shown("Mensen: zoals gedrukt, anders berekend (marge)", "People: as printed, else computed (margin)", people_cell("persons", "persons_lower", "persons_upper", "persons_as_reported"), True),
        ),
    ),
    "prev_persons": Layout(
        "Aandeel maal bevolking, naast het aantal mensen dat de uitgever drukte",
        "Share times population, beside the number of people that the publisher printed",
        (
            Shown("Ronde", "Wave", text_cell("wave")),
            Shown("Bevolking (afronding)", "Population (rounding)", thousands_cell("population", "population_lower", "population_upper"), True),
            Shown("Waar die bevolking vandaan komt", "Where that population comes from", basis_cell),
            Shown("Aandeel maal bevolking (afronding)", "Share times population (rounding)", thousands_cell("product", "product_lower", "product_upper"), True),
            Shown("Gedrukt aantal mensen", "Number of people printed", thousands_cell("persons_published", "persons_box_lower", "persons_box_upper"), True),
            Shown("Uitkomst", "Outcome", own("outcome")),
        ),
    ),
    "prev_differences": Layout(
        "Verschillen in procentpunt, met marge en toets; p na correctie voor het aantal toetsen",
        "Differences in percentage points, with margin and test; p after correction for the number of tests",
        (
            Shown("Vergelijking", "Comparison", compared_cell),
            Shown("Soort", "Family", own("family")),
            Shown("Verschil (marge)", "Difference (margin)", fixed_cell("diff", "lower", "upper"), True),
            Shown("Verhouding (marge)", "Ratio (margin)", ratio_cell, True),
            Shown("p", "p", p_cell("p_raw"), True),
            Shown("p na correctie", "p corrected", p_cell("p_adj"), True),
            Shown("Houdt stand bij elke afronding", "Holds under any rounding", robust_cell),
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
            Shown("Gepubliceerd verschil", "Published difference", between_cell("change_lower", "change_upper"), True),
            Shown("Kleinste goed zichtbare verschil", "Smallest difference well seen", fixed_cell("mdd80", "mdd80_low", "mdd80_high"), True),
            Shown("Groot genoeg", "Large enough", truth_cell("within_reach")),
        ),
    ),
    "prev_model": Layout(
        "Model met ronde en groep samen: kansverhouding en gemiddeld verschil in procentpunt",
        "Model of wave and group together: odds ratio and average difference in percentage points",
        (
            Shown("Term", "Term", term_cell),
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
            Shown("Procent (marge, aangenomen)", "Percent (margin, assumed)", as_printed_cell, True),
            Shown("Alleen van slachtoffers", "Of victims only", truth_cell("conditional")),
            Shown("Deelnemers (ongeveer)", "Respondents (about)", number_cell("n"), True),
        ),
    ),
    "prev_studies": Layout(
        "Andere onderzoeken: wat zij vroegen, en waarom hun cijfer geen tweede meting is",
        "Other studies: what they asked, and why their figure is no second measurement",
        (
            Shown("Wat, en wie het publiceert", "What, and who publishes it", study_of_cell),
            Shown("Groep, jaar", "Group, year", lambda row, language: f"{group_cell(row | {'age': row['ages']}, language)}, {row['year']}"),
            Shown("Procent (afronding)", "Percent (rounding)", study_cell, True),
            Shown("Over welke tijd, waar", "Over what time, where", scope_cell),
            Shown("Naast het CBS te leggen", "Comparable with CBS", own("comparable")),
            Shown("Waarom", "Why", in_language_cell("reason")),
        ),
    ),
    "prev_sensitivity": Layout(
        "Hoe de uitkomst verschuift onder andere aannamen; de eerste keuze lag vooraf vast",
        "How the result moves under other assumptions; the first choice was fixed beforehand",
        (
            Shown("Uitkomst", "Result", quantity_cell),
            Shown("Aanname", "Assumption", variant_cell),
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
            Shown("Aantal (marge)", "Count (margin)", either_cell, True),
            Shown("Wat is geteld", "What was counted", count_unit_cell),
            Shown("Per honderd slachtoffers (bandbreedte)", "Per hundred victims (range)", per_hundred_cell, True),
            Shown("Waarom, en met welke brug", "Why, and by which bridge", by_language_cell("bridge_text")),
        ),
    ),
    "funnel_parameters": Layout(
        "De aannamen achter de verhouding, als deel; niemand heeft ze gemeten",
        "The assumptions behind the ratio, as parts; nobody measured them",
        (
            Shown("Aanname", "Assumption", own("parameter", "bridge")),
            Shown("Laag", "Low", number_cell("low", 2), True),
            Shown("Hoog", "High", number_cell("high", 2), True),
            Shown("Waarom", "Why", in_language_cell("reason")),
        ),
    ),
    "funnel_sensitivity": Layout(
        "Mensen in de enquête op één slachtoffer bij Helpwanted, onder andere aannamen",
        "People in the survey to one victim at Helpwanted, under other assumptions",
        (
            Shown("Aanname", "Assumption", own("variant", "funnel")),
            Shown("Mensen op één (bandbreedte)", "People to one (range)", fixed_cell("factor", "lower", "upper", 0), True),
            Shown("Per honderd", "Per hundred", number_cell("share_per_100", 1), True),
        ),
    ),
}  # fmt: skip
