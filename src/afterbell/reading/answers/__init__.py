"""The structure of a model's answers: declared, inferred, and whether anybody used them."""
