"""The pure library: no Streamlit, no SQL, no clock, no network. A program may import it alone."""

__version__ = "0.1.0"
