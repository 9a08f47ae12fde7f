"""The ways in: by a name in local mode, by a password or a provider in team mode."""
