"""Client owners' self-service: an organisation registers its services, and looks after them."""
