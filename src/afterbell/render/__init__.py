"""How values look to people: pure functions from values to text, and from a person's form back to a draft."""
