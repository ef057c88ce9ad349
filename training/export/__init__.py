"""Files that training material is handed out as."""
