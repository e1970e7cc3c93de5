"""Made-up outside sources for demo, training and tests: what they answer, and a process that says it over HTTP."""
