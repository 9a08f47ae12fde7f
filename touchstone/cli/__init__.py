"""The command `touchstone`: verbs that need files and no store. `python manage.py` has them with the store behind them."""
