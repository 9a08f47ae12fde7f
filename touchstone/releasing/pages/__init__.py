"""The pages of a release, each made from its manifest's terms, its counts and its agreement alone, so that whoever verifies it
can make them again and hold them against what is there."""
