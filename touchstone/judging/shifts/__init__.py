"""How far two scores of the same texts are apart, and why that is no quality."""
