"""Kinds of change to survey waves and groups, breaks, series, posts, budgets, and tables made by hand."""

import itertools

from tests.worlds.product import DEADLINES, EVENTS, EVIDENCE
from tests.worlds.world import CITED, HELP, KEY, draw, draw_one, register

OF_WAVES = "cbs_(osi_(12m(_persons)?|5y|structural(_share)?)|sgg_12m|phgsg_(respondents|population))"
FTE = [("acm_dsa_fte", f"concept={concept}") for concept in ("funded", "needed")]
FTE += [("cvdm_fte_growth", f"concept={concept}") for concept in ("needed", "supported")]
FTE += [("cvdm_fte", "concept=occupied")]


def survey(w, wave, share, *, persons=True):
    """Write the overall share in a wave, and the number of people it represents."""
    w.put(wave, share, "cbs_osi_12m", age="16+")
    if persons:
        w.put(wave, round(share * 148_000, -4), "cbs_osi_12m_persons", wording="circa", age="16+")


@register()
def wave_added(w, rng):
    known = w.waves() or draw_one(rng, [])
    year = w.year if str(w.year) not in known else w.year + int(rng.integers(1, 3))
    survey(w, year, round((w.value(known[-1], "cbs_osi_12m") or 5) * rng.uniform(0.7, 1.4), 1))
    w.put(year, 25_000, "cbs_phgsg_respondents", age="16+")
    w.put(year, 14_900_000, "cbs_phgsg_population", age="16+")


@register(
    wave_removed=lambda rng, known: known[1:2] if len(known) > 2 else [],
    two_waves=lambda rng, known: known[:-2],
    one_wave=lambda rng, known: (known[1:], known[:-1])[rng.integers(2)],
)
def waves_missing(w, rng, param):
    lost = param(rng, w.waves())
    w.drop("series_id.str.fullmatch(@of_waves) and time_period in @lost", of_waves=OF_WAVES, lost=lost)


@register(waves_redrawn=True, waves_alike=False)
def waves_anew(w, rng, param):
    for wave in w.waves():
        new = round(float(rng.uniform(2, 14)), 1) if param else 5.2
        survey(w, wave, new, persons=param and w.value(wave, "cbs_osi_12m_persons"))


@register()
def groups_turned(w, rng):
    """Reverse the change of survey groups between their first and last wave."""
    query = "series_id == 'cbs_osi_12m' and age != '16+' and obs_value.notna() and role == 'main'"
    for (sex, age), rows in w.figures.query(query).groupby(["sex", "age"]):
        a = rows.groupby("time_period")["obs_value"].last()
        if len(a) > 1:
            w.put(a.index[-1], round(float(a.iloc[0] ** 2 / a.iloc[-1])), "cbs_osi_12m", sex=sex, age=age)


@register()
def contact_redrawn(w, rng):
    yes = int(rng.choice([0, 55, 97]))
    for answer, share in (("yes", yes), ("no", 100 - yes), ("doubting", 0)):
        w.put(2024, share, "helpwanted_police_contact", f"police_contact={answer}")


@register(break_moved="moved", break_removed="removed", break_added="added")
def breaks(w, rng, param):
    """Change the breaks of a cited series or the survey: move, remove or add one."""
    cited = [t[0] for t in CITED] + (["cbs_osi_12m"] if param != "moved" else [])
    with_breaks = [s for s, about in w.series.items() if about["breaks"] and s in cited]
    series = draw_one(rng, cited if param == "added" else with_breaks)
    existing = w.series[series]["breaks"]
    if param == "moved":
        period = str(rng.choice([str(w.year - 1), str(w.year), f"{w.year - 2}-H2"]))
        existing = [*existing[:-1], (period, existing[-1][1])]
    elif param == "added":
        text = {"nl": "Er werd anders geteld.", "en": "The counting changed."}
        existing = sorted([*existing, (str(w.year), text)], key=lambda b: b[0])
    w.series[series]["breaks"] = existing if param != "removed" else []
    return f"{series} at {[period for period, _ in w.series[series]['breaks']]}"


@register()
def series_ended(w, rng):
    series = draw_one(rng, [t[0] for t in CITED])
    w.series[series]["ended"] = str(w.year - 1)
    w.drop("series_id == @series and time_period.str[:4] >= @year", series=series)
    return series


@register()
def series_begun(w, rng):
    """A series starts in the year."""
    series, _ = draw_one(rng, [t for t in CITED if t != HELP])
    w.drop("series_id == @series and time_period.str[:4] < @year", series=series)
    return series


