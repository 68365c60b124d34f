"""Figures of a registrant's accounts: which fact a claim is about, and which of its values stood when it was used."""
