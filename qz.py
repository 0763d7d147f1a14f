#!/usr/bin/env python3
"""Qizhi from a clean clone: `python3 qz.py demo` to look at it, `python3 qz.py test` to check it.

Needs Python 3.11 or newer and its standard library; everything else is installed into `.venv`, `node_modules`
and `var`, all inside this folder.
"""

import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)


def main(arguments: "list[str]") -> int:
    """Run the command; return the exit code."""
    if sys.version_info < OLDEST:
        return use_newer_python(arguments)
    from qzlib import cli  # noqa: PLC0415 - it needs the newer Python

    return cli.main(arguments)


def use_newer_python(arguments: "list[str]") -> int:
    """Hand over to a newer Python on this machine, or say that there is none."""
    for minor in range(14, 10, -1):
        path = shutil.which(f"python3.{minor}")
        if path and subprocess.call([path, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execv(path, [path, __file__, *arguments])
    have = ".".join(str(part) for part in sys.version_info[:3])
    print(f"Python 3.11 or newer is needed, this is {have} 需要 Python 3.11 以上")
    print("  sudo apt-get install python3 python3-venv, or python.org")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
