"""Mode 17: a release outside regular hours that neither thesis nor plan foresaw."""
