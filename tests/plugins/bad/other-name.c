/* SPDX-License-Identifier: MIT */
/* other-name.c - its name is not that of its file. */
#define BAD_NAME "another"
#include "bad.h"
