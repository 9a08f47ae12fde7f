"""The gate's tables, by what is asked of them."""
