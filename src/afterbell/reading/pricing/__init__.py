"""What tokens cost at a date, and how a cost is shared and stated."""
