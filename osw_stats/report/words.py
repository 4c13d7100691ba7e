"""The words readers see for codes of groups, concepts, verdicts and licences."""

from __future__ import annotations

from osw_stats.errors import OswError, shown
from osw_stats.report.categories import CATEGORIES

Text = dict[str, str]
# the pages of the notebooks, in the order of the start page, and what each answers
QUESTIONS: dict[str, Text] = {
    "prevalence": {"nl": "Hoe vaak komt het voor?", "en": "How common is it?"},
    "trend": {"nl": "Neemt het toe?", "en": "Is it growing?"},
    "capacity_gap": {"nl": "Wie doet er iets aan, en is dat genoeg?", "en": "Who acts on it, and is that enough?"},
    "claims": {"nl": "Kloppen de zinnen met de cijfers?", "en": "Do the sentences match the figures?"},
}  # fmt: skip
# the words of each kind of id; an id of one kind is never looked up as another
WORDS: dict[str, dict[str, Text]] = {
  "page": QUESTIONS | {
    "index": {"nl": "Start", "en": "Start"},
    "summary": {"nl": "In gewone taal", "en": "In plain words"},
    "help": {"nl": "Hulp", "en": "Help"},
    "quality": {"nl": "Kwaliteit", "en": "Quality"},
    "methods": {"nl": "Methoden", "en": "Methods"},
    "data": {"nl": "Data", "en": "Data"},
  },
  **CATEGORIES,
  "sex": {
    "total": {"nl": "allen", "en": "everyone"},
    "female": {"nl": "vrouwen", "en": "women"},
    "male": {"nl": "mannen", "en": "men"},
    "other": {"nl": "anders", "en": "other"},
  },
  "number": {
    "missing": {"nl": "niet gepubliceerd", "en": "not published"},
    "range": {"nl": "alleen als bandbreedte gepubliceerd", "en": "published as a range only"},
    "not_found": {"nl": "niet gevonden", "en": "not found"},
    "date_unknown": {"nl": "datum niet bekend", "en": "date not known"},
  },
  "no_value": {
    "withheld": {"nl": "de uitgever houdt dit cijfer achter", "en": "withheld by the publisher"},
    "not_applicable": {"nl": "kan niet voorkomen", "en": "cannot occur"},
    "not_registered": {"nl": "volgens de bron niet geteld", "en": "not counted, according to the source"},
    "not_found": {"nl": "stond niet in wat wij lazen", "en": "was not in what we read"},
    "range_only": {"nl": "alleen als bandbreedte gepubliceerd", "en": "published as a range only"},
  },
  "truth": {
    "True": {"nl": "ja", "en": "yes"},
    "False": {"nl": "nee", "en": "no"},
  },
  "interval": {
    "assumed_deff": {"nl": "aangenomen", "en": "assumed"},
    "not_estimable": {
        "nl": "alleen afronding; steekproefmarge niet te schatten",
        "en": "rounding only; sampling interval not estimable",
    },
    "published": {"nl": "gepubliceerd", "en": "published"},
  },
  "verdict": {
    "reproduced": {"nl": "klopt", "en": "reproduced"},
    "consistent_within_rounding": {"nl": "klopt binnen de afronding", "en": "consistent within rounding"},
    "inconsistent": {"nl": "klopt niet met de cijfers", "en": "does not fit the figures"},
    "unit_differs": {"nl": "telt iets anders dan de cijfers: de eenheid verschilt", "en": "counts something else than the figures: the unit differs"},
    "not_demonstrated": {"nl": "niet aangetoond en niet weersproken: de cijfers dragen deze vergelijking niet", "en": "neither demonstrated nor contradicted: the figures do not bear this comparison"},
    "too_absolute": {"nl": "te absoluut gezegd", "en": "stated too absolutely"},
    "needs_external_source": {"nl": "vraagt een bron buiten het rapport", "en": "needs a source outside the report"},
    "derived": {
        "nl": "geen oordeel: dit getal noemt het rapport niet, wij rekenden het uit",
        "en": "no verdict: the report does not print this number, we worked it out",
    },
    "judgement": {"nl": "een oordeel van een lezer, niet berekend", "en": "a reader’s judgement, not computed"},
  },
  "severity": {
    "major": {"nl": "raakt een hoofdcijfer", "en": "touches a headline figure"},
    "moderate": {"nl": "van belang", "en": "of some importance"},
    "minor": {"nl": "klein", "en": "minor"},
  },
  "claim": {
    "no_number": {"nl": "noemt geen getal", "en": "gives no number"},
    "not_recomputed": {"nl": "niet te berekenen", "en": "cannot be computed"},
    "missing": {"nl": "vraagt een bron buiten het rapport", "en": "needs a source outside the report"},
    "no_formula": {"nl": "niet in een berekening te vatten", "en": "cannot be put into a computation"},
    "judgement": {"nl": "een oordeel van een lezer, niet berekend", "en": "a reader’s judgement, not computed"},
    "nothing_said": {"nl": "dit getal noemt het rapport niet", "en": "the report does not print this number"},
    "needed": {"nl": "nodig", "en": "needed"},
    "read_as": {"nl": "door ons gelezen als", "en": "read by us as"},
    "beside": {"nl": "ernaast", "en": "beside it"},
    "missing_figure": {"nl": "een cijfer dat hiervoor nodig is, stond niet in wat wij lazen", "en": "a figure this needs was not in what we read"},
    "later_figure": {"nl": "een cijfer dat hiervoor nodig is, was op de peildatum van deze editie nog niet zeker openbaar", "en": "a figure this needs was not certainly public on the as-of date of this edition"},
    "across_break": {"nl": "tussen deze cijfers veranderde de definitie", "en": "the definition changed between these figures"},
    "without_margins": {"nl": "deze cijfers komen uit steekproeven en staan hier zonder marge", "en": "these figures are from samples and stand here without margins"},
    "across_break_without_margins": {"nl": "tussen deze cijfers veranderde de definitie, en zij komen uit steekproeven zonder marge erbij", "en": "the definition changed between these figures, and they are from samples without margins given"},
    "restates": {"nl": "zelfde bevinding als in", "en": "same finding as in"},
  },
  "elsewhere": {
    "same": {"nl": "hetzelfde cijfer staat ook elders", "en": "the same figure stands elsewhere as well"},
    "differs": {"nl": "elders vonden wij een ander cijfer", "en": "elsewhere we found another figure"},
    "both": {"nl": "elders vonden wij hetzelfde cijfer en ook een ander", "en": "elsewhere we found the same figure and another one too"},
    "alike": {"nl": "een ander document geeft hetzelfde getal, anders genoemd of geteld", "en": "another document gives the same number, named or counted otherwise"},
    "only_here": {"nl": "in wat wij lazen vonden wij dit cijfer alleen via dit rapport", "en": "in what we read we found this figure through this report only"},
  },
  "place": {
    "chapter": {"nl": "hoofdstuk", "en": "chapter"},
    "annex": {"nl": "inhoud en bijlagen", "en": "contents and annexes"},
  },
  "concept": {
    "occupied": {"nl": "bezet", "en": "occupied"},
    "formation": {"nl": "formatie", "en": "formation"},
    "filled": {"nl": "vervuld", "en": "filled"},
    "planned": {"nl": "gepland", "en": "planned"},
    "funded": {"nl": "gefinancierd", "en": "funded"},
    "supported": {"nl": "door ministerie onderschreven", "en": "endorsed by ministry"},
    "needed": {"nl": "nodig", "en": "needed"},
    "allocated": {"nl": "toegekend", "en": "allocated"},
    "realised": {"nl": "uitgegeven", "en": "spent"},
  },
  "basis": {
    "published": {"nl": "gepubliceerd", "en": "published"},
    "implied": {"nl": "afgeleid", "en": "derived"},
    "rounded": {"nl": "afgerond", "en": "rounded"},
    "total": {"nl": "totaal", "en": "total"},
    "growth": {"nl": "groei", "en": "growth"},
  },
  "counted_as": {
    "statement": {"nl": "bewering van het rapport", "en": "statement of the report"},
    "derived": {"nl": "verder door ons berekend", "en": "further computed by us"},
    "judgement": {"nl": "oordeel van een lezer", "en": "judgement of a reader"},
  },
  "pair": {
    "other_definition": {"nl": "andere definitie", "en": "other definition"},
  },
  "half_year": {
    "identity": {"nl": "uit jaartotalen en groei", "en": "from year totals and growth"},
    "earlier_years": {"nl": "groei op „voorgaande jaren”", "en": "growth on “previous years”"},
    "from_next_year": {"nl": "terug vanaf een jaar later", "en": "back from a year later"},
    "from_second_half": {"nl": "jaartotaal min tweede helft", "en": "year total less second half"},
    "police_said": {"nl": "politie, in woorden", "en": "police, in words"},
    "in_second_half": {"nl": "in de tweede helft, jaar ervoor", "en": "in second half, year before"},
    "base_not_published": {"nl": "niet te berekenen: die halve jaren zijn niet gepubliceerd", "en": "not computable: those half years were not published"},
  },
  "reconciliation": {
    "no_offence_or_no_criminal_law": {"nl": "zonder zaken die geen misdrijf bleken of niet in het strafrecht kwamen (uitleg van de politie)", "en": "without cases that proved no offence or did not go to criminal law (as the police explain)"},
    "not_explained": {"nl": "geen uitleg gevonden; andere indeling en later bijgewerkt", "en": "no explanation found; another classification, updated later"},
  },
  "phi": {
    "phi_estimated": {"nl": "geschat uit geregistreerde misdrijven (gebruikt op deze pagina)", "en": "estimated from registered offences (used on this page)"},
    "phi_own": {"nl": "geschat uit de meldingen van eerdere jaren (gebruikt op deze pagina)", "en": "estimated from the reports of earlier years (used on this page)"},
    "phi_fixed": {"nl": "vaste aanname", "en": "fixed assumption"},
    "phi_around_trend": {"nl": "rond een rechte lijn in plaats van per stap", "en": "around a straight line instead of by step"},
    "per_day": {"nl": "per dag: schrikkeljaar verrekend", "en": "per day: leap year allowed for"},
    "t_quantile": {"nl": "ruimer, omdat er weinig jaren zijn", "en": "wider, since there are few years"},
    "phi_simulated": {"nl": "gesimuleerd, met onzekere schommeling", "en": "simulated, with uncertain variation"},
    "without_new_offences": {"nl": "zonder de feiten die pas sinds de wet strafbaar zijn", "en": "without the acts that are offences only since the law"},
  },
  "method": {
    "trend": {"nl": "rechte lijn doorgetrokken", "en": "straight line drawn on"},
    "last_year": {"nl": "laatste jaar herhaald (lijn deed het niet beter)", "en": "last year repeated (the line did no better)"},
  },
  "no_ratio": {
    "naive_exact": {"nl": "geen: herhalen klopte precies", "en": "none: repeating was exactly right"},
  },
  "analysis": {
    "pair": {"nl": "vergelijking van twee jaren", "en": "comparison of two years"},
    "slope": {"nl": "helling over meer jaren", "en": "slope over several years"},
    "forecast": {"nl": "vooruitblik", "en": "forecast"},
  },
  "refused": {
    "not_homogeneous": {"nl": "de manier van tellen verandert van jaar tot jaar", "en": "the way of counting changes from year to year"},
    "too_few_years": {"nl": "te weinig jaren met één definitie", "en": "too few years of one definition"},
    "years_missing": {"nl": "jaren ertussen zijn niet gepubliceerd", "en": "years in between were not published"},
    "editions_differ": {"nl": "de jaren komen uit heel verschillende uitgaven", "en": "the years come from very different editions"},
    "break_between": {"nl": "de definitie veranderde ertussen", "en": "the definition changed in between"},
    "small_counts": {"nl": "te kleine aantallen", "en": "counts too small"},
  },
  "event": {
    "law": {"nl": "wet", "en": "law"},
    "opening": {"nl": "openstelling", "en": "opening"},
    "publicity": {"nl": "publiciteit", "en": "publicity"},
    "lockdown": {"nl": "lockdown", "en": "lockdown"},
    "campaign": {"nl": "campagne", "en": "campaign"},
    "statement": {"nl": "uitspraak zonder cijfer", "en": "statement without a figure"},
  },
  "outside": {
    "no": {"nl": "nee", "en": "no"},
    "above": {"nl": "hoger dan gewoon verschil", "en": "above ordinary difference"},
    "below": {"nl": "lager dan gewoon verschil", "en": "below ordinary difference"},
  },
  "level": {
    "province": {"nl": "provincies", "en": "provinces"},
    "municipality": {"nl": "gemeenten", "en": "municipalities"},
  },
  "share_for_osw": {
    "unknown": {"nl": "onbekend", "en": "unknown"},
    "all_of_it": {"nl": "alles", "en": "all of it"},
    "minors_only": {"nl": "alleen minderjarige slachtoffers", "en": "under-age victims only"},
  },
  "size": {
    "low": {"nl": "laag", "en": "low"},
    "mid": {"nl": "midden", "en": "middle"},
    "high": {"nl": "hoog", "en": "high"},
  },
  "scenario": {
    "central": {"nl": "middelste scenario", "en": "central scenario"},
    "all_together": {"nl": "alles tegelijk", "en": "all at once"},
  },
  "queue": {
    "stable": {"nl": "houdbaar", "en": "sustainable"},
    "unstable": {"nl": "loopt vol", "en": "fills up"},
  },
  "quantity": {
    "fte_break_even": {"nl": "fte nodig, zonder ruimte", "en": "fte needed, no slack"},
    "fte_at_target": {"nl": "fte nodig, met ruimte", "en": "fte needed, with slack"},
    "cost_at_target": {"nl": "kosten per jaar, met ruimte", "en": "cost a year, with slack"},
  },
  "drawn": {
    "independent": {"nl": "aannamen los van elkaar", "en": "assumptions independent"},
    "correlated": {"nl": "meer zaken gaat samen met minder uren", "en": "more cases go with fewer hours"},
    "triangular": {"nl": "driehoekige verdeling", "en": "triangular distribution"},
  },
  "deadline": {
    "open": {"nl": "loopt nog, of zonder datum", "en": "still open, or without a date"},
    "met": {"nl": "op tijd gedaan", "en": "done in time"},
    "partly": {"nl": "deels, of later gedaan", "en": "in part, or done later"},
    "missed": {"nl": "niet gedaan", "en": "not done"},
    "not_read": {"nl": "door ons nog niet gelezen", "en": "not read by us yet"},
    "not_found": {"nl": "door ons niets over gevonden", "en": "nothing found by us"},
    "not_settled": {"nl": "wat wij lazen, beslist het niet", "en": "not settled by what we read"},
    "not_verifiable": {"nl": "niet te controleren: er is geen document", "en": "cannot be checked: there is no document"},
  },
  "task": {
    "dsa": {"nl": "toezicht op de DSA", "en": "supervision of the DSA"},
    "added": {"nl": "extra fte van de teams TBKK", "en": "extra fte of the teams TBKK"},
    "year_end": {"nl": "alle taken, fte aan het eind van het jaar", "en": "all tasks, fte at the end of the year"},
    "undated": {"nl": "alle taken, formatie uit een later jaar", "en": "all tasks, formation of a later year"},
  },
  "relation": {
    "whole": {"nl": "het geheel", "en": "the whole"},
    "part_of": {"nl": "volgens de bron deel van", "en": "by the source part of"},
    "fits": {"nl": "past, zonder dat de bron het zegt, in", "en": "fits, though the source does not say so, in"},
    "maybe_same": {"nl": "misschien hetzelfde geld als", "en": "perhaps the same money as"},
    "separate": {"nl": "staat apart", "en": "stands apart"},
  },
  "weights": {
    "none": {"nl": "zonder gewicht", "en": "unweighted"},
    "linear": {"nl": "lineair gewogen", "en": "linear weights"},
  },
  "licence": {
    "CC-BY-4.0": {"nl": "Licentie CC BY 4.0", "en": "Licence CC BY 4.0"},
    "citation": {"nl": "Losse cijfers, geciteerd met bron", "en": "Single figures, cited with their source"},
    "credit": {"nl": "Met bronvermelding; de licentie zelf is niet gezien", "en": "With credit; the licence itself was not seen"},
  },
}  # fmt: skip


