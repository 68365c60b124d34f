"""How traces are wrapped. One module each: NAME, TITLE, UNIT, `recognise(head, name)`, `read(unit, context)`."""
