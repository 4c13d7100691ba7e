"""Shares from the answers of a survey themselves, for those who hold them; nothing in this project does.

`release.releasable` gives what may be published and carries the worked example; `osw run prevalence -p microdata FILE`
makes the page from it (docs/formats.md).
"""
