"""Words that tell what a number counts: units of time, people of an age, nouns that are none."""

from __future__ import annotations

_TIMES = {
    "years": "jaar jaren jaartje year years yr yrs kalenderjaar kalenderjaren schooljaar schooljaren",
    "months": "maand maanden month months kalendermaanden",
    "weeks": "week weken weeks",
    "days": "dag dagen day days werkdag werkdagen kalenderdagen etmaal etmalen working-days",
    "hours": "uur uren hour hours hrs kantooruren",
    "minutes": "minuut minuten minute minutes min mins",
    "seconds": "seconde seconden second seconds sec",
}
# word -> unit of a duration
DURATIONS = {word: unit for unit, words in _TIMES.items() for word in words.split()}
# words that may stand between a number and its unit of time
TIME_ADJECTIVES = frozenset(
    "voorafgaande afgelopen achtereenvolgende opeenvolgende volle hele lange komende volgende laatste "
    "consecutive full previous preceding calendar working long last extra additional business".split()
)

# people; what follows them ("meisjes van 12", "kinderen tot 16 jaar") is an age
PEOPLE = frozenset(
    "kind kinderen jongere jongeren tiener tieners meisje meisjes jongen jongens vrouw vrouwen man mannen persoon "
    "personen mensen leerling leerlingen minderjarige minderjarigen meerderjarigen volwassene volwassenen bevolking "
    "inwoners inwoner burgers nederlanders respondenten deelnemers scholieren studenten ouderen gebruikers "
    "jeugd jeugdigen baby's peuters kleuters pubers dochter zoon slachtoffer slachtoffers leeftijdgroep "
    "verdachten daders broertje zusje leden kiezers iedereen "
    "child children youngster youngsters teenager teenagers teens girl girls boy boys woman women men person persons "
    "people pupil pupils minor minors adult adults population inhabitants citizens respondents students youth "
    "youths daughter son users individuals anyone everyone those".split()
)
AGE_BEFORE = frozenset(
    "leeftijd leeftijden leeftijdsgrens leeftijdsgroep leeftijdscategorie aged age ages age-group jonger ouder "
    "younger older minimumleeftijd minimum-age".split()
)
AGE_AFTER = frozenset("oud old ouder jonger older younger over above under leeftijd age".split())
# after "X tot Y jaar": no age
TIME_AFTER = frozenset(
    "cel celstraf gevangenisstraf gevangenis jeugddetentie tbs duren duurt geduurd geleden later eerder lang ervaring "
    "gelopen looptijd voorwaardelijk cumulatief verblijf wachten imprisonment prison jail ago later long earlier "
    "experience detention sentence".split()
)
TIME_BEFORE = frozenset(
    "gevangenisstraf celstraf straf straffen jeugddetentie duurt duren binnen na afgelopen komende gedurende al "
    "periode termijn looptijd elke iedere per om ongeveer imprisonment sentence within after last past next "
    "period term during every for lasting lasts takes duurde bewaartermijn bewaard maximumstraf".split()
)

