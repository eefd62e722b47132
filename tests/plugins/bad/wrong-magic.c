/* SPDX-License-Identifier: MIT */
/* wrong-magic.c - magic is not LHK_PLUGIN_MAGIC. */
#define BAD_NAME "wrong-magic"
#define BAD_MAGIC 0x12345678u
#include "bad.h"
