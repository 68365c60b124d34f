"""What the lines of plain logs say of model calls, where no span holds the calls themselves."""
