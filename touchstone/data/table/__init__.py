"""Tables that people have: any columns, mapped to tasks and drafts.

source_table   bytes -> SourceTable: names of columns and rows of texts, out of CSV, TSV, XLSX, JSON, JSONL, Parquet, a paste
records        nested records as rows: a column for each path, every value as text
column_facts   what a column holds, as far as its cells tell
mapping        TableMapping: which column is what
guessing       a mapping to begin with, each column with the reason
mapped         SourceTable + TableMapping -> tasks, drafts, and what must be said first
"""
