"""The figures of a published file, checked (`touchstone.claims.reading` has read them).

row_checks     rows of tables;  text_checks  figures in the text;  list_checks  lists of disagreements
count_checks   figures held against a table of counts in the same file
checked        what is found of a file, as values
checking       a whole file, checked
"""