# function words, verbs and the like: never the noun a number counts
NOT_NOUNS = frozenset(
    "de het een en of van in op te aan bij uit met voor om tot per naar door over onder als dan die dat dit deze er "
    "is was zijn waren wordt worden werd werden heeft hebben had hadden kan kunnen zal zullen zou zouden moet moeten "
    "mag mogen wil willen niet geen ook nog al wel maar want omdat waarvan waarbij waaronder waarin waarop meer "
    "minder hoger lager vaker langer groter kleiner betrekking direct hiervan daarvan ervan hier daar zich zij hij ze "
    "we wij ik je u men ten ter tegen tussen sinds vanaf tijdens zonder volgens namelijk respectievelijk ongeveer "
    "circa ruim bijna samen totaal toen nu zo doen deden doet deed gaf geven gaven ging gaan gingen kreeg kregen "
    "krijgt komt komen kwam kwamen zegt zeggen meldt melden meldde meldden blijkt bleek bleken vond vonden "
    "daadwerkelijk online-plaats steeg daalde stegen daalden groeide groeien procent "
    "the a an and or of in on to at by from with for as than that this these those there is was are were be been has "
    "have had will would can could should may might must not no nor but so if which who whom whose where when while "
    "it its they them he she we you i his her their our your more less fewer higher lower about over under between "
    "per each every all both only also yet still then now rose fell grew said says reported increased decreased out "
    "into onto since until during within without among against according respectively compared did do does done "
    "made came went took gave".split()
)
ADJECTIVES = frozenset(
    "online offline nieuw extra ander minder-jarig new young online offline more different separate specific minor "
    "female male adult unique other additional extra fewer digital dutch european public private local "
    "national former open "
    "sexual".split()
)
# "één noemer", "op één lijn": no count
ONE_IDIOMS = frozenset("noemer lijn hand adem ding woord oog front kant stuk tel twee ander andere of van en".split())
# "one" as a pronoun
ONE_BEFORE = frozenset(
    "the this that no any each every which another some only good new right wrong first last someone some no-one "
    "day-one number".split()
)
ONE_AFTER = frozenset(
    "of can could should must may might would will is was has had another who that which and or to in on day thing "
    "way side hand does did more's knows needs wants step".split()
)
# "de minister acht dit": a verb
ACHT_AFTER = frozenset(
    "het de dit dat zich ik hij zij wij een geen niet deze die hen haar hem te men nodig noodzakelijk wenselijk nemen "
    "genomen neemt nam slaan geslagen voldoende bewezen zo".split()
)
# "een derde partij" is an ordinal
THIRD_PARTIES = frozenset(
    "partij partijen land landen persoon personen keer maal punt reden vraag optie poging plaats kind manier "
    "categorie groep lid probleem voorbeeld element doel termijn ronde stap fase aanbeveling rapport onderzoek "
    "factor spoor invalshoek editie kwartaal jaar dag week maand party parties person country countries time "
    "way reason option point group wave report round step year day week month attempt child element".split()
)
# nouns that follow a count that looks like a year: "2000 meldingen"
COUNTED = frozenset(
    "meldingen mensen personen slachtoffers kinderen jongeren vrouwen mannen meisjes jongens zaken aangiften "
    "aangiftes misdrijven gevallen leden werknemers bedrijven euro respondenten deelnemers adviesvragen klachten "
    "reports people persons victims children women men girls boys cases complaints offences respondents "
    "participants employees companies members".split()
)
TIMES_WORDS = frozenset("keer maal times".split())
RATIO_AFTER = frozenset(
    "zo zoveel zovele vaker meer hoger groter langer sneller vaak minder lager kleiner as more higher larger greater "
    "the likelier faster longer bigger less lower smaller over".split()
)
# words that are a ratio by themselves
RATIO_WORDS = {
    "verdubbeld": 2, "verdubbelde": 2, "verdubbelden": 2, "verdubbelt": 2, "verdubbelen": 2, "verdubbeling": 2,
    "verdrievoudigd": 3, "verdrievoudigde": 3, "verdrievoudigden": 3, "verdrievoudiging": 3,
    "verviervoudigd": 4, "verviervoudigde": 4, "verviervoudiging": 4, "vertienvoudigd": 10, "vertienvoudigde": 10,
    "tweemaal": 2, "driemaal": 3, "viermaal": 4, "vijfmaal": 5, "zesmaal": 6, "tienmaal": 10, "tweevoud": 2,
    "doubled": 2, "doubling": 2, "twice": 2, "tripled": 3, "trebled": 3, "quadrupled": 4,
    "twofold": 2, "threefold": 3, "fourfold": 4, "fivefold": 5, "tenfold": 10,
}  # fmt: skip
PER = frozenset("per a each every".split())
# vague counts that `reported` does not take as a figure; here they are statements with an interval
MORE_VAGUE: dict[tuple[str, ...], tuple[float, float]] = {
    ("honderdduizenden",): (2e5, 1e6), ("miljoenen",): (2e6, 1e7), ("miljarden",): (2e9, 1e10),
    ("tientallen", "duizenden"): (2e4, 1e5), ("honderden", "duizenden"): (2e5, 1e6),
    ("tientallen", "miljoenen"): (2e7, 1e8), ("honderden", "miljoenen"): (2e8, 1e9),
    ("enkele", "miljoenen"): (2e6, 1e7), ("enkele", "miljoen"): (2e6, 1e7),
    ("een", "paar"): (2, 10), ("een", "paar", "honderd"): (200, 1000), ("een", "paar", "duizend"): (2000, 1e4),
    ("een", "paar", "miljoen"): (2e6, 1e7),
    ("hundreds", "of", "thousands"): (2e5, 1e6), ("millions",): (2e6, 1e7), ("billions",): (2e9, 1e10),
    ("tens", "of", "millions"): (2e7, 1e8), ("hundreds", "of", "millions"): (2e8, 1e9),
    ("several", "hundred"): (200, 1000), ("several", "thousand"): (2000, 1e4),
}  # fmt: skip
CURRENCY_UNITS = {
    "€": "eur", "eur": "eur", "euro": "eur", "euros": "eur", "euro's": "eur", "$": "usd", "usd": "usd", "us": "usd",
    "dollar": "usd", "dollars": "usd", "£": "gbp", "gbp": "gbp", "pond": "gbp", "pounds": "gbp",
}  # fmt: skip
FTE = frozenset(
    "fte fte's ftes voltijdbanen voltijdsbanen arbeidsjaren fulltime-equivalenten voltijdseenheden".split()
)
