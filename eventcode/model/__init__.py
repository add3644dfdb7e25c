"""The tables, each declared once, and the rules by which codes are formed."""
