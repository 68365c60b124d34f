"""What a call was told, told apart from what was filled in; and what changed between two of them."""
