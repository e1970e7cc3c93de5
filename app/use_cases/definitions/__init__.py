"""How diagrams, forms and rules become releases."""
