"""The rehearsal: a world that plays every mission of the directory against the running service, over SMTP and HTTP.

It is seeded, so that it is the same each time; its addresses are on reserved domains and its values are marked as invented.
"""
