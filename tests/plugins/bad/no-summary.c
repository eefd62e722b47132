/* SPDX-License-Identifier: MIT */
/* no-summary.c - a required text is missing. */
#define BAD_NAME "no-summary"
#define BAD_SUMMARY NULL
#include "bad.h"
