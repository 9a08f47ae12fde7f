"""What every benchmark prints first: the machine, because a figure without it says nothing. Run alone, it prints just that."""

import os
import platform
import sqlite3
import sys
from pathlib import Path

import sqlalchemy
import streamlit


def machine() -> str:
    """Cores this process may use, processor, memory, system and versions, in one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return (
        f"machine: {cores} cores of {processor()}, {memory()}, {platform.system()} {platform.machine()}{load}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, SQLAlchemy {sqlalchemy.__version__}, "
        f"Streamlit {streamlit.__version__}"
    )


def processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "an unnamed processor"


def memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"
    except (ValueError, OSError):
        return "memory unknown"


def aim(figure: str, wanted: str, met: bool) -> str:
    """A figure with its aim beside it. What is missed is said; nothing fails by a timing."""
    return f"  {figure:<58} aim {wanted:<14} {'met' if met else 'MISSED'}"


if __name__ == "__main__":
    sys.exit(print(machine()))