def word(kind: str, code: object, language: str) -> str:
    """Return the words for an id of a kind.

    Raises
    ------
    OswError
        If this kind has no such id: a reader must not be shown the id itself.

    Examples
    --------
    >>> word("method", "trend", "en"), word("page", "trend", "en")
    ('straight line drawn on', 'Is it growing?')
    """
    return words_of(kind, code)[language]


def words_of(kind: str, code: object) -> Text:
    """Return the words for an id of a kind, by language; see `word`."""
    known = WORDS[kind]
    if str(code) not in known:
        raise OswError(
            f'words: "{shown(code)}" is no {kind} that readers have words for. Add it in both languages to '
            f'"{kind}" in osw_stats/report/words.py (or categories.py), or mend the row it comes from.'
        )
    return known[str(code)]


# the quality rules, as a reader would name them
RULES: dict[str, Text] = {
    "files_and_rows": {"nl": "Bestanden en rijen", "en": "Files and rows"},
    "files_as_recorded": {"nl": "Bestanden zoals vastgelegd", "en": "Files as recorded"},
    "withheld_is_not_zero": {"nl": "Achtergehouden is geen nul", "en": "Withheld is not zero"},
    "parts_do_not_exceed_the_whole": {"nl": "Delen passen in het geheel", "en": "Parts fit in the whole"},
    "parts_add_up_to_the_year": {"nl": "Delen tellen op tot hun jaar", "en": "Parts add up to their year"},
    "shares_lie_between_0_and_100": {"nl": "Percentages tussen 0 en 100", "en": "Shares between 0 and 100"},
    "shares_of_one_question_add_up": {"nl": "Antwoorden tellen op tot 100", "en": "Answers add up to 100"},
    "no_jump_of_a_thousand": {"nl": "Geen sprong van eenheid", "en": "No jump of unit"},
    "no_outlier_among_neighbours": {
        "nl": "Geen uitschieter tussen buren",
        "en": "No outlier among neighbours",
    },
    "no_year_is_missing": {"nl": "Geen jaar ontbreekt ertussen", "en": "No year is missing in between"},
    "population_changes_little": {"nl": "Bevolking verandert weinig", "en": "Population changes little"},
    "changes_fit_their_counts": {
        "nl": "Veranderingen passen bij hun aantallen",
        "en": "Changes fit their counts",
    },
    "publication_dates_are_known": {"nl": "Datum van publicatie bekend", "en": "Date of publication known"},
    "other_sources_are_explained": {"nl": "Andere bronnen verklaard", "en": "Other sources explained"},
}
