"""Tasks that models write and other models let pass: prompts, answers, and how far judges accept. The calls are not made here."""
