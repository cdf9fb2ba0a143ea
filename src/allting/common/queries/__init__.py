"""Queries whose SQL is made once. A room of one door and no tables."""
