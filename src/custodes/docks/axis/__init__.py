"""The Axis body-worn content destination, and with it a small part of OpenStack Swift v1.

Inside: who speaks (session), what a path names (address), what its headers say
(metadata), the objects we publish (published), users, devices and systems
(registry), recordings and their files (containers, files), and content that was
refused elsewhere and is kept all the same (rejected).

Facts from the public specification, AxisCommunications/body-worn-integration-api
1.6. A 201 or a completed recording is a promise: the bytes are durable and the
entry is committed. The controller deletes its own copy on the strength of it.
"""
