"""A published file, checked.

parsing       its tables and paragraphs, each with its line and heading
columns       what a column of a table holds
rows          the rows of a table of claims
prose         figures in running text
row_checks    what is found of rows;  list_checks  of a list of disagreements;  text_checks  of figures in the text
checked       what is found of a file, as values
checking      a whole file, checked
"""
