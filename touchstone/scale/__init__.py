"""Many drafts scored: Parquet in, Parquet out, a part per row group, in one process, several, or on many machines.

    rows.py       a row of a Parquet file as a draft with what its task gives
    batches.py    a batch of rows scored: the one pure function that every engine calls
    inputs.py     the files that go in, by their digests, and the parts that they make
    parts.py      one part written whole or not at all, and what stands in a part that is there
    running.py    all parts: what is done is passed over, one run at a time in a folder
    on_processes.py, on_dask.py    where parts are scored
    counting.py   labels counted in a Parquet file of any length

docs/scale.md says when which of them pays, and has the recipe for Spark. pyarrow comes by the extra "parquet"; Dask and DuckDB
by the extra "scale".
"""
