"""The spoken prompts: what is said, by which recording, replaced by an owner's own."""
