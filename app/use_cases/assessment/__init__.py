"""What a case's figures say of the borrower's credit."""
