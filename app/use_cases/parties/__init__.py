"""The personal data of parties."""
