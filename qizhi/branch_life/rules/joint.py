"""When a branch is a joint one."""

JOINT_FROM = 2
"""From so many departments on."""
