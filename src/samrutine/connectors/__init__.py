"""One destination each, behind the Protocol of `samrutine.publishing.connector`."""
