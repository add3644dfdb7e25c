"""From news text to reports: clean, split and parse, find actors and actions, date them, say whose word it is."""
