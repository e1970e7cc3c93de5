"""Commands of the product for analysts, operators and the supervisor."""
