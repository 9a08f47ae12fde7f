"""What every page stands on: the shell, the session, the bar, panels, charts, style."""
