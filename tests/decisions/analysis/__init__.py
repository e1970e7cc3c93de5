"""Tests of app.decisions.analysis."""
