# Expected values for tests/shelf/test_microdata.py. Run once in this folder: Rscript survey.R (R 4.2, survey 4.1.1).
suppressPackageStartupMessages(library(survey))
d <- read.csv("survey.csv", colClasses = c(stratum = "factor", cluster = "factor"))
# two waves, drawn apart: the strata of each are its own
d$wave <- ifelse(as.integer(d$stratum) <= 3, "2022", "2024")
full <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)
flat <- svydesign(ids = ~1, weights = ~weight, data = d)
designs <- list(list("clustered", full), list("flat", flat))
out <- list()
add <- function(design, name, des) {
  m <- svymean(~osi_12m, des)
  ci <- svyciprop(~osi_12m, des, method = "logit", df = degf(des))
  kg <- svyciprop(~osi_12m, des, method = "beta", df = degf(des))
  out[[length(out) + 1]] <<- data.frame(
    design = design, group = name, mean = coef(m)[[1]], se = SE(m)[[1]], df = degf(des),
    logit_lower = confint(ci)[1], logit_upper = confint(ci)[2],
    beta_lower = confint(kg)[1], beta_upper = confint(kg)[2]
  )
}
for (s in designs) {
  add(s[[1]], "all", s[[2]])
  for (who in c("female", "male")) for (old in c("16-23", "24+"))
    add(s[[1]], paste(who, old), subset(s[[2]], d$sex == who & d$age == old))
}
# one stratum cut down to a single cluster
options(survey.lonely.psu = "adjust")
cut <- d[!(d$stratum == "6" & d$cluster != "1"), ]
lonely <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = cut, nest = TRUE)
add("lonely", "all", lonely)
write.csv(do.call(rbind, out), "expected.csv", row.names = FALSE)

# differences between groups, with the covariance of those that share clusters
pairs <- list()
contrast <- function(design, des, by, from, to) {
  groups <- svyby(~osi_12m, by, des, svymean, covmat = TRUE)
  weights <- setNames(c(-1, 1), c(from, to))
  found <- svycontrast(groups, weights)
  labels <- do.call(paste, c(des$variables[all.vars(by)], sep = "."))
  df <- degf(subset(des, labels %in% c(from, to)))
  limits <- confint(found, df = df)
  pairs[[length(pairs) + 1]] <<- data.frame(
    design = design, from = from, to = to, diff = coef(found)[[1]], se = SE(found)[[1]], df = df,
    lower = limits[1], upper = limits[2], p = 2 * pt(-abs(coef(found)[[1]] / SE(found)[[1]]), df)
  )
}
for (s in designs) {
  contrast(s[[1]], s[[2]], ~wave, "2022", "2024")
  contrast(s[[1]], s[[2]], ~sex, "female", "male")
  for (old in c("16-23", "24+")) {
    contrast(s[[1]], s[[2]], ~sex + age, paste0("female.", old), paste0("male.", old))
    contrast(s[[1]], s[[2]], ~wave + age, paste0("2022.", old), paste0("2024.", old))
  }
}
write.csv(do.call(rbind, pairs), "expected_differences.csv", row.names = FALSE)
