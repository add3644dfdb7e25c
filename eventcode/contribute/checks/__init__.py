"""Rules over a row, its article, its file and what is published: each notes what it finds in a typed batch."""
