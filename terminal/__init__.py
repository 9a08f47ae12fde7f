"""What manage.py shows in a terminal and asks there; one module a subject. Figures are made elsewhere."""
