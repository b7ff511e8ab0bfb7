"""The one way to a lock: `opener` takes orders that `dialplan.access` granted and commands a driver; no
other code opens a door.

`door` remembers what each door is doing, `order` signs what our agents obey, `drivers/` speak to the
different kinds of lock.
"""
