"""The auditor's check of everything that is booked: it works out anew, from rows alone, what other code has written."""
