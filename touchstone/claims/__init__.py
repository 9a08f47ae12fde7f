"""Published figures, checked: can they occur together, and do they follow from the labels.

rounding          a figure as printed, and what rounding to its digits allows
claim             a claim and what is found of it, as values
typed_claim       a claim from what a person types; `check_claim`, the face of all this
consistency       one claim: each figure, and all of them together
single_figures    each figure by itself
joint_figures     all figures together
contingency       whether a table of two annotators' labels with given figures exists
weighted_kappa    the same for linear and quadratic kappa, where the tables are few
verification      a figure held against labels
kappa_matrix      a matrix of kappas between dimensions, beside the labels
reading           a Markdown or CSV file: its figures, with their n, levels and who labelled
document          each of these figures checked
"""
