"""Whether what is held back is in what one trains on: by keys, by equal fields, by near-copies, by lists that a person signs."""
