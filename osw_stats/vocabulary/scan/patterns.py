"""Numbers that are no claim by the words around them: dates, articles, pages, addresses, names.

Every pattern begins with a fixed word or sign and repeats nothing without bound, so that finding them all
stays linear in the length of the text.
"""

from __future__ import annotations

import re


def _breakable(words: str) -> str:
    """Return alternatives that a line may break inside: "okto-", "ber"."""
    return "|".join("(?:-\n)?".join(word) for word in words.split())


_NL = (
    _breakable("januari februari maart april mei juni juli augustus september oktober november december")
    + "|"
    "jan\\.?|feb\\.?|mrt\\.?|apr\\.?|jun\\.?|jul\\.?|aug\\.?|sept?\\.?|okt\\.?|nov\\.?|dec\\.?"
)
_EN = (
    _breakable("January February March April May June July August September October November December") + "|"
    "Jan\\.?|Feb\\.?|Mar\\.?|Apr\\.?|Jun\\.?|Jul\\.?|Aug\\.?|Sept?\\.?|Oct\\.?|Nov\\.?|Dec\\.?"
)
_MONTH = rf"(?:(?i:{_NL})|{_EN})(?![a-z])"
_YEAR = r"(?:19|20)\d{2}(?!\d)"
_SPACE = r"[\s\u00a0]{1,4}"
_TO = r"(?i:-|–|—|/|en met|tot en met|t/m|tot|en|of|to|and|or|until|through)"
_DAY = r"(?<![\d.,])\d{1,2}(?:e|de|ste|st|nd|rd|th)?"
_LAW = r"(?:Sr|Sv|Rv|Gw|Sw|Awb|Wetboek van Straf(?:recht|vordering)|[A-Z]{2,6}(?![a-z])|[A-Z]{1,3}[a-z]{0,2}[A-Z]{1,3}(?![a-z]))"
_NUM = r"\d{1,4}(?:[:.]\d{1,4}){0,3}[a-z]{0,4}(?![\w%])"
_UNIT = r"(?i:%|‰|procent|percent|per cent|jaar|jaren|maanden|miljoen|miljard|duizend|euro|uur|dagen|fte|years|months|million|billion)"
_MORE = rf"(?:\s{{0,2}}(?:,|&|-|–|(?i:en|and|of|or|to|t/m|tot en met|tot|jo\.?|juncto))\s{{0,2}}(?:(?i:art(?:ikel)?\.?)\s)?{_NUM}(?!\s?{_UNIT})){{0,8}}"
_PARTS = (
    r"(?:,?\s{1,2}(?i:lid|leden|sub|onder|onderdeel|subsection|paragraph|par\.|para\.?|point|aanhef en onder|letter)\s{1,2}"
    r"(?:\d{1,3}|[a-z])(?!\w)(?:\s?(?:en|and|of|or|,)\s(?:\d{1,3}|[a-z])(?!\w)(?!\s[a-z]{3})){0,3}"
    r"|,?\s(?i:eerste|tweede|derde|vierde|vijfde|zesde|zevende)\s(?i:en\s\w+\s)?lid|\(\d{1,3}\)(?:\([a-z]\))?){0,4}"
)

