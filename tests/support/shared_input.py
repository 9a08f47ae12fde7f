"""Real input that lies beside the checkout in ../shared (or where TOUCHSTONE_SHARED says) and is not part of the project."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("TOUCHSTONE_SHARED") or Path(__file__).resolve().parents[3] / "shared")
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"there is no real input at {SHARED}")
