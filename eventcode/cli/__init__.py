"""The commands: each one a call or two of what the rest of the package offers."""
