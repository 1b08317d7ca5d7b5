"""Letters by e-mail and days for calendars: what waits, told where people look anyway."""
