"""What attribute names mean. One module each: NAME, RANK, `speaks(span)`, `read(span, logs)`."""
