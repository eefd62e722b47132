/* SPDX-License-Identifier: MIT */
/* exports-more.c - exports a second symbol. */
#define BAD_NAME "exports-more"
#include "bad.h"

LHK_EXPORT extern int one_symbol_too_many;
int one_symbol_too_many;
