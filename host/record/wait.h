/* SPDX-License-Identifier: MIT */
/* wait.h - how often a wait polls the files of a run. */
#ifndef RECORD_WAIT_H
#define RECORD_WAIT_H

#include <stdint.h>

/* The first interval, which is doubled after each poll, and the longest. */
#define RECORD_WAIT_POLL_MIN_MS 200
#define RECORD_WAIT_POLL_MAX_MS 5000

/* Milliseconds to wait before poll number ATTEMPT (from 1) of run ID, when the
 * interval without jitter is INTERVAL_MS. */
int64_t record_wait_jitter (const char *id, uint64_t attempt,
			    int64_t interval_ms);

#endif /* RECORD_WAIT_H */
