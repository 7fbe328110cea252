"""The pages. Nothing below this package knows HTTP."""
