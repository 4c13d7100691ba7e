"""Which columns readers see of each result table, by the table's name."""

from osw_stats.report.layouts import authorities, capacity, claims, months, prevalence, scenarios, trend

LAYOUTS = (
    prevalence.LAYOUTS
    | trend.LAYOUTS
    | months.LAYOUTS
    | capacity.LAYOUTS
    | scenarios.LAYOUTS
    | authorities.LAYOUTS
    | claims.LAYOUTS
)
