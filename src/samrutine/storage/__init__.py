"""Git, SQL, the chain of decisions and the outbox: concrete, with no interface above them."""
