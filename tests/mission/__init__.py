"""The mission: one loan lives to its last instalment, another dies and its collateral is sold, played over HTTP."""
