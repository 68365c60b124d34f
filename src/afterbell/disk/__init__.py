"""Every byte read or written goes through here: the house, its evidence, its shards, its log, its policy file.

No judgement: this room does not know what a call or a fault is.
"""
