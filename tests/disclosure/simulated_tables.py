"""SIMULATED tables of counts with many small cells, and systems of tables that share cells. No figure means anything."""

from __future__ import annotations

from itertools import product


def crossed(rng, rows, columns, mean=6.0):
    """Return figures and equations of a table with all totals."""
    r, c = [f"r{i}" for i in range(rows)], [f"c{i}" for i in range(columns)]
    figures = {(a, b): int(rng.negative_binomial(0.8, 0.8 / (0.8 + mean))) for a, b in product(r, c)}
    figures |= {(a, "all"): sum(figures[a, b] for b in c) for a in r}
    figures |= {("all", b): sum(figures[a, b] for a in r) for b in [*c, "all"]}
    equations = [((a, "all"), [(a, b) for b in c]) for a in [*r, "all"]]
    equations += [(("all", b), [(a, b) for a in r]) for b in [*c, "all"]]
    return figures, equations


def two_ways(rng, regions=3, sexes=2, ages=3):
    """Return the tables region x sex, region x age and sex x age of the same people: linked through the cells."""
    r, s, a = ([f"{kind}{i}" for i in range(n)] for kind, n in (("r", regions), ("s", sexes), ("a", ages)))
    cell = {x: int(rng.poisson(rng.choice([0.7, 3.0, 12.0]))) for x in product(r, s, a)}
    figures, equations = dict(cell), []
    axes = {0: r, 1: s, 2: a}

    def total(key):
        free = [i for i, part in enumerate(key) if part == "all"]
        fits = [x for x in cell if all(i in free or x[i] == key[i] for i in range(3))]
        return sum(cell[x] for x in fits)

    for key in product([*r, "all"], [*s, "all"], [*a, "all"]):
        for i in range(3):
            if key[i] == "all":
                figures[key] = total(key)
                equations.append((key, [(*key[:i], part, *key[i + 1 :]) for part in axes[i]]))
    return figures, equations


def editions(rng):
    """Return a first edition (three groups) and a second that splits one of them; the same people."""
    first = {f"g{i}": int(rng.integers(0, 14)) for i in range(3)}
    parts = {f"g0.{i}": 0 for i in range(2)}
    parts["g0.0"] = int(rng.integers(0, first["g0"] + 1))
    parts["g0.1"] = first["g0"] - parts["g0.0"]
    figures = first | {"all": sum(first.values())}
    one = (figures, [("all", list(first))])
    # the second edition shows the finer groups instead of g0
    fine = {k: v for k, v in figures.items() if k != "g0"} | parts
    two = (fine, [("all", [k for k in fine if k != "all"])])
    return one, two
