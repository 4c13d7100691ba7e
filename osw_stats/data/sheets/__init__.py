"""Fill-in sheets: one workbook a publisher, for who knows the figures and does not program. In Dutch."""
