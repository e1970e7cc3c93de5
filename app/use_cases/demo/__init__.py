"""Made-up organisations, people and applications that show the product."""
