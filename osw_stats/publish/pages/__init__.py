"""Pages that tell what notebooks computed: Quarto Markdown with the names of results, rendered, checked, tried out."""
