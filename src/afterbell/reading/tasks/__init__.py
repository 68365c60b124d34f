"""What a call was asked to do, and what thinking it spent on that."""
