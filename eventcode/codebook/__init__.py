"""The codelists as people look them up: actions, roles, groups, countries, and the names of composed actor codes."""
