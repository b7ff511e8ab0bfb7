"""One module per kind of lock; each is a `pbx.doors.opener.DoorDriver`."""
