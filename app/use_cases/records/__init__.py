"""The decision record of a case: what an examiner reads years later, from stored rows alone."""
