"""Tests of app.decisions."""
