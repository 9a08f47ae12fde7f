"""Files of labels in a shape of nobody's: somebody says which column is what, and the same answers come out as of any other.

label_mapping   LabelMapping: which column, or path of a record, is the unit, the annotator, the dimension, a label
label_guesses   a mapping to begin with, each column with the reason
mapped_labels   bytes + LabelMapping -> contract.ImportedFile
"""
