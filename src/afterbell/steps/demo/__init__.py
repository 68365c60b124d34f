"""The demo: the whole flow on bundled traces with synthetic tickers, ending with a tampering that verify catches.

Nothing is staged: every chapter calls the step behind the command it names, on files in a fresh house.
"""
