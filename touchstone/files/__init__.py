"""What reads bytes, and edits YAML in place. Nothing here knows a task or a label.

text            UTF-8, line by line or as a whole
csv_rows        CSV as rows;  xlsx  a workbook as rows;  table_rows  what both give
parquet         Parquet as records
json_records    JSON and JSONL as records;  json_values  which values are taken
markdown        where tables, headings and fenced blocks stand
yaml_tree       YAML as values that remember their lines
yaml_editing    one place of a YAML file changed;  yaml_places  where it stands;  yaml_writing  how it is written
yaml_set_aside  a YAML file without the lines that keep it from being read
"""
