/* SPDX-License-Identifier: MIT */
/* samples.h - lines of many programs, for the probe of a plugin that reads none
 * of them. */
#ifndef CLI_CHECK_SAMPLES_H
#define CLI_CHECK_SAMPLES_H

struct sample {
	const char *provider; /* or "no provider" */
	const char *line;
};

/* The table ends with a sample without a line. */
extern const struct sample samples[];

#endif /* CLI_CHECK_SAMPLES_H */
