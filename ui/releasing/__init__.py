"""The page Release: what leaves and by which rules, the questions of the datasheet, the releases there are."""
