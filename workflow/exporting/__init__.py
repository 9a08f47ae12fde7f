"""Labels of closed rounds as files for other programs: every export says what it left out."""
