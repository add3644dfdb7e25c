"""Releases: built from contributions, verified, loaded, cited."""
