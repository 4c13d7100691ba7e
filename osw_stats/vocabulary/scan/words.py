"""Words that tell what a number counts: units of time, people of an age, nouns that are none."""

from __future__ import annotations


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text as a set: a table one can read.

    Examples
    --------
    >>> sorted(words_of("jaar maand"))
    ['jaar', 'maand']
    """
    return frozenset(text.split())


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
TIME_ADJECTIVES = words_of(
    "achtereenvolgende additional afgelopen business calendar consecutive extra full hele komende laatste "
    "lange last long opeenvolgende preceding previous volgende volle voorafgaande working"
)
# people; what follows them ("meisjes van 12", "kinderen tot 16 jaar") is an age
PEOPLE = words_of(
    "adult adults anyone baby's bevolking boy boys broertje burgers child children citizens daders "
    "daughter deelnemers dochter everyone gebruikers girl girls iedereen individuals inhabitants inwoner "
    "inwoners jeugd jeugdigen jongen jongens jongere jongeren kiezers kind kinderen kleuters leden "
    "leeftijdgroep leerling leerlingen man mannen meerderjarigen meisje meisjes men mensen minderjarige "
    "minderjarigen minor minors nederlanders ouderen people person personen persons persoon peuters "
    "population pubers pupil pupils respondenten respondents scholieren slachtoffer slachtoffers son "
    "studenten students teenager teenagers teens those tiener tieners users verdachten volwassene "
    "volwassenen vrouw vrouwen woman women youngster youngsters youth youths zoon zusje"
)
AGE_BEFORE = words_of(
    "age age-group aged ages jonger leeftijd leeftijden leeftijdscategorie leeftijdsgrens leeftijdsgroep "
    "minimum-age minimumleeftijd older ouder younger"
)
AGE_AFTER = words_of("above age jonger leeftijd old older oud ouder over under younger")
# near "X tot Y jaar" these make it a time, no age
TIME_AFTER = words_of(
    "ago cel celstraf cumulatief detention duren duurt earlier eerder ervaring experience geduurd geleden "
    "gelopen gevangenis gevangenisstraf imprisonment jail jeugddetentie lang later long looptijd prison "
    "sentence tbs verblijf voorwaardelijk wachten"
)
TIME_BEFORE = words_of(
    "afgelopen after al bewaard bewaartermijn binnen celstraf duren during duurde duurt elke every for "
    "gedurende gevangenisstraf iedere imprisonment jeugddetentie komende last lasting lasts looptijd "
    "maximumstraf na next om ongeveer past per period periode sentence straf straffen takes term termijn "
    "within"
)
# function words, verbs and the like: never the noun a number counts
NOT_NOUNS = words_of(
    "voorwaardelijk onvoorwaardelijk a aan about according against agreed al all als also among an and answered are as asked at be been "
    "betrekking between bij bijna bleek bleken blijkt both but by called came can circa compared could "
    "daadwerkelijk daalde daalden daar daarvan dan dat de decreased deden deed deze did die direct dit do "
    "doen does doet done door during each een en er ervan every fell felt fewer for found from gaan gaf "
    "gave gaven geen geven ging gingen got grew groeide groeien groter had hadden has have he hebben "
    "heeft held helped her het hier hiervan higher hij his hoger i if ik in increased into is it its je "
    "kan kept kleiner knew komen komt kreeg kregen krijgt kunnen kwam kwamen lager langer led left less "
    "lived lost lower maar made mag may meer meldde meldden melden meldt men met might minder moet moeten "
    "mogen more must naar namelijk niet no nog nor not now nu of om omdat on onder ongeveer online-plaats "
    "only onto ook op or our out over paid per procent ran refused reported respectievelijk respectively "
    "rose ruim said samen saw says sent she should since sinds so spoke steeg stegen still te tegen ten "
    "ter than that the their them then there these they this those tijdens to toen told took tot totaal "
    "tussen u uit under until vaker van vanaf volgens vond vonden voor waarbij waarin waaronder waarop "
    "waarvan want waren was we wel went werd werden were when where which while who whom whose wij wil "
    "will willen with within without won worden wordt worked would wrote yet you your zal ze zeggen zegt "
    "zich zij zijn zo zonder zou zouden zullen"
)
ADJECTIVES = words_of(
    "additional adult ander different digital dutch european extra female fewer former local male minder- "
    "jarig minor more national new nieuw offline online open other private public separate sexual "
    "specific unique young"
)
# "één noemer", "op één lijn": no count
ONE_IDIOMS = words_of("adem ander andere ding en front hand kant lijn noemer of oog stuk tel twee van woord")
# "one" as a pronoun
ONE_BEFORE = words_of(
    "another any day-one each every first good last new no no-one number only right some someone that the "
    "this which wrong"
)
ONE_AFTER = words_of(
    "and another can could day did does had hand has in is knows may might more's must needs of on or "
    "should side step that thing to wants was way which who will would"
)
# "de minister acht dit": a verb
ACHT_AFTER = words_of(
    "bewezen dat de deze die dit een geen genomen geslagen haar hem hen het hij ik men nam neemt nemen "
    "niet nodig noodzakelijk slaan te voldoende wenselijk wij zich zij zo"
)
# "een derde partij" is an ordinal
THIRD_PARTIES = words_of(
    "aanbeveling attempt categorie child countries country dag day doel editie element factor fase groep "
    "group invalshoek jaar keer kind kwartaal land landen lid maal maand manier month onderzoek optie "
    "option parties partij partijen party person personen persoon plaats poging point probleem punt "
    "rapport reason reden report ronde round spoor stap step termijn time voorbeeld vraag wave way week "
    "year"
)
# nouns after a count that looks like a year: "2000 meldingen"
COUNTED = words_of(
    "aangiften aangiftes adviesvragen bedrijven boys cases children companies complaints deelnemers "
    "employees euro gevallen girls jongens jongeren kinderen klachten leden mannen meisjes meldingen "
    "members men mensen misdrijven offences participants people personen persons reports respondenten "
    "respondents slachtoffers victims vrouwen werknemers women zaken"
)
TIMES_WORDS = words_of("keer maal times")
RATIO_AFTER = words_of(
    "as bigger faster greater groter higher hoger kleiner lager langer larger less likelier longer lower "
    "meer minder more over smaller sneller the vaak vaker zo zoveel zovele"
)
# words that are a ratio by themselves
RATIO_WORDS = {
    "verdubbeld": 2, "verdubbelde": 2, "verdubbelden": 2, "verdubbelt": 2, "verdubbelen": 2,
    "verdubbeling": 2, "verdrievoudigd": 3, "verdrievoudigde": 3, "verdrievoudigden": 3,
    "verdrievoudiging": 3, "verviervoudigd": 4, "verviervoudigde": 4, "verviervoudiging": 4,
    "vertienvoudigd": 10, "vertienvoudigde": 10, "tweemaal": 2, "driemaal": 3, "viermaal": 4,
    "vijfmaal": 5, "zesmaal": 6, "tienmaal": 10, "tweevoud": 2, "doubled": 2, "doubling": 2, "twice": 2,
    "tripled": 3, "trebled": 3, "quadrupled": 4, "twofold": 2, "threefold": 3, "fourfold": 4,
    "fivefold": 5, "tenfold": 10,
}  # fmt: skip
# between numbers that share the unit of the last: "10 tegen 4 procent"
SHARING = words_of("en of and or naar to tegen versus vs , respectievelijk")
PER = words_of("a each every per")
# vague counts that `reported` does not take as a figure; here they are statements with an interval
MORE_VAGUE: dict[tuple[str, ...], tuple[float, float]] = {
    ("honderdduizenden",): (200000, 1000000), ("miljoenen",): (2000000, 10000000),
    ("miljarden",): (2000000000, 10000000000), ("tientallen", "duizenden"): (20000, 100000),
    ("honderden", "duizenden"): (200000, 1000000), ("tientallen", "miljoenen"): (20000000, 100000000),
    ("honderden", "miljoenen"): (200000000, 1000000000), ("enkele", "miljoenen"): (2000000, 10000000),
    ("enkele", "miljoen"): (2000000, 10000000), ("een", "paar"): (2, 10),
    ("een", "paar", "honderd"): (200, 1000), ("een", "paar", "duizend"): (2000, 10000),
    ("een", "paar", "miljoen"): (2000000, 10000000), ("hundreds", "of", "thousands"): (200000, 1000000),
    ("millions",): (2000000, 10000000), ("billions",): (2000000000, 10000000000),
    ("tens", "of", "millions"): (20000000, 100000000),
    ("hundreds", "of", "millions"): (200000000, 1000000000), ("several", "hundred"): (200, 1000),
    ("several", "thousand"): (2000, 10000),
}  # fmt: skip
# fractions that are ordinals as well: figures only after a hedge or before "van"
MORE_FRACTIONS: dict[tuple[str, ...], tuple[int, int]] = {
    (one, part): (1, k)
    for ones, parts in (
        (("een", "één"), {"vierde": 4, "vijfde": 5, "zesde": 6, "zevende": 7, "achtste": 8, "tiende": 10}),
        (("a", "one"), {"fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "tenth": 10}),
    )
    for one in ones
    for part, k in parts.items()
}
# verbs of change: "steeg van 52 naar 59 procent" tells two figures, no range
CHANGES = tuple(
    words_of(
        "grow grew rise rose increas fell fall drop declin went decreas expand steeg stijg groei gegroei "
        "gesteg daal gedaal toegenom toenam toename afgenom afnam ging gegaan teruggebracht verhoogd verlaagd "
        "uitgebreid opgelop liep loopt lopen opliep oploopt doubl tripl trebl quadrupl verdubbel verdrievoud "
    )
)
# before "over two years": it lasted longer; else "over" means during
LASTING = words_of("after been for is lasted lasts of spent take takes took wait waited was well")
# sign or word -> unit
CURRENCY_UNITS = {
    "€": "eur", "eur": "eur", "euro": "eur", "euros": "eur", "euro's": "eur", "$": "usd", "usd": "usd",
    "us": "usd", "dollar": "usd", "dollars": "usd", "£": "gbp", "gbp": "gbp", "pond": "gbp", "pounds":
    "gbp",
}  # fmt: skip
FTE = words_of(
    "arbeidsjaren fte fte's ftes fulltime-equivalenten voltijdbanen voltijdsbanen voltijdseenheden"
)
# "een vijfjarig programma" is a time, no age
PROGRAMMES = words_of(
    "celstraf contract gevangenisstraf looptijd onderzoek opleiding periode pilot plan programma project subsidie termijn traject"
)
