"""Jobs: states, storage, and the runners that execute them."""
