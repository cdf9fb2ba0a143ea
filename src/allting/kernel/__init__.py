"""Words that every room shares. Imports nothing of ours and touches no database table."""
