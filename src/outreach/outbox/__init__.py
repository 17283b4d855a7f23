"""Letters as rows waiting, held or done; the ledger."""
