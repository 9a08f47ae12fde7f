"""What writes tables: CSV and TSV that no spreadsheet runs (`delimited`, guarded by
`formulas`), workbooks (`workbook`), a record a line (`lines`).

A table is its columns and rows of cells in their order, taken one by one, so that memory is bounded by a row. A cell is text, a
number, or None for nothing. The same table gives the same bytes.
"""
