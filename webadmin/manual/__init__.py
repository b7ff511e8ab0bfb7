"""The admin's guide: text in two languages with pictures, shown inside WebAdmin."""
