"""Machine to machine: an issuer as Maskinporten, scopes, delegation and enterprise certificates."""
