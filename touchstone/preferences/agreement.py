"""How choices are counted: as labels on a nominal scale with the levels a, tie and b, pair by pair."""

from touchstone.agreement.label_table import DeclaredDimension
from touchstone.preferences.choices import LEVELS

PREFERENCE = DeclaredDimension("preference", "nominal", LEVELS)
