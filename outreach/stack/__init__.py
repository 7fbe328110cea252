"""The embedded parts of demo, serve and tests."""
