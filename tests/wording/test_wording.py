"""From words to an interval: the table of reporting language in cases.yml, the rules, number words and tokens."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats import parse
from osw_stats.errors import InputError
from osw_stats.wording import words
from osw_stats.wording.hedges import apply_rule, one_in
from osw_stats.wording.numerals import is_numeral, read_numeral
from osw_stats.wording.printed import code_end, read_number
from osw_stats.wording.reading import Wording, read_at
from osw_stats.wording.scan import words as scanned
from osw_stats.wording.tokens import text_at, tokenise
from tests.cases import cases
from tests.wording.number_words import dutch, english

INF = math.inf


def interval(figure):
    ends = ("[" if figure.lower_closed else "(") + ("]" if figure.upper_closed else ")")
    return [figure.rule, round(figure.lower, 4), round(figure.upper, 4), ends]


def numeral(text, language="nl", **how):
    return read_numeral(text.split(), language, **how)


def number(text, language, *names, at=None):
    """Return what was read of the number at the first digits of a text, or at a place from the end."""
    tokens = tokenise(text, language)
    place = next(i for i, t in enumerate(tokens) if t.digits) if at is None else len(tokens) + at
    printed = read_number(tokens, place, language)
    return printed and [float(getattr(printed, n)) for n in names]


def printed(text, language):
    return read_number(tokenise(text, language), 0, language)


def marked(text, language):
    """Return the tokens of a text, and where the word between brackets begins and ends."""
    tokens = [t.text for t in tokenise(text, language)]
    return (
        tokenise(text.strip().replace("[", "").replace("]", ""), language),
        tokens.index("["),
        tokens.index("]") - 1,
    )


def first(text, language):
    reading = read_at(Wording(tokenise(text, language), language), 0)
    return [reading and reading.form, reading and reading.end]


def numeral_value(text, language):
    read = numeral(text, language)
    return read and read.value


def hedge(text, language):
    tokens = tokenise(text, language)
    return list(words.find_hedge(tokens, len(tokens) - 1, language))


READ = {
    "parse": lambda text, language: interval(parse(text, language=language)),
    "strict": lambda text, language: interval(parse(text, language=language, strict=True)),
    "values": lambda text, language: parse(text, language=language).value,
    "numeral": numeral_value,
    "numeral_parts": lambda text, language: [
        getattr(numeral(text, language), name) for name in ("value", "step", "used")
    ],
    "scale": lambda text, language: numeral(text, language).scale,
    "may_begin": is_numeral,
    "number": lambda text, language: number(text, language, "value", "step", "place", "whole", "scale"),
    "worded_number": lambda text, language: number(text, language, "value", "step", "whole", at=-1),
    "code_end": lambda text, language: code_end(tokenise(text, language), 0, language),
    "negative": lambda text, language: number(text, language, "value", at=-1 - (text[-1] in ")]")) == [-9],
    "form": first,
    "hedge": hedge,
    "one_in_eight": lambda hedge, _: interval(one_in(8, hedge))[1:],
    "width_of_share": lambda text, language: float(printed(text, language).width(share=True)),
    "width": lambda text, language: float(printed(text, language).width(share=False)),
    "period": lambda text, language: words.is_period(*marked(text, language)),
    "factor": lambda text, language: words.has_factor(*marked(text, language)),
    "denied": lambda text, language: words.is_denied(tokenise(text, language), len(tokenise(text, language))),
    "precise": lambda text, language: words.is_precise_after(tokenise(text, language), 0),
    "first_token": lambda text, language: tokenise(text, language)[0].text,
}


@cases(__file__, *READ)
def test_words_are_read_as_the_table_says(section, language, text, expected):
    assert READ[section](text, language) == expected


@cases(__file__, "no_figure", "refused")
def test_what_can_be_no_figure_is_refused(section, language, text, expected):
    with pytest.raises(InputError, match=expected):
        parse(text, language=language)


@given(st.integers(0, 10**6), st.sampled_from([1, 10, 100]))
def test_every_rule_leaves_open_what_its_words_say(value, step):
    table = {
        "exact": (0, 0, "[]"),
        "none": (-0.5, 0.5, "[)"),
        "m_op_k": (-0.5, 0.5, "[)"),
        "circa": (-1, 1, "[]"),
        "breukwoord": (-1, 1, "[]"),
        "ruim": (0, 1, "[)"),
        "meer_dan": (0, 1, "(]"),
        "bijna": (-1, 0, "[)"),
        "minder_dan": (-1, 0, "[)"),
        "minstens": (0, 1, "[]"),
    }
    for rule, (below, above, ends) in table.items():
        figure = apply_rule(Decimal(value), Decimal(step), rule)
        assert (figure.value, figure.step) == (value, step)
        assert interval(figure) == [rule, value + below * step, value + above * step, ends]
    assert interval(apply_rule(Decimal(value), Decimal(step), "hooguit")) == ["hooguit", 0, value, "[]"]


def test_to_the_letter_only_the_open_end_goes():
    assert one_in(8, "bijna", strict=True) == one_in(8, "bijna")
    assert interval(one_in(8, "minder_dan", strict=True))[1:] == [-INF, 12.5, "()"]
    assert interval(apply_rule(Decimal(5), Decimal(1), "minstens", strict=True))[1:] == [5, INF, "[)"]


@cases(__file__, "with_step")
def test_the_context_can_show_another_step(section, language, text, expected):
    step, *limits = expected
    figure = parse(text, language=language, step=step)
    assert [figure.lower, figure.upper] == pytest.approx(limits, abs=1e-4)


@pytest.mark.parametrize(
    "wrong", [{"step": 0}, {"step": -1}, {"step": math.nan}, {"step": INF}, {"language": "de"}]
)
def test_another_language_or_a_step_of_nothing_is_refused(wrong):
    with pytest.raises(InputError, match=r"is not a step|unknown language"):
        parse("800", **wrong)


def test_only_a_majority_is_a_convention():
    assert [parse(text).convention for text in ("de meerderheid", "de helft")] == [True, False]


def test_numbers_and_shares_imply_a_population():
    # 72,000 girls as 30 percent of all girls; the register counts 190,000 to 205,000
    girls, share = parse("zo'n 72.000"), parse("30% van alle meisjes")
    implied = 100 * girls.lower / share.upper, 100 * girls.upper / share.lower
    assert implied == pytest.approx((232_786.88524590165, 247_457.62711864407))
    # 760,000 as five percent; the register counts 14.7 to 15.1 million
    persons, share = parse("ruim 760 duizend"), parse("Vijf procent")
    implied = 100 * persons.lower / share.upper, 100 * persons.upper / share.lower
    assert implied == pytest.approx((13_818_181.818181818, 17_111_111.111111112))


@given(st.integers(2, 999_999), st.sampled_from(["en", "ën"]))
def test_every_number_below_a_million_is_read_back(n, joint):
    read = read_numeral([dutch(n, joint), "meldingen"], "nl")
    assert (read.value, read.used, read.step) == (n, 1, None)
    read = read_numeral([*english(n), "reports"], "en")
    assert (read.value, read.used, read.step) == (n, len(english(n)), None)


@given(st.integers(2, 999), st.sampled_from([("miljoen", 6), ("miljard", 9)]))
def test_a_scale_word_multiplies_and_tells_its_power(n, scale):
    word, power = scale
    read = read_numeral([dutch(n, "en"), word], "nl")
    assert (read.value, read.scale, read.used) == (n * 10**power, power, 2)


def test_between_keeps_and_out_of_the_number():
    assert numeral("one hundred and two hundred", "en", joined=False).value == 100
    assert numeral("twee en een half", joined=False).value == 2


@pytest.mark.parametrize(("length", "is_number"), [(80, True), (81, False)])
def test_a_word_of_more_than_eighty_letters_is_no_number(length, is_number):
    # accents do not count in the number, but in the length of the word
    assert (numeral("twee" + "\u0301" * (length - 4)) is not None) is is_number


def test_no_more_than_twelve_words_are_looked_at():
    text = "two hundred and fifty - five thousand two hundred and fifty"
    for more in ("", " - five"):  # the thirteenth word would be the last of 255,255
        printed = read_number(tokenise(text + more, "en"), 0, "en")
        assert (printed.end, printed.value) == (11, 255_250)


def test_a_number_takes_the_scale_of_its_neighbour():
    printed = read_number(tokenise("0,5", "nl"), 0, "nl").scaled(6)
    assert (printed.value, printed.step, printed.place, printed.whole) == (500_000, 100_000, 5, False)


def test_tokens_know_their_place_and_have_one_spelling():
    text = "Zo’n 12 500 (5–6%)"
    tokens = tokenise(text, "nl", 10)
    assert [text[t.start - 10 : t.end - 10] for t in tokens] == ["Zo’n", "12 500", *"(5–6%)"]
    assert [t.text for t in tokens] == ["zo'n", "12.500", *"(5-6%)"]
    assert "".join("g" if t.glued else "-" for t in tokens) == "---ggggg"
    assert "".join("d" if t.digits else "w" if t.word else "-" for t in tokens) == "wd-d-d--"
    assert [text_at(tokens, n) for n in (-1, 0, 7, 8)] == ["", "zo'n", ")", ""]


def spelt(table):
    """Return the number of each word, from the words of each number."""
    return {word: number for number, of_number in table.items() for word in of_number.split()}


# what a plural of a scale word means at least; at most it is five times that
AT_LEAST = spelt(
    {
        20: "tientallen dozens tens",
        200: "honderden hundreds",
        2000: "duizenden thousands",
        20_000: "tienduizenden",
    }
    | {200_000: "honderdduizenden", 2_000_000: "miljoenen millions", 2_000_000_000: "miljarden billions"}
)
FEW = {"enkele", "few", "paar", "several"}
SCALES = spelt({100: "honderd hundred", 1000: "duizend thousand", 10**6: "miljoen miljoenen"})
ONES = spelt({1: "een één a an one", 2: "twee two", 3: "drie three", 4: "vier four"})
PARTS = {
    3: "derde third",
    4: "kwart quarter vierde",
    5: "vijfde fifth",
    6: "zesde sixth",
    7: "zevende seventh",
}
PARTS = spelt(PARTS | {8: "achtste eighth", 10: "tiende tenth"})
JOINED = spelt({(1, 2): "helft half", (1, 3): "eenderde éénderde", (2, 3): "tweederde", (3, 4): "driekwart"})


@pytest.mark.parametrize("table", [words.VAGUE, scanned.VAGUE], ids=["parse", "scan"])
def test_a_vague_count_runs_from_two_to_ten_of_its_scale(table):
    for phrase, ends in table.items():
        rest = [w for w in phrase if w not in ("of", "a", "een", *FEW)]
        if FEW & set(phrase) and (not rest or rest[0] in SCALES):
            low = 2 * (SCALES[rest[0]] if rest else 1)
        else:  # "honderden duizenden"
            low = AT_LEAST[rest[0]] * (AT_LEAST[rest[1]] / 2 if len(rest) > 1 else 1)
        assert ends == (low, 5 * low), phrase


def test_a_fraction_is_its_numerator_over_its_part():
    for phrase, part in {**words.FRACTIONS, **{k: (1, n) for k, n in scanned.FRACTIONS.items()}}.items():
        alone = len(phrase) == 1
        assert part == (JOINED[phrase[0]] if alone else (ONES[phrase[0]], PARTS[phrase[-1].rstrip("s")])), (
            phrase
        )


def test_majorities_are_above_half_and_large_ones_seventy():
    large = {"veruit", "overgrote", "vast", "overwhelming", "far"}
    for phrase, least in words.MAJORITY.items():
        assert least == (50 if large.isdisjoint(phrase) else 70), phrase


def test_scales_and_ratios_have_their_number():
    powers = {3: "duizend dzd thousand", 6: "miljoen milj mln mio million", 9: "miljard mld mrd billion bn"}
    assert spelt(powers) == words.SCALES
    stems = {2: "verdubbel twee doubl twice two", 3: "verdrievoud drie tripl trebl three"}
    stems |= {4: "verviervoud vier quadrupl four", 5: "vijf five", 6: "zes", 10: "vertienvoud tien ten"}
    for word, value in scanned.RATIO_WORDS.items():
        assert word.startswith(tuple(stems[value].split())), word
