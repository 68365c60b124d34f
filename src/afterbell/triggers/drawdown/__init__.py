"""Drawdown: a session, or five in a row, lost more than the limit."""
