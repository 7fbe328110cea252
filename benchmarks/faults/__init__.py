"""Trials of faults: the real processes, hurt on purpose, and a mail server outside that counts what arrived."""
