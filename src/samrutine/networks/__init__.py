"""Who works together on what: municipalities, networks, people, and the settings of the library."""
