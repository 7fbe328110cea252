"""Notes verbales and letters as documents to print, sign and send: facts go in, PDF or Word comes out. Pure: no database, no clock."""
