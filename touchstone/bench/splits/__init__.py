"""Tasks split into partitions of exact sizes, no group in two of them, each partition like the whole in its strata."""
