"""A judge that is a small language model, taught by pairs of a better and a worse draft: SimPO with a LoRA adapter (extra
`train`)."""
