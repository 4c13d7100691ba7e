"""Results to what people see and download: notebooks, charts, tables, pages."""
