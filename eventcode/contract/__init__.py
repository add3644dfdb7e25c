"""The tables' declaration in the forms that other programs check by: Arrow, pandera on polars, JSON Schema, table schema."""
