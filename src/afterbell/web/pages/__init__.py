"""The pages, a module for each; every module offers its routes as `ENTRIES`, and is found by standing here."""
