"""Tables of people and of memberships, in and out."""

from qizhi.org.importers.members import MEMBERS
from qizhi.org.importers.people import PEOPLE

__all__ = ["MEMBERS", "PEOPLE"]
