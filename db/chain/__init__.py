"""The record of what was done: which rows it covers, the digests of what a transaction changed, the chain of events.

A transaction that writes (`db.engine.writing`) notes each row it changes. Its last event keeps the salted digests of those rows,
so the events say what every table must hold (docs/decisions/0021). Nothing here opens a store.
"""
