/* SPDX-License-Identifier: MIT */
/* bad-name.c - its name is no name. */
#define BAD_NAME "Bad_Name"
#include "bad.h"
