"""Why a text is no value of its column: one small function a kind of value, from the text to the rule it breaks, what was expected, and the fix."""
