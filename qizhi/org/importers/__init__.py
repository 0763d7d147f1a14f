"""Tables of units, of people, of memberships and of posts, in and out."""

from qizhi.org.importers.members import MEMBERS
from qizhi.org.importers.people import PEOPLE
from qizhi.org.importers.posts import POSTS
from qizhi.org.importers.tree import TREE
from qizhi.org.importers.tree_words import UNITS

__all__ = ["MEMBERS", "PEOPLE", "POSTS", "TREE", "UNITS"]
