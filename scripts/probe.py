"""Whether a process answers at this address with 200: exit 0 or 1. For images, which have no curl.

python scripts/probe.py http://127.0.0.1:8501/health/live
"""

import sys
import urllib.request

direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

try:
    with direct.open(sys.argv[1], timeout=2) as answer:
        sys.exit(answer.status != 200)
except OSError as wrong:  # HTTPError is one
    print(wrong, file=sys.stderr)
    sys.exit(1)
