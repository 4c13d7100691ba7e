"""Which columns readers see of each result table, by the table's name."""

from osw_stats.report.layouts import capacity, claims, months, prevalence, trend

LAYOUTS = prevalence.LAYOUTS | trend.LAYOUTS | months.LAYOUTS | capacity.LAYOUTS | claims.LAYOUTS
