"""Estimates from survey microdata, for holders of such data; this project has none.

`release.releasable` returns the publishable estimates, with a worked example; `osw run prevalence -p microdata FILE`
builds the page from them (docs/formats.md).
"""
