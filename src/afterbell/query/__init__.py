"""Questions to the records and traces: which match, which are alike, how many. Values in, values out."""
