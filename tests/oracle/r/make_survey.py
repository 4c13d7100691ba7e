"""Write survey.csv: a SIMULATED survey of 600 people in 6 strata and 40 clusters, for comparison with R."""

from pathlib import Path

import numpy as np
import pandas as pd


def survey() -> pd.DataFrame:
    rng = np.random.default_rng(20241125)
    rows = []
    for stratum, clusters in enumerate((9, 8, 7, 6, 5, 5), start=1):
        for cluster in range(1, clusters + 1):
            shift = rng.normal(0, 0.5)
            for _ in range(15):
                sex, age = rng.choice(["female", "male"]), rng.choice(["16-23", "24+"], p=[0.3, 0.7])
                odds = np.exp(-1.6 + shift + 0.7 * (sex == "female") + 0.9 * (age == "16-23"))
                weight = round(float(rng.lognormal(5 + 0.15 * stratum, 0.4)), 3)
                rows.append((stratum, cluster, sex, age, weight, int(rng.random() < odds / (1 + odds))))
    return pd.DataFrame(rows, columns=["stratum", "cluster", "sex", "age", "weight", "osi_12m"])


if __name__ == "__main__":
    survey().to_csv(Path(__file__).with_name("survey.csv"), index=False, lineterminator="\n")
