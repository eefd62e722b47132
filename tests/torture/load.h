/* SPDX-License-Identifier: MIT */
/* load.h - what the files of program load share: the sandbox, and the numbers
 * that it reports. */
#ifndef TORTURE_LOAD_H
#define TORTURE_LOAD_H

#include "torture/torture.h"

#define LIMIT_MS 120000

enum {
	N_FDS,
	N_HEAP,
	N_PSS,
	N_PSS_ALL,
	N_RIGHT,
	N_CANCELED,
	N_CALLS,
	N_TURNS,
	N_SWITCHES,
	N_CPU_US,
	N_BYTES,
	N_WALL_MS
};

extern const struct sandbox_config load_config;

/* A case. */
void load_stress (void);

#endif /* TORTURE_LOAD_H */
