"""Outreach asks every State a question and makes sure that each answer arrives, is seen, counted and published."""
