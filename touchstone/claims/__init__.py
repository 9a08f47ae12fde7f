"""Published figures, checked: can they occur together, and do they follow from the labels.

printed    a figure as printed, and what rounding to its digits allows
tables     whether a table of two annotators' labels with given figures exists
weighted   the same for linear and quadratic kappa, where the tables are few
claim      a claim and what is found of it, as values
figures    each figure by itself
check      one claim: each figure, and all of them together
reading    the claims in a Markdown or CSV file
prose      figures in running text
against    a figure held against labels
between    a matrix of kappas between dimensions, beside the labels
columns    what a column of a table holds
rows       the rows of a table of claims
file       a whole file, checked
options    a claim from what a person types
"""
