"""What the first pages would wait for, loaded while nobody waits (docs/decisions/0053)."""
