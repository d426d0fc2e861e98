"""SeaM: search weight masks by gradient descent on a frozen network."""
