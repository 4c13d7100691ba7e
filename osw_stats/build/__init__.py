"""The build graph: what each result depends on, what is kept, how notebooks run, and whether all is as published."""