# kind, pattern; what stands first wins where two overlap
_TABLE: tuple[tuple[str, str], ...] = (
    # addresses on the web: a line may break inside one
    ("other", r"(?:https?://|www\.)\S*(?:(?<=[-/_=&~])\s?\n(?=\S*[/.\-_=])\S{1,500}|(?<=\.)\s?\n(?=\S*/)\S{1,500}|(?<=%\d\d)\s?\n(?=\S*%\d)\S{1,500}|\s?\n(?=%\d)\S{1,500}){0,4}(?<![.,;:)\]])"),
    ("other", r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}"),
    ("other", r"(?i:doi:?\s?)?10\.\d{4,6}/\S{1,100}(?<![.,;)])"),
    ("other", r"(?<![\d.,])\d{1,4}\s?\(\d{1,3}(?:[-–]\d{1,3})?\)(?:[,:]\s?\d{1,8}(?:\s?[-–]\s?\d{1,6})?)"),
    ("article", r"ECLI:[A-Z][\w:.\-]{3,60}(?:(?<=-)\s?\n[\w:]{1,30})?(?<![.,;:)])"),
    ("other", r"\b[A-Z]{2}\d{2}\s?[A-Z]{4}(?:\s?\d{4}){2}\s?\d{2}\b"),
    ("other", r"\b[A-Z]{2}\d{2}(?:\s\d{4}){3,6}(?:\s\d{1,3})?\b"),
    ("other", r"\b(?i:kvk|k\.v\.k\.|btw|rsin|bsn|anbi|big|isbn(?:-1[03])?|issn)(?:-?\s?(?i:nummer|nr\.?|id))?\s?[.:]?\s?(?:NL)?\d[\d.\-]{3,20}\d(?:[Bb]\d{2})?"),
    ("other", r"(?<![\d.,€$£]\s)(?<![\d.,€$£])\b(?!19\d\d|20\d\d)[1-9]\d{3}\s?(?!EU\b|OM\b|AP\b)[A-Z]{2}\b(?=\s+[A-Z'’]|\s*[,\n]|$)"),
    ("other", r"(?<=\d, )[1-9]\d{3}\s?[A-Z]{2}\b"),
    ("other", r"\b(?i:parketnummers?|zaaknummers?|dossiernummer|rolnummer|kenmerk|registratienummer|rekeningnummer|polisnummer|case number)\s?:?\s(?P<n>(?:[A-Z]{1,4}[\s\-]?)?\d[\d./\-]{3,20}\d)"),
    ("phone", r"(?<![\w.,/\-])(?P<n>11[23]|911|999)-(?=[a-z]{3})"),
    ("age_band", r"(?<![\d.,/-])\d{2}-\d{2}s(?!\w)|\b(?i:under|over)-\d{1,2}s?(?!\w)|\b(?i:under|over)\s\d{1,2}s(?!\w)"),
    ("phone", r"(?<![\w.,/\-])(?:\+\d{1,3}|00\d{2}|\(0\d{1,3}\)|0\d{1,3})[\s\-]{0,3}(?:\(0\)[\s\-]?)?\d(?:[\s\-]{0,2}\d){5,9}(?!\d)"),
    ("phone", r"(?<![\w.,/\-])0[89]00[\s\-]{0,3}\d{2,4}(?:\s?\d{2,3})?(?!\d)"),
    ("phone", r"(?i:\b(?:bel(?:len)?|belt|gebeld|tel(?:efoon)?(?:nummer|lijn)?|hulplijn|alarmnummer|noodnummer|meldnummer|nummer|call|dial|phone|text|hotline|helpline)\b\.?:?(?:\s(?:via|met|naar|op|het|on|number|nummer))?\s{1,2})(?P<n>116\s?\d{3}|14\s?0\d{2,3}|0[89]00\s?\d{4}|\d{3,5}(?:[\s\-]\d{2,4}){2,3}|1\d{2}|911|999)(?!\d|[.,]\d)(?!\s(?:mensen|people|personen|slachtoffers))"),
    ("phone", r"(?i:\b(?:bel|bellen|belt|call|dial)\b)[^.\d\n]{1,25}?(?P<n>112|113|911|999)(?!\d|[.,]\d)"),
    ("other", r"\b[A-Z][\w'’-]{2,30}(?:straat|laan|weg|plein|kade|gracht|singel|dreef|hof|pad|dijk|park| [Ss]treet| [Rr]oad| [Aa]venue)\s(?P<n>\d{1,4}(?:\s?[a-zA-Z](?!\w))?)(?![\d.%])"),
    ("phone", r"(?<!\d)116[\s]?(?:000|006|016|111|117|123)(?!\d)"),
    ("phone", r"(?<!\d)113(?=\s(?:Zelfmoord|Online|Suic))"),
    # legislation, parliament, case law
    ("article", r"\b(?i:kamerstuk(?:ken|nummer)?|aanhangsel(?: van de)? handelingen|handelingen)\s(?:I{1,2}|[EeTt]K)?,?\s?(?:(?:19|20)\d{2}\s?[/–-]\s?['’]?\d{2,4},?\s?)?(?:\d{2}\s?\d{3}(?:[\s-][A-Z0-9]{1,4}(?!\w))?|(?:nr\.|no\.)\s?\d{1,4})(?:,?\s{1,2}(?:nrs?|no)\.?\s?\d{1,4})?(?:,?\s(?:p|blz)\.\s?\d{1,4}(?:\s?[-–]\s?\d{1,4})?)?"),
    ("article", r"\b(?i:motie|amendement|dossier|wetsvoorstel)\s\d{2}[\s\u00a0]?\d{3}(?:-[A-Z0-9]{1,4})?(?!\w)"),
    ("article", r"\b(?i:vergaderjaar)\s(?:19|20)\d{2}\s?[-–/]\s?\d{2,4}(?:,\s?\d{2}\s?\d{3}(?:,?\s(?:nrs?|no)\.?\s?\d{1,4})?)?"),
    ("article", r"(?<![\d.,])\d{2}[\s\u00a0]?\d{3}(?:[-\s][IVXLC]{1,5})?,?\s(?:nr|nrs|no)\.\s?\d{1,4}(?:\s(?i:en)\s\d{1,4})?"),
    ("article", r"\b(?i:verordening|richtlijn|kaderbesluit|besluit|regulation|directive|decision|aanbeveling|recommendation)(?:en|s)?\s{0,2}(?:\(?(?:EU|EG|EC|EEG|EEC|JBZ|JHA|Rec|CM/Rec)\)?[\s,]{0,2})?(?:\(?(?i:nr|no)\.?\)?\s?)?\d{2,4}/\d{1,4}(?:/(?:EU|EG|EC|EEG|EEC|JBZ|JHA))?"),
    ("article", r"\((?:EU|EG|EC|EEG)\)\s?(?:(?i:nr|no)\.?\s?)?\d{2,4}/\d{1,4}|(?<![\d/])\d{2,4}/\d{1,4}/(?:EU|EG|EC|EEG|JBZ|JHA|COD|CNS)\b"),
    ("article", r"\bCOM\s?\(\d{4}\)\s?\d{1,4}(?:\s(?i:final|def\.?))?|(?<!\d)\d{4}/\d{4}\s?\((?:COD|CNS|NLE)\)|\b[CT][-–‑]\d{1,4}/\d{2,4}\b"),
    ("article", r"\b(?i:stb|stcrt|trb|pbeu|pbeg|pb|oj|nj|njb|cets|ets|untslt|unts|rvdw|nbsr|jin|njfs)\.?,?\s(?:[LC]\s?)?(?:(?:19|20)\d{2}(?:,\s?|/|\s)?)?(?:[LC]\s?)?(?:(?i:nrs?|no)\.?\s?)?\d{1,6}(?:[/,]\s?\d{1,4})?"),
    ("article", r"(?<![\d/.])(?!(?:19|20)\d{2}/)\d{3,5}/\d{2}(?![\d/])|(?<![\d/.])(?:19|20)\d{2}/\d{3,4}(?![\d/])"),
    ("article", rf"\b(?i:artikel(?:en|lid)?|art(?:t|s)?\.|articles?)\s{{0,2}}{_NUM}(?:/[a-z]{{1,3}}){{0,8}}{_PARTS}{_MORE}{_PARTS}(?:,?\s(?:(?i:van|of|de|het|the)\s){{0,2}}{_LAW})?"),
    ("article", r"(?<!\d)\d{1,2}\sU\.?S\.?C\.?\s?§{0,2}\s?\d{1,5}\w{0,3}|§{1,2}\s?\d{1,4}(?:\.\d{1,3}){0,3}[a-z]?"),
    ("article", r"\b(?i:resolutie|resolution)\s(?:[A-Z/]{1,10})?\d{1,5}(?:/\d{1,4})?(?:\s\((?:19|20)\d{2}\))?"),
    ("article", r"\b(?i:leden|lid|r\.?\s?o\.|rov\.|overwegingen|overweging|recitals?|considerans)\s{1,2}\d{1,3}(?:\.\d{1,3}){0,3}(?:\s?(?:-|–|(?i:en|and|tot en met|t/m|to))\s?\d{1,3}(?:\.\d{1,3}){0,2})?(?![\w%])"),
    ("article", rf"\b(?i:paragraaf|paragrafen|paragraphs?|par\.|para\.|hoofdstuk(?:ken)?|hfst\.?|chapters?|sections?|secties?|bijlage(?:n|\(n\))?|annex(?:es)?|appendi(?:x|ces)|tabel(?:len)?|tables?|figuur|figuren|figures?|fig\.|grafiek(?:en)?|charts?|onderdeel|titel|title|boek|kader|box|voetnoot|voetnoten|noot|footnotes?|clause|rule|guideline|principle|randnummers?|randnr\.|rn\.|sheet|dia|slide|formulier|motie)(?:\s|[ ]\n)\(?{_NUM}{_PARTS}{_MORE}"),
    ("article", r"\b(?i:zie|see|vgl\.|cf\.)\s(?:(?i:ook|also|hiervoor|hierna|onder|above|below)\s)?\d{1,2}\.\d{1,2}(?:\.\d{1,2}){0,2}(?:\s(?i:en|and|tot en met|t/m)\s\d{1,2}\.\d{1,2})?(?![\d%]|\s?%|\s(?i:procent|percent|miljoen|million))"),
    ("article", r"(?<![\w.])ss?\.\s\d{1,4}(?:\(\d{1,3}\))?(?![\w%])"),
    ("article", r"\b(?:[Nn]rs?|[Nn]os?|NR|NO)\.\s?\d{1,6}(?:[.:/-]\d{1,6}){0,3}(?:\s(?:en|and|to|t/m)\s\d{1,5})?(?![\d%])"),
    # pages
    ("page", r"\b(?:pp?|[Pp]ag|[Bb]lz)\.\s?\d{1,4}(?:\s?[-–]\s?\d{1,4})?(?:\s?(?:,|en|and|&)\s?\d{1,4}(?:\s?[-–]\s?\d{1,4})?(?=\s?[.,;)\n]|$)){0,5}(?!\d)"),
    ("page", r"\b(?i:pagina(?:['’]?s|nummers?)?|pages?|bladzijden?)\s{1,2}\d{1,4}(?:\s?(?:[-–]|(?i:tot en met|t/m|to|van|of))\s?\d{1,4})?(?:\s?(?i:,|en|and)\s?\d{1,4}(?:\s?[-–]\s?\d{1,4})?(?=\s?[.,;)\n]|\s(?:en|and)\s\d|$)){0,5}(?!\d)"),
    # dates and times of day
    ("date", r"(?<![\d./\-])\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z?)?(?![\d\-])|(?<![\d./\-])\d{1,2}([-/.])\d{1,2}\1(?:19|20)\d{2}(?!\d)|(?<![\d./\-])\d{1,2}([-/])\d{1,2}\2['’]?\d{2}(?![\d\-/])"),
    ("date", rf"{_DAY}(?:\s?{_TO}\s?\d{{1,2}}(?:e|de|ste|st|nd|rd|th)?)?(?:\s(?i:of))?{_SPACE}{_MONTH}(?:,?{_SPACE}(?:['’]\d{{2}}(?!\d)|(?:1[5-9]|20)\d{{2}}(?!\d)))?"),
    ("date", rf"\b(?:{_EN}){_SPACE}\d{{1,2}}(?:st|nd|rd|th)?(?:\s?[-–]\s?\d{{1,2}})?(?![\d.]\d|\d|,\d|%)(?:,?{_SPACE}{_YEAR})?(?!\s(?i:percent|million|per cent))"),
    ("date", rf"\b(?:{_MONTH}\s?[-–/]\s?)?{_MONTH},?{_SPACE}(?:['’]\d{{2}}(?!\d)|{_YEAR})"),
    ("date", r"(?<![\d./\-])(?:0?[1-9]|1[0-2])[-/](?:19|20)\d{2}(?!\d)|(?<![\d./\-])(?:19|20)\d{2}-(?:0[1-9]|1[0-2])(?![\d\-])"),
    ("date", rf"\b[QKH][1-4]\s?[-/]?\s?{_YEAR}|(?<!\d){_YEAR}[-\s]?[QH][1-4]\b|\bQ[1-4]\b"),
    ("other", r"(?<![\d.,])\d{1,2}[.:]\d{2}(?::\d{2})?\s?[-–]\s?\d{1,2}[.:]\d{2}(?:\s?(?i:uur|u|h|pm|am)\b)?"),
    ("other", r"(?<![\d.,])\d{1,2}[.:]\d{2}(?::\d{2})?\s?(?i:uur|u\b|h\b|a\.?m\b\.?|p\.?m\b\.?|CE[S]?T)|(?<![\d.,:])(?:[01]?\d|2[0-4]):[0-5]\d(?![\d:])"),
    ("other", r"(?<![\d.,])\d{1,2}\s?(?:a\.m\.|p\.m\.|am\b|pm\b)|(?i:\b(?:om|vanaf|rond|omstreeks)\s)(?P<n>\d{1,2}(?:\s(?i:tot|en)\s\d{1,2})?)\s(?i:uur)\b|(?<=van )\d{1,2}\stot\s\d{1,2}\suur\b"),
    ("year", r"(?<![\d.,/\-])(?:19|20)\d{2}(?:[ ]?[-–—/][ ]?|\s(?i:t/m|tot en met|tot|to|until|through)\s)(?:(?:19|20)\d{2}|['’]?\d{2})(?![\d%]|[.,]\d|\s(?i:procent|percent|meldingen|mensen))"),
    ("year", r"\bFY\s?(?:19|20)?\d{2}(?:[/–-]\d{2})?(?!\d)"),
    ("year", r"(?<=\s)['’‘]\d{2}(?![\d\w%])|\b(?i:jaren)\s(?:['’‘]?\d{2}|(?:19|20)\d0)(?!\d)|(?<!\d)(?:19|20)\d0['’]?s\b"),
    ("year", r"\b(?i:jaren)\s(?P<n>(?i:twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig))\b"),
    # names and versions
    ("other", r"(?<![\d/])24/7(?:/365)?(?![\d/])"),
    ("other", r"\b(?:ISO|NEN|IEC|EN|NTA|DIN)(?:[/-](?:ISO|IEC|EN)){0,3}[\s-]\d{3,6}(?:[-:]\d{1,4}){0,2}"),
    ("other", r"\b(?:Windows|iPhone|iPad|iOS|Android|Office|Web|GPT|ChatGPT|Llama|Galaxy|PlayStation|Xbox|Boeing|Airbus|Formule|Formula|Channel|NPO|RTL|SBS|Radio|Area|HTML|TLS|USB|Python|Horizon|Fortnite|Pentium|macOS|Zembla|Nieuwsuur|CO|PM|Chromium|Firefox|Chrome|Artikel1|Agenda)[\s-]?\d{1,4}(?:[.:]\d{1,4}){0,3}(?![\d%])(?!\s(?i:miljoen|million|procent|percent))"),
    ("other", r"\b(?i:versie|version|v\.|release|editie|build)\s?\d{1,3}(?:\.\d{1,4}){0,3}(?![\d%])"),
    ("other", r"(?i:\btop[\s-])\d{1,4}(?![\d%])|\b(?i:room|zaal|lokaal|kamer|verdieping|floor)\s[A-Z]?\d{1,3}(?:\.\d{1,3})?(?![\d%])"),
    ("other", r"\b(?i:postbus|p\.?\s?o\.?\s?box|antwoordnummer)\s(?P<n>\d{1,6})"),
    ("other", r"(?i:\b(?:groep|klas|leerjaar)\s)[1-8](?!\d|[.,]\d|\s(?i:mensen|personen|jongeren|kinderen))"),
    ("list", r"\b(?:[Vv]oorbeeld|[Ee]xample|[Vv]raag|[Qq]uestion|[Ss]tap|[Ss]tep|[Aa]anbeveling|[Rr]ecommendation|[Ff]ase|[Pp]hase|[Dd]oel|[Gg]oal|[Aa]ctielijn|[Oo]ptie|[Oo]ption|[Ss]cenario|[Pp]unt|[Cc]ategorie|[Cc]ategory|[Dd]eel|[Pp]art|[Mm]odule|[Ll]es|[Tt]hema|[Ii]tem|[Cc]asus|[Cc]onclusie|[Bb]evinding|[Ff]inding|[Mm]aatregel|[Rr]onde|[Bb]ox|[Dd]eelvraag|[Aa]ctie|[Nn]iveau|[Ll]evel|[Ss]poor|[Pp]ijler|Working Group|[Ww]ave|[Ss]chaal|[Ww]erkgroep|[Ww]erkpakket)\s\d{1,2}(?:\.\d{1,2})?(?![\d%]|[.,]\d|\s[a-z]{4,}en\b)"),
)  # fmt: skip
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _TABLE)


def marks(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, kind) of every number that its context marks as no claim; none overlap.

    Examples
    --------
    >>> [(kind, "op 1 juli 2024, artikel 240b Sr"[a:b]) for a, b, kind in marks("op 1 juli 2024, artikel 240b Sr")]
    [('date', '1 juli 2024'), ('article', 'artikel 240b Sr')]
    """
    found: list[tuple[int, int, str]] = []
    taken = bytearray(len(text))
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(text):
            start, end = match.span("n") if "n" in match.re.groupindex and match["n"] else match.span()
            if end > start and not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                found.append((start, end, kind))
    return sorted(found)