def new_series(w, name, like, nl, en, **about):
    """Add a series like another one, with its own name and title and any facts in `about`."""
    facts = {"like": like, "indicator": name, "breaks": [], "title": {"nl": nl, "en": en}}
    w.series[name] = w.series[like] | facts | about


@register()
def new_publisher(w, rng):
    titles = ("Meldingen bij het Landelijk Meldpunt", "Reports to the National Desk")
    new_series(w, "world_reports", "police_reports", *titles, publisher="Landelijk Meldpunt")
    for year in (w.year - 1, w.year):
        w.put(year, int(rng.integers(100, 9000)), "world_reports")


@register()
def fte_for_subject(w, rng):
    titles = ("AP, fte voor online seksueel geweld", "AP, fte for online sexual violence")
    new_series(w, "ap_osv_fte", "ap_fte", *titles)
    w.put(w.year, int(rng.integers(2, 20)), "ap_osv_fte", "concept=occupied")


@register()
def fte_one_missing(w, rng):
    series, part = draw_one(rng, FTE)
    w.drop("series_id == @series and breakdown == @part", series=series, part=part)


@register()
def gap_turned(w, rng):
    """ACM or CvdM have as many fte as they need, or more."""
    case = int(rng.integers(3))
    if case != 1:
        w.put(2024, float(rng.choice([60, 72])), "acm_dsa_fte", "concept=funded")
    if case != 0:
        w.put(2027, float(rng.choice([32, 40.5])), "cvdm_fte_growth", "concept=supported")


@register(budget_needed=(2024, 9_500_000, "acm_dsa_budget"), budget_turned=(2023, 30_000_000, "ap_budget"))
def budget(w, rng, param):
    """The ACM states a needed amount; the AP needs less than it is allocated."""
    w.put(*param, "concept=needed")


@register()
def money_redrawn(w, rng):
    rows = w.figures[w.figures["series_id"].eq("government_budget")]
    for _, row in rows.iterrows():
        if rng.random() < 0.5:
            new = round(row["obs_value"] * rng.uniform(0.5, 1.6), -5)
            w.put(row["time_period"], new, "government_budget", row["breakdown"])
    return f"of {len(rows)} amounts"


@register()
def deadlines_done(w, rng):
    ids = draw(rng, sorted({row["deadline"] for row in w.files[EVIDENCE]}), 3)
    for row in w.files[EVIDENCE]:
        if row["deadline"] in ids and row["published"]:
            row |= {"finding": "done", "done_on": row["published"]}
    return ids


@register()
def deadlines_moved(w, rng):
    years = int(rng.choice([-3, 4]))
    for row, column in itertools.product(w.files[DEADLINES], ("date_earliest", "date_latest")):
        if row[column]:
            row[column] = f"{int(row[column][:4]) + years}{row[column][4:]}"
    return f"{years} years"


@register()
def deadlines_fewer(w, rng):
    kept = set(draw(rng, sorted({row["id"] for row in w.files[DEADLINES]}), 4))
    w.files[DEADLINES] = [r for r in w.files[DEADLINES] if r["id"] in kept]
    w.files[EVIDENCE] = [r for r in w.files[EVIDENCE] if r["deadline"] in kept] or w.files[EVIDENCE]
    return sorted(kept)


@register()
def event_removed(w, rng):
    lost = draw(rng, [r["event_id"] for r in w.files[EVENTS]], 2)
    w.files[EVENTS] = [r for r in w.files[EVENTS] if r["event_id"] not in lost]
    return lost


@register()
def event_moved(w, rng):
    """The law took effect in the year."""
    for row in w.files[EVENTS]:
        row |= dict.fromkeys(("start", "end"), f"{w.year}-03-01") if row["kind"] == "law" else {}
    return w.year


@register()
def event_added(w, rng):
    new = {"event_id": "world", "kind": "campaign", "nl": "campagne", "en": "campaign"}
    w.files[EVENTS].append(w.files[EVENTS][0] | new | {"start": f"{w.year}-05-01", "end": f"{w.year}-05-31"})
    return f"a campaign in May {w.year}"


@register()
def verdicts_flipped(w, rng):
    """Redraw figures of all kinds."""
    f = w.figures
    rows = f.loc[f["obs_value"].notna() & f["region"].eq("NL") & f["series_id"].ne("cbs_population")]
    rows = rows[[*KEY, "obs_value", "unit_measure"]].astype(str).agg("|".join, axis=1)
    for text in draw(rng, sorted(rows), 60):
        series, period, sex, age, region, breakdown, number, unit = text.split("|")
        if unit != "percent":
            new = max(round(float(number) * rng.uniform(0.7, 1.3)), 0)
            w.put(period, new, series, breakdown, sex=sex, age=age, region=region)
