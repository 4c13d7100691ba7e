"""Registered offences by region, for `osw run trend -p region Groningen` once a police table by region is in data/raw.

Examples
--------
>>> import pandas as pd
>>> from osw_stats.shelf.regions.comparison import funnel
>>> counts = [100.0, 110.0, 90.0, 105.0, 95.0, 300.0, 7.0, 3.0]
>>> keys = [f"PV2{at}" for at in range(8)]
>>> frame = pd.DataFrame({"region": keys, "name": keys, "level": "province", "year": 2023, "count": counts, "base": 1e5})
>>> funnel(frame, 2023, "province")[["region", "count", "outside", "suppression_reason"]].values.tolist()[-3:]
[['PV25', 300.0, 'above', ''], ['PV26', nan, '', 'complementary'], ['PV27', nan, '', 'primary']]
"""
