"""The rules of an XLSForm: what is asked, what is right, what is worked out, for a set of answers."""
