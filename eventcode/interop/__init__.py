"""Annotation tools: articles and reports to Label Studio, brat and a table of tokens, and people's annotations back into contributions."""
