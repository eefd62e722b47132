/* SPDX-License-Identifier: MIT */
/* no-symbol.c - exports something else. */
#define BAD_NO_SYMBOL 1
#include "bad.h"
