-- what `quarto render` says at the root of the project
io.stderr:write("Run `make report` first, then `quarto preview build/YEAR/pages/nl`; here only the README is rendered.\n")
