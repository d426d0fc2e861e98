"""Make ``python -m modelfoundry`` the same as the command ``modelfoundry``."""

from modelfoundry.cli import main

main()
