"""A partition kept sealed until it is opened: what was sealed can be proven later, and is not told before."""
