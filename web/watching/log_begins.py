"""Sets the log up as it is imported: app.py imports this before all else, as libraries log while they are imported."""

import sys

from touchstone.errors import Refused
from web.watching import logs

try:
    logs.begin()
except Refused as wrong:
    print(wrong.sentence, file=sys.stderr)
    sys.exit(1)
