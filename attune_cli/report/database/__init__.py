"""How plans, rows and workers of a database are told."""
