"""What a published file says, before any of it is checked: its figures of agreement, each with its n, levels and annotators.

words         vocabulary of reports
parsing       tables, paragraphs and list items, each with its line and section
columns       what a column of a table holds
shapes        what kind of table it is
lists         figures by name, and lists, as tables of claims
phrases       phrases that state n, levels and who labelled
statements    what the text says of n, levels and annotators, and which of it is nearest to a figure
design        words by which a figure is something else than two annotators' agreement on n units
rows          the rows of a table of figures
sentences     figures in running text
crosstabs     tables of counts, one annotator's labels by the other's
"""
