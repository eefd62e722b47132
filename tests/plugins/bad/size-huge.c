/* SPDX-License-Identifier: MIT */
/* size-huge.c - the descriptor says 4097 bytes. */
#define BAD_NAME "size-huge"
#define BAD_SIZE 4097
#include "bad.h"
