/* SPDX-License-Identifier: MIT */
/* size-zero.c - the descriptor says that it has no size. */
#define BAD_NAME "size-zero"
#define BAD_SIZE 0
#include "bad.h"
