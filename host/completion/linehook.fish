# fish completion for linehook
# SPDX-License-Identifier: MIT
#
# The program that is in PATH prints the script.

linehook completion fish 2>/dev/null | source
