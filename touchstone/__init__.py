"""The pure library: no Streamlit, no SQL, no clock, no network. A program may import it alone."""
