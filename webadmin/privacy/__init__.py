"""What is kept about people and visits: shown, taken out, erased."""
