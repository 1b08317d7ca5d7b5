"""
The web application: what people meet who have never seen git. It only calls `Library`.

A page is a function that is given a `Visit` and answers with a template. Reading, searching and deciding work without
JavaScript; what scripts add is kept in files of our own, under a policy that allows nothing else.
"""
