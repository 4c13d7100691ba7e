# Expected values for tests/shelf/test_microdata.py. Run once: Rscript survey.R (R 4.2, survey 4.1.1).
library(survey)
d <- read.csv("survey.csv", colClasses = c(stratum = "factor", cluster = "factor"))
full <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)
flat <- svydesign(ids = ~1, weights = ~weight, data = d)
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
for (s in list(list("clustered", full), list("flat", flat))) {
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
