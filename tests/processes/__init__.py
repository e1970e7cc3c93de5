"""Tests of the shipped drawings, forms and rule tables."""
