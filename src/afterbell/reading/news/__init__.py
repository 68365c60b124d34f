"""What retrieved news is: items, articles in tool results, copies of one story."""
