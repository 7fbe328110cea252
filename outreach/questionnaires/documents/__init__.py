"""The questionnaire as a Word file and a PDF form, and what was filled in read back out of them.

Nothing here knows the database: a form, a draft and a few names go in, bytes come out; bytes go in, answers that were found come out.
"""
